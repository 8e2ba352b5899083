"""Keep an answer in progress."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.server import clock
from labelwright.server.db.queries.tasks import release_lock
from labelwright.server.db.tables import drafts


def create(
    conn: Connection,
    task: Any,
    user_id: int,
    *,
    result: list[Any],
    lead_time_s: float | None,
    is_postponed: bool,
    annotation_id: int | None,
) -> int:
    """A new draft's id. Postponing gives up the lease: the task comes back to this person at the end of the queue."""
    moment = clock.now()
    draft_id: int = conn.execute(
        sa.insert(drafts)
        .values(
            project_id=task.project_id,
            task_id=task.id,
            annotation_id=annotation_id,
            user_id=user_id,
            result=JSONText.of(result),
            lead_time_s=lead_time_s,
            is_postponed=is_postponed,
            created_at=moment,
            updated_at=moment,
        )
        .returning(drafts.c.id)
    ).scalar_one()
    if is_postponed:
        release_lock(conn, task.id, user_id)
    return draft_id


def update(conn: Connection, row: Any, *, result: list[Any] | None, lead_time_s: float | None, is_postponed: bool | None) -> None:
    """Write what is given (None = stays)."""
    values: dict[str, Any] = {"updated_at": clock.now()}
    if result is not None:
        values["result"] = JSONText.of(result)
    if lead_time_s is not None:
        values["lead_time_s"] = lead_time_s
    if is_postponed is not None:
        values["is_postponed"] = is_postponed
    conn.execute(sa.update(drafts).where(drafts.c.id == row.id).values(values))
    if is_postponed:
        release_lock(conn, row.task_id, row.user_id)
