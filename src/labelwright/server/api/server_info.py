"""Health, version, metrics: what monitors and clients ask of the server itself."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa

from labelwright.server.access import public
from labelwright.server.api.errors import VERSION, PlainError, error_body
from labelwright.server.api.routing import Answer, Call, Route, json_answer, route
from labelwright.server.logs import request_id
from labelwright.version import __version__


@route("GET", "/health", allow=public)
def health(call: Call, _: None) -> Answer:
    """Whether the server and its database answer."""
    call.conn.execute(sa.text("SELECT 1"))
    return Answer(content=b'{"status": "UP"}', media_type="text/html")


@route("GET", "/api/version", allow=public)
def version(call: Call, _: None) -> Answer:
    """The release of the contract we keep, and our own."""
    package = {
        "version": VERSION,
        "short_version": VERSION.rsplit(".", 1)[0],
        "latest_version_from_pypi": VERSION,
        "current_version_is_outdated": False,
    }
    return json_answer(
        {
            "release": VERSION,
            "label-studio-os-package": package,
            "label-studio-os-backend": {"message": "Labelwright", "version": VERSION},
            "label-studio-frontend": {"message": "Labelwright", "version": VERSION},
            "dm2": {"message": "Labelwright", "version": VERSION},
            "label-studio-converter": {"version": VERSION},
            "edition": "Community",
            "lsf": {"message": "Labelwright", "version": VERSION},
            "backend": {"message": "Labelwright", "version": VERSION},
            "labelwright": __version__,
        }
    )


@route("GET", "/metrics", allow=public)
def metrics(call: Call, _: None) -> Answer:
    """Requests, durations, database and process, for Prometheus."""
    text = call.services.metrics.text(call.db)
    return Answer(content=text.encode(), media_type="text/plain; version=0.0.4")


@route("GET", "/trigger500", allow=public)
def trigger_error(call: Call, _: None) -> Answer:
    """A fault on purpose, to see how clients and monitors take it."""
    if call.settings.debug:
        raise Exception("test")
    raise PlainError(500, error_body(request_id.get() or str(uuid.uuid4()), 500, "test"))


routes: list[Route[Any]] = [health, version, metrics, trigger_error]
