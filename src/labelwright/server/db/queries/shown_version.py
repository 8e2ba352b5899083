"""Which model version people are shown.

`projects.model_version` is that version itself, or the title of a connected model, which means the version that is live there.
This is the one place that knows.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server.db.tables import ml_backends


def live_version(project_id: Any, chosen: Any) -> Any:
    """SQL: the version that `chosen` (a value or parameter) stands for."""
    newest = sa.func.coalesce(ml_backends.c.live_version, ml_backends.c.said_version, ml_backends.c.model_version)
    of_model = (
        sa.select(newest)
        .where(ml_backends.c.project_id == project_id, ml_backends.c.title == chosen)
        .order_by(ml_backends.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(of_model, chosen)


_live = sa.select(live_version(sa.bindparam("project", type_=sa.BigInteger), sa.bindparam("chosen", type_=sa.Text)))


def shown_version(conn: Connection, project: Any) -> str | None:
    """The model version whose predictions people are shown; None: none is. `project`: its row. One statement."""
    if not project.show_collab_predictions or project.model_version is None:
        return None
    version: str = conn.execute(_live, {"project": project.id, "chosen": project.model_version}).scalar_one()
    return version
