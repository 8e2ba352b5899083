"""Projects, their settings and counters, import and templates."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct

from labelwright.server.api.schemas.parts import Opt
from labelwright.server.api.schemas.people import Person

Counts = dict[str, int]


class ProjectSettings(Struct):
    """What can be set; fields that are left out stay as they are (in a new project: their defaults)."""

    title: str | Opt = UNSET
    description: str | Opt | None = UNSET
    label_config: str | Opt = UNSET
    expert_instruction: str | Opt = UNSET
    show_instruction: bool | Opt = UNSET
    show_skip_button: bool | Opt = UNSET
    enable_empty_annotation: bool | Opt = UNSET
    show_annotation_history: bool | Opt = UNSET
    color: str | Opt = UNSET
    maximum_annotations: int | Opt = UNSET
    is_published: bool | Opt = UNSET
    model_version: str | Opt | None = UNSET
    is_draft: bool | Opt = UNSET
    min_annotations_to_start_training: int | Opt = UNSET
    start_training_on_annotation_update: bool | Opt = UNSET
    show_collab_predictions: bool | Opt = UNSET
    sampling: Literal["Sequential sampling", "Uniform sampling", "Uncertainty sampling"] | Opt = UNSET
    show_ground_truth_first: bool | Opt = UNSET
    show_overlap_first: bool | Opt = UNSET
    overlap_cohort_percentage: int | Opt = UNSET
    annotator_evaluation_enabled: bool | Opt = UNSET
    evaluate_predictions_automatically: bool | Opt = UNSET
    skip_queue: Literal["REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"] | Opt = UNSET
    reveal_preannotations_interactively: bool | Opt = UNSET
    task_data_login: str | Opt | None = UNSET
    task_data_password: str | Opt | None = UNSET
    control_weights: dict[str, Any] | Opt | None = UNSET
    pinned_at: str | Opt | None = UNSET


class ProjectCounts(Struct):
    """null in the answer to a project's creation."""

    id: int
    task_number: int | None
    finished_task_number: int | None
    total_predictions_number: int | None
    total_annotations_number: int | None
    num_tasks_with_annotations: int | None
    useful_annotation_number: int | None
    ground_truth_number: int | None
    skipped_annotations_number: int | None


class Project(ProjectCounts):
    title: str
    description: str | None
    label_config: str
    expert_instruction: str
    show_instruction: bool
    show_skip_button: bool
    enable_empty_annotation: bool
    show_annotation_history: bool
    organization: int
    color: str
    maximum_annotations: int
    is_published: bool
    model_version: str | None
    is_draft: bool
    created_by: Person | None
    created_at: str
    min_annotations_to_start_training: int
    start_training_on_annotation_update: bool
    show_collab_predictions: bool
    sampling: str
    show_ground_truth_first: bool
    show_overlap_first: bool
    overlap_cohort_percentage: int
    annotator_evaluation_enabled: bool
    evaluate_predictions_automatically: bool
    skip_queue: str
    reveal_preannotations_interactively: bool
    task_data_login: str | None
    task_data_password: str | None
    control_weights: dict[str, Any] | None
    parsed_label_config: dict[str, Any]
    config_has_control_tags: bool
    pinned_at: str | None
    queue_total: int | None
    queue_done: int | None
    config_suitable_for_bulk_annotation: bool
    state: str | None


class ProjectPage(Struct):
    count: int
    next: str | None
    previous: str | None
    results: list[Project]


class ProjectSummary(Struct):
    project: int
    created_at: str
    all_data_columns: Counts
    common_data_columns: list[str]
    created_annotations: Counts
    created_labels: dict[str, Counts]
    created_labels_drafts: dict[str, Counts]


class LabelConfig(Struct):
    label_config: str


class SampleRequest(LabelConfig):
    include_annotation_and_prediction: bool | Opt = UNSET


class SampleTask(Struct):
    sample_task: dict[str, Any]


class ImportReport(Struct):
    """What an import brought. Counts of answers are null where nothing was committed."""

    task_count: int
    annotation_count: int | None
    prediction_count: int | None
    duration: float
    file_upload_ids: list[int]
    could_be_tasks_list: bool
    found_formats: dict[str, int] | list[Any]
    data_columns: list[str]
    task_ids: list[int] | Opt = UNSET


class ReimportRequest(Struct):
    file_upload_ids: list[int]
    files_as_tasks_list: bool | Opt = UNSET


class FileUpload(Struct):
    id: int
    file: str
    size: int | None


# ---------------------------------------------------------------- templates
class DataSample(Struct):
    """Data someone is about to import: the names of its columns and a few of its rows."""

    columns: list[str]
    rows: list[dict[str, Any]] = []


class Template(Struct):
    """`data` is a task that the config fits."""

    id: str
    title: str
    type: str
    group: str
    description: str
    details: str
    config: str
    data: dict[str, Any]


class TemplateList(Struct):
    templates: list[Template]
    groups: list[str] | Opt = UNSET
