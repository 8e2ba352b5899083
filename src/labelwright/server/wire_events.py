"""Label Studio's JSON names for what webhooks tell: whole objects, as their columns are, people by their ids."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from labelwright.labelconfig import control_weights, data_types, parsed_label_config
from labelwright.server import wire
from labelwright.server.wire import Wire, raw
from labelwright.server.wire_projects import COUNTERS, SETTINGS


def annotation(row: Any) -> Wire:
    """An annotation as it is stored, with its unique id and the prediction that it began with."""
    return {
        "id": row.id,
        "result": raw(row.result),
        "was_cancelled": row.is_skipped,
        "ground_truth": row.is_ground_truth,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "draft_created_at": row.draft_created_at,
        "lead_time": row.lead_time_s,
        "prediction": raw(row.prediction_snapshot),
        "result_count": row.result_count,
        "unique_id": row.unique_id,
        "import_id": row.import_id,
        "last_action": row.last_action,
        "bulk_created": row.is_bulk_created,
        "task": row.task_id,
        "project": row.project_id,
        "completed_by": row.annotator_id,
        "updated_by": row.updated_by_id,
        "parent_prediction": row.parent_prediction_id,
        "parent_annotation": row.parent_annotation_id,
        "last_created_by": row.last_created_by_id,
    }


def task(row: Any) -> Wire:
    return wire.task(row) | {"allow_skip": row.allow_skip, "precomputed_agreement": None}


def project(row: Any) -> Wire:
    """A project. Its password for task data stays here: whoever gets events needs none."""
    config = row.label_config
    return {
        "id": row.id,
        **{name: getattr(row, column) for name, column in COUNTERS.items()},
        **{name: getattr(row, name) for name in SETTINGS},
        "task_data_password": None,
        "parsed_label_config": parsed_label_config(config),
        "label_config_hash": int.from_bytes(blake2b(config.encode(), digest_size=8).digest(), signed=True),
        "result_count": 0,
        "control_weights": raw(row.control_weights) if row.control_weights else control_weights(config),
        "data_types": data_types(config),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "pinned_at": row.pinned_at,
        "custom_task_lock_ttl": None,
        "deleted_at": None,
        "purge_at": None,
        "search_vector": None,
        "organization": row.organization_id,
        "created_by": row.created_by_id,
        "deleted_by": None,
    }


def label_link(row: Any) -> Wire:
    return {"id": row.id, "from_name": row.control, "project": row.project_id, "label": row.label_id}


def label(row: Any) -> Wire:
    return {
        "id": row.id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "value": raw(row.value),
        "title": row.title,
        "description": row.description,
        "approved": row.is_approved,
        "created_by": row.created_by_id,
        "approved_by": row.approved_by_id,
        "organization": row.organization_id,
    }


def ids(numbers: Any) -> list[Wire]:
    """What is told of things that are gone."""
    return [{"id": number} for number in numbers]
