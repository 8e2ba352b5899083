"""One table turns errors into answers: status code and the contract's JSON error body."""

from __future__ import annotations

import logging
import traceback
import uuid
from typing import Any

import msgspec
from litestar import Request
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from labelwright.server import errors
from labelwright.server.logs import request_id
from labelwright.server.settings import Settings

log = logging.getLogger("labelwright.api")

VERSION = "1.23.2"
"""The Label Studio release whose contract we keep; clients compare it."""

STATUS: list[tuple[type[BaseException], int]] = [
    (errors.NotSignedIn, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.TooLarge, 413),
    (errors.Invalid, 400),
    (errors.TooMany, 429),
    (errors.Busy, 503),
    (OperationalError, 503),
    (PoolTimeout, 503),
    (IntegrityError, 409),
    (DataError, 400),
]


class PlainError(errors.LabelwrightError):
    """An error whose body the contract spells differently (`{"detail": …}`, `{"label_config": […]}`)."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body


def answer_to_error(error: BaseException, request: Request[Any, Any, Any], settings: Settings) -> Any:
    """The answer for any exception. Unknown ones are 500: the id is in the log, the trace is not in the answer."""
    from labelwright.server.api.routing import Answer

    if isinstance(error, PlainError):
        return Answer(status=error.status, content=msgspec.json.encode(error.body))
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
    incident = request_id.get() or str(uuid.uuid4())
    headers: dict[str, str] = {}
    if status == 500:
        log.error("incident %s: %s %s", incident, request.method, request.url.path, exc_info=error)
        message = str(error) if settings.debug else "Something went wrong on the server. The log has the details under this id."
    elif isinstance(error, (OperationalError, PoolTimeout)):
        log.warning("incident %s: database busy: %s", incident, error)
        message, headers = "The database is busy. Try again in a moment.", {"retry-after": "1"}
    elif isinstance(error, IntegrityError):
        log.warning("incident %s: %s %s: %s", incident, request.method, request.url.path, error.orig)
        message = "Somebody changed or deleted this at the same time. Reload and try again."
    elif isinstance(error, DataError):
        log.warning("incident %s: %s %s: %s", incident, request.method, request.url.path, error.orig)
        message = "A value is out of the range that the database takes."
    else:
        message = str(error)
    if isinstance(error, errors.TooMany):
        headers["retry-after"] = f"{error.retry_after_s:.0f}"
    if status == 401:
        headers["www-authenticate"] = "Token"
    body = error_body(incident, status, message)
    if isinstance(error, errors.Invalid) and error.fields:
        body["validation_errors"] = error.fields
    if isinstance(error, errors.Conflict):
        body |= error.body
    if status == 500 and settings.debug:
        body["exc_info"] = "".join(traceback.format_exception(error))
    return Answer(status=status, content=msgspec.json.encode(body), headers=headers)


def error_body(incident: str, status: int, message: str) -> dict[str, Any]:
    return {"id": incident, "status_code": status, "version": VERSION, "detail": message, "exc_info": None}
