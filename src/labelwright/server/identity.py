"""Ids that must be unlike all others, but are no secrets."""

from __future__ import annotations

import random
import uuid

_random = random.Random()  # noqa: S311  # a generator of our own: nobody else's `random.seed` repeats our ids


def new_uuid() -> str:
    """A random UUID (version 4). Not from the system's source of secrets: asking it costs a switch of threads at each request."""
    return str(uuid.UUID(int=_random.getrandbits(128), version=4))
