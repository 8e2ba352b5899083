"""Where Labelwright answers differently on purpose; each entry says why. Everything else is a mismatch."""

from __future__ import annotations

from collections.abc import Sequence

from compat.compare import Mismatch

ON_PURPOSE: Sequence[tuple[str, str, str]] = (
    # (exchange, start of the place, why)
    ("annotations/unique id again", "", "the 409 also names the stored annotation"),
)


def is_on_purpose(mismatch: Mismatch) -> bool:
    return any(mismatch.exchange == exchange and mismatch.place.startswith(place) for exchange, place, _ in ON_PURPOSE)
