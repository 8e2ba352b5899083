"""The key for data that came without one (a line of text, an uploaded picture) while the project had no config to name it."""

from __future__ import annotations

from typing import Any

from labelwright.domain.jsontext import JSONText

UNDEFINED_KEY = "$undefined$"


def name_undefined_key(data: JSONText, key: str | None) -> JSONText:
    """Task data as JSON text with the undefined key renamed and moved to the end; unchanged without it, or without a key.

    >>> name_undefined_key(JSONText('{"$undefined$":"a","b":1}'), "text")
    '{"b":1,"text":"a"}'
    """
    if key is None or UNDEFINED_KEY not in data:
        return data
    fields: dict[str, Any] = data.load()
    if UNDEFINED_KEY not in fields:
        return data
    return JSONText.of(rename_undefined_key(fields, key))


def rename_undefined_key(fields: dict[str, Any], key: str | None) -> dict[str, Any]:
    """The same for decoded task data."""
    if key is None or UNDEFINED_KEY not in fields:
        return fields
    renamed = {name: value for name, value in fields.items() if name != UNDEFINED_KEY}
    renamed[key] = fields[UNDEFINED_KEY]
    return renamed
