"""Have a connected model train, and see whether it got better.

Four phases. `before`: the model says what it thinks of held-out labeled tasks, as it is. `ask`: it is told START_TRAINING.
`wait`: its version is asked for now and then, until it is another; no thread sleeps meanwhile. `after`: it says what it thinks of
the same tasks again, and both are compared with what people said. What is at least as good as before goes live; what is worse
stays aside until somebody says "use anyway". Projects may switch that rule off.

The score is honest only as far as the model leaves these tasks out of its training (`labelwright.suggest.holdout.is_holdout`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.quality import Score, evaluate
from labelwright.server import clock, wire_events
from labelwright.server.actions.check_prediction import NewPrediction, check_prediction
from labelwright.server.actions.prelabel import prelabel_all
from labelwright.server.actions.start_training import train_if_due
from labelwright.server.db.queries import prelabeling
from labelwright.server.db.queries import training as queries
from labelwright.server.db.queries.projects import project_row
from labelwright.server.db.tables import ml_backends, projects
from labelwright.server.jobs.job import Failed, Finished, JobContext, JobGone, JobKind, More, Outcome, TryAgain, Wait, remember
from labelwright.server.ml_backends.client import BadAnswer, Model, ModelError, ModelProblem, ModelUnreachable
from labelwright.server.ml_backends.open_model import open_model
from labelwright.server.ml_backends.tasks_for_model import tasks_for_model

BATCH = 20
LEAST_TESTED = 5
"""With fewer held-out labels nothing is compared."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 30.0
LONGEST_TRAINING_S = 3600.0
DONE_WAIT_S = 8.0
"""How long a model that says it is done may take to show its new version."""
LONGEST_SAID = 500


class Memory(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a job needs to go on."""

    phase: str = "before"
    tasks: list[int] = []
    """Held-out ones; ascending."""
    before: list[Any] = []
    """What the model said of the first so many of `tasks`: results."""
    after: list[Any] = []
    setup_version: str = ""
    """What /setup said before."""
    version_before: str | None = None
    """What the predictions named then; people see that one."""
    version_after: str | None = None
    new_setup_version: str = ""
    fails: str = ""
    """Why the model has no answers to be compared."""
    asked_at: str = ""
    pause_s: float = FIRST_PAUSE_S
    says_done: bool = False

    @classmethod
    def of(cls, job: Any) -> Memory:
        return msgspec.json.decode(str(job.memory), type=cls)


class Around(Struct, frozen=True):
    """What a step finds: the rows and the client."""

    project: Any
    backend: Any
    run: Any
    model: Model


def train(context: JobContext, job: Any) -> Outcome:
    """One step of the kind "train"."""
    around, memory = context.db.read(lambda conn: _around(conn, context, job)), Memory.of(job)
    if memory.phase == "before":
        return _before(context, job, around, memory)
    if memory.phase == "ask":
        return _ask(context, job, around, memory)
    if memory.phase == "wait":
        return _wait(context, job, around, memory)
    return _after(context, job, around, memory)


def _around(conn: Connection, context: JobContext, job: Any) -> Around:
    backend = prelabeling.backend_row(conn, job.ml_backend_id)
    project, run = project_row(conn, job.project_id), queries.run_of_job(conn, job.id)
    if backend is None or project is None or run is None:
        raise JobGone()
    return Around(project, backend, run, open_model(conn, context.settings, backend, project))


def _keep(context: JobContext, job: Any, memory: Memory, unit: Any = None, *, message: str | None = None) -> None:
    """Write the memory, and what `unit` writes."""

    def write(conn: Connection) -> None:
        if unit is not None:
            unit(conn)
        remember(conn, job, msgspec.to_builtins(memory), message=message)

    context.write(job, write)


# ---------------------------------------------------------------- before
def _before(context: JobContext, job: Any, around: Around, memory: Memory) -> Outcome:
    if not memory.setup_version and not memory.tasks:
        try:
            version = around.model.setup(around.project)
        except ModelProblem as problem:
            raise TryAgain(str(problem)) from None
        tasks = context.db.read(lambda conn: queries.tested_tasks(conn, around.project.id))
        tasks = tasks if len(tasks) >= LEAST_TESTED else []
        memory = msgspec.structs.replace(memory, tasks=tasks, setup_version=version)
    if len(memory.before) < len(memory.tasks) and not memory.fails:
        said, version_said, fails = _predict(context, around, memory.tasks, len(memory.before), memory.setup_version)
        memory = msgspec.structs.replace(
            memory, before=[*memory.before, *said], version_before=version_said or memory.version_before, fails=fails
        )
        _keep(context, job, memory, message="Testing the model as it is.")
        return More()
    version_before = memory.version_before or around.backend.said_version or memory.setup_version
    memory = msgspec.structs.replace(memory, phase="ask", version_before=version_before)

    def pin(conn: Connection) -> None:
        """People go on seeing this version until another has proved itself."""
        if around.project.goes_live_if_better and around.backend.live_version is None and version_before:
            mine = sa.and_(ml_backends.c.id == around.backend.id, ml_backends.c.live_version.is_(None))
            conn.execute(sa.update(ml_backends).where(mine).values(live_version=version_before))
        queries.update_run(conn, around.run.id, version_before=version_before)

    _keep(context, job, memory, pin)
    return More()


def _predict(
    context: JobContext, around: Around, tasks: Sequence[int], at: int, setup_version: str
) -> tuple[list[Any], str | None, str]:
    """(results of the next few tasks, [] where it says nothing that fits; the version they name; why it can't at all)."""
    part = tasks[at : at + BATCH]
    rows = context.db.read(lambda conn: queries.rows_of(conn, part))
    wires = context.db.read(lambda conn: tasks_for_model(conn, rows))
    for wire in wires:  # it must not read the answer off the question
        wire["annotations"], wire["predictions"] = [], []
    try:
        answers = around.model.predict(wires, around.project) if wires else []
    except (ModelError, BadAnswer) as problem:
        return [], None, str(problem)
    except ModelProblem as problem:
        raise TryAgain(str(problem)) from None
    results: dict[int, list[Any]] = {}
    versions: Counter[str] = Counter()
    for row, answer in zip(rows, answers, strict=True):
        for given in answer.predictions[:1]:
            made = check_prediction(around.project.label_config, given, setup_version)
            if isinstance(made, NewPrediction):
                results[row.id] = made.result
                versions[made.model_version] += 1
    version = versions.most_common(1)[0][0] if versions else None
    return [results.get(task_id, []) for task_id in part], version, ""


# ---------------------------------------------------------------- training
def _ask(context: JobContext, job: Any, around: Around, memory: Memory) -> Outcome:
    says_done = False
    try:
        answer = around.model.start_training(wire_events.project(around.project))
    except ModelUnreachable as problem:
        if not problem.is_slow:
            raise TryAgain(str(problem)) from None
        line = "Told the model to train. It did not answer yet; it is probably at work."
    except ModelProblem as problem:
        raise Failed(str(problem)) from None
    else:
        state = answer.get("state") if isinstance(answer, dict) else None
        says_done = state == "done"
        line = f"Told the model to train. It answered {JSONText.of(answer)[:LONGEST_SAID]}"
    memory = msgspec.structs.replace(memory, phase="wait", asked_at=clock.now(), says_done=says_done)

    def note(conn: Connection) -> None:
        count = conn.execute(sa.select(projects.c.annotation_count).where(projects.c.id == around.project.id)).scalar_one()
        queries.add_to_log(conn, around.run, line, label_count=count)

    _keep(context, job, memory, note, message="The model is training.")
    return Wait(0.2)


def _wait(context: JobContext, job: Any, around: Around, memory: Memory) -> Outcome:
    """Look whether there is a new version; come again later if not. A model that is busy may not answer."""
    try:
        version = around.model.setup(around.project)
        problem = ""
    except ModelProblem as error:
        version, problem = memory.setup_version, str(error)
    if version != memory.setup_version:
        after = msgspec.structs.replace(memory, phase="after", new_setup_version=version, fails="")
        _keep(context, job, after, lambda conn: queries.add_to_log(conn, around.run, f"The model has the version {version} now."))
        return More()
    waited_s = (clock.moment(clock.now()) - clock.moment(memory.asked_at)).total_seconds()
    if waited_s > LONGEST_TRAINING_S or (memory.says_done and not problem and waited_s > DONE_WAIT_S):
        words = problem or f"No new version came of it: the model still says {version or 'none'}."
        return _end(context, job, around, memory, words, {})
    pause_s = memory.pause_s
    longer = msgspec.structs.replace(memory, pause_s=min(LONGEST_PAUSE_S, pause_s * 1.5))
    _keep(context, job, longer, message=problem or "The model is training.")
    return Wait(pause_s)


# ---------------------------------------------------------------- after
def _after(context: JobContext, job: Any, around: Around, memory: Memory) -> Outcome:
    if len(memory.after) < len(memory.tasks) and not memory.fails:
        said, version, fails = _predict(context, around, memory.tasks, len(memory.after), memory.new_setup_version)
        memory = msgspec.structs.replace(
            memory, after=[*memory.after, *said], version_after=version or memory.version_after, fails=fails
        )
        _keep(context, job, memory, message="Testing the new version.")
        return More()
    labels = context.db.read(lambda conn: queries.labels_of(conn, memory.tasks)) if memory.tasks else {}
    before = _score(around, memory, labels, memory.before)
    after = _score(around, memory, labels, memory.after)
    is_live, words = _judge(around, memory, before, after)
    report = {
        "n": len(labels),
        "before": msgspec.to_builtins(before),
        "after": msgspec.to_builtins(after),
        "why": words,
    }
    values = {
        "version_after": memory.version_after or memory.new_setup_version,
        "score_before": before.value if before else None,
        "score_after": after.value if after else None,
        "report": JSONText.of(report),
    }
    return _end(context, job, around, memory, words, values, is_live=is_live)


def _score(around: Around, memory: Memory, labels: dict[int, str], said: Sequence[Any]) -> Score | None:
    if not labels or len(said) < len(memory.tasks):
        return None
    pairs = [(one, JSONText(labels[task]).load()) for task, one in zip(memory.tasks, said, strict=True) if task in labels]
    return evaluate(around.project.label_config, pairs)


def _judge(around: Around, memory: Memory, before: Score | None, after: Score | None) -> tuple[bool, str]:
    """Whether the new version goes live, and why, for people."""
    if not around.project.goes_live_if_better:
        return True, "It is live: the project shows every new version."
    if memory.fails:
        return False, f"It is not live: it can't be tested. {memory.fails}"
    if after is None:
        return True, f"It is live. Fewer than {LEAST_TESTED} labels are held out, so nothing was compared."
    if before is None:
        return True, f"It is live: {after.value:.0%} right on {after.n} held-out labels. The version before could not be tested."
    figures = f"{after.value:.1%} on {after.n} held-out labels, {before.value:.1%} before"
    if after.value >= before.value:
        return True, f"It is live: {figures}."
    return False, f"It is not live, since it is worse: {figures}."


def _end(
    context: JobContext,
    job: Any,
    around: Around,
    memory: Memory,
    words: str,
    values: dict[str, Any],
    *,
    is_live: bool = False,
) -> Outcome:
    """Write what came of it; show the new version and have it asked about all tasks; go on with labels that came meanwhile."""

    def end(conn: Connection) -> None:
        if is_live and around.project.prelabel_automatically:
            prelabel_all(conn, around.project.id, around.backend.id)
        queries.add_to_log(conn, around.run, words, state="done", finished_at=clock.now(), **values)
        if memory.new_setup_version:
            prelabeling.note_version(conn, around.backend.id, memory.new_setup_version)
        if is_live:
            queries.make_live(conn, queries.run_row(conn, around.run.id))
        held = sa.select(projects).where(projects.c.id == around.project.id).with_for_update(key_share=True)
        train_if_due(conn, conn.execute(held).one(), but_job=job.id)

    context.write(job, end)
    return Finished(words)


TRAIN_KIND = JobKind(name=queries.TRAIN, title="Train the model", step=train)
