"""Have the built-in model of a project learn, and suggest labels for the tasks that have none.

Four phases, each of bounded steps. `learn`: what there is goes to a folder, and a process of its own (`labelwright.suggest`)
learns from it, so that labeling feels nothing. `store`: its suggestions become predictions of a new version, which nobody sees
yet. Then one transaction shows the new version. `forget`: the suggestions of the versions before go.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.labelconfig import resolve
from labelwright.server import clock
from labelwright.server.actions.builtin_model import FIRST_LABELS, hindrance, learn_if_due
from labelwright.server.db.engine import Database
from labelwright.server.db.queries import builtin_models as queries
from labelwright.server.db.queries.projects import project_row, update_project
from labelwright.server.db.tables import builtin_models, training_runs
from labelwright.server.jobs.job import Failed, Finished, JobContext, JobGone, JobKind, More, Outcome, remember
from labelwright.server.storage import media
from labelwright.suggest import Answered, Options, Plan, Report, Unanswered, plan, read_predictions, read_report, write_folder

BATCH = 500
LONGEST_S = 3600.0
ADDRESS = "/data/upload/"


class Verdict(Struct, frozen=True):
    """Whether a new version is shown, and why, in words."""

    is_live: bool
    words: str


def learn(context: JobContext, job: Any) -> Outcome:
    """One step of the kind "learn"."""
    project = context.db.read(lambda conn: project_row(conn, job.project_id))
    row = context.db.read(lambda conn: queries.builtin_row(conn, job.project_id))
    if project is None or row is None or not row.is_on:
        raise JobGone()
    memory = JSONText(job.memory).load()
    phase = memory.get("phase", "learn")
    if phase == "learn":
        return _learn(context, job, project, row)
    if phase == "store":
        return _store(context, job, memory)
    return _forget(context, job, memory)


def forget(context: JobContext, job: Any) -> Outcome:
    """One step of the kind "forget": the model was switched off."""
    more = context.write(job, lambda conn: queries.forget_suggestions(conn, job.project_id, except_version=None))
    return More() if more else Finished("The suggestions of the built-in model are gone.")


def learn_what_is_due(db: Database) -> None:
    """Ask for a job for each project with new labels or tasks enough. Reads only, where nothing is due."""
    for project_id in db.read(queries.due):
        db.write(lambda conn, project_id=project_id: learn_if_due(conn, project_id))  # type: ignore[misc]


# ---------------------------------------------------------------- learn
def _learn(context: JobContext, job: Any, project: Any, row: Any) -> Outcome:
    reason = hindrance(project)
    if reason is not None:
        return _nothing_learned(context, job, project, reason)
    folder = context.settings.data_dir / "learning" / str(project.id)
    shutil.rmtree(folder, ignore_errors=True)
    n_labeled, _ = _write_folder(context, project, folder)
    report = _run_worker(context, job, folder)
    if not any(control.is_learned for control in report.controls):
        shutil.rmtree(folder, ignore_errors=True)
        return _nothing_learned(context, job, project, report.advice)
    verdict = judge(row, report, project)
    memory = {"phase": "store" if verdict.is_live else "forget", "line": 0, "version": row.version + 1, "words": verdict.words}

    def keep(conn: Connection) -> None:
        _add_run(conn, job, row, report, verdict, n_labeled)
        learned = {"trained_label_count": n_labeled, "task_count": project.task_count, "learns_at": _next(n_labeled)}
        learned |= {"report": JSONText.of(report), "message": ""} if verdict.is_live else {"message": verdict.words}
        _update(conn, project.id, **learned)
        remember(conn, job, memory, message="Storing suggestions", total=report.n_predicted, done=0)

    context.write(job, keep)
    return More()


def _nothing_learned(context: JobContext, job: Any, project: Any, reason: str) -> Outcome:
    values = {"message": reason, "learns_at": _next(project.answered_task_count), "task_count": project.task_count}
    context.write(job, lambda conn: _update(conn, project.id, **values))
    raise Failed(reason)


def _next(label_count: int) -> int:
    """Labels at which to learn again: a tenth more, at least five."""
    return max(FIRST_LABELS, label_count + max(5, label_count // 10))


def _write_folder(context: JobContext, project: Any, folder: Path) -> tuple[int, int]:
    media_files: dict[str, str] = {}
    planned = plan(project.label_config)
    pictures = planned.image_values if isinstance(planned, Plan) else ()

    def data_of(row: Any) -> Any:
        data = JSONText(row.data).load()
        for value in pictures:
            address = resolve(value, data)
            if isinstance(address, str) and (file := _file_of(context, project.id, address)) is not None:
                media_files[address] = str(file)
        return data

    with context.db.snapshot() as conn:
        answered = (
            Answered(id=row.id, data=data_of(row), result=JSONText(row.result).load())
            for row in queries.answered_tasks(conn, project.id)
        )
        waiting = (Unanswered(id=row.id, data=data_of(row)) for row in queries.open_tasks(conn, project.id))
        counts = write_folder(folder, project.label_config, answered, waiting, Options())
    if media_files:
        cache = context.settings.data_dir / "learning" / f"features-{project.id}"
        (folder / "options.json").write_bytes(JSONText.of(Options(media=media_files, cache=str(cache))).encode())
    return counts


def _file_of(context: JobContext, project_id: int, address: str) -> Path | None:
    """The file of an upload of this very project."""
    prefix = f"{ADDRESS}{project_id}/"
    if not address.startswith(prefix):
        return None
    return media.path_of(context.settings.upload_dir, f"upload/{project_id}/{address.removeprefix(prefix)}")


def _run_worker(context: JobContext, job: Any, folder: Path) -> Report:
    """What the worker learned. Raises Failed with its reason; JobGone when the job is cancelled meanwhile."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LABELWRIGHT_", "LABEL_STUDIO_"))}
    with subprocess.Popen(
        [sys.executable, "-m", "labelwright.suggest", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=env | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        text=True,
    ) as worker:
        lines: list[dict[str, Any]] = []
        reader = threading.Thread(target=_read_lines, args=(worker, lines), daemon=True)
        reader.start()
        try:
            _wait(context, job, worker, lines)
        finally:
            worker.kill()
            reader.join(timeout=5)
    report = read_report(folder)
    if worker.returncode != 0 or report is None:
        reason = next((line["reason"] for line in reversed(lines) if "reason" in line), "")
        raise Failed(f"Learning failed: {reason or 'the process ended early'}.")
    return report


def _read_lines(worker: subprocess.Popen[str], lines: list[dict[str, Any]]) -> None:
    assert worker.stdout is not None
    for line in worker.stdout:
        try:
            lines.append(json.loads(line))
        except ValueError:
            continue


def _wait(context: JobContext, job: Any, worker: subprocess.Popen[str], lines: list[dict[str, Any]]) -> None:
    waited, shown = 0.0, 0
    while True:
        try:
            worker.wait(timeout=0.5)
            return
        except subprocess.TimeoutExpired:
            waited += 0.5
        if context.is_cancelled(job):
            raise JobGone()
        if waited > LONGEST_S:
            raise Failed("Learning took longer than an hour and was stopped.")
        if len(lines) > shown:
            shown = len(lines)
            _say(context, job, str(lines[-1].get("phase", "learning")).replace("_", " ").capitalize())


def _say(context: JobContext, job: Any, words: str) -> None:
    context.write(job, lambda conn: remember(conn, job, {"phase": "learn"}, message=words))


def judge(row: Any, report: Report, project: Any) -> Verdict:
    """Whether the new version is shown: not when it is worse than the one before beyond that one's interval."""
    before = _main(JSONText(row.report).load()) if row.version else None
    after = _main(json.loads(JSONText.of(report)))
    if before is None or after is None or not project.goes_live_if_better or after["value"] >= before["low"]:
        return Verdict(True, report.advice)
    words = f"Version {row.version} stays: on held-out labels the new one reached {after['value']:.2f}, it {before['value']:.2f}."
    return Verdict(False, words)


def _main(report: dict[str, Any]) -> dict[str, float] | None:
    """The mean of the learned controls' main estimates, greater is better; None without one."""
    mains = [control["metrics"][0] for control in report.get("controls", []) if control.get("metrics")]
    if not mains:
        return None
    signed = [(-m["value"], -m["high"]) if m["metric"] == "mae" else (m["value"], m["low"]) for m in mains]
    return {"value": sum(v for v, _ in signed) / len(signed), "low": sum(low for _, low in signed) / len(signed)}


def _add_run(conn: Connection, job: Any, row: Any, report: Report, verdict: Verdict, n_labeled: int) -> None:
    before = _main(JSONText(row.report).load()) if row.version else None
    after = _main(json.loads(JSONText.of(report)))
    values = {
        "project_id": job.project_id,
        "job_id": job.id,
        "state": "done",
        "reason": "rule" if job.created_by_id is None else "asked",
        "label_count": n_labeled,
        "version_before": f"{queries.PREFIX}{row.version}" if row.version else None,
        "version_after": f"{queries.PREFIX}{row.version + 1}",
        "score_before": before["value"] if before else None,
        "score_after": after["value"] if after else None,
        "report": JSONText.of(report),
        "is_live": verdict.is_live,
        "log": verdict.words,
        "created_at": job.started_at or clock.now(),
        "finished_at": clock.now(),
    }
    conn.execute(sa.insert(training_runs).values(**values))


# ---------------------------------------------------------------- store
def _store(context: JobContext, job: Any, memory: dict[str, Any]) -> Outcome:
    folder = context.settings.data_dir / "learning" / str(job.project_id)
    try:
        lines = list(islice(read_predictions(folder), memory["line"], memory["line"] + BATCH))
    except FileNotFoundError:
        raise Failed("What it had learned is gone from the disk. Have it learn again.") from None
    version = f"{queries.PREFIX}{memory['version']}"
    if not lines:
        context.write(job, lambda conn: _show(conn, job, memory, version))
        shutil.rmtree(folder, ignore_errors=True)
        return More()
    moment = clock.now()
    rows = [
        {
            "project_id": job.project_id,
            "task_id": line.id,
            "result": JSONText.of(line.result),
            "score": line.score,
            "model_version": version,
            "ml_backend_id": queries.BUILT_IN,
            "mislabeling": 0.0,
            "created_at": moment,
            "updated_at": moment,
        }
        for line in lines
    ]

    def keep(conn: Connection) -> None:
        queries.add_suggestions(conn, job.project_id, rows)
        done = memory["line"] + len(lines)
        remember(conn, job, {**memory, "line": done}, done=done)

    context.write(job, keep)
    return More()


def _show(conn: Connection, job: Any, memory: dict[str, Any], version: str) -> None:
    """People see the new version, unless they see another model's."""
    project = project_row(conn, job.project_id)
    if project is not None and project.show_collab_predictions:
        shown = project.model_version or ""
        if shown == "" or shown.startswith(queries.PREFIX):
            update_project(conn, job.project_id, {"model_version": version})
    _update(conn, job.project_id, version=memory["version"])
    remember(conn, job, {**memory, "phase": "forget"}, message="Removing the suggestions of the version before")


def _forget(context: JobContext, job: Any, memory: dict[str, Any]) -> Outcome:
    row = context.db.read(lambda conn: queries.builtin_row(conn, job.project_id))
    keep = f"{queries.PREFIX}{row.version}" if row else None
    more = context.write(job, lambda conn: queries.forget_suggestions(conn, job.project_id, except_version=keep))
    return More() if more else Finished(memory["words"])


def _update(conn: Connection, project_id: int, **values: Any) -> None:
    changed = sa.update(builtin_models).where(builtin_models.c.project_id == project_id)
    conn.execute(changed.values(**values, updated_at=clock.now()))


LEARN = JobKind(name="learn", title="Learn from labels", step=learn, most_tries=2)
FORGET = JobKind(name="forget", title="Remove suggestions", step=forget)
