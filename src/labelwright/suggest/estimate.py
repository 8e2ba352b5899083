"""How good guesses are: figures with intervals, and what a learning curve says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelwright.quality.intervals import ratio_interval
from labelwright.suggest.folder import CurvePoint, Estimate

_RESAMPLES = 400
_FIRST_SIZE = 20
_WORTH = 0.02
"""A gain that doubling the labels should bring to be worth it, in the main figure (0 to 1)."""
_LEAST_LABELS_TO_STOP = 80


def estimate_ratio(metric: str, tops: Any, bottoms: Any) -> Estimate:
    """A ratio of sums over tasks: a share, a micro-averaged F1."""
    value, interval = ratio_interval([(list(map(float, tops)), list(map(float, bottoms)))])
    return Estimate(
        metric=metric,
        value=round(value, 6),
        low=round(interval.low, 6),
        high=round(interval.high, 6),
        n=len(tops),
        interval="wilson",
    )


def estimate_macro_f1(right: Any, guessed: Any, n_classes: int, seed: int) -> Estimate:
    """The mean F1 of the classes that occur among the answers or the guesses; interval: bootstrap over tasks."""
    import numpy as np

    def macro_f1(rows: Any) -> float:
        said, true = guessed[rows], right[rows]
        hits = np.bincount(true[said == true], minlength=n_classes)
        total = np.bincount(true, minlength=n_classes) + np.bincount(said, minlength=n_classes)
        return float((2 * hits[total > 0] / total[total > 0]).mean()) if len(rows) else 0.0

    return _bootstrapped("macro_f1", macro_f1, len(right), seed)


def estimate_mean(metric: str, errors: Any, seed: int) -> Estimate:
    """A mean over tasks of something that is no share; interval: bootstrap over tasks."""
    return _bootstrapped(metric, lambda rows: float(errors[rows].mean()) if len(rows) else 0.0, len(errors), seed)


def _bootstrapped(metric: str, figure: Any, n: int, seed: int) -> Estimate:
    """Source: Efron (1979), "Bootstrap methods"; percentiles 2.5 and 97.5."""
    import numpy as np

    generator = np.random.default_rng(seed)
    value = figure(np.arange(n))
    drawn = [figure(generator.integers(0, n, n)) for _ in range(_RESAMPLES)] if n else [0.0]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(
        metric=metric,
        value=round(value, 6),
        low=round(min(float(low), value), 6),
        high=round(max(float(high), value), 6),
        n=n,
        interval="bootstrap",
    )


def curve_sizes(n_train: int) -> list[int]:
    """Numbers of training labels at which a curve has points: 20, 40, 80, … and all of them.

    >>> curve_sizes(200), curve_sizes(170), curve_sizes(12)
    ([20, 40, 80, 200], [20, 40, 80, 170], [12])
    """
    sizes = []
    size = _FIRST_SIZE
    # the last doubling is left out where it would be nearly all of them
    while size < 0.75 * n_train:
        sizes.append(size)
        size *= 2
    return [*sizes, n_train]


def read_curve(
    points: Sequence[CurvePoint], before: tuple[Any, Any] | None, now: tuple[Any, Any], seed: int, metric: str
) -> tuple[bool, str]:
    """(Whether to stop labeling, what the curve says in words).

    before, now: the figure's ratios over the same tasks at the last point but one and at the last. More labels are unlikely to
    help when from one to the other the figure rose by less than 2 points, and the paired bootstrap over tasks says with 95 % that
    it was less than twice that or than the estimate's own uncertainty.
    """
    import numpy as np

    if before is None or len(points) < 2:
        return False, "Too few labels to draw a learning curve. It starts at about 40."
    last, previous = points[-1], points[-2]
    tops, bottoms = (np.asarray(side, dtype=float) for side in now)
    old_tops, old_bottoms = (np.asarray(side, dtype=float) for side in before)
    generator = np.random.default_rng(seed)
    gains = []
    for _ in range(_RESAMPLES):
        drawn = generator.integers(0, len(tops), len(tops))
        gains.append(_ratio(tops, bottoms, drawn) - _ratio(old_tops, old_bottoms, drawn))
    gain = last.value - previous.value
    most = float(np.percentile(gains, 97.5))
    half_width = (last.high - last.low) / 2
    named = metric.replace("_", " ").replace("f1", "F1")
    moved = (
        f"From {previous.labels} to {last.labels} training labels the {named} went from {previous.value:.0%} to {last.value:.0%}"
    )
    if last.labels < _LEAST_LABELS_TO_STOP:
        return False, f"{moved}. That is too early to say whether more labels help."
    if gain < _WORTH and most < max(2 * _WORTH, half_width):
        return True, f"{moved}, within ±{half_width:.0%} of uncertainty: more labels of this kind are unlikely to help much."
    if gain < _WORTH:
        return False, f"{moved}. It may have levelled off, but the estimate is still too uncertain (±{half_width:.0%}) to say."
    return False, f"{moved}: more labels still help."


def _ratio(tops: Any, bottoms: Any, rows: Any) -> float:
    total = bottoms[rows].sum()
    return float(tops[rows].sum() / total) if total > 0 else 0.0
