"""Which known word was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

MOST_LETTERS = 60
MOST_CANDIDATES = 1000


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` is most likely a misspelling of (at most a third of its letters wrong), or None.

    >>> nearest("RectangelLabels", ["Rectangle", "RectangleLabels"])
    'RectangleLabels'
    """
    if len(word) > MOST_LETTERS:
        return None
    wanted, most_wrong = word.lower(), max(1, len(word) // 3)
    near_in_length = (each for each in islice(candidates, MOST_CANDIDATES) if abs(len(each) - len(word)) <= most_wrong)
    scored = [(edit_distance(wanted, candidate.lower()), candidate) for candidate in near_in_length]
    best = min(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] <= most_wrong else None


def edit_distance(a: str, b: str) -> int:
    """Letters to insert, delete or replace to get from `a` to `b` (Levenshtein, 1966)."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, start=1):
        above = row
        row = [i]
        for j, right in enumerate(b, start=1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (left != right)))
    return row[-1]
