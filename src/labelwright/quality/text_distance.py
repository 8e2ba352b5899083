"""How far apart two texts are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

_MOST_STEPS = 1_000_000
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


def text_distance(first: str, second: str) -> float:
    """Share of a text that has to be typed anew to get the other, in [0, 1]: Levenshtein's distance over the longer length.

    Long texts are compared by words, very long ones by difflib's estimate, so that the cost stays below a second.

    >>> text_distance("kitten", "sitting")
    0.42857142857142855
    """
    if first == second:
        return 0.0
    if len(first) * len(second) <= _MOST_STEPS:
        return _levenshtein(first, second) / max(len(first), len(second))
    words, others = _WORD.findall(first), _WORD.findall(second)
    if len(words) * len(others) <= _MOST_STEPS:
        return _levenshtein(words, others) / max(len(words), len(others))
    return 1.0 - SequenceMatcher(None, words, others).quick_ratio()


def _levenshtein(first: Sequence[str], second: Sequence[str]) -> int:
    """Source: Wagner and Fischer (1974), "The string-to-string correction problem"."""
    row = list(range(len(second) + 1))
    for index, left in enumerate(first, start=1):
        diagonal, row[0] = row[0], index
        for column, right in enumerate(second, start=1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (left != right))
    return row[-1]
