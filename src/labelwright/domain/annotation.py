"""Answers to a task: finished (annotation), in progress (draft), a model's (prediction)."""

from __future__ import annotations

from msgspec import Struct

from labelwright.domain.jsontext import AnnotationId, JSONText, ProjectId, TaskId, Timestamp, UserId


class Annotation(Struct, frozen=True, kw_only=True):
    """One person's finished answer; `result` is the list of regions, relations and choices as JSON text."""

    id: AnnotationId
    project_id: ProjectId
    task_id: TaskId
    annotator_id: UserId | None
    annotator_email: str | None = None
    result: JSONText | None
    """None where the answer was stored without a result."""
    is_skipped: bool = False
    is_ground_truth: bool = False
    created_at: Timestamp
    updated_at: Timestamp
    updated_by: UserId | None = None
    draft_created_at: Timestamp | None = None
    lead_time_s: float | None = None
    unique_id: str | None = None
    import_id: int | None = None
    last_action: str | None = None
    last_created_by: UserId | None = None
    prediction_snapshot: JSONText = JSONText("{}")
    """The prediction shown when it was made."""
    result_count: int = 0
    """Distinct region ids; regions without id count once together; 0 for imported answers."""
    is_bulk_created: bool = False
    parent_prediction_id: int | None = None
    parent_annotation_id: int | None = None


class Draft(Struct, frozen=True, kw_only=True):
    """An answer in progress, saved but not submitted."""

    id: int
    task_id: TaskId
    annotation_id: AnnotationId | None
    user_id: UserId
    user_email: str
    result: JSONText
    lead_time_s: float | None = None
    is_postponed: bool = False
    import_id: int | None = None
    created_at: Timestamp
    updated_at: Timestamp


class Prediction(Struct, frozen=True, kw_only=True):
    """A model's answer, with its score (any number, usually 0..1) and the model's version."""

    id: int
    project_id: ProjectId
    task_id: TaskId
    result: JSONText
    score: float | None = None
    model_version: str | None = None
    cluster: int | None = None
    neighbors: JSONText | None = None
    mislabeling: float = 0.0
    created_at: Timestamp
    updated_at: Timestamp
    model_id: int | None = None
    model_run_id: int | None = None
