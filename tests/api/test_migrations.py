"""A database of each schema there was comes to the newest, with its rows, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Engine

from labelwright.server.db.engine import engine_of, writing
from labelwright.server.db.migrate import newest_schema, schema_of, upgrade
from labelwright.server.db.tables import metadata

MOMENT = "2026-11-23T20:20:31.393502Z"
SCHEMAS = [f"{number:04}" for number in range(1, int(newest_schema()) + 1)]


@pytest.fixture
def engine(new_database: Callable[[], str]) -> Engine:
    """An empty database."""
    made = engine_of(new_database())
    there = sa.MetaData()
    with writing(made) as conn, conn.begin():
        there.reflect(conn)
        there.drop_all(conn)
    return made


def fill(engine: Engine) -> None:
    """One of what every schema has had: a person's project with a task that is answered and predicted."""
    rows = [
        f"INSERT INTO users (email, username, created_at, last_activity_at) VALUES ('a@x.yz', 'a', '{MOMENT}', '{MOMENT}')",
        f"INSERT INTO organizations (title, invite_token, created_at, updated_at) VALUES ('o', 't', '{MOMENT}', '{MOMENT}')",
        f"INSERT INTO projects (organization_id, title, created_at, updated_at) VALUES (1, 'Moods', '{MOMENT}', '{MOMENT}')",
        f"INSERT INTO tasks (project_id, data, created_at, updated_at) VALUES (1, '{{\"text\":\"t\"}}', '{MOMENT}', '{MOMENT}')",
        "INSERT INTO annotations (project_id, task_id, annotator_id, result, created_at, updated_at)"
        f" VALUES (1, 1, 1, '[]', '{MOMENT}', '{MOMENT}')",
        "INSERT INTO predictions (project_id, task_id, result, model_version, created_at, updated_at)"
        f" VALUES (1, 1, '[]', 'm1', '{MOMENT}', '{MOMENT}')",
    ]
    with writing(engine) as conn, conn.begin():
        for row in rows:
            conn.exec_driver_sql(row)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_schema_comes_to_the_newest_with_its_rows(engine: Engine, schema: str) -> None:
    upgrade(engine, schema)
    fill(engine)
    upgrade(engine)
    upgrade(engine)
    with engine.connect() as conn:
        assert schema_of(conn) == newest_schema()
        found = [conn.execute(sa.select(sa.func.count()).select_from(metadata.tables[name])).scalar() for name in ROWS]
        project = conn.execute(sa.select(metadata.tables["projects"])).one()
    assert found == [1] * len(ROWS)
    assert (project.prelabel_automatically, project.has_webhooks, project.train_every) == (True, False, 0)


ROWS = ("users", "organizations", "projects", "tasks", "annotations", "predictions")


def test_the_newest_schema_is_what_the_tables_say(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": conn.dialect.name == "postgresql"})
        assert compare_metadata(context, metadata) == []
