"""Label Studio's JSON names for rows and columns of the data manager."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelwright.server import wire

TEXT_LIMIT = 500


def brief(row: Any, *, annotators: Sequence[int], file_name: str | None) -> wire.Wire:
    """A row without its answers."""
    return wire.task(row) | {
        "drafts": [],
        "annotators": annotators,
        "annotations_results": "",
        "predictions_results": "",
        "file_upload": file_name,
        "storage_filename": None,
        "annotations_ids": "",
        "predictions_model_versions": "",
        "updated_by": [{"user_id": row.updated_by_id}] if row.updated_by_id else [],
    }


def with_answers(
    value: wire.Wire,
    row: Any,
    annotations: Sequence[Any],
    predictions: Sequence[Any],
    drafts: Sequence[Any],
    model_version: str | None,
) -> wire.Wire:
    """A row with everything said about the task."""
    return value | {
        "annotations": [wire.annotation(a) for a in annotations],
        "predictions": [wire.prediction(p) for p in predictions],
        "drafts": [wire.draft(d) for d in drafts],
        **computed(row, annotations, predictions, has_drafts=bool(drafts), model_version=model_version),
    }


def computed(
    row: Any, annotations: Sequence[Any], predictions: Sequence[Any], *, has_drafts: bool, model_version: str | None
) -> wire.Wire:
    """What the table shows of the answers. The score is the average of the project's chosen model version."""
    scores = [p.score for p in predictions if p.score is not None and p.model_version == model_version]
    times = [a.lead_time_s for a in annotations if a.lead_time_s is not None]
    return {
        "completed_at": row.completed_at,
        "annotations_results": results_text([a.result for a in annotations]),
        "predictions_results": results_text([p.result for p in predictions]),
        "predictions_score": sum(scores) / len(scores) if scores else None,
        "annotations_ids": ",".join(str(a.id) for a in annotations),
        "predictions_model_versions": ",".join(dict.fromkeys(p.model_version or "" for p in predictions)),
        "avg_lead_time": sum(times) / len(times) if times else None,
        "draft_exists": has_drafts,
    }


def results_text(results: Sequence[str | None]) -> str:
    """Results as one line for a cell: no quotes, at most 500 characters."""
    text = ",".join((result or "null")[: TEXT_LIMIT * 2] for result in results)
    return text.replace('":', ": ").replace(',"', ', "').replace('"', "").replace("},{", "}, {")[:TEXT_LIMIT]


def column(
    name: str, title: str, kind: str, *, explore: bool = False, labeling: bool = False, parent: str | None = None, **more: Any
) -> wire.Wire:
    value = {
        "id": name,
        "title": title,
        "type": kind,
        "target": "tasks",
        "visibility_defaults": {"explore": explore, "labeling": labeling},
        "project_defined": parent is not None,
    }
    return value | ({"parent": parent} if parent else {}) | more


TASK_COLUMNS = [
    column("id", "ID", "Number", explore=True, help="Task ID"),
    column("inner_id", "Inner ID", "Number", help="Number of the task within its project, from 1"),
    column("completed_at", "Completed", "Datetime", explore=True, help="When the last annotation of a finished task was made"),
    column("total_annotations", "Annotations", "Number", explore=True, labeling=True, help="Annotations that are not skips"),
    column("cancelled_annotations", "Cancelled", "Number", explore=True, help="Annotations that are skips"),
    column("total_predictions", "Predictions", "Number", explore=True, help="Predictions on the task"),
]
ANSWER_COLUMNS = [
    column("annotations_results", "Annotation results", "String", help="What the annotations say, as text"),
    column("annotations_ids", "Annotation IDs", "String", help="Ids of the annotations"),
    column("predictions_score", "Prediction score", "Number", help="Average score of the predictions"),
    column("predictions_model_versions", "Prediction model versions", "List", help="Model versions of the predictions"),
    column("predictions_results", "Prediction results", "String", help="What the predictions say, as text"),
    column("file_upload", "Upload filename", "String", help="The uploaded file the task came from"),
    column("storage_filename", "Storage filename", "String", help="The storage object the task came from"),
    column("created_at", "Created at", "Datetime", help="When the task was made"),
    column("updated_at", "Updated at", "Datetime", help="When the task or its answers last changed"),
]
LAST_COLUMNS = [
    column("avg_lead_time", "Lead Time", "Time", help="Average time an annotation took, in seconds"),
    column("draft_exists", "Drafts", "Boolean", help="Whether somebody has begun an answer"),
]

DATA_KINDS = {
    "Image": "Image",
    "Audio": "Audio",
    "AudioPlus": "AudioPlus",
    "Video": "Video",
    "Text": "String",
    "HyperText": "HyperText",
    "TimeSeries": "TimeSeries",
    "Paragraphs": "Paragraphs",
}


def columns(data_types: dict[str, str], all_columns: dict[str, int], members: list[int]) -> list[wire.Wire]:
    """All columns of a project: its data fields (those the config shows first), then what the table knows about each task."""
    people: dict[str, Any] = {"schema": {"items": members}}
    names = list(dict.fromkeys([*data_types, *all_columns]))
    data = [
        column(
            name,
            name if name != "$undefined$" else next(iter(data_types), name),
            DATA_KINDS.get(data_types[name], "String") if name in data_types else "Unknown",
            explore=True,
            labeling=name in data_types,
            parent="data",
        )
        for name in names
    ]
    return [
        *data,
        *TASK_COLUMNS,
        column("annotators", "Annotated by", "List", explore=True, help="People who answered the task", **people),
        *ANSWER_COLUMNS,
        column("updated_by", "Updated by", "List", help="Who changed the task last", **people),
        *LAST_COLUMNS,
        {
            "id": "data",
            "title": "data",
            "type": "List",
            "target": "tasks",
            "project_defined": False,
            "children": names,
        },
    ]
