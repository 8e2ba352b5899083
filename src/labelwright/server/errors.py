"""What can go wrong in the domain's words. `api/errors.py` turns these into status codes and JSON."""

from __future__ import annotations

from typing import Any


class LabelwrightError(Exception):
    """A refusal that the caller can understand; the message is for people."""


class NotSignedIn(LabelwrightError):
    """No credentials, or credentials that do not hold (any more)."""

    def __init__(self, message: str = "Authentication credentials were not provided.") -> None:
        super().__init__(message)


class Forbidden(LabelwrightError):
    """The caller is known and may not do this. Foreign objects are `NotFound` instead."""

    def __init__(self, message: str = "You do not have permission to perform this action.") -> None:
        super().__init__(message)


class NotFound(LabelwrightError):
    """There is no such object, or it is none of the caller's business."""

    def __init__(self, what: str = "object") -> None:
        super().__init__(what if " " in what else f"No {what} matches the given query.")


class Conflict(LabelwrightError):
    """The same thing was done already; `body` says what is stored."""

    def __init__(self, message: str, **body: Any) -> None:
        super().__init__(message)
        self.body = body


class Invalid(LabelwrightError):
    """Bad input. `fields` maps field names to lists of reasons; without it the message stands alone."""

    def __init__(self, message: str = "Validation error", /, **fields: list[Any]) -> None:
        super().__init__(message)
        self.fields = fields

    @classmethod
    def field(cls, name: str, reason: str) -> Invalid:
        return cls(**{name: [reason]})

    @classmethod
    def general(cls, *reasons: Any) -> Invalid:
        return cls(non_field_errors=list(reasons))


class TooLarge(LabelwrightError):
    """The body is larger than the server takes."""


class Busy(LabelwrightError):
    """The database could not take the write in time; try again."""


class TooMany(LabelwrightError):
    """Too many attempts in too short a time."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"Too many attempts. Try again in {retry_after_s:.0f} seconds.")
        self.retry_after_s = retry_after_s
