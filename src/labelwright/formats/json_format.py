"""JSON: everything about every task, in Label Studio's wire names.

The hot path. Task data, results and the like are JSON text already and go out as they are (`msgspec.Raw`); only what is around
them is encoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from labelwright.domain.annotation import Annotation, Draft, Prediction
from labelwright.domain.jsontext import JSONText, UserId
from labelwright.domain.task import AnsweredTask
from labelwright.formats.export import ExportContext, ExportFormat, ParsedLabelConfig, UserCard, suits_all
from labelwright.formats.key_frames import interpolate_key_frames
from labelwright.formats.undefined_key import name_undefined_key

CHUNK_BYTES = 1 << 16
_NULL = Raw(b"null")
_encode = msgspec.json.Encoder().encode


class AnnotatorWire(Struct):
    id: UserId
    email: str
    first_name: str
    last_name: str


class AnnotationWire(Struct):
    id: int
    completed_by: UserId | AnnotatorWire | None
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
    updated_by: UserId | None
    parent_prediction: int | None
    parent_annotation: int | None
    last_created_by: UserId | None


class DraftWire(Struct):
    id: int
    user: str
    created_username: str
    created_ago: str
    result: Raw
    lead_time: float | None
    was_postponed: bool
    import_id: int | None
    created_at: str
    updated_at: str
    task: int
    annotation: int | None


class PredictionWire(Struct):
    id: int
    result: Raw
    model_version: str | None
    created_ago: str
    score: float | None
    cluster: int | None
    neighbors: Raw
    mislabeling: float
    created_at: str
    updated_at: str
    model: int | None
    model_run: int | None
    task: int
    project: int


class TaskWire(Struct):
    id: int
    annotations: list[AnnotationWire]
    drafts: list[DraftWire] | list[int]
    predictions: list[PredictionWire] | list[int]
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
    updated_by: UserId | None
    file_upload: str | UnsetType = UNSET
    comment_count: int = 0
    unresolved_comment_count: int = 0
    last_comment_updated_at: str | None = None
    comment_authors: tuple[()] = ()


def write_json(tasks: Iterable[AnsweredTask], context: ExportContext) -> Iterator[bytes]:
    """A JSON list with one task a line, in chunks of about 64 kB."""
    task_wire = _task_wire_writer(context)
    pending = bytearray(b"[")
    separator = b"\n"
    for answered in tasks:
        pending += separator
        pending += _encode(task_wire(answered))
        separator = b",\n"
        if len(pending) > CHUNK_BYTES:
            yield bytes(pending)
            pending.clear()
    yield bytes(pending + b"\n]\n")


def task_json(answered: AnsweredTask, context: ExportContext) -> bytes:
    """One task as the JSON export spells it."""
    return _encode(_task_wire_writer(context)(answered))


def _task_wire_writer(context: ExportContext) -> Callable[[AnsweredTask], TaskWire]:
    annotation_wire = _annotation_wire_writer(context)

    def task_wire(answered: AnsweredTask) -> TaskWire:
        task = answered.task
        drafts: list[Any] = [draft_wire(draft, context) if context.expands_drafts else draft.id for draft in answered.drafts]
        predictions: list[Any] = [
            prediction_wire(prediction, context) if context.expands_predictions else prediction.id
            for prediction in answered.predictions
        ]
        return TaskWire(
            task.id,
            [annotation_wire(annotation) for annotation in answered.annotations],
            drafts,
            predictions,
            _raw(name_undefined_key(task.data, context.first_data_key)),
            _raw(task.meta),
            task.created_at,
            task.updated_at,
            task.allow_skip,
            task.inner_id,
            task.annotation_count,
            task.skip_count,
            task.prediction_count,
            task.project_id,
            task.updated_by,
            task.file_upload_name or UNSET,
        )

    return task_wire


def _annotation_wire_writer(context: ExportContext) -> Callable[[Annotation], AnnotationWire]:
    annotators = {
        user_id: AnnotatorWire(card.id, card.email, card.first_name, card.last_name) if context.expands_annotators else user_id
        for user_id, card in context.users.items()
    }
    interpolates = context.interpolates_key_frames and has_video_boxes(context.parsed_label_config)

    def annotation_wire(annotation: Annotation) -> AnnotationWire:
        result = annotation.result
        if interpolates and result:
            result = JSONText.of(interpolate_key_frames(result.load()))
        annotator = annotation.annotator_id
        return AnnotationWire(
            annotation.id,
            annotator if not context.expands_annotators or annotator is None else annotators.get(annotator),
            _raw(result) if result else _NULL,
            annotation.is_skipped,
            annotation.is_ground_truth,
            annotation.created_at,
            annotation.updated_at,
            annotation.draft_created_at,
            annotation.lead_time_s,
            _raw(annotation.prediction_snapshot),
            annotation.result_count,
            annotation.unique_id,
            annotation.import_id,
            annotation.last_action,
            annotation.is_bulk_created,
            annotation.task_id,
            annotation.project_id,
            annotation.updated_by,
            annotation.parent_prediction_id,
            annotation.parent_annotation_id,
            annotation.last_created_by,
        )

    return annotation_wire


def _raw(text: JSONText) -> Raw:
    return Raw(text.encode())  # msgspec takes no subclass of str


def draft_wire(draft: Draft, context: ExportContext) -> DraftWire:
    return DraftWire(
        draft.id,
        draft.user_email,
        full_username(context.users.get(draft.user_id)) or f"{draft.user_email}, {draft.user_id}",
        context.ago(draft.created_at),
        _raw(draft.result),
        draft.lead_time_s,
        draft.is_postponed,
        draft.import_id,
        draft.created_at,
        draft.updated_at,
        draft.task_id,
        draft.annotation_id,
    )


def prediction_wire(prediction: Prediction, context: ExportContext) -> PredictionWire:
    return PredictionWire(
        prediction.id,
        _raw(prediction.result),
        prediction.model_version,
        context.ago(prediction.created_at),
        prediction.score,
        prediction.cluster,
        _raw(prediction.neighbors) if prediction.neighbors else _NULL,
        prediction.mislabeling,
        prediction.created_at,
        prediction.updated_at,
        prediction.model_id,
        prediction.model_run_id,
        prediction.task_id,
        prediction.project_id,
    )


def full_username(user: UserCard | None) -> str:
    """`Zoë Müller zoe@example.com, 2`, without the names a person has not given; "" for nobody."""
    if user is None:
        return ""
    name = f"{user.first_name} {user.last_name}" if user.last_name else user.first_name
    return f"{name} {user.email}, {user.id}" if name else f"{user.email}, {user.id}"


def has_video_boxes(parsed_label_config: ParsedLabelConfig) -> bool:
    return any(str(control.get("type")).lower() == "videorectangle" for control in parsed_label_config.values())


JSON = ExportFormat(
    name="JSON",
    title="JSON",
    description="Tasks with their data and all answers in full, as one JSON list. Loses nothing and can be imported again.",
    is_suitable=suits_all,
    write=write_json,
    extension=".json",
    content_type="application/json",
)
