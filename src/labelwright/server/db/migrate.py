"""Bring a database to the newest schema with Alembic; a new SQLite file takes the same path.

Alembic is imported only when there is something to do: a start on a current schema costs one query.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection, Engine

from labelwright.server.db.engine import writing
from labelwright.server.db.tables import metadata

HERE = Path(__file__).parent / "migrations"
LOCK = 0x1AB31


class SchemaTooNew(Exception):
    """The database was made by a newer Labelwright than this one."""


def newest_schema() -> str:
    """The revision that the tables in this source describe: the last of `migrations/versions/v<revision>_….py`."""
    names = (re.match(r"v(\d{4})_", file.name) for file in (HERE / "versions").iterdir())
    return max(name[1] for name in names if name)


def schema_of(conn: Connection) -> str | None:
    """The database's revision; None for an empty database."""
    exists = conn.dialect.has_table(conn, "alembic_version")
    return conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if exists else None


def upgrade(engine: Engine, to: str | None = None) -> None:
    """Run what is missing up to the newest schema (or `to`), in one transaction where the database can. Idempotent.

    Servers that start together on one PostgreSQL take turns. Raises SchemaTooNew.
    """
    newest = to or newest_schema()
    with writing(engine) as conn:
        _let_tables_be_replaced(conn)
        with conn.begin():
            _upgrade(conn, newest)


def _let_tables_be_replaced(conn: Connection) -> None:
    """SQLite: dropping a table that was copied must not delete the rows that point to it. Works outside of a transaction only."""
    if conn.dialect.name == "sqlite":
        driver: Any = conn.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")


def _upgrade(conn: Connection, newest: str) -> None:
    if schema_of(conn) == newest:
        return
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    current = schema_of(conn)
    if current is not None and current > newest:
        raise SchemaTooNew(f"The database has schema {current}; this Labelwright knows {newest} at most. Install a newer one.")
    if current != newest:
        _run(conn, newest)


def _run(conn: Connection, target: str) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(HERE))
    script = ScriptDirectory.from_config(config)
    with EnvironmentContext(config, script, fn=lambda rev, _: script._upgrade_revs(target, rev)) as env:
        env.configure(connection=conn, target_metadata=metadata, render_as_batch=True, transaction_per_migration=False)
        env.run_migrations()
