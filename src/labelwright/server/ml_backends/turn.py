"""How many requests may wait for models at once: fewer than there are threads for long requests, so slow models stop nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from labelwright.server.errors import Busy

MOST_AT_ONCE = 8

_turns = threading.BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Held while a request waits for a model. Raises Busy when too many do."""
    if not _turns.acquire(blocking=False):
        raise Busy("Too many requests wait for models already. Try again in a moment.")
    try:
        yield
    finally:
        _turns.release()
