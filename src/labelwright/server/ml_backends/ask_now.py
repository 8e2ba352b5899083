"""Ask a connected model about tasks that somebody is waiting for: only for a moment, and not one that was slow a moment ago.

Jobs do the work of pre-labeling. This is for the task that is opened before a job came to it: labeling never waits for a model
that is dead or slow.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.actions.check_prediction import NewPrediction, check_prediction
from labelwright.server.actions.prelabel import prelabel_chosen
from labelwright.server.actions.save_model_predictions import save_model_predictions
from labelwright.server.actions.save_predictions import row_of
from labelwright.server.db.engine import Database
from labelwright.server.db.queries.jobs import OPEN
from labelwright.server.db.queries.ml_backends import backend_row, backend_titled
from labelwright.server.db.queries.prelabeling import asked_hash, note_problem, note_said_version, note_version
from labelwright.server.db.queries.projects import project_row
from labelwright.server.db.tables import jobs, tasks
from labelwright.server.errors import Busy
from labelwright.server.ml_backends.client import Model, ModelProblem, ModelUnreachable, even_if_restarted, said
from labelwright.server.ml_backends.open_model import open_model
from labelwright.server.ml_backends.tasks_for_model import tasks_for_model
from labelwright.server.ml_backends.turn import turn
from labelwright.server.settings import Settings

BUDGET_S = 1.5
"""For all the tasks together."""
REST_S = 30.0
"""A model that did not answer is not asked again for so long."""

_resting: dict[tuple[int, int], float] = {}
"""Database and model → until when (monotonic). Of this process; lost at its end, which is as well."""


class Pending(Struct, frozen=True):
    """A job will come to it."""


class Unavailable(Struct, frozen=True):
    """The model says nothing, and why."""

    reason: str


Outcome = Pending | Unavailable | None
"""None: what it said is stored."""


def live_model(conn: Connection, project: Any) -> Any | None:
    """The model whose newest predictions people of the project are shown; None where there is none. One statement at most."""
    if not project.show_collab_predictions or not project.model_version:
        return None
    backend = backend_titled(conn, project.id, project.model_version)
    if backend is None or backend.live_version not in (None, backend.model_version, backend.said_version):
        return None  # what it would say now is not what is shown
    return backend


def hindrance(conn: Connection, backend: Any) -> Outcome:
    """Why the model is not asked now; None: it can be."""
    if backend.state != "CO" and (backend.checked_at or "") > clock.after(-REST_S):
        return Unavailable(backend.error_message or "The model is not connected.")
    return without_asking(conn, backend) if _resting.get((id(conn.engine), backend.id), 0.0) > time.monotonic() else None


def without_asking(conn: Connection, backend: Any) -> Outcome:
    mine = sa.and_(jobs.c.ml_backend_id == backend.id, jobs.c.state.in_(OPEN))
    if conn.execute(sa.select(jobs.c.id).where(mine).limit(1)).first() is not None:
        return Pending()
    return Unavailable(backend.error_message or "The model was too slow. It will be asked again in a moment.")


def ask_now(db: Database, settings: Settings, backend_id: int, task_ids: Sequence[int]) -> Outcome:
    """Ask about the tasks and store what fits the label config. Outside of transactions; takes `BUDGET_S` at most."""
    loaded = db.read(lambda conn: _load(conn, settings, backend_id, task_ids))
    if loaded is None:
        return Unavailable("The model is not connected any more.")
    backend, project, model, rows, wires = loaded
    try:
        with turn():
            answers = even_if_restarted(model, project, lambda: model.results(wires, project))
    except Busy as busy:
        return Unavailable(str(busy))
    except ModelProblem as problem:
        _resting[id(db.engine), backend_id] = time.monotonic() + REST_S
        words = str(problem)  # `problem` ends with this block
        if not (isinstance(problem, ModelUnreachable) and problem.is_slow):  # slow for us may be quick enough for a job
            state = "DI" if isinstance(problem, ModelUnreachable) else "ER"
            db.write(lambda conn: note_problem(conn, backend_id, state, words))
            return Unavailable(words)
        return db.write(lambda conn: _leave_to_job(conn, backend, task_ids))
    if len(answers) != len(rows):
        return db.read(lambda conn: without_asking(conn, backend))
    made, reasons = _read(project, backend, rows, answers)
    asked = {row.id: row.data for row in rows}
    if backend.state != "CO":
        db.write(lambda conn: note_version(conn, backend_id, backend.model_version or ""))
    if made:
        db.write(lambda conn: save_model_predictions(conn, project.id, backend.id, made, asked))
        version = made[-1]["model_version"]
        if backend.said_version is None and version != (backend.model_version or ""):
            db.write(lambda conn: note_said_version(conn, backend.id, version))
    if len(rows) == 1 and not made:
        return Unavailable(reasons[0] if reasons else "The model said nothing about this task.")
    return None


def _leave_to_job(conn: Connection, backend: Any, task_ids: Sequence[int]) -> Outcome:
    """What takes longer than somebody waits is asked behind their back."""
    if isinstance(without_asking(conn, backend), Unavailable):
        prelabel_chosen(conn, backend.project_id, backend.id, task_ids, user_id=None)
    return Pending()


def _load(
    conn: Connection, settings: Settings, backend_id: int, task_ids: Sequence[int]
) -> tuple[Any, Any, Model, Sequence[Any], list[dict[str, Any]]] | None:
    backend = backend_row(conn, backend_id)
    project = None if backend is None else project_row(conn, backend.project_id)
    if project is None:
        return None
    chosen = sa.select(tasks).where(tasks.c.project_id == project.id, tasks.c.id.in_(task_ids)).order_by(tasks.c.id)
    rows = conn.execute(chosen).all()
    model = open_model(conn, settings, backend, project)
    hurried = msgspec.structs.replace(model, timeout_s=min(BUDGET_S, model.timeout_s), pauses_s=())
    return backend, project, hurried, rows, tasks_for_model(conn, rows)


def _read(project: Any, backend: Any, rows: Sequence[Any], answers: Sequence[Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows to be stored, and why other predictions do not fit."""
    version = backend.model_version or ""
    hash_of, moment = asked_hash(version, project, backend), clock.now()
    made: list[dict[str, Any]] = []
    reasons: list[str] = []
    for row, answer in zip(rows, answers, strict=True):
        for given in said(answer).predictions:
            prediction = check_prediction(project.label_config, given, version)
            if isinstance(prediction, NewPrediction):
                origin = {"ml_backend_id": backend.id, "data_hash": hash_of(row.data)}
                made.append(row_of(project.id, row.id, prediction, moment) | origin)
            else:
                reasons += [f"What the model said does not fit the label config: {reason}" for reason in prediction[:3]]
    return made, reasons
