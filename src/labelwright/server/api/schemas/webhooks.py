"""Webhooks and their deliveries."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct

from labelwright.server.api.schemas.parts import Opt


class WebhookChange(Struct):
    """`actions` that a change leaves out are emptied. `secret` signs what is sent; it is never shown, and "" removes it."""

    url: str | Opt = UNSET
    send_payload: bool | Opt = UNSET
    send_for_all_actions: bool | Opt = UNSET
    headers: dict[str, str] | Opt = UNSET
    is_active: bool | Opt = UNSET
    actions: list[str] | Opt = UNSET
    secret: str | Opt | None = UNSET


class NewWebhook(WebhookChange, kw_only=True):
    project: int
    url: str


class Webhook(Struct):
    """`has_secret`, if there: what is sent is signed. `ml_backend`, if there: the connected model that it was made for."""

    id: int
    organization: int
    project: int
    url: str
    send_payload: bool
    send_for_all_actions: bool
    headers: dict[str, str]
    is_active: bool
    actions: list[str]
    created_at: str
    updated_at: str
    has_secret: bool | Opt = UNSET
    ml_backend: int | Opt = UNSET


class Delivery(Struct):
    """One event on its way to one webhook. `waiting`: in line; `retrying`: refused, tried again beside the line."""

    id: int
    webhook: int
    action: str
    state: Literal["waiting", "retrying", "delivered", "failed"]
    attempts: int
    status_code: int | None
    duration_ms: float | None
    error: str | None
    created_at: str
    finished_at: str | None
    next_try_at: str | None


class DeliveryWithBody(Delivery):
    body: dict[str, Any]


class DeliveryPage(Struct):
    count: int
    next: str | None
    previous: str | None
    results: list[Delivery]
