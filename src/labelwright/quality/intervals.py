"""How far a measured figure may be off: 95 % intervals of shares and of ratios of sums. No randomness."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from msgspec import Struct

_Z95 = 1.959963984540054


class Interval(Struct, frozen=True):
    """Both ends belong to it."""

    low: float
    high: float


def wilson(share: float, n: float) -> Interval:
    """95 % interval of a share in [0, 1] seen on n independent cases; [0, 1] for n = 0.

    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference".

    >>> interval = wilson(0.9, 100)
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.826, 0.945)
    """
    if n <= 0:
        return Interval(0.0, 1.0)
    share = min(1.0, max(0.0, share))
    square = _Z95**2
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = _Z95 / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return Interval(max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share)))


def ratio_interval(ratios: Sequence[tuple[Sequence[float], Sequence[float]]]) -> tuple[float, Interval]:
    """The mean of ratios of sums (an F1 is one: 2·tp over 2·tp + fp + fn) with its 95 % interval over tasks.

    ratios: per measure, the tasks' numerators and denominators, equally many, task by task. Measures whose denominators sum to
    nothing are left out; (0, [0, 1]) if none remains. The variance is the linearised one of a ratio estimator; the interval is
    Wilson's at the number of cases which that variance stands for, so that it stays in [0, 1] and is not empty at 0 or 1.
    For one measure whose denominators are all 1 this is Wilson's interval of a share.

    Source: Cochran (1977), "Sampling techniques", 6.3.
    """
    known = [(tops, bottoms) for tops, bottoms in ratios if sum(bottoms) > 0]
    if not known:
        return 0.0, Interval(0.0, 1.0)
    n_tasks = len(known[0][0])
    influence = [0.0] * n_tasks
    values = []
    for tops, bottoms in known:
        total = sum(bottoms)
        value = sum(tops) / total
        values.append(value)
        for index, (top, bottom) in enumerate(zip(tops, bottoms, strict=True)):
            influence[index] += (top - value * bottom) / total / len(known)
    mean = sum(values) / len(values)
    answered = max(sum(1 for bottom in bottoms if bottom > 0) for _, bottoms in known)
    variance = sum(part * part for part in influence)
    cases = mean * (1 - mean) / variance if variance > 0 and 0 < mean < 1 else float(answered)
    return mean, wilson(mean, cases)
