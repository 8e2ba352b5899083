"""Accept predictions as they are: they become annotations of the person who skims. And take that back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.domain.result import count_labels, count_regions
from labelwright.server import clock
from labelwright.server.actions.next_task import open_for, take_turn
from labelwright.server.actions.record_event import record_annotations, record_gone
from labelwright.server.actions.start_training import train_after_many
from labelwright.server.actions.submit_annotation import snapshot_of
from labelwright.server.db.queries import answers, counters
from labelwright.server.db.queries import skim as queries
from labelwright.server.db.queries.ids import among, take_ids
from labelwright.server.db.queries.tasks import lock_tasks
from labelwright.server.db.tables import annotation_table, drafts, skim_batches, task_locks

MOST_AT_ONCE = 1000
"""Predictions in one transaction."""

GONE = "This suggestion is gone: the model has said something newer, or the task was deleted."
TAKEN = "Somebody has answered this task or is at it."
BEGUN = "You have begun to label this task by hand."


class Accepted(Struct, frozen=True, kw_only=True):
    prediction: int
    task: int
    annotation: int


class Refused(Struct, frozen=True, kw_only=True):
    prediction: int
    reason: str


class Outcome(Struct, frozen=True, kw_only=True):
    """`accepted`: what is this person's annotation now, also where it was before. `added`: how many were made just now."""

    accepted: list[Accepted]
    refused: list[Refused]
    added: int


def accept_predictions(
    conn: Connection, project: Any, user_id: int, ids: Sequence[int], batch: str, lead_time_s: float | None = None
) -> Outcome:
    """Make annotations of these predictions (up to `MOST_AT_ONCE`), all of them or none; those that can't be are told.

    The same again makes no second annotation. `lead_time_s`: what the person took for each. The tasks must be open for them by
    the rules of the queue.
    """
    take_turn(conn, project.id)
    rows = queries.of_ids(conn, project.id, ids)
    task_ids = sorted({row.task_id for row in rows})
    lock_tasks(conn, project.id, task_ids)
    rows = queries.of_ids(conn, project.id, ids)  # as they are now that nobody else can answer
    mine = _accepted_before(conn, user_id, rows)
    is_open, given = open_for(project, user_id)
    free = queries.open_ones(conn, is_open, given, task_ids)
    begun = queries.begun(conn, user_id, task_ids)
    chosen, refused = [], [Refused(prediction=one, reason=GONE) for one in sorted(set(ids) - {row.id for row in rows})]
    for row in rows:
        if row.id in mine:
            continue
        if row.task_id not in free or row.task_id in begun:
            refused.append(Refused(prediction=row.id, reason=BEGUN if row.task_id in begun else TAKEN))
            continue
        free.remove(row.task_id)
        chosen.append(row)
    made = _annotate(conn, project, user_id, chosen, lead_time_s)
    if made:
        _remember(conn, project.id, user_id, batch, [one.annotation for one in made])
        record_annotations(conn, project, [one.annotation for one in made])
        train_after_many(conn, project)
    before = [Accepted(prediction=row.id, task=row.task_id, annotation=mine[row.id]) for row in rows if row.id in mine]
    return Outcome(accepted=[*before, *made], refused=refused, added=len(made))


def unique_id(prediction_id: int, user_id: int) -> str:
    """The annotation's: of a prediction and a person there is one."""
    return f"skim-{prediction_id}-{user_id}"


def _accepted_before(conn: Connection, user_id: int, rows: Sequence[Any]) -> dict[int, int]:
    """Prediction → annotation, of those that this person accepted."""
    by_unique_id = {unique_id(row.id, user_id): row.id for row in rows}
    a, found = annotation_table.c, {}
    for part in _parts(list(by_unique_id)):
        for row in conn.execute(sa.select(a.id, a.unique_id).where(a.unique_id.in_(part))):
            found[by_unique_id[row.unique_id]] = row.id
    return found


def _annotate(conn: Connection, project: Any, user_id: int, rows: Sequence[Any], lead_time_s: float | None) -> list[Accepted]:
    if not rows:
        return []
    moment = clock.now()
    values, labels, made = [], {}, []
    for annotation_id, row in zip(take_ids(conn, annotation_table, len(rows)), rows, strict=True):
        result = _as_accepted(JSONText(row.result).load())
        labels[annotation_id] = count_labels(result)
        made.append(Accepted(prediction=row.id, task=row.task_id, annotation=annotation_id))
        values.append(
            {
                "id": annotation_id,
                "project_id": project.id,
                "task_id": row.task_id,
                "annotator_id": user_id,
                "updated_by_id": user_id,
                "result": JSONText.of(result),
                "result_count": count_regions(result),
                "lead_time_s": lead_time_s,
                "unique_id": unique_id(row.id, user_id),
                "parent_prediction_id": row.id,
                "prediction_snapshot": snapshot_of(row),
                "suggestion": "shown",
                "created_at": moment,
                "updated_at": moment,
            }
        )
    conn.execute(sa.insert(annotation_table), values)
    answers.add_labels(conn, project.id, labels, in_summary=True)
    task_ids = [row.task_id for row in rows]
    conn.execute(sa.delete(task_locks).where(task_locks.c.user_id == user_id, among(conn, task_locks.c.task_id, task_ids)))
    counters.refresh_tasks(conn, project.id, task_ids, user_id)
    return made


def _as_accepted(result: Any) -> Any:
    """The prediction's result as the editor would submit it: the regions say where they come from."""
    items = result if isinstance(result, list) else []
    return [
        {**item, "origin": "prediction"} if isinstance(item, dict) and item.get("type") != "relation" else item for item in items
    ]


# ---------------------------------------------------------------- batches
def _remember(conn: Connection, project_id: int, user_id: int, batch: str, ids: Sequence[int]) -> None:
    row = {
        "project_id": project_id,
        "user_id": user_id,
        "batch": batch,
        "annotations": JSONText.of(list(ids)),
        "annotation_count": len(ids),
        "created_at": clock.now(),
    }
    conn.execute(sa.insert(skim_batches).values(row))


class Undone(Struct, frozen=True, kw_only=True):
    """`kept`: annotations that somebody changed since, or that have a draft."""

    batch: str | None
    removed: int
    kept: int


def undo_batch(conn: Connection, project: Any, user_id: int, batch: str | None) -> Undone:
    """Take back what this person accepted as `batch` (None: in their last one), as far as nobody has touched it since.

    A batch that is taken back already, or that never was, removes nothing.
    """
    if batch is None:
        last = queries.last_batch(conn, project.id, user_id)
        if last is None:
            return Undone(batch=None, removed=0, kept=0)
        batch = str(last.batch)
    rows = queries.batch_rows(conn, project.id, user_id, batch)
    removed = kept = 0
    for row in rows:
        ids = msgspec.json.decode(row.annotations, type=list[int])
        count, left = _remove(conn, project, user_id, ids)
        removed, kept = removed + count, kept + left
    moment = clock.now()
    conn.execute(sa.update(skim_batches).where(skim_batches.c.id.in_([row.id for row in rows])).values(undone_at=moment))
    return Undone(batch=batch, removed=removed, kept=kept)


def _remove(conn: Connection, project: Any, user_id: int, ids: Sequence[int]) -> tuple[int, int]:
    """(removed, still there but changed). The history keeps the last states."""
    a = annotation_table.c
    mine = [a.project_id == project.id, among(conn, a.id, ids)]
    there = conn.execute(sa.select(a.id, a.task_id).where(*mine)).all()
    lock_tasks(conn, project.id, sorted({row.task_id for row in there}))
    is_changed = sa.exists().where(drafts.c.annotation_id == a.id)
    untouched = [a.annotator_id == user_id, a.updated_at == a.created_at, a.is_ground_truth.is_(False), ~is_changed]
    gone = conn.execute(sa.select(a.id, a.task_id).where(*mine, *untouched)).all()
    if gone:
        which = [among(conn, a.id, [row.id for row in gone])]
        answers.keep_versions(conn, which, "deleted", user_id)
        conn.execute(sa.delete(annotation_table).where(*which))
        counters.refresh_tasks(conn, project.id, [row.task_id for row in gone], user_id)
        record_gone(conn, project, "ANNOTATIONS_DELETED", [row.id for row in gone])
    return len(gone), len(there) - len(gone)


def _parts(values: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
