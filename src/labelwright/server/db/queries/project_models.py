"""What the models of a project have said so far: from indexes alone, whatever the number of predictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server.db.queries.jobs import OPEN
from labelwright.server.db.tables import jobs, predictions, training_runs

Record = Any
"""A row as the query names its columns; SQLAlchemy gives rows of each query a type of their own."""

p = predictions.c
_versions = (
    sa.select(p.model_version, sa.func.count().label("count"), sa.func.max(p.id).label("newest"))
    .where(p.project_id == sa.bindparam("project"))
    .group_by(p.model_version)
    .subquery()
)
_with_model = (
    sa.select(_versions.c.model_version, _versions.c.count, p.ml_backend_id)
    .join(predictions, p.id == _versions.c.newest)
    .order_by(_versions.c.newest.desc())
)
_by_model = (
    sa.select(p.ml_backend_id, sa.func.count())
    .where(p.project_id == sa.bindparam("project"), p.ml_backend_id.is_not(None))
    .group_by(p.ml_backend_id)
)


def versions_of(conn: Connection, project_id: int) -> Sequence[Record]:
    """(model_version, count, ml_backend_id) of each version that there are predictions of, the newest first."""
    return conn.execute(_with_model, {"project": project_id}).all()


def predicted_by_model(conn: Connection, project_id: int) -> dict[int, int]:
    """Connected model → number of its predictions."""
    return {row[0]: row[1] for row in conn.execute(_by_model, {"project": project_id})}


def open_and_recent_jobs(conn: Connection, project_id: int, recent: int = 10) -> list[Record]:
    """The open jobs and the last ones that are over, the newest first."""
    mine = sa.select(jobs).where(jobs.c.project_id == project_id).order_by(jobs.c.id.desc())
    found = [
        *conn.execute(mine.where(jobs.c.state.in_(OPEN)).limit(100)),
        *conn.execute(mine.where(jobs.c.state.not_in(OPEN)).limit(recent)),
    ]
    return sorted(found, key=lambda row: -row.id)


def recent_runs(conn: Connection, project_id: int, limit: int = 20) -> Sequence[Record]:
    """The last training runs, the newest first."""
    query = sa.select(training_runs).where(training_runs.c.project_id == project_id)
    return conn.execute(query.order_by(training_runs.c.id.desc()).limit(limit)).all()
