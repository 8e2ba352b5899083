"""How alike a task's answers are. Label Studio's community edition keeps this route shut, and so do we until metrics exist."""

from __future__ import annotations

from typing import Any

from labelwright.server.access import Record, task_for_members
from labelwright.server.api.routing import Answer, Call, Route, route
from labelwright.server.errors import Forbidden


@route("GET", "/api/tasks/{task_id:int}/agreement", allow=task_for_members)
def read(call: Call, task: Record) -> Answer:
    """Always 403: the feature is not enabled."""
    raise Forbidden("Feature not enabled")


routes: list[Route[Any]] = [read]
