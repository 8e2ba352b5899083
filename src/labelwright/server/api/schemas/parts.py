"""What the others share, and the error."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType

Opt = UnsetType
"""Fields that a body may leave out."""
Result = list[dict[str, Any]]
"""Regions, relations and choices: `{id, type, from_name, to_name, value, …}`."""


class Error(Struct):
    """Every error under `/api/`. `validation_errors` names fields where the fault lies in one."""

    id: str
    status_code: int
    version: str
    detail: str
    exc_info: str | None = None
    validation_errors: dict[str, Any] | Opt = UNSET
