"""Pre-label tasks: ask a connected model about those it has said nothing about, batch after batch, by ascending id.

A step reads the next batch, asks the model outside of any transaction, checks each answer against the label config, and writes
predictions, counters, progress and the place reached in one transaction. Tasks that meanwhile are gone, were changed or got an
answer are left out there: whatever happens, no task has two predictions of one question. Equal data is asked about once.

A model that does not answer is asked again later, for some minutes. One that answers with an error is asked about fewer tasks
at a time; a single task that it can't cope with is counted as failed and left, unless it is the same with the next ones: then
it is the model, and the job waits.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.server import clock
from labelwright.server.actions.check_prediction import NewPrediction, check_prediction
from labelwright.server.actions.prelabel import PRELABEL, Scope, prelabel_all
from labelwright.server.actions.save_model_predictions import save_model_predictions
from labelwright.server.actions.save_predictions import row_of
from labelwright.server.db.queries import prelabeling as queries
from labelwright.server.db.queries.prelabeling import Batch, Question
from labelwright.server.db.queries.projects import project_row
from labelwright.server.db.tables import jobs
from labelwright.server.jobs.job import Finished, JobContext, JobGone, JobKind, More, Outcome, TryAgain
from labelwright.server.ml_backends.client import (
    SAID_NOTHING,
    BadAnswer,
    Model,
    ModelError,
    ModelProblem,
    ModelUnreachable,
    Said,
    said,
)
from labelwright.server.ml_backends.open_model import open_model
from labelwright.server.ml_backends.tasks_for_model import tasks_for_model

FIRST_SIZE, LARGEST_SIZE = 16, 256
QUICK_S, SLOW_S = 2.0, 10.0
"""A batch that takes less is followed by a larger one; more, by a smaller one."""
MOST_STRIKES, MOST_SLOW_STRIKES = 10, 3
"""Tasks in a row that the model can't cope with (that it takes too long for), before we take it that the model can't."""
MOST_PROBLEMS = 100
FRESH_S = 30.0
MOST_REASONS = 3
"""Of one prediction."""
MOST_TRIES = 11
"""With pauses of 1, 2, 4 … 60 seconds: about five minutes."""


class Strike(Struct, frozen=True, array_like=True):
    task_id: int
    reason: str


class Memory(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a job needs to go on."""

    at: int | None = None
    """Tasks up to this id are dealt with."""
    size: int = FIRST_SIZE
    """Questions of the next batch."""
    version: str | None = None
    """What the model said at /setup."""
    takes_one: bool = False
    """The model answers a batch with one result."""
    strikes: tuple[Strike, ...] = ()
    """After `at`: tasks that the model could not cope with, and none yet that it could."""
    predicted: int = 0
    copied: int = 0
    had: int = 0
    silent: int = 0

    @classmethod
    def of(cls, job: Any) -> Memory:
        return msgspec.json.decode(str(job.memory), type=cls)


class Told(Struct, frozen=True, kw_only=True):
    """What a batch brought, ready to be written."""

    rows: list[dict[str, Any]]
    """Predictions by task; those of one task stand together."""
    tasks: dict[int, str]
    """The tasks of `rows` with the data that was asked about."""
    problems: list[tuple[int, str]]
    copied: set[int]
    silent: int


class Around(Struct, frozen=True):
    """What a step finds: the rows and the client."""

    project: Any
    backend: Any
    model: Model


def prelabel(context: JobContext, job: Any) -> Outcome:
    """One step of the kind "prelabel"."""
    around = context.db.read(lambda conn: _around(conn, context, job))
    scope, memory = Scope.of(job), Memory.of(job)
    if memory.version is None or job.tries:
        memory = msgspec.structs.replace(memory, version=_set_up(context, job, around, scope, memory))
    batch = context.db.read(lambda conn: _next(conn, around, scope, memory))
    if not batch.questions and not batch.copies and batch.is_last:
        return _finish(context, job, around, scope, memory, batch)
    began = time.monotonic()
    try:
        answers, takes_one = _ask(context, job, around, memory, batch.questions) if batch.questions else ([], memory.takes_one)
    except ModelProblem as problem:
        return _cope(context, job, around, memory, batch, problem)
    if answers is None:
        return More()  # cancelled, or the server stops: the runner sees which
    size = _next_size(memory.size, len(batch.questions), time.monotonic() - began)
    after = msgspec.structs.replace(memory, at=batch.at, size=size, takes_one=takes_one, strikes=())
    told = _read(around, memory, batch, answers)
    context.write(job, lambda conn: _keep(conn, job, around, scope, after, told, batch))
    _note_version(context, around, after, told)
    return More()


def _around(conn: Connection, context: JobContext, job: Any) -> Around:
    backend = queries.backend_row(conn, job.ml_backend_id)
    project = project_row(conn, job.project_id)
    if backend is None or project is None:
        raise JobGone()
    return Around(project, backend, open_model(conn, context.settings, backend, project))


def _next(conn: Connection, around: Around, scope: Scope, memory: Memory) -> Batch:
    return queries.next_batch(
        conn,
        around.project.id,
        around.backend.id,
        queries.asked_hash(memory.version or "", around.project, around.backend),
        after=scope.after if memory.at is None else memory.at,
        chosen=scope.tasks,
        skipping={strike.task_id for strike in memory.strikes},
        size=1 if memory.strikes else memory.size,
        again=scope.again,
    )


def _next_size(size: int, asked: int, took_s: float) -> int:
    if took_s > SLOW_S:
        return max(1, size // 2)
    return min(LARGEST_SIZE, size * 2) if took_s < QUICK_S and asked >= size else size


# ---------------------------------------------------------------- asking
def _set_up(context: JobContext, job: Any, around: Around, scope: Scope, memory: Memory) -> str:
    """The model's version. Raises TryAgain with its words.

    A version that is new here is asked about all tasks: by this job if that is what it does, else by one of its own.
    A job that was made a moment ago because the model told its version asks for it no second time.
    """
    if scope.version is not None and not job.tries and job.created_at > clock.after(-FRESH_S):
        return scope.version
    try:
        version = around.model.setup(around.project)
    except ModelProblem as problem:
        raise _again(context, job, around, memory, problem) from None

    def note(conn: Connection) -> None:
        is_new = queries.note_version(conn, around.backend.id, version)
        if is_new and scope.scope != "all" and around.project.prelabel_automatically:
            prelabel_all(conn, around.project.id, around.backend.id)

    context.db.write(note)
    return version


def _again(context: JobContext, job: Any, around: Around, memory: Memory, problem: ModelProblem) -> TryAgain:
    """Show what is wrong where the models are and with the job. Tasks that the model could not cope with get another try."""
    state = "DI" if isinstance(problem, ModelUnreachable) else "ER"
    context.db.write(lambda conn: queries.note_problem(conn, around.backend.id, state, str(problem)))
    if memory.strikes:
        _jot(context, job, msgspec.structs.replace(memory, strikes=()))
    return TryAgain(str(problem))


def _jot(context: JobContext, job: Any, memory: Memory) -> None:
    """Keep the memory of a step that brought nothing: unlike `JobContext.write` no reason to try for longer."""
    mine = sa.and_(jobs.c.id == job.id, jobs.c.owner == context.owner, jobs.c.state == "running")
    noted = sa.update(jobs).where(mine).values(memory=JSONText.of(memory))
    if context.db.write(lambda conn: conn.execute(noted).rowcount) == 0:
        raise JobGone()


def _ask(
    context: JobContext, job: Any, around: Around, memory: Memory, questions: Sequence[Question]
) -> tuple[list[Said] | None, bool]:
    """What the model says to each question (None: stopped meanwhile), and whether it takes one task at a time."""
    firsts = [question.rows[0] for question in questions]
    wires = context.db.read(lambda conn: tasks_for_model(conn, firsts))
    takes_one = memory.takes_one
    if not takes_one:
        results = around.model.results(wires, around.project)
        takes_one = len(results) == 1 < len(wires)
        if not takes_one:
            return [said(result) for result in results], False
    answers: list[Said] = []
    for wire in wires:
        if answers and context.is_cancelled(job):
            return None, True
        answers.append(said(around.model.results([wire], around.project)[0]))
    return answers, True


def _cope(context: JobContext, job: Any, around: Around, memory: Memory, batch: Batch, problem: ModelProblem) -> Outcome:
    """The model did not answer a batch: ask less, count the one task as failed, or try again later. Raises TryAgain."""
    is_slow = isinstance(problem, ModelUnreachable) and problem.is_slow
    if not isinstance(problem, (ModelError, BadAnswer)) and not is_slow:
        raise _again(context, job, around, memory, problem)
    if len(batch.questions) > 1:
        _jot(context, job, msgspec.structs.replace(memory, size=max(1, len(batch.questions) // 4)))
        return More()
    strikes = (*memory.strikes, Strike(batch.questions[0].rows[0].id, str(problem)))
    if len(strikes) > (MOST_SLOW_STRIKES if is_slow else MOST_STRIKES):
        raise _again(context, job, around, memory, problem)
    _jot(context, job, msgspec.structs.replace(memory, strikes=strikes))
    return More()


# ---------------------------------------------------------------- reading the answers
def _read(around: Around, memory: Memory, batch: Batch, answers: Sequence[Said]) -> Told:
    """Predictions to be written, and what is wrong with the others."""
    moment = clock.now()
    rows: list[dict[str, Any]] = []
    asked: dict[int, str] = {}
    problems = [(strike.task_id, strike.reason) for strike in memory.strikes]  # the others can be answered: it is these tasks
    silent = 0
    for question, answer in zip(batch.questions, answers, strict=True):
        good, reasons = _fitting(around, memory, answer)
        origin = {"ml_backend_id": around.backend.id, "data_hash": question.data_hash}
        for task in question.rows:
            problems += [(task.id, reason) for reason in reasons]
            silent += not good and not reasons
            rows += [row_of(around.project.id, task.id, one, moment) | origin for one in good]
            if good:
                asked[task.id] = task.data
    for copy in batch.copies:
        asked[copy.row.id] = copy.row.data
        rows += [_copy(one, copy.row.id, moment) for one in copy.said]
    return Told(rows=rows, tasks=asked, problems=problems, copied={copy.row.id for copy in batch.copies}, silent=silent)


def _fitting(around: Around, memory: Memory, answer: Said) -> tuple[list[NewPrediction], list[str]]:
    """The predictions that fit the label config, and why others don't; both empty where the model said nothing."""
    good: list[NewPrediction] = []
    reasons: list[str] = []
    for place, given in enumerate(answer.predictions):
        made = check_prediction(around.project.label_config, given, memory.version or "")
        if isinstance(made, NewPrediction):
            good.append(made)
        else:
            reasons += [f"prediction {place}, {one}" if len(answer.predictions) > 1 else one for one in made[:MOST_REASONS]]
    if answer.problem and answer.problem != SAID_NOTHING:
        reasons.append(answer.problem)
    return good, reasons


COPIED = ("project_id", "result", "score", "model_version", "cluster", "neighbors", "mislabeling", "ml_backend_id", "data_hash")


def _copy(said_before: Any, task_id: int, moment: str) -> dict[str, Any]:
    kept = {name: getattr(said_before, name) for name in COPIED}
    return kept | {"task_id": task_id, "created_at": moment, "updated_at": moment}


# ---------------------------------------------------------------- writing
def _keep(conn: Connection, job: Any, around: Around, scope: Scope, memory: Memory, told: Told, batch: Batch) -> None:
    kept = save_model_predictions(conn, around.project.id, around.backend.id, told.rows, told.tasks, again=scope.again)
    failed = {task_id for task_id, _ in told.problems}
    done = job.done + len(kept | failed) + told.silent + batch.had
    memory = msgspec.structs.replace(
        memory,
        predicted=memory.predicted + len(kept - told.copied),
        copied=memory.copied + len(kept & told.copied),
        had=memory.had + batch.had,
        silent=memory.silent + told.silent,
    )
    values: dict[str, Any] = {"memory": JSONText.of(memory), "done": done, "failed": job.failed + len(failed), "message": ""}
    values["total"] = max(done, job.total or 0)
    if told.problems:
        values["problems"] = _with_problems(job, told.problems)
    _set(conn, job, **values)


def _set(conn: Connection, job: Any, **values: Any) -> None:
    conn.execute(sa.update(jobs).where(jobs.c.id == job.id).values(**values))


def _with_problems(job: Any, problems: Sequence[tuple[int, str]]) -> JSONText:
    listed = JSONText(job.problems).load()
    listed += [{"task": task_id, "reason": reason} for task_id, reason in problems]
    return JSONText.of(listed[:MOST_PROBLEMS])


def _note_version(context: JobContext, around: Around, memory: Memory, told: Told) -> None:
    """Remember which version the model's predictions name, where that is not what it says at /setup: people see that one.

    In a transaction of its own: whoever holds the model's row may wait for tasks.
    """
    versions = Counter(row["model_version"] for row in told.rows if row["task_id"] not in told.copied)
    if versions:
        common = versions.most_common(1)[0][0]
        said_version = common if common != (memory.version or "") else None
        if said_version != around.backend.said_version:
            context.db.write(lambda conn: queries.note_said_version(conn, around.backend.id, said_version))


def _finish(context: JobContext, job: Any, around: Around, scope: Scope, memory: Memory, batch: Batch) -> Outcome:
    """Look once more for tasks that came meanwhile; else the job is done."""
    has_answered = memory.predicted or memory.copied or memory.silent or job.failed
    if memory.strikes and not has_answered:  # the last thing it did was to fail, and it never did anything else
        raise _again(context, job, around, memory, ModelProblem(memory.strikes[-1].reason))
    struck = [(strike.task_id, strike.reason) for strike in memory.strikes]
    failed = job.failed + len(struck)
    done = job.done + batch.had + len(struck)
    memory = msgspec.structs.replace(memory, at=batch.at, had=memory.had + batch.had, strikes=())

    def unit(conn: Connection) -> bool:
        left = queries.count_after(conn, around.project.id, batch.at, scope.tasks)
        if not left and not has_answered and not struck and scope.scope in ("new", "changed"):
            conn.execute(sa.delete(jobs).where(jobs.c.id == job.id))  # another job was quicker: nothing to tell about
            return False
        values = {"memory": JSONText.of(memory), "done": done, "failed": failed, "total": done + left, "message": ""}
        _set(conn, job, **values, problems=_with_problems(job, struck))
        return left > 0

    if context.write(job, unit):
        return More()
    return Finished(" ".join(_summary(memory, failed)))


def _summary(memory: Memory, failed: int) -> Iterator[str]:
    counts = (
        (memory.predicted, "Predicted {}."),
        (memory.copied, "{} got what was said about the same data."),
        (memory.had, "{} had a prediction of this version."),
        (memory.silent, "The model said nothing about {}."),
        (failed, "{} got none: see the reasons."),
    )
    parts = [words.format(_tasks(count)) for count, words in counts if count]
    yield from parts or ["There was nothing to ask about."]


def _tasks(count: int) -> str:
    return f"{count:,} task" if count == 1 else f"{count:,} tasks"


PRELABEL_KIND = JobKind(name=PRELABEL, title="Pre-label tasks", step=prelabel, most_tries=MOST_TRIES)
