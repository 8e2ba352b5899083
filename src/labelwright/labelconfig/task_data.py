"""Whether the data of a task is what the config wants: checked at import, with Label Studio's messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from labelwright.labelconfig.config import LabelConfig
from labelwright.labelconfig.facts import data_types, first_data_key
from labelwright.labelconfig.parse import as_config
from labelwright.labelconfig.tag import tag_schema
from labelwright.labelconfig.variables import UNDEFINED, field_at, has_field

MOST_SHOWN = 2000
"""Characters of wrong data repeated in a message."""

_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "list": (list,),
    "object": (dict,),
    "null": (type(None),),
}


class _Field(Struct, frozen=True):
    key: str
    """As the task spells it: `text`, `a.b`; of `items[{{idx}}].x` the part before the bracket."""
    tag: str
    types: tuple[type, ...]
    is_nested: bool


class TaskChecker:
    """Made once from a config, checks any number of tasks (about a million a second on one core).

    >>> checker = TaskChecker('<View><Text name="t" value="$text"/></View>')
    >>> checker.check({"text": "hello"}), checker.check({"txt": "hello"})
    (None, '"text" key is expected in task data')
    """

    def __init__(self, config: LabelConfig | str) -> None:
        config = as_config(config)
        self.fields = tuple(_field(key, tag) for key, tag in data_types(config).items())
        self.first_key = first_data_key(config)

    def check(self, data: Any) -> str | None:
        """What is wrong with the data of one task, or None. The first field that is missing or of the wrong type counts."""
        if data is None:
            return "Task is empty (None)"
        for field in self.fields:
            if isinstance(data, dict) and field.key in data:
                value = data[field.key]
            elif self._holds(field, data):
                value = field_at(data, field.key)
            else:
                return f'"{field.key}" key is expected in task data'
            if not isinstance(value, field.types):
                return _wrong_type(field, value)
        return None

    def check_item(self, item: Any) -> str | None:
        """What is wrong with one imported item: a task with `data`, `annotations`, `predictions`, `meta`, or bare data."""
        if not isinstance(item, dict):
            return 'Task root must be dict with "data", "meta", "annotations", "predictions" fields'
        if "data" not in item:
            problem = self.check(item)
            return f"{problem} [assume: item as is = task root with values] " if problem else None
        if not isinstance(item["data"], (dict, list)):
            return "Task[data] must be dict or list"
        problem = self.check(item["data"])
        if problem:
            return f'{problem} [assume: item["data"] = task root with values]'
        return _wrong_answers(item)

    def _holds(self, field: _Field, data: Any) -> bool:
        if not isinstance(data, dict):
            return False
        return (field.is_nested and has_field(data, field.key)) or (field.key == self.first_key and UNDEFINED in data)


def check_task_data(config: LabelConfig | str, data: Any) -> str | None:
    """What is wrong with the data of one task, or None; for many tasks make one `TaskChecker`."""
    return TaskChecker(config).check(data)


def describe_item_error(index: int, message: str, item: Any) -> str:
    """The line of a refused import for the item at this index (from 0), in Label Studio's words, doubled space included."""
    return f"Error  at item {index}: {message} :: {_shown(item)}"


def name_undefined_field(data: Mapping[str, Any], first_key: str | None) -> Mapping[str, Any]:
    """The data with the nameless field of a plain file under the key that the config reads; the same object otherwise."""
    if first_key is None or UNDEFINED not in data:
        return data
    named = {key: value for key, value in data.items() if key != UNDEFINED}
    return {**named, first_key: data[UNDEFINED]}


def _field(path: str, tag: str) -> _Field:
    key = path.split("[")[0]
    schema = tag_schema(tag)
    words = ("list",) if "[" in path else schema.data_types if schema else ("string",)
    types = tuple(kind for word in words for kind in _PYTHON_TYPES[word])
    return _Field(key, tag, types, "." in key)


def _wrong_type(field: _Field, value: Any) -> str:
    expected = [kind.__name__ for kind in field.types]
    return (
        f"data['{field.key}']={_shown(value)} is of type '{type(value).__name__}', "
        f"but the object tag {field.tag} expects the following types: {expected}"
    )


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _wrong_answers(item: Mapping[str, Any]) -> str | None:
    for key, word in (("annotations", "Annotation"), ("predictions", "Prediction")):
        answers = item.get(key, [])
        if not isinstance(answers, list):
            return f"Task[{key}] must be list"
        for answer in answers:
            if isinstance(answer, dict) and "result" not in answer:
                return f'{word} must have "result" fields'
            if isinstance(answer, dict) and key == "annotations" and not isinstance(answer["result"], list):
                return '"result" field in annotation must be list'
    if not isinstance(item.get("meta", {}), (dict, list)):
        return "Task[meta] must be dict or list"
    return None
