"""Bring a database to the newest schema with Alembic; a new SQLite file takes the same path."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from labelwright.server.db.tables import metadata

HERE = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Run what is missing, in one transaction where the database can. Idempotent."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    script = ScriptDirectory.from_config(config)
    with engine.connect() as conn, conn.begin():
        if _current(conn) == script.get_current_head():
            return
        with EnvironmentContext(config, script, fn=lambda rev, _: script._upgrade_revs("head", rev)) as env:
            env.configure(connection=conn, target_metadata=metadata, render_as_batch=True, transaction_per_migration=False)
            env.run_migrations()


def _current(conn: Connection) -> str | None:
    exists = conn.dialect.has_table(conn, "alembic_version")
    return conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if exists else None
