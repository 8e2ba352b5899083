"""What can go wrong when talking to a server, one class per thing a caller can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class LabelwrightError(Exception):
    """Anything the client raises on purpose."""


class ConnectionFailed(LabelwrightError):
    """The server could not be reached, or went away before it answered."""


class RequestRefused(LabelwrightError):
    """The server answered with an error.

    status: the HTTP status; detail: the server's message; fields: {field: reasons} for field errors; request: 'GET /api/…'.
    """

    def __init__(self, status: int, detail: str, request: str, fields: Mapping[str, Sequence[Any]] | None = None) -> None:
        self.status = status
        self.detail = detail
        self.request = request
        self.fields = dict(fields or {})
        reasons = "; ".join(f"{name}: {_join(texts)}" for name, texts in self.fields.items())
        super().__init__(f"{request} answered {status}: {reasons or detail}")


class Invalid(RequestRefused):
    """400, 422: the server understood and refuses; `fields` says what to mend."""


class NotSignedIn(RequestRefused):
    """401: the API key is missing, wrong, expired or switched off."""


class Forbidden(RequestRefused):
    """403: this user may not do that."""


class NotFound(RequestRefused):
    """404: there is no such thing, or it belongs to somebody else."""


class Conflict(RequestRefused):
    """409: it exists already."""


class ServerFailed(RequestRefused):
    """5xx: a fault of the server."""


@dataclass(frozen=True)
class RefusedRow:
    """One task that an import refused."""

    row: int
    """Position in what was handed to `import_tasks`, from 0; the message counts from 1, as people do."""
    reason: str
    task: Any = None

    def __str__(self) -> str:
        return f"row {self.row + 1}: {self.reason}"


class ImportRefused(Invalid):
    """Some tasks of an import were refused, with the place and reason of each in `rows`.

    imported_ids: tasks of earlier batches, which are in the project. The batch with a refused row is not.
    """

    def __init__(self, rows: Sequence[RefusedRow], request: str, imported_ids: Sequence[int] = (), detail: str = "") -> None:
        self.rows = tuple(rows)
        self.imported_ids = tuple(imported_ids)
        super().__init__(400, self._tell(detail), request)

    def _tell(self, detail: str) -> str:
        before = (
            f" The {len(self.imported_ids)} tasks before them are in the project."
            if self.imported_ids
            else " Nothing was imported."
        )
        if not self.rows:
            return (detail or "the import was refused") + "." * (not detail.endswith(".")) + before
        shown = "".join(f"\n  {row}" for row in self.rows[:20])
        more = f"\n  … and {len(self.rows) - 20} more" if len(self.rows) > 20 else ""
        return f"{len(self.rows)} task{'s' * (len(self.rows) != 1)} refused.{before}{shown}{more}"


KINDS: Mapping[int, type[RequestRefused]] = {
    400: Invalid,
    401: NotSignedIn,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: Invalid,
}


def refusal(status: int, body: Any, text: str, request: str) -> RequestRefused:
    """The error for an answer. body: its JSON, if it had any; text: what to say when there is none."""
    kind = KINDS.get(status, ServerFailed if status >= 500 else RequestRefused)
    if not isinstance(body, dict):
        plain = " ".join(text.split())
        return kind(status, "" if plain.startswith("<") else plain[:500], request)
    fields = body.get("validation_errors")
    if isinstance(fields, dict):
        return kind(status, str(body.get("detail", "")), request, {name: _as_list(reasons) for name, reasons in fields.items()})
    detail = body.get("detail") or body.get("message") or body.get("error")
    if detail is None:
        return kind(status, "", request, {name: _as_list(reasons) for name, reasons in body.items()})
    return kind(status, str(detail), request)


def _as_list(reasons: Any) -> list[Any]:
    return reasons if isinstance(reasons, list) else [reasons]


def _join(reasons: Sequence[Any]) -> str:
    return ", ".join(str(reason) for reason in reasons if reason)
