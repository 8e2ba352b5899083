"""Which tasks are kept for testing."""

from __future__ import annotations

from hashlib import blake2b

SHARE_PERCENT = 20


def is_holdout(task_id: int, share_percent: float = SHARE_PERCENT) -> bool:
    """Whether this task tests models instead of training them. Always the same answer for a task, on every machine.

    A task that is held out at some share is held out at every greater one.

    >>> sum(is_holdout(task_id, 20) for task_id in range(10_000))
    1961
    """
    return stable_position(task_id) < share_percent / 100


def stable_position(task_id: int, salt: str = "holdout") -> float:
    """A number in [0, 1) that depends on the id and the salt alone, spread evenly."""
    digest = blake2b(f"{salt}:{task_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
