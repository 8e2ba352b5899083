"""What a reader gives for each item of a file: a task to be, or why it is none."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Good(Struct, frozen=True, kw_only=True):
    """An item that has the shape of a task. Its parts are as the file had them: neither people nor labels are looked up."""

    index: int
    """Its number in the file or request, from 0."""
    place: str
    """For people: `row 12`, counted from 1."""
    data: dict[str, Any]
    annotations: list[dict[str, Any]] = []
    """Each has a `result` that is a list."""
    predictions: list[dict[str, Any]] = []
    """Each has a `result`, perhaps in shorthand: see `shorthand`."""
    drafts: list[dict[str, Any]] = []
    meta: dict[str, Any] | list[Any] | None = None
    allow_skip: bool | None = None
    file_upload_id: int | None = None
    is_wrapped: bool = False
    """The item had no `data`: all of it became the data."""


class Bad(Struct, frozen=True, kw_only=True):
    """An item that cannot become a task. `reason` continues `place: `."""

    index: int
    place: str
    reason: str
    item: Any = None
    """The item, if there was any."""

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


Row = Good | Bad
