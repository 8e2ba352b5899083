"""The data manager's columns as SQL: each column is one entry of `COLUMNS`; `data.x` columns read the task's JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects.postgresql import JSONB

from labelwright.server.db.queries.json_field import field_text, is_postgres
from labelwright.server.db.tables import annotation_table, drafts, file_uploads, predictions, projects, tasks

Kind = Literal["Number", "Datetime", "Boolean", "String", "List", "Time"]


class ColumnUse(Struct, frozen=True):
    """How a column takes part in a condition."""

    value: Callable[[], Any]
    """SQL expression of its value (null where there is none)."""
    has: Callable[[Any], Any] | None = None
    """For columns of many values: SQL condition that one of these values is among them."""
    has_text: Callable[[Callable[[Any], Any]], Any] | None = None
    """For columns made of several rows' texts: SQL condition that some row's text meets a test."""


def _of_task(table: sa.Table) -> Any:
    return table.c.task_id == tasks.c.id


def _one(expression: Any, table: sa.Table) -> Any:
    return sa.select(expression).where(_of_task(table)).scalar_subquery()


def _exists(table: sa.Table, *where: Any) -> Any:
    return sa.exists().where(_of_task(table), *where)


def _chosen_score() -> Any:
    """The average score of the predictions of the project's chosen model version."""
    own = predictions.join(projects, projects.c.id == p.project_id)
    query = (
        sa.select(sa.func.avg(p.score)).select_from(own).where(_of_task(predictions), p.model_version == projects.c.model_version)
    )
    return query.correlate(tasks).scalar_subquery()


a, p, t = annotation_table.c, predictions.c, tasks.c

COLUMNS: dict[str, ColumnUse] = {
    "id": ColumnUse(lambda: t.id),
    "data": ColumnUse(lambda: sa.cast(t.data, sa.Text)),
    "inner_id": ColumnUse(lambda: t.inner_id),
    "created_at": ColumnUse(lambda: t.created_at),
    "updated_at": ColumnUse(lambda: t.updated_at),
    "completed_at": ColumnUse(lambda: t.completed_at),
    "is_labeled": ColumnUse(lambda: t.is_labeled),
    "overlap": ColumnUse(lambda: t.overlap),
    "total_annotations": ColumnUse(lambda: t.annotation_count),
    "cancelled_annotations": ColumnUse(lambda: t.skip_count),
    "total_predictions": ColumnUse(lambda: t.prediction_count),
    "ground_truth": ColumnUse(lambda: t.ground_truth_count > 0),
    "annotators": ColumnUse(
        lambda: _one(sa.func.min(a.annotator_id), annotation_table),
        has=lambda values: _exists(annotation_table, a.annotator_id.in_(values)),
    ),
    "updated_by": ColumnUse(lambda: t.updated_by_id, has=lambda values: t.updated_by_id.in_(values)),
    "annotations_results": ColumnUse(
        lambda: _one(sa.func.min(a.result), annotation_table), has_text=lambda test: _exists(annotation_table, test(a.result))
    ),
    "predictions_results": ColumnUse(
        lambda: _one(sa.func.min(p.result), predictions), has_text=lambda test: _exists(predictions, test(p.result))
    ),
    "annotations_ids": ColumnUse(
        lambda: _one(sa.cast(sa.func.min(a.id), sa.Text), annotation_table),
        has_text=lambda test: _exists(annotation_table, test(sa.cast(a.id, sa.Text))),
    ),
    "predictions_score": ColumnUse(lambda: _chosen_score()),
    "predictions_model_versions": ColumnUse(
        lambda: _one(sa.func.min(p.model_version), predictions),
        has=lambda values: _exists(predictions, p.model_version.in_(values)),
    ),
    "avg_lead_time": ColumnUse(lambda: _one(sa.func.avg(a.lead_time_s), annotation_table)),
    "draft_exists": ColumnUse(lambda: _exists(drafts)),
    "file_upload": ColumnUse(
        lambda: sa.select(file_uploads.c.key).where(file_uploads.c.id == t.file_upload_id).scalar_subquery()
    ),
    "storage_filename": ColumnUse(lambda: sa.null()),
    "comment_count": ColumnUse(lambda: sa.literal(0)),
    "unresolved_comment_count": ColumnUse(lambda: sa.literal(0)),
}


def column(conn: Any, name: str) -> ColumnUse | None:
    """The column of this name (`id`, `data.text`, `data.a.b`), or None."""
    if name.startswith("data."):
        path = name.removeprefix("data.").split(".")
        return ColumnUse(lambda: data_value(conn, path))
    return COLUMNS.get(name)


def data_value(conn: Any, path: list[str]) -> Any:
    """A data field as text; the dotted name as one key goes before the nested path."""
    if len(path) == 1:
        return field_text(conn, t.data, path)
    return sa.func.coalesce(field_text(conn, t.data, [".".join(path)]), field_text(conn, t.data, path))


def as_number(conn: Any, value: Any) -> Any:
    """A text expression as a number; null where it is none."""
    if is_postgres(conn):
        return sa.case((value.op("~")(r"^\s*[-+]?\d+(\.\d+)?([eE][-+]?\d+)?\s*$"), sa.cast(value, sa.Float)))
    looks_like_one = sa.and_(value.op("GLOB")("[-+.0-9]*"), value.op("NOT GLOB")("*[^-+.0-9eE]*"), value.op("GLOB")("*[0-9]*"))
    return sa.case((sa.func.typeof(value).in_(["integer", "real"]), value), (looks_like_one, sa.cast(value, sa.Float)))


def json_equals(conn: Any, column_: Any, text: str) -> Any:
    return sa.cast(column_, JSONB) == sa.cast(text, JSONB) if is_postgres(conn) else sa.func.json(column_) == sa.func.json(text)
