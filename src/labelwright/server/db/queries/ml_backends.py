"""Connected models."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server.db.tables import ml_backends


def backends_of(conn: Connection, project_id: int) -> list[Any]:
    """The project's models, in the order in which they were connected."""
    return list(conn.execute(_of_project, {"project": project_id}))


_of_project = sa.select(ml_backends).where(ml_backends.c.project_id == sa.bindparam("project")).order_by(ml_backends.c.id)


def backend_row(conn: Connection, backend_id: int) -> Any | None:
    return conn.execute(sa.select(ml_backends).where(ml_backends.c.id == backend_id)).first()


def backend_titled(conn: Connection, project_id: int, title: str) -> Any | None:
    """The model that `projects.model_version` names; of several with one title the first."""
    return conn.execute(_titled, {"project": project_id, "title": title}).first()


_titled = _of_project.where(ml_backends.c.title == sa.bindparam("title")).limit(1)
