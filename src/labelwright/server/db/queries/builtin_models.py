"""The built-in models of projects: which have something to learn, from what, and their suggestions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server.db.queries import counters
from labelwright.server.db.queries.jobs import OPEN
from labelwright.server.db.queries.tasks import lock_tasks
from labelwright.server.db.tables import annotation_table, builtin_models, jobs, predictions, projects, tasks

BUILT_IN = 0
"""`predictions.ml_backend_id` of what the built-in model says."""
PREFIX = "built-in-"
BATCH = 1000

_has_open_job = sa.exists().where(
    jobs.c.project_id == builtin_models.c.project_id, jobs.c.kind == "learn", jobs.c.state.in_(OPEN)
)
_due = (
    sa.select(builtin_models.c.project_id)
    .join(projects, projects.c.id == builtin_models.c.project_id)
    .where(builtin_models.c.is_on.is_(True), projects.c.deleted_at.is_(None), ~_has_open_job)
    .where(
        sa.or_(
            projects.c.answered_task_count >= builtin_models.c.learns_at,
            sa.and_(builtin_models.c.version > 0, projects.c.task_count > builtin_models.c.task_count),
        )
    )
)


def due(conn: Connection, project_id: int | None = None) -> list[int]:
    """Projects whose model is on and has new labels enough, or new tasks to suggest labels for."""
    query = _due if project_id is None else _due.where(projects.c.id == project_id)
    return list(conn.execute(query).scalars())


def builtin_row(conn: Connection, project_id: int) -> Any | None:
    return conn.execute(sa.select(builtin_models).where(builtin_models.c.project_id == project_id)).first()


def answered_tasks(conn: Connection, project_id: int) -> Iterator[Any]:
    """(id, data, result) of each answered task, by id; of several answers the ground truth, else the newest."""
    a = annotation_table.c
    answers = (
        sa.select(a.task_id, a.result, a.is_ground_truth, a.id)
        .where(a.project_id == project_id, a.is_skipped.is_(False), a.result.is_not(None))
        .order_by(a.task_id, a.is_ground_truth.desc(), a.id.desc())
        .subquery()
    )
    query = sa.select(tasks.c.id, tasks.c.data, answers.c.result).join(answers, answers.c.task_id == tasks.c.id)
    last = None
    for row in conn.execute(query.order_by(tasks.c.id, answers.c.is_ground_truth.desc(), answers.c.id.desc())):
        if row.id != last:
            last = row.id
            yield row


def open_tasks(conn: Connection, project_id: int) -> Iterator[Any]:
    """(id, data) of each task without an answer, by id."""
    query = sa.select(tasks.c.id, tasks.c.data).where(tasks.c.project_id == project_id, tasks.c.annotation_count == 0)
    yield from conn.execute(query.order_by(tasks.c.id))


def add_suggestions(conn: Connection, project_id: int, rows: Sequence[dict[str, Any]]) -> int:
    """Store suggestions of tasks that are still there; how many."""
    ids = [row["task_id"] for row in rows]
    lock_tasks(conn, project_id, ids)
    known = set(conn.execute(sa.select(tasks.c.id).where(tasks.c.project_id == project_id, tasks.c.id.in_(ids))).scalars())
    kept = [row for row in rows if row["task_id"] in known]
    if kept:
        conn.execute(sa.insert(predictions), kept)
        counters.count_predictions(conn, project_id, {row["task_id"]: 1 for row in kept})
    return len(kept)


def forget_suggestions(conn: Connection, project_id: int, *, except_version: str | None) -> bool:
    """Delete a bite of the suggestions of other versions; whether there may be more."""
    p = predictions.c
    mine = [p.project_id == project_id, p.ml_backend_id == BUILT_IN]
    if except_version is not None:
        mine.append(p.model_version != except_version)
    old = conn.execute(sa.select(p.id, p.task_id).where(*mine).limit(BATCH)).all()
    if not old:
        return False
    lock_tasks(conn, project_id, sorted({row.task_id for row in old}))
    gone = conn.execute(sa.delete(predictions).where(p.id.in_([row.id for row in old])).returning(p.task_id)).scalars()
    counters.count_predictions(conn, project_id, {task_id: -n for task_id, n in Counter(gone).items()})
    return len(old) == BATCH
