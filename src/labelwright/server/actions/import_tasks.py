"""Import tasks with their answers: prepared and checked outside the transaction, then written whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import EMPTY_OBJECT, JSONText
from labelwright.domain.result import count_labels
from labelwright.formats.rows import Bad, Good, Row
from labelwright.formats.task_items import error_entry
from labelwright.labelconfig import TaskChecker, name_undefined_field
from labelwright.server import clock
from labelwright.server.actions.check_prediction import NewPrediction, check_prediction
from labelwright.server.actions.prelabel import prelabel_new
from labelwright.server.actions.record_event import record_new_tasks
from labelwright.server.actions.save_predictions import describe, row_of
from labelwright.server.actions.start_training import train_after_many
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import answers, counters
from labelwright.server.db.queries.ids import take_ids
from labelwright.server.db.queries.projects import update_project
from labelwright.server.db.queries.tasks import count_data_columns
from labelwright.server.db.tables import annotation_table, memberships, predictions, projects, tasks, users
from labelwright.server.errors import Invalid, NotFound

MAX_REASONS = 100
BATCH = 2000


class NewAnnotation(Struct, frozen=True, kw_only=True):
    annotator_id: int
    result: list[Any]
    is_skipped: bool
    is_ground_truth: bool
    lead_time_s: float | None
    import_id: int | None
    unique_id: str | None


class NewTask(Struct, frozen=True, kw_only=True):
    data: JSONText
    columns: tuple[str, ...]
    meta: JSONText
    allow_skip: bool
    file_upload_id: int | None
    annotations: tuple[NewAnnotation, ...]
    predictions: tuple[NewPrediction, ...]


class Imported(Struct, frozen=True):
    task_ids: list[int]
    annotation_count: int
    prediction_count: int


@lru_cache(maxsize=64)
def _checker(label_config: str) -> TaskChecker:
    return TaskChecker(label_config)


def check_data(project: Any, data: Sequence[dict[str, Any]]) -> None:
    """Whether task data fits the label config. Raises Invalid with the first reason."""
    checker = _checker(project.label_config)
    for one in data:
        if (reason := checker.check(one)) is not None:
            raise Invalid.general(reason)


# ---------------------------------------------------------------- prepare
def prepare(conn: Connection, project: Any, user: User, rows: Iterable[Row]) -> list[NewTask]:
    """Check every row and make it ready to be written. Raises Invalid naming each bad row and its reason."""
    checker = _checker(project.label_config)
    annotator = _annotators(conn, user)
    prepared: list[NewTask] = []
    reasons: list[Any] = []
    misfits: list[str] = []
    bad = 0
    for row in rows:
        reason = row if isinstance(row, Bad) else _misfit(checker, row)
        if reason is None and isinstance(row, Good):
            said, unfit = _predictions(project.label_config, row)
            misfits += unfit
            if len(misfits) >= MAX_REASONS:
                break
            prepared.append(_prepare_one(checker.first_key, annotator, row, said))
            reasons.append({})
            continue
        reasons.append(error_entry(reason if isinstance(reason, Bad) else row))  # type: ignore[arg-type]
        bad += 1
        if bad >= MAX_REASONS:
            break
    if bad:
        raise Invalid.general(*reasons)
    if misfits:
        raise Invalid(predictions=misfits[:MAX_REASONS])
    return prepared


def _predictions(label_config: str, row: Good) -> tuple[tuple[NewPrediction, ...], list[str]]:
    """The row's predictions, and the reasons why some do not fit the label config."""
    said: list[NewPrediction] = []
    unfit: list[str] = []
    for place, one in enumerate(row.predictions):
        made = check_prediction(label_config, one, "undefined")
        if isinstance(made, NewPrediction):
            said.append(made)
        else:
            unfit += [describe(f"Task {row.index}, prediction {place}", reason) for reason in made]
    return tuple(said), unfit


def _misfit(checker: TaskChecker, row: Good) -> Bad | None:
    """Why the row's data is not what the label config wants."""
    reason = checker.check(row.data)
    if reason is None:
        return None
    assumed = "item as is = task root with values] " if row.is_wrapped else 'item["data"] = task root with values]'
    item = row.data if row.is_wrapped else {"data": row.data}
    return Bad(index=row.index, place=row.place, reason=f"{reason} [assume: {assumed}", item=item)


def check_row(project: Any, row: Good) -> str | None:
    """Why one row's data does not fit the project's label config."""
    misfit = _misfit(_checker(project.label_config), row)
    return misfit.reason if misfit else None


def _prepare_one(first_key: str | None, annotator: Callable[[Any], int], row: Good, said: tuple[NewPrediction, ...]) -> NewTask:
    data = name_undefined_field(row.data, first_key)
    return NewTask(
        data=JSONText.of(data),
        columns=tuple(data),
        meta=JSONText.of(row.meta) if row.meta else EMPTY_OBJECT,
        allow_skip=row.allow_skip is not False,
        file_upload_id=row.file_upload_id,
        annotations=tuple(_annotation(one, annotator) for one in row.annotations),
        predictions=said,
    )


def _annotation(one: dict[str, Any], annotator: Callable[[Any], int]) -> NewAnnotation:
    lead_time, import_id, unique_id = one.get("lead_time"), one.get("id"), one.get("unique_id")
    return NewAnnotation(
        annotator_id=annotator(one.get("completed_by")),
        result=one["result"],
        is_skipped=bool(one.get("was_cancelled", False)),
        is_ground_truth=bool(one.get("ground_truth", True)),
        lead_time_s=float(lead_time) if isinstance(lead_time, (int, float)) and not isinstance(lead_time, bool) else None,
        import_id=import_id if isinstance(import_id, int) and not isinstance(import_id, bool) else None,
        unique_id=unique_id[:64] if isinstance(unique_id, str) and unique_id else None,
    )


def _annotators(conn: Connection, user: User) -> Callable[[Any], int]:
    """Whom `completed_by` names, asked once per name: nothing → the importer, an id, an e-mail, or an object with either."""
    query = (
        sa.select(users.c.id, users.c.email)
        .join(memberships, memberships.c.user_id == users.c.id)
        .where(memberships.c.organization_id == user.organization_id)
    )
    ids: dict[int, int] = {}
    emails: dict[str, int] = {}

    def load() -> None:
        for row in conn.execute(query):
            ids[row.id] = row.id
            emails[row.email.lower()] = row.id

    def find(given: Any) -> int:
        if given is None:
            return user.id
        if not ids:
            load()
        if isinstance(given, dict):
            email, given_id = given.get("email"), given.get("id")
            if isinstance(email, str):
                if email.lower() not in emails:
                    raise Invalid.general(f"Unknown annotator's email {email}")
                return emails[email.lower()]
            given = given_id
        if isinstance(given, str) and given.lower() in emails:
            return emails[given.lower()]
        if isinstance(given, int) and not isinstance(given, bool) and given in ids:
            return given
        raise Invalid.general(f"Import data contains completed_by={given} which is not a valid annotator's email or ID")

    return find


# ---------------------------------------------------------------- write
def import_tasks(conn: Connection, project: Any, user: User, prepared: Sequence[NewTask]) -> Imported:
    """Write prepared tasks and their answers, in order, within the caller's transaction, which holds the right to add tasks."""
    if not prepared:
        return Imported([], 0, 0)
    overlaps = _overlaps(conn, project, len(prepared))
    moment = clock.now()
    first_inner = _take_inner_ids(conn, project.id, len(prepared))
    task_ids = take_ids(conn, tasks, len(prepared))
    rows = []
    for place, (task_id, new, overlap) in enumerate(zip(task_ids, prepared, overlaps, strict=True)):
        rows.append(_task_row(project, task_id, first_inner + place, new, overlap, moment))
    _insert(conn, tasks, rows)
    annotation_count = _write_annotations(conn, project.id, task_ids, prepared, moment)
    prediction_count = _write_predictions(conn, project, task_ids, prepared, moment)
    count_data_columns(conn, project.id, dict(Counter(name for new in prepared for name in new.columns)))
    counters.add_to_project(conn, project.id, rows)
    record_new_tasks(conn, project, task_ids)
    if annotation_count:
        train_after_many(conn, project)
    prelabel_new(conn, project, task_ids[0])
    return Imported(task_ids, annotation_count, prediction_count)


def _take_inner_ids(conn: Connection, project_id: int, count: int) -> int:
    last: int | None = conn.execute(
        sa.update(projects)
        .where(projects.c.id == project_id)
        .values(last_inner_id=projects.c.last_inner_id + count)
        .returning(projects.c.last_inner_id)
    ).scalar()
    if last is None:  # deleted meanwhile
        raise NotFound("Project")
    return last - count + 1


def _overlaps(conn: Connection, project: Any, count: int) -> list[int]:
    """The new tasks' overlap: the project's, for its share of tasks (the cohort is topped up first)."""
    wanted = project.maximum_annotations
    if wanted <= 1 or project.overlap_cohort_percentage >= 100:
        return [wanted] * count
    have = conn.execute(
        sa.select(sa.func.count()).select_from(tasks).where(tasks.c.project_id == project.id, tasks.c.overlap > 1)
    ).scalar_one()
    target = round((project.task_count + count) * project.overlap_cohort_percentage / 100)
    several = max(0, min(count, target - have))
    return [wanted] * several + [1] * (count - several)


def _task_row(project: Any, task_id: int, inner_id: int, new: NewTask, overlap: int, moment: str) -> dict[str, Any]:
    finished = [a for a in new.annotations if not a.is_skipped]
    counted = new.annotations if project.skip_queue == counters.IGNORE_SKIPPED else finished
    is_labeled = len({a.annotator_id for a in counted}) >= overlap
    return {
        "id": task_id,
        "project_id": project.id,
        "inner_id": inner_id,
        "data": new.data,
        "meta": new.meta,
        "overlap": overlap,
        "is_labeled": is_labeled,
        "allow_skip": new.allow_skip,
        "annotation_count": len(finished),
        "skip_count": len(new.annotations) - len(finished),
        "prediction_count": len(new.predictions),
        "ground_truth_count": sum(a.is_ground_truth for a in new.annotations),
        "useful_count": sum(not a.is_ground_truth for a in finished),
        "file_upload_id": new.file_upload_id,
        "created_at": moment,
        "updated_at": moment,
        "completed_at": moment if is_labeled and new.annotations else None,
    }


def _write_annotations(
    conn: Connection, project_id: int, task_ids: Sequence[int], prepared: Sequence[NewTask], moment: str
) -> int:
    pairs = [(task_id, one) for task_id, new in zip(task_ids, prepared, strict=True) for one in new.annotations]
    taken = _taken_unique_ids(conn, [one.unique_id for _, one in pairs if one.unique_id])
    ids = take_ids(conn, annotation_table, len(pairs))
    rows, labels = [], {}
    for annotation_id, (task_id, one) in zip(ids, pairs, strict=True):
        unique_id = one.unique_id if one.unique_id and one.unique_id not in taken else answers.new_unique_id()
        taken.add(unique_id)
        labels[annotation_id] = count_labels(one.result)
        rows.append(
            {
                "id": annotation_id,
                "project_id": project_id,
                "task_id": task_id,
                "annotator_id": one.annotator_id,
                "result": JSONText.of(one.result),
                "is_skipped": one.is_skipped,
                "is_ground_truth": one.is_ground_truth,
                "lead_time_s": one.lead_time_s,
                "unique_id": unique_id,
                "import_id": one.import_id,
                "created_at": moment,
                "updated_at": moment,
            }
        )
    _insert(conn, annotation_table, rows)
    answers.add_labels(conn, project_id, labels, in_summary=False)
    return len(rows)


def _taken_unique_ids(conn: Connection, wanted: Sequence[str]) -> set[str]:
    """Of the client-made ids that an import brings, those stored already: such answers are new here and get none."""
    taken: set[str] = set()
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        taken |= set(
            conn.execute(sa.select(annotation_table.c.unique_id).where(annotation_table.c.unique_id.in_(part))).scalars()
        )
    return taken


def _write_predictions(conn: Connection, project: Any, task_ids: Sequence[int], prepared: Sequence[NewTask], moment: str) -> int:
    rows = [
        row_of(project.id, task_id, one, moment)
        for task_id, new in zip(task_ids, prepared, strict=True)
        for one in new.predictions
    ]
    _insert(conn, predictions, rows)
    if rows and not project.model_version:
        update_project(conn, project.id, {"model_version": rows[-1]["model_version"]})
    return len(rows)


def _insert(conn: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), BATCH):
        conn.execute(sa.insert(table), rows[start : start + BATCH])
