"""Jobs: which are due, whose they are, what became of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.db.queries.training import end_run
from labelwright.server.db.tables import jobs

LEASE_S = 30.0
"""A process that runs a job renews its lease; when it dies, another takes the job over after this long."""
OPEN = ("queued", "running")

_other = jobs.alias("other")
_busy_model = sa.exists().where(
    _other.c.ml_backend_id == jobs.c.ml_backend_id,
    _other.c.id != jobs.c.id,
    _other.c.state == "running",
    _other.c.lease_until > sa.bindparam("now"),
)
_is_due = sa.or_(
    sa.and_(jobs.c.state == "queued", sa.or_(jobs.c.not_before.is_(None), jobs.c.not_before <= sa.bindparam("now"))),
    sa.and_(jobs.c.state == "running", jobs.c.lease_until < sa.bindparam("now")),
)


def claim(conn: Connection, owner: str) -> Any | None:
    """The oldest job that is due and whose model has no other job at this moment, now the owner's; None if there is none."""
    now = clock.now()
    due = sa.select(jobs.c.id).where(_is_due, ~_busy_model).order_by(jobs.c.id).limit(1).with_for_update(skip_locked=True)
    job_id = conn.execute(due, {"now": now}).scalar()
    if job_id is None:
        return None
    taken = {
        "state": "running",
        "owner": owner,
        "lease_until": clock.after(LEASE_S),
        "started_at": sa.func.coalesce(jobs.c.started_at, now),
    }
    return conn.execute(sa.update(jobs).where(jobs.c.id == job_id).values(**taken).returning(*jobs.c)).one()


def next_due_at(conn: Connection) -> str | None:
    """When the next job that waits becomes due."""
    query = sa.select(sa.func.min(jobs.c.not_before)).where(jobs.c.state == "queued")
    return conn.execute(query).scalar()


def free_all(conn: Connection) -> None:
    """Give back every running job: where there is only one server, those of a dead one."""
    conn.execute(sa.update(jobs).where(jobs.c.state == "running").values(state="queued", owner=None, lease_until=None))


def renew(conn: Connection, owner: str, ids: Collection[int]) -> None:
    mine = sa.and_(jobs.c.id.in_(list(ids)), jobs.c.owner == owner, jobs.c.state == "running")
    conn.execute(sa.update(jobs).where(mine).values(lease_until=clock.after(LEASE_S)))


def settle(conn: Connection, job: Any, owner: str, **values: Any) -> bool:
    """Write what became of a job, if it still is the owner's; whether it was."""
    mine = sa.and_(jobs.c.id == job.id, jobs.c.owner == owner, jobs.c.state == "running")
    is_settled = conn.execute(sa.update(jobs).where(mine).values(owner=None, lease_until=None, **values)).rowcount > 0
    if is_settled and values.get("state") == "failed":
        end_run(conn, job.id, "failed", values.get("message", ""))
    return is_settled


def job_row(conn: Connection, job_id: int) -> Any | None:
    return conn.execute(sa.select(jobs).where(jobs.c.id == job_id)).first()


def jobs_by_id(conn: Connection, job_ids: Sequence[int]) -> list[Any]:
    """Those of the jobs that are there."""
    return list(conn.execute(sa.select(jobs).where(jobs.c.id.in_(job_ids)).order_by(jobs.c.id)))


def jobs_of(conn: Connection, project_id: int, limit: int = 50) -> list[Any]:
    """The project's newest jobs first."""
    query = sa.select(jobs).where(jobs.c.project_id == project_id).order_by(jobs.c.id.desc()).limit(limit)
    return list(conn.execute(query))


def is_any_open(conn: Connection) -> bool:
    return conn.execute(sa.select(jobs.c.id).where(jobs.c.state.in_(OPEN)).limit(1)).first() is not None


def tries_of(conn: Connection, job_id: int) -> int:
    return conn.execute(sa.select(jobs.c.tries).where(jobs.c.id == job_id)).scalar() or 0
