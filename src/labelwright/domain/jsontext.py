"""JSON documents kept as text from row to response: they are decoded only where something is asked about their inside."""

from __future__ import annotations

from typing import Any, NewType

import msgspec

Timestamp = NewType("Timestamp", str)
"""ISO 8601 UTC with microseconds and `Z`, 27 characters: sorts as text, goes out as it is."""

UserId = NewType("UserId", int)
ProjectId = NewType("ProjectId", int)
TaskId = NewType("TaskId", int)
AnnotationId = NewType("AnnotationId", int)


class JSONText(str):
    """A valid JSON document as text. `JSONText.of(value)` encodes, `.load()` decodes."""

    __slots__ = ()

    @classmethod
    def of(cls, value: Any) -> JSONText:
        return cls(msgspec.json.encode(value).decode())

    def load(self) -> Any:
        return msgspec.json.decode(self.encode())  # msgspec takes no subclass of str


EMPTY_OBJECT = JSONText("{}")
EMPTY_LIST = JSONText("[]")
