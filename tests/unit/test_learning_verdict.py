"""Which of two versions of the built-in model is shown."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from labelwright.domain.jsontext import JSONText
from labelwright.server.jobs.learn import judge
from labelwright.suggest.folder import ControlReport, Estimate, Report


def report(metric: str, value: float, low: float, high: float) -> Report:
    estimate = Estimate(metric=metric, value=value, low=low, high=high, n=50, interval="wilson")
    control = ControlReport(control="mood", answer="one_label", source="text", is_learned=True, metrics=(estimate,))
    return Report(controls=(control,), n_labeled=60, n_train=50, n_held_out=10, n_predicted=9, advice="Go on.", seconds=1, seed=0)


@pytest.mark.parametrize(
    ("metric", "before", "after", "only_if_better", "is_live"),
    [
        ("accuracy", (0.9, 0.8, 0.95), (0.95, 0.9, 1.0), True, True),
        ("accuracy", (0.9, 0.8, 0.95), (0.85, 0.7, 0.9), True, True),  # within the interval: no worse as far as one can tell
        ("accuracy", (0.9, 0.8, 0.95), (0.7, 0.6, 0.8), True, False),
        ("accuracy", (0.9, 0.8, 0.95), (0.7, 0.6, 0.8), False, True),
        ("mae", (1.0, 0.8, 1.2), (1.1, 0.9, 1.3), True, True),  # errors: less is better
        ("mae", (1.0, 0.8, 1.2), (1.5, 1.3, 1.7), True, False),
    ],
)
def test_a_version_that_is_worse_is_not_shown(
    metric: str,
    before: tuple[float, float, float],
    after: tuple[float, float, float],
    only_if_better: bool,
    is_live: bool,
) -> None:
    row = SimpleNamespace(version=3, report=JSONText.of(report(metric, *before)))
    verdict = judge(row, report(metric, *after), SimpleNamespace(goes_live_if_better=only_if_better))
    assert verdict.is_live is is_live
    assert ("Version 3 stays" in verdict.words) is not is_live


def test_the_first_version_is_shown() -> None:
    row = SimpleNamespace(version=0, report="{}")
    project = SimpleNamespace(goes_live_if_better=True)
    assert judge(row, report("accuracy", 0.1, 0.0, 0.2), project).is_live
