"""What the server's JSON looks like, for type checkers: tasks and answers stay the plain dicts they are on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

JSONObject = dict[str, Any]


class Result(TypedDict, total=False):
    """One item of an answer: a region, a relation or a choice about the whole task."""

    id: str
    from_name: str
    to_name: str
    type: str
    value: JSONObject
    original_width: int
    original_height: int
    image_rotation: int
    origin: str
    score: float
    meta: JSONObject


class Annotation(TypedDict):
    """One person's finished answer."""

    id: int
    result: list[Result]
    completed_by: int | JSONObject | None
    """The user's id; a single task gives an object with the user's name."""
    was_cancelled: bool
    """True for a skip."""
    ground_truth: bool
    created_at: str
    updated_at: str
    lead_time: float | None
    """Seconds spent."""
    task: int
    project: int
    parent_prediction: NotRequired[int | None]
    parent_annotation: NotRequired[int | None]
    unique_id: NotRequired[str]


class MLBackend(TypedDict):
    """A connected model."""

    id: int
    url: str
    title: str
    project: int
    state: str
    """`CO`: it was well when it was last asked."""
    error_message: str | None
    model_version: str


class Job(TypedDict):
    """Work that the server does behind its answers, such as pre-labeling."""

    id: int
    kind: str
    title: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    ml_backend: int | None
    total: int | None
    done: int
    failed: int
    message: str
    problems: list[JSONObject]
    """At most 100: `{"task": id, "reason": "…"}`."""
    created_at: str
    started_at: str | None
    finished_at: str | None


class Prediction(TypedDict):
    """A model's answer."""

    id: int
    result: list[Result]
    score: float | None
    model_version: str | None
    task: int
    project: int
    created_at: str
    updated_at: str


class Task(TypedDict):
    """One item to label; `data` holds its fields. Lists of tasks and single tasks carry more or less of the optional keys."""

    id: int
    data: JSONObject
    meta: JSONObject | None
    project: int
    created_at: str
    updated_at: str
    inner_id: NotRequired[int]
    is_labeled: NotRequired[bool]
    overlap: NotRequired[int]
    annotations: NotRequired[list[Annotation]]
    predictions: NotRequired[list[Prediction]]
    drafts: NotRequired[list[JSONObject]]
    total_annotations: NotRequired[int]
    cancelled_annotations: NotRequired[int]
    total_predictions: NotRequired[int]
    completed_at: NotRequired[str | None]


class TaskPage(TypedDict):
    """A page of tasks with the totals of the whole selection."""

    tasks: list[Task]
    total: int
    total_annotations: int
    total_predictions: int


class View(TypedDict):
    """A saved tab of the data table: filters, ordering, columns."""

    id: int
    project: int
    data: JSONObject


class Snapshot(TypedDict):
    """A stored export."""

    id: int
    title: str
    status: str
    """created, in_progress, failed or completed."""
    created_at: str
    finished_at: str | None
    counters: JSONObject
    converted_formats: list[JSONObject]


ExportType = Literal["JSON", "JSON_MIN", "CSV", "TSV", "COCO", "CONLL2003", "YOLO", "VOC"]
"""The formats every server knows; servers may know more (`Project.get_export_formats`)."""
NewTask = Mapping[str, Any]
"""A task to import: `{"data": {…}, "annotations": […], "predictions": […], "meta": {…}}`, or the bare data."""
