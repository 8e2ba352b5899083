"""Tasks, answers, and the data manager."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct

from labelwright.server.api.schemas.parts import Opt, Result
from labelwright.server.api.schemas.people import Annotator


class NewTask(Struct):
    data: dict[str, Any]
    project: int | Opt = UNSET
    meta: dict[str, Any] | Opt | None = UNSET
    overlap: int | Opt = UNSET


class TaskChange(Struct):
    data: dict[str, Any] | Opt = UNSET
    meta: dict[str, Any] | Opt | None = UNSET
    overlap: int | Opt = UNSET


class Task(Struct):
    """A task in its plain shape; some routes add what was said about it."""

    id: int
    data: dict[str, Any]
    meta: dict[str, Any] | None
    created_at: str
    updated_at: str
    is_labeled: bool
    overlap: int
    inner_id: int
    total_annotations: int
    cancelled_annotations: int
    total_predictions: int
    comment_count: int
    unresolved_comment_count: int
    last_comment_updated_at: str | None
    project: int
    updated_by: int | list[dict[str, int]] | None
    file_upload: int | str | None
    comment_authors: list[int]


class NewAnnotation(Struct):
    """`unique_id` makes a repeat harmless: it answers 409 and names what is stored."""

    result: Result | str | Opt | None = UNSET
    was_cancelled: bool | Opt = UNSET
    ground_truth: bool | Opt = UNSET
    lead_time: float | Opt | None = UNSET
    completed_by: int | Opt = UNSET
    draft_id: int | Opt | None = UNSET
    parent_prediction: int | Opt | None = UNSET
    parent_annotation: int | Opt | None = UNSET
    unique_id: str | Opt | None = UNSET


class Annotation(Struct):
    id: int
    result: Result | None
    created_username: str
    created_ago: str
    completed_by: int | Annotator | None
    was_cancelled: bool
    ground_truth: bool
    created_at: str
    updated_at: str
    draft_created_at: str | None
    lead_time: float | None
    import_id: int | None
    last_action: str | None
    bulk_created: bool
    task: int
    project: int
    updated_by: int | None
    parent_prediction: int | None
    parent_annotation: int | None
    last_created_by: int | None


class NewDraft(Struct):
    result: Result | str
    lead_time: float | Opt | None = UNSET
    was_postponed: bool | Opt = UNSET


class Draft(Struct):
    id: int
    user: str
    created_username: str
    created_ago: str
    result: Result
    lead_time: float | None
    was_postponed: bool
    import_id: int | None
    created_at: str
    updated_at: str
    task: int
    annotation: int | None


class NewPrediction(Struct):
    """A short `result` (`"Positive"`, `{"choices": […]}`) is spelled out by the label config."""

    task: int
    result: Any
    score: float | Opt | None = UNSET
    model_version: str | Opt | None = UNSET


class PredictionChange(Struct):
    result: Any = UNSET
    score: float | Opt | None = UNSET
    model_version: str | Opt | None = UNSET


class Created(Struct):
    created: int


class Prediction(Struct):
    id: int
    result: Result
    model_version: str | None
    created_ago: str
    score: float | None
    cluster: int | None
    neighbors: Any
    mislabeling: float
    created_at: str
    updated_at: str
    model: int | None
    model_run: int | None
    task: int
    project: int


# ---------------------------------------------------------------- data manager
class Filter(Struct):
    filter: str
    operator: str
    type: str
    value: Any
    child_filter: dict[str, Any] | Opt = UNSET


class Filters(Struct):
    conjunction: Literal["and", "or"]
    items: list[Filter]


class Selection(Struct):
    """All but `excluded`, or the `included` ones."""

    all: bool
    included: list[int] | Opt = UNSET
    excluded: list[int] | Opt = UNSET


class NewView(Struct):
    """`data`: title, filters, ordering, selectedItems, hiddenColumns …"""

    project: int
    data: dict[str, Any]


class View(NewView):
    id: int
    order: int
    user: int | None


class ViewChange(Struct):
    """Filters, ordering and selection stay where `data` does not name them."""

    data: dict[str, Any]


class ActionRequest(Struct):
    """Which tasks; without a selection all of the project, or of the filters. Actions read fields of their own."""

    selectedItems: Selection | Opt = UNSET
    filters: Filters | Opt = UNSET
    ordering: list[str] | Opt = UNSET
    project: int | Opt = UNSET


class TaskPage(Struct):
    """A page of tasks; the columns depend on `fields`, `include` and the view."""

    total: int
    total_annotations: int
    total_predictions: int
    tasks: list[dict[str, Any]]
