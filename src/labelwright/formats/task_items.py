"""From one item of an import, in Label Studio's wire names, to a task to be.

The words of refusal are Label Studio's: clients look for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from labelwright.formats.rows import Bad, Good, Row
from labelwright.formats.undefined_key import rename_undefined_key

_EXPECTED_TYPES: dict[str, tuple[type, ...]] = {
    "Text": (str, int, float, list),
    "Header": (str, int, float),
    "Image": (str, list),
    "Paragraphs": (list, str),
    "Chat": (list, str),
    "List": (list, str),
    "Ranker": (list, str),
    "Table": (dict, list, str),
    "TimeSeries": (dict, list, str),
    "TimeSeriesChannel": (dict, list, str),
    "Taxonomy": (str, list, type(None)),
} | dict.fromkeys(
    (
        "Choices", "Labels", "HyperTextLabels", "ParagraphLabels", "TimeSeriesLabels", "RectangleLabels", "PolygonLabels",
        "EllipseLabels", "KeyPointLabels", "BrushLabels",
    ),
    (str, list),
)  # fmt: skip


def import_items(value: Any) -> Iterator[Row]:
    """The rows of a request's body: a list of items, or one item.

    An item with the key `data` is a task; any other object is a task's data as it is.

    >>> [row.data for row in import_items([{"data": {"text": "a"}, "meta": {}}, {"text": "b"}])]
    [{'text': 'a'}, {'text': 'b'}]
    """
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        yield read_item(item, index)


def read_item(item: Any, index: int, *, is_from_file: bool = False) -> Row:
    """One row. In files an empty `data` does not make a task: such an item is data as a whole."""
    place = f"row {index + 1}"
    if item is None:
        return Bad(index=index, place=place, reason="Task is empty (None)")
    if not isinstance(item, dict):
        reason = "Task item should be dict" if is_from_file else _ROOT_MUST_BE_DICT
        return Bad(index=index, place=place, reason=reason, item=item)
    if "data" not in item or (is_from_file and not item["data"]):
        return Good(index=index, place=place, data=item, is_wrapped=True)
    if (fault := _fault_of(item, is_from_file)) is not None:
        return Bad(index=index, place=place, reason=fault, item=item)
    return Good(
        index=index,
        place=place,
        data=item["data"],
        annotations=item.get("annotations", []),
        predictions=_objects(item.get("predictions", [])),
        drafts=_objects(item.get("drafts")),
        meta=item.get("meta"),
        allow_skip=item["allow_skip"] if isinstance(item.get("allow_skip"), bool) else None,
        file_upload_id=item["file_upload_id"] if isinstance(item.get("file_upload_id"), int) else None,
    )


def check_data(data: dict[str, Any], data_types: Mapping[str, str], *, is_wrapped: bool) -> str | None:
    """Why the data does not fit the config; None if it fits. More data than the config wants is fine.

    data_types: data key -> object tag. `a.b` looks into nested data, `items[{{idx}}].x` wants `items` to be a list.

    >>> check_data({"nope": 1}, {"text": "Text"}, is_wrapped=False)
    '"text" key is expected in task data [assume: item["data"] = task root with values]'
    """
    data = rename_undefined_key(data, next(iter(data_types), None))
    for data_key, tag in data_types.items():
        if reason := _data_fault(data, data_key, tag):
            return reason + (_WHOLE_ITEM_IS_DATA if is_wrapped else _ITEM_HAS_DATA)
    return None


def error_entry(bad: Bad) -> str:
    """What the import answers for a bad row, spelled as clients know it.

    >>> error_entry(Bad(index=1, place="row 2", reason="Task item should be dict", item=[5]))
    'Error at item 1: Task item should be dict :: [5]'
    """
    return f"Error at item {bad.index}: {bad.reason} :: {bad.item}"


_ROOT_MUST_BE_DICT = 'Task root must be dict with "data", "meta", "annotations", "predictions" fields'
_WHOLE_ITEM_IS_DATA = " [assume: item as is = task root with values] "
_ITEM_HAS_DATA = ' [assume: item["data"] = task root with values]'
_MISSING = object()


def _fault_of(item: dict[str, Any], is_from_file: bool) -> str | None:
    if item["data"] is None:
        return "Task is empty (None)"
    if not isinstance(item["data"], dict):
        return "Task item should be dict" if is_from_file else "Task[data] must be dict"
    for key in ("annotations", "predictions"):
        if not isinstance(item.get(key, []), list):
            return f"Task[{key}] must be list"
    if not isinstance(item.get("meta", {}), dict | list):
        return "Task[meta] must be dict or list"
    for annotation in item.get("annotations", []):
        if not isinstance(annotation, dict) or "result" not in annotation:
            return 'Annotation must have "result" fields'
        if not isinstance(annotation["result"], list):
            return '"result" field in annotation must be list'
    if any("result" not in prediction for prediction in _objects(item.get("predictions", []))):
        return 'Prediction must have "result" fields'
    return None


def _objects(items: Any) -> list[dict[str, Any]]:
    """The objects of a list; exports name predictions and drafts by their ids, which mean nothing here."""
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _data_fault(data: dict[str, Any], data_key: str, tag: str) -> str | None:
    name, bracket, _ = data_key.partition("[")
    value = _look_up(data, name)
    if value is _MISSING:
        return f'"{name}" key is expected in task data'
    expected = (list,) if bracket else _EXPECTED_TYPES.get(tag, (str,))
    if isinstance(value, expected):
        return None
    names = [kind.__name__ for kind in expected]
    found = f"data['{name}']={value} is of type '{type(value).__name__}'"
    return f"{found}, but the object tag {tag} expects the following types: {names}"


def _look_up(data: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(data, dict) or key not in data:
            return _MISSING
        data = data[key]
    return data
