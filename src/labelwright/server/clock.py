"""The time as the database and the wire spell it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from labelwright.domain.jsontext import Timestamp


def stamp(moment: datetime) -> Timestamp:
    """`2026-11-23T20:20:31.393502Z`: always UTC, always microseconds, 27 characters."""
    return Timestamp(moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z")


def now() -> Timestamp:
    return stamp(datetime.now(UTC))


def after(seconds: float) -> Timestamp:
    """The moment `seconds` from now (negative: ago)."""
    return stamp(datetime.now(UTC) + timedelta(seconds=seconds))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def ago(text: str) -> str:
    """Human words for the time since `text`: `3 hours, 2 minutes`, `0 minutes`."""
    minutes = max(0, int((datetime.now(UTC) - moment(text)).total_seconds() // 60))
    units = (("year", 525_600), ("month", 43_200), ("week", 10_080), ("day", 1_440), ("hour", 60), ("minute", 1))
    for place, (unit, size) in enumerate(units):
        if minutes >= size or unit == "minute":
            words = _words(minutes // size, unit)
            rest = minutes % size
            if place + 1 < len(units) and rest // units[place + 1][1]:
                words += ", " + _words(rest // units[place + 1][1], units[place + 1][0])
            return words
    return "0 minutes"


def _words(count: int, unit: str) -> str:
    return f"{count}\N{NO-BREAK SPACE}{unit}{'' if count == 1 else 's'}"
