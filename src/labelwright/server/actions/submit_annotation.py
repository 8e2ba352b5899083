"""Submit an annotation: one transaction from the request to counters that agree with the rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.domain.result import count_labels, count_regions
from labelwright.domain.suggestion import is_withheld
from labelwright.server import clock
from labelwright.server.actions.record_event import record_annotation
from labelwright.server.actions.start_training import train_if_due
from labelwright.server.db.queries import answers, counters
from labelwright.server.db.queries.tasks import release_lock
from labelwright.server.db.tables import drafts, predictions
from labelwright.server.errors import Conflict, Forbidden


class Submission(Struct, frozen=True, kw_only=True):
    """What an annotator hands in. `result` is the decoded list (None: stored without a result)."""

    result: list[Any] | None
    is_skipped: bool = False
    is_ground_truth: bool = False
    lead_time_s: float | None = None
    draft_id: int | None = None
    unique_id: str | None = None
    parent_prediction_id: int | None = None
    parent_annotation_id: int | None = None


def submit_annotation(conn: Connection, task: Any, annotator_id: int, user_id: int, given: Submission) -> dict[str, Any]:
    """The stored annotation's columns. `task` is its row, held.

    Raises Conflict (with the stored annotation's id) where `unique_id` was submitted before, Forbidden for somebody else's draft.
    """
    draft_created_at = _take_draft(conn, given.draft_id, task.id, user_id) if given.draft_id else None
    snapshot = _snapshot(conn, task, given.parent_prediction_id)
    suggestion, suggested_by = _suggestion(task, annotator_id, has_parent=snapshot != "{}")
    moment = clock.now()
    row: dict[str, Any] = {
        "project_id": task.project_id,
        "task_id": task.id,
        "annotator_id": annotator_id,
        "result": None if given.result is None else JSONText.of(given.result),
        "is_skipped": given.is_skipped,
        "is_ground_truth": given.is_ground_truth,
        "lead_time_s": given.lead_time_s,
        "unique_id": given.unique_id or answers.new_unique_id(),
        "parent_prediction_id": given.parent_prediction_id,
        "parent_annotation_id": given.parent_annotation_id,
        "result_count": count_regions(given.result),
        "prediction_snapshot": snapshot,
        "suggestion": suggestion,
        "draft_created_at": draft_created_at,
        "updated_by_id": user_id,
        "created_at": moment,
        "updated_at": moment,
    }
    annotation_id = answers.add_annotation(conn, row, suggested_by=suggested_by)
    if annotation_id is None:
        raise _already(conn, task, given.unique_id or "")
    answers.add_labels(conn, task.project_id, {annotation_id: count_labels(given.result)}, in_summary=True)
    if given.is_ground_truth:
        answers.clear_ground_truth(conn, task.id, annotation_id)
    release_lock(conn, task.id, annotator_id)
    project = counters.refresh_task(conn, task, user_id)
    record_annotation(conn, project, "ANNOTATION_CREATED", annotation_id)
    train_if_due(conn, project)
    return {"id": annotation_id, **row}


def _already(conn: Connection, task: Any, unique_id: str) -> Conflict:
    message = "Annotation with this unique id already exists"
    stored = answers.find_unique_id(conn, unique_id)
    if stored is None or stored.project_id != task.project_id:
        return Conflict(message)  # somebody else's: say no more
    return Conflict(message, annotation={"id": stored.id, "task": stored.task_id}, annotation_id=stored.id)


def _take_draft(conn: Connection, draft_id: int, task_id: int, user_id: int) -> str | None:
    """Delete the draft that became this annotation; its creation time."""
    own = [drafts.c.id == draft_id, drafts.c.task_id == task_id, drafts.c.user_id == user_id]
    mine = sa.delete(drafts).where(*own).returning(drafts.c.created_at)
    created_at = conn.execute(mine).scalar()
    if created_at is None and conn.execute(sa.select(drafts.c.id).where(drafts.c.id == draft_id)).first():
        raise Forbidden(f"You have no permission to draft id:{draft_id}")
    return created_at


def _suggestion(task: Any, annotator_id: int, *, has_parent: bool) -> tuple[str | None, str | None]:
    """Whether a suggestion was shown or withheld, and the model version that must have said something for it to be so.

    Without a second value the first holds as it is. Who names the prediction that they started from has seen it.
    """
    if has_parent:
        return "shown", None
    if not task.prediction_count or not task.show_collab_predictions or task.project_model_version is None:
        return None, None
    withheld = is_withheld(task.id, annotator_id, task.withheld_percent)
    return "withheld" if withheld else "shown", task.project_model_version


def _snapshot(conn: Connection, task: Any, prediction_id: int | None) -> str:
    """The prediction that was shown, as the annotation remembers it."""
    if prediction_id is None:
        return "{}"
    row = conn.execute(sa.select(predictions).where(predictions.c.id == prediction_id, predictions.c.task_id == task.id)).first()
    if row is None:
        return "{}"
    return snapshot_of(row)


def snapshot_of(row: Any) -> str:
    """A prediction's row as its annotation remembers it."""
    parts = {"id": row.id, "model_version": row.model_version, "score": row.score}
    return JSONText.of(parts)[:-1] + f',"result":{row.result}}}'
