"""A task: one item to label."""

from __future__ import annotations

from msgspec import Struct

from labelwright.domain.annotation import Annotation, Draft, Prediction
from labelwright.domain.jsontext import JSONText, ProjectId, TaskId, Timestamp, UserId


class Task(Struct, frozen=True, kw_only=True):
    """One item to label; `data` holds its fields. Counters are kept by the server in the transaction of the rows."""

    id: TaskId
    project_id: ProjectId
    inner_id: int
    data: JSONText
    meta: JSONText
    created_at: Timestamp
    updated_at: Timestamp
    updated_by: UserId | None = None
    overlap: int = 1
    is_labeled: bool = False
    allow_skip: bool = True
    annotation_count: int = 0
    """Finished answers that are not skips."""
    skip_count: int = 0
    prediction_count: int = 0
    file_upload_id: int | None = None
    file_upload_name: str | None = None


class AnsweredTask(Struct, frozen=True, kw_only=True):
    """A task with everything said about it: what an export reads."""

    task: Task
    annotations: tuple[Annotation, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    drafts: tuple[Draft, ...] = ()
