"""What can be done with many tasks at once: one entry of `BULK_ACTIONS` each, run in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.domain.result import count_labels, count_regions
from labelwright.server import clock
from labelwright.server.actions.change_tasks import delete_tasks
from labelwright.server.actions.record_event import record_annotations, record_gone
from labelwright.server.actions.start_training import train_after_many
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import answers, counters
from labelwright.server.db.queries.ids import among, take_ids
from labelwright.server.db.queries.tasks import count_tasks, lock_tasks
from labelwright.server.db.tables import annotation_table, drafts, predictions, tasks, views
from labelwright.server.errors import Invalid

BATCH = 900
RETRIEVE = "retrieve_tasks_predictions"
Run = Callable[[Connection, Any, User, Sequence[int], dict[str, Any]], dict[str, Any]]


class BulkAction(Struct, frozen=True):
    name: str
    card: dict[str, Any]
    """What clients list; empty = not listed."""
    run: Run


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def run_action(
    conn: Connection, action: BulkAction, project: Any, user: User, ids: Sequence[int], given: dict[str, Any]
) -> dict[str, Any]:
    """Do it to these tasks, which are held meanwhile; the answer's fields. Raises Invalid."""
    lock_tasks(conn, project.id, ids)
    return action.run(conn, project, user, ids, given)


def _recount(conn: Connection, project_id: int, ids: Sequence[int]) -> None:
    counters.recount_project(conn, project_id, only_tasks=among(conn, tasks.c.id, ids))


def _annotator(given: dict[str, Any]) -> int | None:
    """Whose annotations are meant; None for everybody's. Raises Invalid."""
    annotator = given.get("annotator")
    if annotator in (None, ""):
        return None
    if isinstance(annotator, bool) or not str(annotator).isdecimal() or int(str(annotator)) >= 2**63:
        raise Invalid.field("annotator", "The id of a user is expected.")
    return int(str(annotator))


def remove_tasks(conn: Connection, project: Any, user: User, ids: Sequence[int], given: dict[str, Any]) -> dict[str, Any]:
    """Delete the tasks; the views too once the project is empty."""
    count = delete_tasks(conn, project.id, ids)
    whole = count_tasks(conn, project.id) == 0
    if whole:
        conn.execute(sa.delete(views).where(views.c.project_id == project.id))
    return {"processed_items": count, "reload": whole, "detail": f"Deleted {count} tasks"}


def remove_annotations(conn: Connection, project: Any, user: User, ids: Sequence[int], given: dict[str, Any]) -> dict[str, Any]:
    """Delete the tasks' annotations (one person's with `annotator`) and drafts; histories keep the last states."""
    annotator = _annotator(given)
    gone: list[int] = []
    by_them = [] if annotator is None else [annotation_table.c.annotator_id == annotator]
    for part in _batches(ids):
        mine = [annotation_table.c.task_id.in_(part), *by_them]
        answers.keep_versions(conn, mine, "deleted", user.id)
        gone += conn.execute(sa.delete(annotation_table).where(*mine).returning(annotation_table.c.id)).scalars()
        own = [drafts.c.task_id.in_(part), *([] if annotator is None else [drafts.c.user_id == annotator])]
        conn.execute(sa.delete(drafts).where(*own))
        _touch(conn, part, user.id)
    _recount(conn, project.id, ids)
    record_gone(conn, project, "ANNOTATIONS_DELETED", sorted(gone))
    return {"processed_items": len(gone), "detail": f"Deleted {len(gone)} annotations"}


def remove_predictions(conn: Connection, project: Any, user: User, ids: Sequence[int], given: dict[str, Any]) -> dict[str, Any]:
    """Delete the tasks' predictions."""
    count = 0
    for part in _batches(ids):
        count += conn.execute(sa.delete(predictions).where(predictions.c.task_id.in_(part))).rowcount
        conn.execute(sa.update(tasks).where(tasks.c.id.in_(part)).values(prediction_count=0))
    counters.sum_project(conn, project.id)
    return {"processed_items": count, "detail": f"Deleted {count} predictions"}


def promote_predictions(conn: Connection, project: Any, user: User, ids: Sequence[int], given: dict[str, Any]) -> dict[str, Any]:
    """Make annotations of the tasks' predictions (of `model_version`, if given) that have none yet."""
    versions = given.get("model_version")
    wanted = versions if isinstance(versions, list) else [versions] if versions else None
    made: list[int] = []
    for part in _batches(ids):
        used = sa.select(annotation_table.c.parent_prediction_id).where(
            annotation_table.c.project_id == project.id, annotation_table.c.parent_prediction_id.is_not(None)
        )
        query = (
            sa.select(predictions)
            .where(predictions.c.task_id.in_(part), predictions.c.id.not_in(used))
            .order_by(predictions.c.id)
        )
        if wanted is not None:
            query = query.where(predictions.c.model_version.in_([str(v) for v in wanted]))
        made += _annotate_from(conn, project.id, user.id, conn.execute(query).all())
        _touch(conn, part, user.id)
    _recount(conn, project.id, ids)
    record_annotations(conn, project, made)
    train_after_many(conn, project)
    return {"detail": f"Created {len(made)} annotations"}


def _annotate_from(conn: Connection, project_id: int, user_id: int, rows: Sequence[Any]) -> list[int]:
    """The new annotations' ids."""
    moment = clock.now()
    made, labels = [], {}
    for annotation_id, row in zip(take_ids(conn, annotation_table, len(rows)), rows, strict=True):
        result = JSONText(row.result).load()
        labels[annotation_id] = count_labels(result)
        made.append(
            {
                "id": annotation_id,
                "project_id": project_id,
                "task_id": row.task_id,
                "annotator_id": user_id,
                "result": row.result,
                "result_count": count_regions(result),
                "parent_prediction_id": row.id,
                "unique_id": answers.new_unique_id(),
                "is_bulk_created": False,
                "created_at": moment,
                "updated_at": moment,
            }
        )
    if made:
        conn.execute(sa.insert(annotation_table), made)
        answers.add_labels(conn, project_id, labels, in_summary=True)
    return list(labels)


def remove_duplicates(conn: Connection, project: Any, user: User, ids: Sequence[int], given: dict[str, Any]) -> dict[str, Any]:
    """Of tasks with the same data keep one: the annotated one, else the oldest; drafts and predictions move to it.

    Raises Invalid where two of them are annotated.
    """
    same: dict[str, list[Any]] = defaultdict(list)
    for part in _batches(ids):
        query = sa.select(tasks.c.id, tasks.c.data, (tasks.c.annotation_count + tasks.c.skip_count).label("answers"))
        for row in conn.execute(query.where(tasks.c.id.in_(part)).order_by(tasks.c.id)):
            same[row.data].append(row)
    doomed: list[int] = []
    for twins in same.values():
        answered = [row for row in twins if row.answers]
        if len(twins) > 1 and len(answered) > 1:
            raise Invalid.general(
                f"Tasks {', '.join(str(row.id) for row in answered)} have the same data and are all annotated: decide by hand."
            )
        kept = (answered or twins)[0].id
        gone = [row.id for row in twins if row.id != kept]
        for table in (predictions, drafts):
            if gone:
                conn.execute(sa.update(table).where(table.c.task_id.in_(gone)).values(task_id=kept))
        doomed += gone
    delete_tasks(conn, project.id, doomed)
    _recount(conn, project.id, ids)
    return {}


def retrieve_predictions(conn: Connection, project: Any, user: User, ids: Sequence[int], given: dict[str, Any]) -> dict[str, Any]:
    """Nothing is done here: whoever serves the action asks the models in jobs, and waits for those outside of transactions."""
    return retrieved(len(ids), [])


def retrieved(asked: int, ended: Sequence[Any]) -> dict[str, Any]:
    """The action's answer. ended: the jobs that asked about `asked` tasks, as far as they came."""
    waiting = [row for row in ended if row.state in ("queued", "running")]
    if all(row.state == "done" for row in ended):
        return {"processed_items": asked, "detail": f"Retrieved {asked} predictions"}
    done = max(row.done - row.failed for row in ended)
    reasons = " ".join(dict.fromkeys(row.message for row in ended if row.message))
    going_on = " The rest follows by itself." if waiting else ""
    detail = f"Retrieved {done} predictions of {asked}.{going_on}{' ' if reasons else ''}{reasons}"
    return {"processed_items": done, "detail": detail}


def _touch(conn: Connection, ids: Sequence[int], user_id: int) -> None:
    conn.execute(sa.update(tasks).where(tasks.c.id.in_(ids)).values(updated_at=clock.now(), updated_by_id=user_id))


def _card(name: str, title: str, order: int, text: str = "", **more: Any) -> dict[str, Any]:
    dialog = {"type": "confirm", "text": text, "title": title} if text else None
    return {
        "id": name,
        "title": title,
        "order": order,
        "permission": "tasks.change",
        "experimental": False,
        "dialog": dialog,
        **more,
    }


BULK_ACTIONS: list[BulkAction] = [
    BulkAction(
        RETRIEVE,
        _card(RETRIEVE, "Retrieve Predictions", 90, "Ask the connected model about the selected tasks."),
        retrieve_predictions,
    ),
    BulkAction(
        "predictions_to_annotations",
        _card(
            "predictions_to_annotations",
            "Create Annotations From Predictions",
            91,
            "Make annotations of the predictions on the selected tasks.",
        ),
        promote_predictions,
    ),
    BulkAction(
        "remove_duplicates",
        _card("remove_duplicates", "Remove Duplicated Tasks", 95, "Keep one of the tasks that have the same data."),
        remove_duplicates,
    ),
    BulkAction(
        "delete_tasks",
        _card("delete_tasks", "Delete Tasks", 100, "Delete the selected tasks with everything said about them.", reload=True),
        remove_tasks,
    ),
    BulkAction(
        "delete_tasks_annotations",
        _card("delete_tasks_annotations", "Delete Annotations", 101, "Delete all annotations of the selected tasks."),
        remove_annotations,
    ),
    BulkAction(
        "delete_tasks_predictions",
        _card("delete_tasks_predictions", "Delete Predictions", 102, "Delete all predictions of the selected tasks."),
        remove_predictions,
    ),
]
