"""Around every request: its id, its place in the metrics, and its line in the access log."""

from __future__ import annotations

import logging
import re
import time
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from labelwright.server.identity import new_uuid
from labelwright.server.logs import request_id
from labelwright.server.metrics import Metrics

log = logging.getLogger("labelwright.access")

_uuid = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def observed(app: ASGIApp, metrics: Metrics, *, access_log: bool) -> ASGIApp:
    """`app`, watched. An id that a proxy sends in `X-Request-Id` is kept if it is a UUID."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        identity = _identity(scope)
        token = request_id.set(identity)

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", identity.encode())]
            await send(message)

        try:
            await app(scope, receive, watch)
        finally:
            seconds = time.perf_counter() - started
            _note(metrics, scope, status, seconds, access_log=access_log)
            request_id.reset(token)

    return serve


def _identity(scope: Any) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if _uuid.fullmatch(given) else new_uuid()


def _note(metrics: Metrics, scope: Any, status: int, seconds: float, *, access_log: bool) -> None:
    method = scope["method"] if scope["method"] in METHODS else "other"
    route = scope.get("path_template") or "unknown"
    metrics.count(method, route, status, seconds)
    if access_log:
        extra = {"method": method, "path": scope["path"], "status": status, "duration_ms": round(seconds * 1000, 2)}
        log.info("%s %s %s %.1f ms", method, scope["path"], status, seconds * 1000, extra=extra)


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
