"""Bad input for every route: a good body per route, and values that replace each part of it in turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import given

Path = tuple[str | int, ...]

BAD_VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    2**31,
    2**63 - 1,
    1.5,
    1e308,
    "",
    "-1",
    "nan",
    "1e999",
    "9" * 40,
    "x" * 3000,
    "'; DROP TABLE tasks; --",
    "%\\",
    "é\u2028😀\ufffe",
    "$.a",
    "(",
    "<View>",
    "[]",
    '{"a": "\\u0000"}',
    [],
    [None],
    [[]],
    ["x"],
    [2**63 - 1],
    {},
    {"id": [1]},
]
"""In the place of any value."""

BROKEN: list[bytes] = [
    b"{",
    b"nul",
    b"\x00",
    b"\xff",
    b'{"a": NaN}',
    b'{"a": 1e999}',
    b'{"a": "\\ud800"}',
    b'{"a": "\\u0000"}',
    b'{"\\u0000": 1}',
    b'{"a": "\x00"}',
    b"[" * 5000 + b"]" * 5000,
    b"[" * 100_000,
    b'{"a":' * 3000,
    b'{"a": 123456789012345678901234567890}',
    b'"text"',
    b"5",
    b"null",
    b"[[]]",
    b"[null]",
    b"[5]",
    b'["a"]',
    b"\xef\xbb\xbf{}",
    b'{"a": 1, "a": 2}',
]
"""Bodies that are no JSON, or JSON of a shape that nobody wants."""

BAD_TEXTS = [
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "x",
    "true",
    "null",
    "nan",
    "9" * 40,
    str(2**63 - 1),
    str(2**63),
    str(2**62),
    "1,2,x",
    "1,,2",
    "[1,2]",
    "\x00",
    "\ufffd",
    "é😀",
    "%",
    "%00",
    "(",
    "'",
    "{",
    "[",
    "{}",
    "[]",
    '"x"',
    "5",
    "null",
    "[[]]",
    '{"filters": 5}',
    "x" * 3000,
    "-",
    "--id",
    "-tasks:",
    "tasks:data.",
    "label_config",
    "__class__",
]
"""In the place of any query parameter, also those that want numbers."""

BAD_PATH_PARTS = ["0", "-1", str(2**63 - 1), str(2**63), "9" * 40, "x", "%00", "%ED%A0%80", "%2e%2e", "%F0%9F%98%80", "a%0d%0ab"]

ANSWER = {
    "result": [given.span(0, 1, "Person")],
    "was_cancelled": False,
    "ground_truth": False,
    "lead_time": 1.5,
    "completed_by": None,
    "draft_id": None,
    "unique_id": None,
    "parent_prediction": None,
    "parent_annotation": None,
    "task": 1,
    "project": 1,
}
DRAFT = {"result": given.GOOD, "lead_time": 1.0, "was_postponed": False}
PREDICTION = {
    "result": given.GOOD,
    "score": 0.5,
    "model_version": "m",
    "cluster": 1,
    "neighbors": [1],
    "mislabeling": 0.1,
}
FILTERS = {
    "conjunction": "and",
    "items": [
        {"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "a"},
        {"filter": "filter:tasks:id", "operator": "in", "type": "Number", "value": {"min": 1, "max": 2**40}},
        {
            "filter": "filter:tasks:annotators",
            "operator": "contains",
            "type": "List",
            "value": 1,
            "child_filter": {
                "filter": "filter:tasks:created_at",
                "operator": "less",
                "type": "Datetime",
                "value": "2040-01-01T00:00:00.000Z",
            },
        },
        {"filter": "filter:tasks:data.a.b", "operator": "equal", "type": "Number", "value": 1},
    ],
}
SELECTED = {"all": True, "excluded": [1]}
QUERY = {"filters": FILTERS, "ordering": ["-tasks:data.text"], "selectedItems": SELECTED}
SETTINGS = {
    "title": "Moods",
    "description": "d",
    "label_config": given.CONFIG,
    "expert_instruction": "<b>do</b>",
    "color": "#FFFFFF",
    "maximum_annotations": 2,
    "overlap_cohort_percentage": 50,
    "sampling": "Uniform sampling",
    "skip_queue": "REQUEUE_FOR_ME",
    "is_published": True,
    "show_instruction": True,
    "model_version": "m",
    "min_annotations_to_start_training": 1,
    "start_training_on_annotation_update": False,
    "show_collab_predictions": True,
    "pinned_at": "2026-11-23T20:20:31.393502Z",
    "control_weights": {"mood": {"overall": 1.0}},
    "task_data_login": "u",
    "task_data_password": "p",
    "show_overlap_first": False,
}
TASK = {
    "data": {"text": "a"},
    "meta": {"source": "s"},
    "allow_skip": True,
    "annotations": [ANSWER | {"id": 5, "result": []}],
    "predictions": [PREDICTION | {"result": []}],
}
SNAPSHOT = {
    "title": "s",
    "task_filter_options": {
        "view": None,
        "skipped": "only",
        "finished": "only",
        "annotated": "only",
        "only_with_annotations": True,
    },
    "annotation_filter_options": {"usual": True, "ground_truth": True, "skipped": True},
    "serialization_options": {
        "drafts": {"only_id": True},
        "predictions": {"only_id": False},
        "annotations__completed_by": {"only_id": False},
        "interpolate_key_frames": False,
    },
}


def good_bodies(ids: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """(method, path without slash at its end) → a body that the route takes, for the objects in `ids`."""
    project, task = ids["project_id"], ids["task_id"]
    a, p, t, d = "/api/annotations/{}", "/api/projects/{}", "/api/tasks/{}", "/api/dm/views"
    view = {
        "project": project,
        "data": {"title": "v", **QUERY, "hiddenColumns": {"explore": ["tasks:id"]}, "columnsDisplayType": {}},
    }
    return {
        ("POST", "/api/projects"): SETTINGS | {"model_version": ""},
        ("PATCH", p): SETTINGS,
        ("POST", "/api/projects/validate"): {"label_config": given.CONFIG},
        ("POST", f"{p}/validate"): {"label_config": given.CONFIG},
        ("DELETE", f"{p}/model-versions"): {"model_version": "other"},
        ("POST", f"{p}/import"): [TASK, {"text": "b"}],
        ("POST", f"{p}/reimport"): {"file_upload_ids": [ids["file_upload_id"]], "files_as_tasks_list": True},
        ("DELETE", f"{p}/file-uploads"): {"file_upload_ids": [0]},
        ("PATCH", "/api/import/file-upload/{}"): {"file": "x"},
        ("POST", "/api/tasks"): {"project": project, "data": {"text": "a"}, "meta": {}},
        ("PATCH", t): {"data": {"text": "a", "a": {"b": 1}}, "meta": {"a": 1}, "overlap": 2},
        ("POST", f"{t}/annotations"): ANSWER,
        ("PATCH", a): ANSWER | {"result": []},
        ("POST", f"{t}/drafts"): DRAFT,
        ("PATCH", "/api/drafts/{}"): DRAFT,
        ("POST", "/api/predictions"): {"task": task, **PREDICTION},
        ("PATCH", "/api/predictions/{}"): PREDICTION,
        ("POST", f"{p}/import/predictions"): [{"task": task, **PREDICTION}],
        ("POST", d): view,
        ("PATCH", f"{d}/{{}}"): {"data": {"title": "v", "ordering": ["id"], "selectedItems": SELECTED}},
        ("POST", f"{d}/order"): {"project": project, "ids": [ids["view_id"]]},
        ("DELETE", f"{d}/reset"): {"project": project},
        ("POST", "/api/dm/actions"): {
            "project": project,
            "id": "retrieve_tasks_predictions",
            "annotator": 1,
            "model_version": "m",
            **QUERY,
        },
        ("POST", f"{p}/exports"): SNAPSHOT,
        ("POST", f"{p}/exports/{{}}/convert"): {"export_type": "CSV", "download_resources": True},
    }


def parts(value: Any, here: Path = ()) -> Iterator[Path]:
    """The place of everything in a JSON value, itself (`()`) first."""
    yield here
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from parts(inner, (*here, key))


def replaced(value: Any, where: Path, by: Any) -> Any:
    """A copy of `value` with `by` at `where`."""
    if not where:
        return by
    copy = value.copy()
    copy[where[0]] = replaced(value[where[0]], where[1:], by)
    return copy
