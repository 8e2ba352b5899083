"""Label Studio's JSON names for tasks and answers, and nowhere else in the server.

Rows come in as the queries give them; JSON documents stay text (`msgspec.Raw`) from row to response.
"""

from __future__ import annotations

from typing import Any

import msgspec

from labelwright.server import clock

Wire = dict[str, Any]


def raw(text: str | None) -> msgspec.Raw | None:
    """Stored JSON text, to be sent as it is."""
    return None if text is None else msgspec.Raw(text.encode())


def created_username(row: Any) -> str:
    """`Ann Lee ann@x.yz, 7`; without a name a leading blank, as clients know it."""
    if row.annotator_id is None:
        return ""
    name = row.annotator_first_name + (f" {row.annotator_last_name}" if row.annotator_last_name else "")
    return f"{name} {row.annotator_email}, {row.annotator_id}"


def annotation(row: Any, *, annotator: Wire | None = None) -> Wire:
    """An annotation. `annotator` replaces the id in `completed_by` by an object (only the single-task route does)."""
    return {
        "id": row.id,
        "result": raw(row.result),
        "created_username": created_username(row),
        "created_ago": clock.ago(row.created_at),
        "completed_by": annotator or row.annotator_id,
        "was_cancelled": row.is_skipped,
        "ground_truth": row.is_ground_truth,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "draft_created_at": row.draft_created_at,
        "lead_time": row.lead_time_s,
        "import_id": row.import_id,
        "last_action": row.last_action,
        "bulk_created": row.is_bulk_created,
        "task": row.task_id,
        "project": row.project_id,
        "updated_by": row.updated_by_id,
        "parent_prediction": row.parent_prediction_id,
        "parent_annotation": row.parent_annotation_id,
        "last_created_by": row.last_created_by_id,
    }


def annotator(row: Any) -> Wire | None:
    if row.annotator_id is None:
        return None
    first, last = row.annotator_first_name, row.annotator_last_name
    return {
        "id": row.annotator_id,
        "first_name": first,
        "last_name": last,
        "avatar": None,
        "email": row.annotator_email,
        "initials": initials(first, last, row.annotator_email),
    }


def initials(first: str, last: str, email: str) -> str:
    if first or last:
        return (first[:1] + last[:1]).lower() if first and last else (first or last)[:2].lower()
    return email[:2].lower()


def prediction(row: Any) -> Wire:
    return {
        "id": row.id,
        "result": raw(row.result),
        "model_version": row.model_version,
        "created_ago": clock.ago(row.created_at),
        "score": row.score,
        "cluster": row.cluster,
        "neighbors": raw(row.neighbors),
        "mislabeling": row.mislabeling,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "model": row.model_id,
        "model_run": row.model_run_id,
        "task": row.task_id,
        "project": row.project_id,
    }


def draft(row: Any) -> Wire:
    name = row.user_first_name + (f" {row.user_last_name}" if row.user_last_name else "")
    return {
        "id": row.id,
        "user": row.user_email,
        "created_username": f"{name}{' ' if name else ''}{row.user_email}, {row.user_id}",
        "created_ago": clock.ago(row.created_at),
        "result": raw(row.result),
        "lead_time": row.lead_time_s,
        "was_postponed": row.is_postponed,
        "import_id": row.import_id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "task": row.task_id,
        "annotation": row.annotation_id,
    }


def task(row: Any) -> Wire:
    """A task in its plain shape (create, update, label stream)."""
    return {
        "id": row.id,
        "data": raw(row.data),
        "meta": raw(row.meta),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "is_labeled": row.is_labeled,
        "overlap": row.overlap,
        "inner_id": row.inner_id,
        "total_annotations": row.annotation_count,
        "cancelled_annotations": row.skip_count,
        "total_predictions": row.prediction_count,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "last_comment_updated_at": None,
        "project": row.project_id,
        "updated_by": row.updated_by_id,
        "file_upload": row.file_upload_id,
        "comment_authors": [],
    }


def select_fields(value: Wire, include: list[str]) -> Wire:
    """`?include=id,title`: only those keys (all when nothing is named)."""
    wanted = {name.strip() for part in include for name in part.split(",") if name.strip()}
    return {key: item for key, item in value.items() if key in wanted} if wanted else value


PLAIN_KEYS = {
    "id",
    "data",
    "meta",
    "created_at",
    "updated_at",
    "is_labeled",
    "overlap",
    "inner_id",
    "project",
    "total_annotations",
}
"""Keys of `task` that mean the same in the data manager's table."""
