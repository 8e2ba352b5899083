"""Change or delete a submitted annotation; the state before goes to its history."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.domain.result import count_labels, count_regions
from labelwright.server import clock
from labelwright.server.actions.record_event import record_annotation, record_gone
from labelwright.server.db.queries import answers, counters
from labelwright.server.db.queries.tasks import lock_task
from labelwright.server.db.tables import annotation_table, drafts
from labelwright.server.errors import NotFound

KEEP: Any = object()
"""Marks a part of the annotation that stays as it is."""


def update_annotation(
    conn: Connection,
    row: Any,
    user_id: int,
    *,
    result: Any = KEEP,
    is_skipped: Any = KEEP,
    is_ground_truth: Any = KEEP,
    lead_time_s: Any = KEEP,
    annotator_id: Any = KEEP,
) -> None:
    """Write what is given; drafts on the annotation vanish, counters follow."""
    task, row = _hold(conn, row)
    answers.keep_version(conn, row, "updated", user_id)
    values: dict[str, Any] = {"updated_at": clock.now(), "updated_by_id": user_id}
    if result is not KEEP:
        values |= {"result": None if result is None else JSONText.of(result), "result_count": count_regions(result)}
        answers.remove_labels(conn, row.id)
        answers.add_labels(conn, row.project_id, {row.id: count_labels(result)}, in_summary=True)
    given = {
        "is_skipped": is_skipped,
        "is_ground_truth": is_ground_truth,
        "lead_time_s": lead_time_s,
        "annotator_id": annotator_id,
    }
    values |= {name: value for name, value in given.items() if value is not KEEP}
    conn.execute(sa.update(annotation_table).where(annotation_table.c.id == row.id).values(values))
    if values.get("is_ground_truth"):
        answers.clear_ground_truth(conn, row.task_id, row.id)
    conn.execute(sa.delete(drafts).where(drafts.c.annotation_id == row.id))
    project = counters.refresh_task(conn, task, user_id)
    record_annotation(conn, project, "ANNOTATION_UPDATED", row.id)


def delete_annotation(conn: Connection, row: Any, user_id: int) -> None:
    """Delete it with its drafts and labels; the history keeps its last state."""
    task, row = _hold(conn, row)
    answers.keep_version(conn, row, "deleted", user_id)
    conn.execute(sa.delete(annotation_table).where(annotation_table.c.id == row.id))
    project = counters.refresh_task(conn, task, user_id)
    record_gone(conn, project, "ANNOTATIONS_DELETED", [row.id])


def convert_to_draft(conn: Connection, row: Any, user_id: int) -> int:
    """Turn an annotation back into its author's draft; the new draft's id."""
    _, row = _hold(conn, row)
    moment = clock.now()
    draft_id: int = conn.execute(
        sa.insert(drafts)
        .values(
            project_id=row.project_id,
            task_id=row.task_id,
            user_id=row.annotator_id or user_id,
            result=row.result or "[]",
            lead_time_s=row.lead_time_s,
            created_at=moment,
            updated_at=moment,
        )
        .returning(drafts.c.id)
    ).scalar_one()
    delete_annotation(conn, row, user_id)
    return draft_id


def _hold(conn: Connection, row: Any) -> tuple[Any, Any]:
    """The annotation's task, held, and the annotation as it is then. Raises NotFound where somebody deleted it meanwhile."""
    task = lock_task(conn, row.task_id)
    fresh = answers.annotation_row(conn, row.id) if task is not None else None
    if fresh is None:
        raise NotFound("Annotation")
    return task, fresh
