"""What the router itself refuses (unknown path, wrong method) gets the same JSON errors as everything else."""

from __future__ import annotations

import logging
import uuid
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from labelwright.server.api.body import Body
from labelwright.server.api.errors import answer_to_error, error_body
from labelwright.server.api.pages import page
from labelwright.server.api.routing import JSON, Call, Services, to_response
from labelwright.server.logs import request_id

log = logging.getLogger("labelwright.api")

MESSAGES = {404: "Not found.", 405: 'Method "{method}" not allowed.'}


def _wants_page(request: Request[Any, Any, Any]) -> bool:
    """Whether a person looks at the answer: they get the web UI's "not found"."""
    path = request.url.path
    return (
        request.method == "GET"
        and not path.startswith(("/api/", "/static/", "/data/"))
        and "text/html" in request.headers.get("accept", "")
    )


def unknown_paths(services: Services) -> dict[Any, Any]:
    def refused(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
        if error.status_code == 404 and _wants_page(request):
            return to_response(page(Call(services, request, Body("", b"")), status=404), services)
        message = MESSAGES.get(error.status_code, str(error.detail)).format(method=request.method)
        body = msgspec.json.encode(error_body(request_id.get() or str(uuid.uuid4()), error.status_code, message))
        return Response(body, status_code=error.status_code, media_type=JSON, headers=error.headers)

    def broken(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        return to_response(answer_to_error(error, request, services.settings), services)

    return {HTTPException: refused, Exception: broken}
