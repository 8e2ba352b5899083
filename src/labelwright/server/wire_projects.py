"""Label Studio's JSON names for projects: the object both ways."""

from __future__ import annotations

from typing import Any

from labelwright.labelconfig import (
    config_has_control_tags,
    control_weights,
    is_suitable_for_bulk_annotation,
    parsed_label_config,
)
from labelwright.server.wire import Wire, raw

COUNTERS = {
    "task_number": "task_count",
    "finished_task_number": "finished_count",
    "total_predictions_number": "prediction_count",
    "total_annotations_number": "annotation_count",
    "num_tasks_with_annotations": "answered_task_count",
    "useful_annotation_number": "useful_count",
    "ground_truth_number": "ground_truth_count",
    "skipped_annotations_number": "skip_count",
}

SETTINGS = {
    "title": str,
    "description": str,
    "label_config": str,
    "expert_instruction": str,
    "show_instruction": bool,
    "show_skip_button": bool,
    "enable_empty_annotation": bool,
    "show_annotation_history": bool,
    "color": str,
    "maximum_annotations": int,
    "is_published": bool,
    "model_version": str,
    "is_draft": bool,
    "min_annotations_to_start_training": int,
    "show_collab_predictions": bool,
    "sampling": str,
    "show_ground_truth_first": bool,
    "annotator_evaluation_enabled": bool,
    "show_overlap_first": bool,
    "overlap_cohort_percentage": int,
    "evaluate_predictions_automatically": bool,
    "skip_queue": str,
    "reveal_preannotations_interactively": bool,
    "task_data_login": str,
    "task_data_password": str,
}
"""Settable fields and their kinds. Their names inside are the same."""


def project(row: Any, creator: Any | None, *, counted: bool = True, queue: tuple[int, int] | None = None) -> Wire:
    """A project. `counted=False` (the answer to its creation) gives null counters; `queue` is (total, done) for the caller."""
    config = row.label_config
    value: Wire = {
        "id": row.id,
        **{name: getattr(row, name) for name in SETTINGS},
        "organization": row.organization_id,
        "created_by": None if creator is None else simple_user(creator),
        "created_at": row.created_at,
        "start_training_on_annotation_update": row.min_annotations_to_start_training > 0,
        **{name: getattr(row, column) if counted else None for name, column in COUNTERS.items()},
        "control_weights": raw(row.control_weights) if row.control_weights else control_weights(config),
        "parsed_label_config": parsed_label_config(config),
        "config_has_control_tags": config_has_control_tags(config),
        "pinned_at": row.pinned_at,
        "queue_total": queue[0] if queue else None,
        "queue_done": queue[1] if queue else None,
        "config_suitable_for_bulk_annotation": is_suitable_for_bulk_annotation(config),
        "state": None,
    }
    return value


def counts(row: Any) -> Wire:
    return {"id": row.id, **{name: getattr(row, column) for name, column in COUNTERS.items()}}


def simple_user(row: Any) -> Wire:
    return {"id": row.id, "first_name": row.first_name, "last_name": row.last_name, "email": row.email, "avatar": None}
