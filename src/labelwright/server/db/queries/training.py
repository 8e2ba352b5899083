"""Training runs of connected models, and the labels that are kept to test them with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.db.queries.answers import annotations_of
from labelwright.server.db.tables import annotation_table, jobs, ml_backends, tasks, training_runs
from labelwright.suggest.holdout import is_holdout

Record = Any
"""A row as the query names its columns; SQLAlchemy gives rows of each query a type of their own."""

TRAIN = "train"
MOST_TESTED = 200
LONGEST_LOG = 8000

r = training_runs.c
_open_job = sa.exists().where(
    jobs.c.ml_backend_id == ml_backends.c.id,
    jobs.c.kind == TRAIN,
    jobs.c.state.in_(("queued", "running")),
    jobs.c.id != sa.bindparam("but"),
)
_trained_on = (
    sa.select(r.label_count)
    .where(r.ml_backend_id == ml_backends.c.id, r.state.in_(("running", "done")))
    .order_by(r.id.desc())
    .limit(1)
    .scalar_subquery()
)
_idle = (
    sa.select(ml_backends, sa.func.coalesce(_trained_on, 0).label("trained_on"))
    .where(ml_backends.c.project_id == sa.bindparam("project"), ~_open_job)
    .order_by(ml_backends.c.id)
)


def idle_models(conn: Connection, project_id: int, *, but_job: int = 0) -> Sequence[Record]:
    """The project's models that no training job is about (`but_job` does not count), with the labels they last learned from."""
    return conn.execute(_idle, {"project": project_id, "but": but_job}).all()


# ---------------------------------------------------------------- runs
def run_row(conn: Connection, run_id: int) -> Record | None:
    return conn.execute(sa.select(training_runs).where(r.id == run_id)).first()


def run_of_job(conn: Connection, job_id: int) -> Record | None:
    return conn.execute(sa.select(training_runs).where(r.job_id == job_id).order_by(r.id.desc()).limit(1)).first()


def runs_of(conn: Connection, backend_id: int, limit: int = 100) -> Sequence[Record]:
    """A model's trainings, newest first."""
    return conn.execute(sa.select(training_runs).where(r.ml_backend_id == backend_id).order_by(r.id.desc()).limit(limit)).all()


def update_run(conn: Connection, run_id: int, **values: Any) -> None:
    conn.execute(sa.update(training_runs).where(r.id == run_id).values(**values))


def add_to_log(conn: Connection, run: Record, line: str, **values: Any) -> None:
    """Note a line with its time; the log keeps its end."""
    log = f"{run.log}{clock.now()[:19]}Z {line}\n"[-LONGEST_LOG:]
    update_run(conn, run.id, log=log, **values)


def end_run(conn: Connection, job_id: int, state: str, words: str) -> None:
    """The job of a run that is not over has failed or was cancelled."""
    run = run_of_job(conn, job_id)
    if run is not None and run.state == "running":
        add_to_log(conn, run, words, state=state, finished_at=clock.now())


def resume_run(conn: Connection, job_id: int) -> None:
    """The job of a run is tried again."""
    conn.execute(sa.update(training_runs).where(r.job_id == job_id).values(state="running", finished_at=None))


def make_live(conn: Connection, run: Record) -> None:
    """Show people the version that came of the run, and no other of its model."""
    version = {"live_version": run.version_after}
    conn.execute(sa.update(ml_backends).where(ml_backends.c.id == run.ml_backend_id).values(**version))
    others = sa.and_(r.ml_backend_id == run.ml_backend_id, r.id != run.id, r.is_live.is_(True))
    conn.execute(sa.update(training_runs).where(others).values(is_live=False))
    update_run(conn, run.id, is_live=True)


# ---------------------------------------------------------------- held-out labels
def tested_tasks(conn: Connection, project_id: int) -> list[int]:
    """Labeled tasks that are kept for testing: at most `MOST_TESTED`, the newest ones, ascending."""
    a = annotation_table.c
    labeled = (
        sa.select(a.task_id)
        .where(a.project_id == project_id, a.is_skipped.is_(False), a.result.is_not(None))
        .distinct()
        .order_by(a.task_id.desc())
    )
    found: list[int] = []
    for task_id in conn.execute(labeled).scalars():
        if is_holdout(task_id):
            found.append(task_id)
            if len(found) == MOST_TESTED:
                break
    return found[::-1]


def rows_of(conn: Connection, task_ids: Sequence[int]) -> Sequence[Record]:
    return conn.execute(sa.select(tasks).where(tasks.c.id.in_(task_ids)).order_by(tasks.c.id)).all()


def labels_of(conn: Connection, task_ids: Sequence[int]) -> dict[int, str]:
    """The answer that counts, by task: the ground truth, or the newest."""
    found = annotations_of(conn, task_ids, skipped=False)
    return {
        task_id: max(rows, key=lambda row: (row.is_ground_truth, row.id)).result
        for task_id, all_rows in found.items()
        if (rows := [row for row in all_rows if row.result is not None])
    }
