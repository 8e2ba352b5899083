"""Logging: one line per event on stderr, as text or as JSON. No secrets: no bodies, headers or query strings."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from labelwright.server.settings import Settings

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Of the request being served: in the log, in `X-Request-Id` and as `id` of error answers."""

_controls = {code: f"\\x{code:02x}" for code in (*range(32), 127)}
_plain = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request_id"}


def configure_logs(settings: Settings) -> None:
    """Send all logging to stderr in the chosen format; libraries speak from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_add_request_id)
    handler.setFormatter(JSONFormatter() if settings.log_format == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("labelwright").setLevel(settings.log_level)


def _add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = request_id.get()
    return True


class TextFormatter(logging.Formatter):
    """`2026-11-24 07:03:28 WARNING labelwright.api message [request id]`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%d %H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = super().formatMessage(record).translate(_controls)  # a path must not forge a line
        shown = getattr(record, "request_id", None)
        return f"{line} [{shown}]" if shown else line


class JSONFormatter(logging.Formatter):
    """One object per line: time, level, logger, message, request_id, what `extra=` gave, exception."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", None),
            **{name: value for name, value in vars(record).items() if name not in _plain},
        }
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        return json.dumps(event, default=str, ensure_ascii=False)
