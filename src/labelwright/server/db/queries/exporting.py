"""A project's tasks with everything said about them, streamed in constant memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.annotation import Annotation, Draft, Prediction
from labelwright.domain.jsontext import JSONText
from labelwright.domain.task import AnsweredTask, Task
from labelwright.formats.export import UserCard
from labelwright.server.db.tables import annotation_table, drafts, file_uploads, memberships, predictions, tasks, users

CHUNK = 1000


class Selection(Struct, frozen=True, kw_only=True):
    """Which tasks and answers an export holds. Conditions are SQL on `tasks` and `annotations`."""

    tasks: tuple[Any, ...] = ()
    annotations: tuple[Any, ...] = ()
    whole_predictions: bool = False


def with_answers() -> Any:
    """Tasks with at least one annotation, skips included."""
    return sa.exists().where(annotation_table.c.task_id == tasks.c.id)


def answered_tasks(conn: Connection, project_id: int, chosen: Selection) -> Iterator[AnsweredTask]:
    """Tasks by ascending id, `CHUNK` at a time."""
    last = 0
    while rows := conn.execute(_tasks_after(chosen), {"project": project_id, "last": last}).all():
        span = {"project": project_id, "first": rows[0][0], "last": rows[-1][0]}
        answers = _annotations(conn, span, chosen)
        models = _predictions(conn, span, chosen.whole_predictions)
        begun = _drafts(conn, span)
        for row in rows:
            task_id = row[0]
            yield AnsweredTask(
                task=_task(row),
                annotations=tuple(answers.get(task_id, ())),
                predictions=tuple(models.get(task_id, ())),
                drafts=tuple(begun.get(task_id, ())),
            )
        last = rows[-1][0]
        if len(rows) < CHUNK:
            return


def _in_span(table: sa.Table) -> list[Any]:
    """Rows of the chunk's tasks: a range of ids, so that nothing needs to be listed."""
    return [
        table.c.task_id.between(sa.bindparam("first"), sa.bindparam("last")),
        table.c.project_id == sa.bindparam("project"),
    ]


# Columns in the order of the struct's fields: a row becomes a struct without looking each column up by name, which is
# most of an export's cost otherwise.
_t, _a, _p = tasks.c, annotation_table.c, predictions.c
_TASK = {
    "id": _t.id,
    "project_id": _t.project_id,
    "inner_id": _t.inner_id,
    "data": _t.data,
    "meta": _t.meta,
    "created_at": _t.created_at,
    "updated_at": _t.updated_at,
    "updated_by": _t.updated_by_id,
    "overlap": _t.overlap,
    "is_labeled": _t.is_labeled,
    "allow_skip": _t.allow_skip,
    "annotation_count": _t.annotation_count,
    "skip_count": _t.skip_count,
    "prediction_count": _t.prediction_count,
    "file_upload_id": _t.file_upload_id,
    "file_upload_name": file_uploads.c.key,
}
_ANNOTATION = {
    "id": _a.id,
    "project_id": _a.project_id,
    "task_id": _a.task_id,
    "annotator_id": _a.annotator_id,
    "annotator_email": users.c.email,
    "result": _a.result,
    "is_skipped": _a.is_skipped,
    "is_ground_truth": _a.is_ground_truth,
    "created_at": _a.created_at,
    "updated_at": _a.updated_at,
    "updated_by": _a.updated_by_id,
    "draft_created_at": _a.draft_created_at,
    "lead_time_s": _a.lead_time_s,
    "unique_id": _a.unique_id,
    "import_id": _a.import_id,
    "last_action": _a.last_action,
    "last_created_by": _a.last_created_by_id,
    "prediction_snapshot": _a.prediction_snapshot,
    "result_count": _a.result_count,
    "is_bulk_created": _a.is_bulk_created,
    "parent_prediction_id": _a.parent_prediction_id,
    "parent_annotation_id": _a.parent_annotation_id,
}
_PREDICTION = {
    "id": _p.id,
    "project_id": _p.project_id,
    "task_id": _p.task_id,
    "result": _p.result,
    "score": _p.score,
    "model_version": _p.model_version,
    "cluster": _p.cluster,
    "neighbors": _p.neighbors,
    "mislabeling": _p.mislabeling,
    "created_at": _p.created_at,
    "updated_at": _p.updated_at,
    "model_id": _p.model_id,
}
_TASK_FIELDS, _ANNOTATION_FIELDS, _PREDICTION_FIELDS = tuple(_TASK), tuple(_ANNOTATION), tuple(_PREDICTION)


def _tasks_after(chosen: Selection) -> Any:
    return (
        sa.select(*_TASK.values())
        .join(file_uploads, file_uploads.c.id == tasks.c.file_upload_id, isouter=True)
        .where(tasks.c.project_id == sa.bindparam("project"), tasks.c.id > sa.bindparam("last"), *chosen.tasks)
        .order_by(tasks.c.id)
        .limit(CHUNK)
    )


def _task(row: Any) -> Task:
    fields = dict(zip(_TASK_FIELDS, row, strict=True))
    fields["data"] = JSONText(fields["data"])
    fields["meta"] = JSONText(fields["meta"])
    if key := fields["file_upload_name"]:
        fields["file_upload_name"] = key.rsplit("/", 1)[-1]
    return Task(**fields)


_annotations_of = (
    sa.select(*_ANNOTATION.values())
    .join(users, users.c.id == annotation_table.c.annotator_id, isouter=True)
    .where(*_in_span(annotation_table))
    .order_by(annotation_table.c.id)
)


def _annotations(conn: Connection, span: dict[str, int], chosen: Selection) -> dict[int, list[Annotation]]:
    found: dict[int, list[Annotation]] = defaultdict(list)
    for row in conn.execute(_annotations_of.where(*chosen.annotations), span):
        fields = dict(zip(_ANNOTATION_FIELDS, row, strict=True))
        if fields["result"] is not None:
            fields["result"] = JSONText(fields["result"])
        fields["prediction_snapshot"] = JSONText(fields["prediction_snapshot"])
        found[fields["task_id"]].append(Annotation(**fields))
    return found


_ids_only = {**_PREDICTION, "result": sa.literal_column("'[]'"), "neighbors": sa.null()}


def _predictions(conn: Connection, span: dict[str, int], whole: bool) -> dict[int, list[Prediction]]:
    """Predictions by task; without `whole` only what names them is read."""
    columns = _PREDICTION if whole else _ids_only
    query = sa.select(*columns.values()).where(*_in_span(predictions)).order_by(predictions.c.id)
    found: dict[int, list[Prediction]] = defaultdict(list)
    for row in conn.execute(query, span):
        fields = dict(zip(_PREDICTION_FIELDS, row, strict=True))
        fields["result"] = JSONText(fields["result"])
        if fields["neighbors"] is not None:
            fields["neighbors"] = JSONText(fields["neighbors"])
        found[fields["task_id"]].append(Prediction(**fields))
    return found


def _drafts(conn: Connection, span: dict[str, int]) -> dict[int, list[Draft]]:
    query = sa.select(drafts, users.c.email.label("user_email")).join(users, users.c.id == drafts.c.user_id)
    found: dict[int, list[Draft]] = defaultdict(list)
    for row in conn.execute(query.where(*_in_span(drafts)).order_by(drafts.c.id), span):
        found[row.task_id].append(
            Draft(
                id=row.id,
                task_id=row.task_id,
                annotation_id=row.annotation_id,
                user_id=row.user_id,
                user_email=row.user_email,
                result=JSONText(row.result),
                lead_time_s=row.lead_time_s,
                is_postponed=row.is_postponed,
                import_id=row.import_id,
                created_at=row.created_at,
                updated_at=row.updated_at,
            )
        )
    return found


def user_cards(conn: Connection, organization_id: int) -> dict[Any, UserCard]:
    """Everybody who is or was in the organization, by id."""
    query = (
        sa.select(users.c.id, users.c.email, users.c.first_name, users.c.last_name)
        .join(memberships, memberships.c.user_id == users.c.id)
        .where(memberships.c.organization_id == organization_id)
    )
    return {
        row.id: UserCard(id=row.id, email=row.email, first_name=row.first_name, last_name=row.last_name)
        for row in conn.execute(query)
    }
