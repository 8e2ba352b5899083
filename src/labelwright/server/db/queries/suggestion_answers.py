"""Answers with what is known of the suggestion they started from."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server.db.tables import annotation_table

a = annotation_table.c
_newest = (
    sa.select(a.id, a.annotator_id, a.result, a.lead_time_s, a.prediction_snapshot, a.suggestion)
    .where(
        a.project_id == sa.bindparam("project"),
        a.is_skipped.is_(False),
        a.is_ground_truth.is_(False),
        a.result.is_not(None),
        a.import_id.is_(None),
        a.is_bulk_created.is_(False),
    )
    .order_by(a.id.desc())
    .limit(sa.bindparam("most"))
)


def newest_answers(conn: Connection, project_id: int, most: int) -> list[Any]:
    """The newest answers that people gave here, newest first."""
    return list(conn.execute(_newest, {"project": project_id, "most": most}))
