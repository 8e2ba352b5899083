"""Parts of a Markdown page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any


def page(*parts: str) -> str:
    """The parts with an empty line between them; empty parts are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, or nothing where there are no rows. Bars in cells are escaped.

    >>> print(table(["a", "b"], [["1", "x|y"]]))
    | a | b |
    |---|---|
    | 1 | x\\|y |
    """
    lines = ["| " + " | ".join(cell.replace("\n", " ").replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *lines]) if lines else ""


def fence(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def pretty(value: Any) -> str:
    """JSON for people: short lists and objects in one line."""
    return _pretty(value, "")


def _pretty(value: Any, indent: str) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) <= 90 or not isinstance(value, dict | list) or not value:
        return flat
    inner = indent + "  "
    if isinstance(value, dict):
        items = [f"{json.dumps(name, ensure_ascii=False)}: {_pretty(each, inner)}" for name, each in value.items()]
        return "{\n" + ",\n".join(inner + item for item in items) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + _pretty(each, inner) for each in value) + f"\n{indent}]"


def code(text: object) -> str:
    """Inline code; a text that holds back ticks gets two of them around it."""
    shown = str(text)
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def generated(source: str) -> str:
    """The line that says where a page comes from."""
    return f"<!-- Made by docs/build.py from {source}. Change it there, then run: make docs -->"
