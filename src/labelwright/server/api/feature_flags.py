"""Feature flags. Labelwright has none: what is built is on."""

from __future__ import annotations

from typing import Any

from labelwright.server.access import signed_in
from labelwright.server.api.routing import Answer, Call, Route, json_answer, route
from labelwright.server.auth.credentials import User


@route("GET", "/feature-flags", allow=signed_in)
def list_flags(call: Call, user: User) -> Answer:
    """No flags, and what a flag that is asked for counts as."""
    return json_answer({"$system": {"FEATURE_FLAGS_DEFAULT_VALUE": False, "VERSION_EDITION": "Community"}})


routes: list[Route[Any]] = [list_flags]
