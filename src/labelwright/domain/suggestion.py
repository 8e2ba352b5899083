"""Which tasks are labeled without their suggestion, so that what suggestions save is measured and not assumed."""

from __future__ import annotations

from typing import Any

_PRIME = 1_000_003
_DRAWS = 10_000


def is_withheld(task_id: int, user_id: int, percent: int) -> bool:
    """Whether this person labels this task without seeing the suggestion: always the same answer, for `percent` of the pairs.

    >>> sum(is_withheld(task, 7, 20) for task in range(1000, 2000))
    215
    """
    return percent > 0 and bool(draw(task_id, user_id) < percent * (_DRAWS // 100))


def withheld_below(percent: int) -> int:
    """Pairs whose `draw` is below this number are withheld."""
    return percent * (_DRAWS // 100)


def draw(task_id: Any, user_id: int) -> Any:
    """A number in [0, 10 000) that a task and a person have in common, evenly spread and unlike their neighbours'.

    Only `+`, `*` and `%` of numbers that fit 64 bit: `task_id` may be a column, and the database comes to the same number.
    """
    seed = (task_id % _PRIME * 7919 + (user_id % _PRIME) * 104_729 + 12_345) % _PRIME
    square = (seed * seed + 31 * seed + 17) % _PRIME
    cube = (square * seed + 7 * square + 1_009) % _PRIME
    return (cube * 613 + 5) % _PRIME % _DRAWS
