"""`reference/sdk.md`: the client, from its own docstrings."""

from __future__ import annotations

import inspect
import re
from functools import cached_property

from labelwright import sdk
from labelwright.sdk import shapes

ERRORS = (
    sdk.LabelwrightError,
    sdk.ConnectionFailed,
    sdk.RequestRefused,
    sdk.Invalid,
    sdk.ImportRefused,
    sdk.NotSignedIn,
    sdk.Forbidden,
    sdk.NotFound,
    sdk.Conflict,
    sdk.ServerFailed,
)
SHAPES = (shapes.Task, shapes.Annotation, shapes.Prediction, shapes.Result, shapes.TaskPage, shapes.View, shapes.Snapshot)
INTRODUCTION = """\
# The client

```python
from labelwright import Client

ls = Client(url="http://localhost:8080", api_key="your-api-key")
project = ls.get_project(1)
```

It works against Labelwright and Label Studio servers. Tasks and answers are the plain dicts of the HTTP API.
This page is made from the docstrings by `docs/build.py`."""


def sdk_page() -> str:
    """The page's text."""
    parts = [INTRODUCTION, "## Client", describe_class(sdk.Client), "## Project", describe_class(sdk.Project)]
    parts += ["## Filters", "For `get_tasks`, `create_view` and `export`.", code(FILTER_EXAMPLE.strip())]
    for names in (sdk.Column, sdk.Operator, sdk.Type):
        constants = [name for name in vars(names) if not name.startswith("_")]
        parts.append(f"**{names.__name__}**: {', '.join(f'`{name}`' for name in constants)}")
    parts += ["## Errors", "\n".join(f"- **`{error.__name__}`** {inline(error)}" for error in ERRORS)]
    parts += ["## What tasks and answers look like", *(describe_shape(shape) for shape in SHAPES)]
    return "\n\n".join(part for part in parts if part) + "\n"


FILTER_EXAMPLE = """
from labelwright import Column, Filters, Operator, Type

long = Filters.item(Column.data("words"), Operator.GREATER, Type.Number, 100)
project.get_tasks(filters=Filters.create(Filters.AND, [long]), ordering=["-tasks:id"])
"""


def describe_class(described: type) -> str:
    """A class's docstring and a section for each public method."""
    parts = [code(f"{described.__name__}{signature(described)}"), body(described)]
    for name, member in vars(described).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property | cached_property):
            parts += [f"#### `{name}`", body(member)]
        elif inspect.isfunction(member) and member.__name__ == name:
            parts += [f"#### `{name}`", code(f"{name}{signature(member)}"), body(member)]
        elif inspect.isfunction(member):
            parts += [f"#### `{name}`", f"The same as `{member.__name__}`."]
    return "\n\n".join(parts)


def describe_shape(shape: type) -> str:
    fields = ", ".join(f"`{name}`" for name in inspect.get_annotations(shape))
    return f"**`{shape.__name__}`** {inline(shape)} Keys: {fields}."


class Written(str):
    """An annotation as it is written in the source."""

    def __repr__(self) -> str:
        return str(self)


def signature(described: object) -> str:
    """The parameters as they are written, without `self`, one to a line when they are long."""
    assert callable(described)
    found = inspect.signature(described)
    parameters = [
        parameter.replace(annotation=Written(parameter.annotation))
        for name, parameter in found.parameters.items()
        if name != "self"
    ]
    text = str(found.replace(parameters=parameters, return_annotation=Written(found.return_annotation)))
    if len(text) <= 90:
        return text
    inner, _, answer = text[1:].rpartition(") -> ") if ") -> " in text else (text[1:-1], "", "")
    lines = "\n".join(f"    {part}," for part in split_parameters(inner))
    return f"(\n{lines}\n)" + (f" -> {answer}" if answer else "")


def split_parameters(text: str) -> list[str]:
    """Parameters by the commas that are not in brackets."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "[({") - (letter in "])}")
        if letter == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()]


def body(described: object) -> str:
    """The docstring without its doctest."""
    text = inspect.getdoc(described) or ""
    lines = [line for line in text.splitlines() if not line.startswith(">>>")]
    listed = "\n".join(re.sub(r"^([a-z_]+): ", r"- `\1`: ", line) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)^((?!- ).+)\n- `", r"\1\n- `", listed)).strip()


def inline(described: object) -> str:
    return " ".join((inspect.getdoc(described) or "").split())


def code(text: str) -> str:
    return f"```python\n{text}\n```"
