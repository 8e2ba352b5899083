"""The built-in model."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct

from labelwright.server.api.schemas.parts import Opt


class BuiltinModelSettings(Struct):
    is_on: bool | Opt = UNSET
    orders_queue: bool | Opt = UNSET


class BuiltinModel(Struct):
    """`needs`: labels until it learns next. `report`: what was learned, with held-out estimates and a learning curve."""

    is_on: bool
    orders_queue: bool
    can_learn: bool
    reason: str | None
    version: int
    trained_label_count: int
    label_count: int
    needs: int
    report: dict[str, Any] | None
    message: str
    updated_at: str | None
    job: int | None
