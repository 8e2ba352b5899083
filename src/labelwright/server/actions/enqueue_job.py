"""Ask for work that outlives the request, in the transaction of what it follows from; cancel it, and try again what failed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.server import clock
from labelwright.server.db.engine import announce
from labelwright.server.db.queries.training import end_run, resume_run
from labelwright.server.db.tables import jobs
from labelwright.server.errors import Invalid


def enqueue_job(
    conn: Connection,
    project_id: int,
    kind: str,
    params: dict[str, Any],
    *,
    user_id: int | None = None,
    ml_backend_id: int | None = None,
    total: int | None = None,
) -> int:
    """A new job's id. It starts after the commit."""
    job_id: int = conn.execute(
        sa.insert(jobs)
        .values(
            project_id=project_id,
            ml_backend_id=ml_backend_id,
            kind=kind,
            state="queued",
            params=JSONText.of(params),
            total=total,
            created_by_id=user_id,
            created_at=clock.now(),
        )
        .returning(jobs.c.id)
    ).scalar_one()
    announce(conn, "jobs")
    return job_id


def cancel_job(conn: Connection, job: Any) -> None:
    """Stop a job; what its steps wrote stays. Raises Invalid for one that is over."""
    still_open = sa.and_(jobs.c.id == job.id, jobs.c.state.in_(("queued", "running")))
    stopped = sa.update(jobs).where(still_open).values(state="cancelled", owner=None, finished_at=clock.now())
    if conn.execute(stopped).rowcount == 0:
        raise Invalid.general("The job is over already.")
    end_run(conn, job.id, "cancelled", "Cancelled.")
    announce(conn, "jobs")


def retry_job(conn: Connection, job: Any) -> None:
    """Go on with a job that failed or was cancelled, from where it stopped. Raises Invalid for any other."""
    over = sa.and_(jobs.c.id == job.id, jobs.c.state.in_(("failed", "cancelled")))
    again = sa.update(jobs).where(over).values(state="queued", tries=0, not_before=None, finished_at=None, message="")
    if conn.execute(again).rowcount == 0:
        raise Invalid.general("Only a job that failed or was cancelled can be tried again.")
    resume_run(conn, job.id)
    announce(conn, "jobs")
