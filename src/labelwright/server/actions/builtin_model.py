"""Switch the built-in model of a project on and off, and have it learn."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.actions.enqueue_job import cancel_job, enqueue_job
from labelwright.server.actions.next_task import SEQUENTIAL, UNCERTAINTY
from labelwright.server.db.queries import builtin_models as queries
from labelwright.server.db.queries.jobs import OPEN
from labelwright.server.db.queries.projects import update_project
from labelwright.server.db.tables import builtin_models, jobs
from labelwright.server.errors import Invalid
from labelwright.suggest import Unsupported, missing_packages, plan

FIRST_LABELS = 20


def hindrance(project: Any) -> str | None:
    """Why this project's labels cannot be learned here, in words; None if they can."""
    missing = missing_packages()
    if missing:
        return f'Install what learning needs on the server: pip install "labelwright[suggest]" ({", ".join(missing)} missing).'
    planned = plan(project.label_config)
    return planned.reason if isinstance(planned, Unsupported) else None


def switch(conn: Connection, project: Any, is_on: bool, user_id: int) -> None:
    """Turn it on (it learns once there are labels enough) or off (its suggestions go). Raises Invalid with the hindrance."""
    row = queries.builtin_row(conn, project.id)
    if is_on:
        reason = hindrance(project)
        if reason is not None:
            raise Invalid.field("is_on", reason)
        if row is None:
            moment = clock.now()
            values = {"project_id": project.id, "learns_at": FIRST_LABELS, "created_at": moment, "updated_at": moment}
            conn.execute(sa.insert(builtin_models).values(**values))
        elif not row.is_on:
            _change(conn, project.id, is_on=True, learns_at=FIRST_LABELS, message="")
        learn_if_due(conn, project.id)
        return
    if row is None or not row.is_on:
        return
    _change(conn, project.id, is_on=False, message="")
    if (project.model_version or "").startswith(queries.PREFIX):
        update_project(conn, project.id, {"model_version": ""})
    for job in _open_jobs(conn, project.id):
        cancel_job(conn, job)
    enqueue_job(conn, project.id, "forget", {}, user_id=user_id)


def order_queue(conn: Connection, project: Any, by_uncertainty: bool) -> None:
    """Hand out the least certain tasks first, or go back to their own order."""
    if by_uncertainty != (project.sampling == UNCERTAINTY):
        update_project(conn, project.id, {"sampling": UNCERTAINTY if by_uncertainty else SEQUENTIAL})


def learn_now(conn: Connection, project: Any, user_id: int) -> int:
    """Have it learn from the labels there are; the job's id. Raises Invalid while it is off or learning."""
    row = queries.builtin_row(conn, project.id)
    if row is None or not row.is_on:
        raise Invalid.general("The built-in model is off. Switch it on first.")
    reason = hindrance(project)
    if reason is not None:
        raise Invalid.general(reason)
    if _open_jobs(conn, project.id):
        raise Invalid.general("It is learning already.")
    return enqueue_job(conn, project.id, "learn", {}, user_id=user_id)


def learn_if_due(conn: Connection, project_id: int) -> None:
    for due in queries.due(conn, project_id):
        enqueue_job(conn, due, "learn", {})


def _open_jobs(conn: Connection, project_id: int) -> list[Any]:
    mine = [jobs.c.project_id == project_id, jobs.c.kind == "learn", jobs.c.state.in_(OPEN)]
    return list(conn.execute(sa.select(jobs).where(*mine)))


def _change(conn: Connection, project_id: int, **values: Any) -> None:
    changed = sa.update(builtin_models).where(builtin_models.c.project_id == project_id)
    conn.execute(changed.values(**values, updated_at=clock.now()))
