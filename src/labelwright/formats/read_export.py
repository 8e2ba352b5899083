"""Tasks with their answers, read back from our own JSON export: how a stored snapshot becomes any other format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec import Raw, Struct

from labelwright.domain.annotation import Annotation
from labelwright.domain.jsontext import JSONText, Timestamp
from labelwright.domain.task import AnsweredTask, Task
from labelwright.formats.json_elements import split_elements


class _Person(Struct):
    id: int
    email: str


class _Annotation(Struct):
    id: int
    completed_by: int | _Person | None
    result: Raw
    was_cancelled: bool
    ground_truth: bool
    created_at: str
    updated_at: str
    draft_created_at: str | None
    lead_time: float | None
    prediction: Raw
    result_count: int
    unique_id: str | None
    import_id: int | None
    last_action: str | None
    bulk_created: bool
    task: int
    project: int
    updated_by: int | None
    parent_prediction: int | None
    parent_annotation: int | None
    last_created_by: int | None


class _Task(Struct):
    id: int
    annotations: list[_Annotation]
    data: Raw
    meta: Raw
    created_at: str
    updated_at: str
    allow_skip: bool
    inner_id: int
    total_annotations: int
    cancelled_annotations: int
    total_predictions: int
    project: int
    updated_by: int | None
    file_upload: str | None = None


_decode = msgspec.json.Decoder(_Task).decode


def read_export(file: BinaryIO) -> Iterator[AnsweredTask]:
    """The tasks of a JSON export in order, without predictions and drafts (no other format writes them).

    file: binary, at its start. Memory holds one task. Raises InvalidJSON or msgspec.ValidationError for files that are not ours.
    """
    for element in split_elements(file):
        yield _answered(_decode(element.text))


def _answered(task: _Task) -> AnsweredTask:
    fields: Any = {
        "id": task.id,
        "project_id": task.project,
        "inner_id": task.inner_id,
        "data": _text(task.data),
        "meta": _text(task.meta),
        "created_at": task.created_at,
        "updated_at": task.updated_at,
        "updated_by": task.updated_by,
        "allow_skip": task.allow_skip,
        "annotation_count": task.total_annotations,
        "skip_count": task.cancelled_annotations,
        "prediction_count": task.total_predictions,
        "file_upload_name": task.file_upload,
    }
    return AnsweredTask(task=Task(**fields), annotations=tuple(map(_annotation, task.annotations)))


def _annotation(given: _Annotation) -> Annotation:
    who = given.completed_by
    fields: Any = {
        "id": given.id,
        "project_id": given.project,
        "task_id": given.task,
        "annotator_id": who.id if isinstance(who, _Person) else who,
        "annotator_email": who.email if isinstance(who, _Person) else None,
        "updated_by": given.updated_by,
        "last_created_by": given.last_created_by,
    }
    return Annotation(
        result=None if given.result == b"null" else _text(given.result),
        is_skipped=given.was_cancelled,
        is_ground_truth=given.ground_truth,
        created_at=Timestamp(given.created_at),
        updated_at=Timestamp(given.updated_at),
        draft_created_at=None if given.draft_created_at is None else Timestamp(given.draft_created_at),
        lead_time_s=given.lead_time,
        unique_id=given.unique_id,
        import_id=given.import_id,
        last_action=given.last_action,
        prediction_snapshot=_text(given.prediction),
        result_count=given.result_count,
        is_bulk_created=given.bulk_created,
        parent_prediction_id=given.parent_prediction,
        parent_annotation_id=given.parent_annotation,
        **fields,
    )


def _text(raw: Raw) -> JSONText:
    return JSONText(bytes(raw).decode())
