"""Annotations, drafts and predictions: read and write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.result import LabelCount
from labelwright.server import clock
from labelwright.server.db.queries.shown_version import live_version
from labelwright.server.db.tables import annotation_labels, annotation_table, annotation_versions, drafts, predictions, users
from labelwright.server.identity import new_uuid

Record = Any
"""A row as the query names its columns; SQLAlchemy gives rows of each query a type of their own."""

ANNOTATION_COLUMNS = (
    annotation_table,
    users.c.email.label("annotator_email"),
    users.c.first_name.label("annotator_first_name"),
    users.c.last_name.label("annotator_last_name"),
)
_annotations = sa.select(*ANNOTATION_COLUMNS).join(users, users.c.id == annotation_table.c.annotator_id, isouter=True)
_one_annotation = _annotations.where(annotation_table.c.id == sa.bindparam("id"))
_of_tasks = _annotations.where(annotation_table.c.task_id.in_(sa.bindparam("ids", expanding=True))).order_by(
    annotation_table.c.id
)

_predictions_of_tasks = (
    sa.select(predictions).where(predictions.c.task_id.in_(sa.bindparam("ids", expanding=True))).order_by(predictions.c.id)
)

DRAFT_COLUMNS = (
    drafts,
    users.c.email.label("user_email"),
    users.c.first_name.label("user_first_name"),
    users.c.last_name.label("user_last_name"),
)
_drafts = sa.select(*DRAFT_COLUMNS).join(users, users.c.id == drafts.c.user_id)
_own_drafts_of_task = _drafts.where(drafts.c.task_id == sa.bindparam("task"), drafts.c.user_id == sa.bindparam("user")).order_by(
    drafts.c.id
)
_drafts_of_tasks = _drafts.where(drafts.c.task_id.in_(sa.bindparam("ids", expanding=True))).order_by(drafts.c.id)


# ---------------------------------------------------------------- reading
def annotation_row(conn: Connection, annotation_id: int) -> Record | None:
    return conn.execute(_one_annotation, {"id": annotation_id}).first()


def annotations_of(conn: Connection, task_ids: Sequence[int], *, skipped: bool = True) -> dict[int, list[Record]]:
    """Annotations by task, oldest first."""
    found = _by_task(conn.execute(_of_tasks, {"ids": task_ids})) if task_ids else defaultdict(list)
    if skipped:
        return found
    return defaultdict(list, {task: [row for row in rows if not row.is_skipped] for task, rows in found.items()})


def predictions_of(conn: Connection, task_ids: Sequence[int]) -> dict[int, list[Record]]:
    return _by_task(conn.execute(_predictions_of_tasks, {"ids": task_ids})) if task_ids else defaultdict(list)


def drafts_of(conn: Connection, task_ids: Sequence[int], user_id: int | None = None) -> dict[int, list[Record]]:
    """Drafts by task, oldest first; only one person's with `user_id`."""
    if not task_ids:
        return defaultdict(list)
    if user_id is None:
        return _by_task(conn.execute(_drafts_of_tasks, {"ids": task_ids}))
    if len(task_ids) == 1:
        return _by_task(conn.execute(_own_drafts_of_task, {"task": task_ids[0], "user": user_id}))
    return _by_task(conn.execute(_drafts_of_tasks.where(drafts.c.user_id == user_id), {"ids": task_ids}))


def draft_row(conn: Connection, draft_id: int) -> Record | None:
    return conn.execute(_drafts.where(drafts.c.id == draft_id)).first()


def find_unique_id(conn: Connection, unique_id: str) -> Record | None:
    query = sa.select(annotation_table.c.id, annotation_table.c.project_id, annotation_table.c.task_id).where(
        annotation_table.c.unique_id == unique_id
    )
    return conn.execute(query).first()


def _by_task(rows: Iterable[Record]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = defaultdict(list)
    for row in rows:
        found[row.task_id].append(row)
    return found


# ---------------------------------------------------------------- writing
def new_unique_id() -> str:
    """Every annotation has a unique id; the client's, or one of ours."""
    return new_uuid()


def add_annotation(conn: Connection, values: dict[str, Any], *, suggested_by: str | None = None) -> int | None:
    """Insert one; its id, or None where its `unique_id` is stored already.

    `suggested_by`: `suggestion` of the values holds only if the task has a prediction of this `projects.model_version`.
    """
    moment = clock.now()
    given = {"created_at": moment, "updated_at": moment, **values}
    if suggested_by is not None:
        given |= {"word": given.pop("suggestion"), "chosen": suggested_by, "of_project": values["project_id"]}
        given["of_task"] = values["task_id"]
    return conn.execute(_insert_annotation(conn.dialect.name, suggested_by is not None), given).scalar()


@lru_cache(maxsize=4)
def _insert_annotation(dialect: str, asks_for_suggestion: bool) -> Any:
    """Built once: building it costs more than running it."""
    once = _insert(dialect)(annotation_table).on_conflict_do_nothing(index_elements=["unique_id"])
    if asks_for_suggestion:
        version = live_version(sa.bindparam("of_project", type_=sa.BigInteger), sa.bindparam("chosen", type_=sa.Text))
        suggested = sa.exists().where(
            predictions.c.task_id == sa.bindparam("of_task", type_=sa.BigInteger),
            sa.func.coalesce(predictions.c.model_version, "") == version,
        )
        once = once.values(suggestion=sa.case((suggested, sa.bindparam("word", type_=sa.String))))
    return once.returning(annotation_table.c.id)


def _insert(dialect: str) -> Any:
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as pg_insert

        return pg_insert
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert


_insert_labels = sa.insert(annotation_labels)


def add_labels(conn: Connection, project_id: int, labels_by_annotation: dict[int, list[LabelCount]], *, in_summary: bool) -> None:
    """Index which labels annotations hold (label filters, distributions, the project's summary)."""
    rows = [
        {
            "project_id": project_id,
            "annotation_id": annotation_id,
            "control": row.control,
            "object": row.object,
            "type": row.type[:40],
            "label": row.label,
            "count": row.count,
            "in_summary": in_summary,
        }
        for annotation_id, labels in labels_by_annotation.items()
        for row in labels
    ]
    if rows:
        conn.execute(_insert_labels, rows)


def remove_labels(conn: Connection, annotation_id: int) -> None:
    conn.execute(sa.delete(annotation_labels).where(annotation_labels.c.annotation_id == annotation_id))


def keep_version(conn: Connection, row: Any, action: str, user_id: int | None) -> None:
    """Append the state before a change to the annotation's history."""
    conn.execute(
        sa.insert(annotation_versions).values(
            project_id=row.project_id,
            task_id=row.task_id,
            annotation_id=row.id,
            action=action,
            user_id=user_id,
            result=row.result,
            is_skipped=row.is_skipped,
            is_ground_truth=row.is_ground_truth,
            created_at=clock.now(),
        )
    )


def keep_versions(conn: Connection, which: Sequence[Any], action: str, user_id: int | None) -> None:
    """The same for all annotations that meet the conditions."""
    a = annotation_table.c
    values: dict[str, Any] = {
        **{name: a[name] for name in ("project_id", "task_id", "result", "is_skipped", "is_ground_truth")},
        "annotation_id": a.id,
        "action": sa.literal(action),
        "user_id": sa.literal(user_id, sa.BigInteger),
        "created_at": sa.literal(clock.now()),
    }
    conn.execute(sa.insert(annotation_versions).from_select(list(values), sa.select(*values.values()).where(*which)))


def clear_ground_truth(conn: Connection, task_id: int, except_id: int) -> None:
    """At most one ground truth per task."""
    conn.execute(
        sa.update(annotation_table)
        .where(
            annotation_table.c.task_id == task_id,
            annotation_table.c.id != except_id,
            annotation_table.c.is_ground_truth.is_(True),
        )
        .values(is_ground_truth=False)
    )


def delete_draft(conn: Connection, draft_id: int) -> None:
    conn.execute(sa.delete(drafts).where(drafts.c.id == draft_id))
