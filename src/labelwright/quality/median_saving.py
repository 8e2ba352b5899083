"""How much less time something takes: the ratio of two medians and how far it may be off."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, exp, log, sqrt
from statistics import NormalDist, median

from msgspec import Struct

from labelwright.quality.intervals import Interval

_Z95 = 1.959963984540054
LEAST = 5
"""Cases on either side below which no interval is given."""
_MOST_EXACT = 1000


class Saving(Struct, frozen=True):
    """Shares of the time without: 0.6 = it takes 40 % of the time. Negative: it takes longer."""

    share: float
    interval: Interval | None
    """95 %; None with fewer than `LEAST` cases on a side."""


def median_saving(with_s: Sequence[float], without_s: Sequence[float]) -> Saving | None:
    """What is saved of the median time; None where a side has no case with a time above 0. No randomness.

    Medians, because times have long tails (somebody went for lunch). The interval holds without any distribution of the times.

    Source: Price and Bonett (2002), "Distribution-free confidence intervals for difference and ratio of medians".

    >>> saving = median_saving([2.0] * 20, [5.0] * 20)
    >>> round(saving.share, 3), saving.interval
    (0.6, Interval(low=0.6, high=0.6))
    """
    logs = [sorted(log(time) for time in times if time > 0) for times in (with_s, without_s)]
    if not all(logs):
        return None
    ratio = median(logs[0]) - median(logs[1])
    share = _share(ratio)
    if min(map(len, logs)) < LEAST:
        return Saving(share, None)
    margin = _Z95 * sqrt(sum(_variance_of_median(values) for values in logs))
    return Saving(share, Interval(_share(ratio + margin), _share(ratio - margin)))


def _share(log_ratio: float) -> float:
    return round(1 - exp(min(log_ratio, 50.0)), 12)


def _variance_of_median(values: Sequence[float]) -> float:
    """Of sorted values: from the distance of two order statistics around the median."""
    n = len(values)
    c = max(1, round((n + 1) / 2 - sqrt(n)))
    outside = sum(comb(n, k) for k in range(c)) / 2**n if n <= _MOST_EXACT else NormalDist().cdf((c - 0.5 - n / 2) / sqrt(n / 4))
    z = NormalDist().inv_cdf(1 - outside)
    return float(((values[n - c] - values[c - 1]) / (2 * z)) ** 2)
