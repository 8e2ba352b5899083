"""Store what a connected model said: never twice the same, and in place of what it said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server.db.queries import counters
from labelwright.server.db.queries.ids import among
from labelwright.server.db.queries.insert import insert_rows
from labelwright.server.db.queries.prelabeling import hold_unchanged, stored_of
from labelwright.server.db.tables import predictions


def save_model_predictions(
    conn: Connection,
    project_id: int,
    backend_id: int,
    rows: Sequence[Mapping[str, Any]],
    asked: Mapping[int, str],
    *,
    again: bool = False,
) -> set[int]:
    """Write predictions in place of what that version of the model said before; of which tasks.

    rows: of `predictions`, with `ml_backend_id` and `data_hash`. asked: task → the data that the model was asked about. Tasks
    that are gone, have other data now, or (without `again`) were answered meanwhile are left out. A model that was taken away
    and connected again is another one here; what it said before is replaced all the same.
    """
    held = hold_unchanged(conn, project_id, dict(asked)) if asked else set()
    new: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["task_id"] in held:
            new.setdefault(row["task_id"], []).append(row)
    before: dict[int, list[Any]] = {}
    for old in stored_of(conn, project_id, backend_id, list(new)):
        before.setdefault(old.task_id, []).append(old)
    doomed: list[int] = []
    changes: Counter[int] = Counter()
    for task_id, olds in before.items():
        mine = new[task_id]
        own = [old for old in olds if old.ml_backend_id == backend_id]
        if not again and any(old.data_hash == mine[0]["data_hash"] for old in own):
            del new[task_id]
            continue
        versions = {row["model_version"] for row in mine}
        gone = [old.id for old in olds if old.model_version in versions]
        doomed += gone
        changes[task_id] -= len(gone)
    if doomed:
        conn.execute(sa.delete(predictions).where(among(conn, predictions.c.id, doomed)))
    kept = [dict(row) for mine in new.values() for row in mine]
    if kept:
        insert_rows(conn, predictions, kept)
        changes.update(row["task_id"] for row in kept)
        counters.count_predictions(conn, project_id, dict(changes))
    return set(new)
