"""Give a label another name in all answers that hold it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.domain.result import count_labels
from labelwright.server import clock
from labelwright.server.actions.record_event import record_annotation
from labelwright.server.db.queries import answers, labels
from labelwright.server.db.queries.projects import project_row
from labelwright.server.db.tables import annotation_table


def rename_label(conn: Connection, organization_id: int, project_id: int | None, user_id: int, old: Any, new: Any) -> int:
    """How many regions changed: those whose value under their own type equals `old` (`["Cat"]`). Each answer's history keeps its
    state before."""
    changed = 0
    projects: dict[int, Any] = {}
    for rows in labels.annotations_with(conn, organization_id, project_id, labels.last_word(old)):
        for row in rows:
            result = JSONText(row.result).load()
            count = _rename(result, old, new)
            if count:
                _write(conn, row, user_id, result)
                if row.project_id not in projects:
                    projects[row.project_id] = project_row(conn, row.project_id)
                if projects[row.project_id] is not None:
                    record_annotation(conn, projects[row.project_id], "ANNOTATION_UPDATED", row.id)
            changed += count
    return changed


def _rename(result: Any, old: Any, new: Any) -> int:
    """Changes the result in place; how many regions."""
    count = 0
    for region in result if isinstance(result, list) else ():
        if not isinstance(region, dict):
            continue
        kind, value = region.get("type"), region.get("value")
        if isinstance(kind, str) and isinstance(value, dict) and kind in value and value[kind] == old:
            value[kind] = new
            count += 1
    return count


def _write(conn: Connection, row: Any, user_id: int, result: Any) -> None:
    answers.keep_version(conn, row, "updated", user_id)
    values = {"result": JSONText.of(result), "updated_at": clock.now(), "updated_by_id": user_id}
    conn.execute(sa.update(annotation_table).where(annotation_table.c.id == row.id).values(values))
    answers.remove_labels(conn, row.id)
    answers.add_labels(conn, row.project_id, {row.id: count_labels(result)}, in_summary=True)
