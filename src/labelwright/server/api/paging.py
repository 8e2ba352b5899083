"""The `{count, next, previous, results}` shape of paged lists, with addresses of the pages around."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from labelwright.server.api.routing import Answer, Call, json_answer
from labelwright.server.errors import NotFound


def page_number(call: Call, total: int, size: int) -> int:
    """The page asked for, from 1. Raises NotFound past the end; the first page of nothing is there."""
    page = call.integer("page", 1) or 1
    if page < 1 or (page > 1 and (page - 1) * size >= total):
        raise NotFound("Invalid page.")
    return page


def page_answer(call: Call, results: list[Any], *, total: int, page: int, size: int) -> Answer:
    value = {
        "count": total,
        "next": _address(call, page + 1) if page * size < total else None,
        "previous": _address(call, page - 1) if page > 1 else None,
        "results": results,
    }
    return json_answer(value)


def _address(call: Call, page: int) -> str:
    parts = [(name, value) for name, values in call.query.items() for value in values if name != "page"]
    if page > 1:
        parts.append(("page", str(page)))
    return f"{call.base_url}{call.path}?{urlencode(parts)}".rstrip("?")
