"""`$field` in attributes: where a config takes its texts, media and options from the task."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

UNDEFINED = "$undefined$"
"""Key of the one field of a task that came from a plain file; any variable may mean it."""

_VARIABLE = re.compile(r"\$[\w\[\].{}]+")
_STEPS = re.compile(r"[.\[\]]+")
_MISSING = object()


def has_variable(text: str) -> bool:
    """Whether the text contains a `$field`."""
    return _VARIABLE.search(text) is not None


def variables_in(text: str) -> list[str]:
    """Paths the text refers to, without `$`.

    >>> variables_in("$a.b[0] and $c.")
    ['a.b[0]', 'c']
    """
    return [_trim(found[1:]) for found in _VARIABLE.findall(text)]


def resolve(value: str, data: Mapping[str, Any]) -> Any:
    """What an attribute stands for with this task.

    One `$field` alone gives the field's raw value, "" when it is missing; fields inside a longer text are put in as text.

    >>> resolve("$a.b[1]", {"a": {"b": [1, 2]}}), resolve("Dear $name!", {"name": "Ann"}), resolve("$nobody", {})
    (2, 'Dear Ann!', '')
    """
    if value.startswith("$") and value[1:] in data:
        return data[value[1:]]
    if _VARIABLE.fullmatch(value) and _trim(value[1:]):
        found = field_at(data, _trim(value[1:]))
        return "" if found is None else found
    return _VARIABLE.sub(lambda match: _filled(match[0], data), value)


def _filled(variable: str, data: Mapping[str, Any]) -> str:
    path = _trim(variable[1:])
    if not path:
        return variable
    found = field_at(data, path)
    text = "" if found is None else found if isinstance(found, str) else msgspec.json.encode(found).decode()
    return text + variable[1 + len(path) :]


def field_at(data: Mapping[str, Any], path: str) -> Any:
    """The value at a path like `a.b[0].c`; None when any step is missing. A column may itself have dots in its name."""
    value = follow(data, path)
    return data.get(UNDEFINED) if value is _MISSING else value


def has_field(data: Mapping[str, Any], path: str) -> bool:
    """Whether there is anything at the path."""
    return follow(data, path) is not _MISSING


def follow(data: Mapping[str, Any], path: str) -> Any:
    """As `field_at`, but with a marker of its own where the path leads nowhere."""
    if path in data:
        return data[path]
    value: Any = data
    for step in _STEPS.split(path):
        if not step:
            continue
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and len(step) < 10 and int(step) < len(value):
            value = value[int(step)]
        else:
            return _MISSING
    return value


def _trim(path: str) -> str:
    """Marks of the sentence around a field are not part of its path: `Hello $name.`, `[$name]`."""
    while path and (path[-1] in ".{}[" or (path[-1] == "]" and path.count("]") > path.count("["))):
        path = path[:-1]
    return path
