"""Learns a number."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from labelwright.suggest.answers import number_item
from labelwright.suggest.classify import stratified_folds
from labelwright.suggest.estimate import estimate_mean, estimate_ratio
from labelwright.suggest.features import Features
from labelwright.suggest.folder import Estimate
from labelwright.suggest.guess import Guess
from labelwright.suggest.plan import ControlPlan

_NEAR_SHARE = 0.1
"""A guess counts as right within a tenth of the range that nine of ten answers lie in."""


class ANumber:
    """Guesses are rounded as the answers are, and stay within the control's and the answers' range."""

    def __init__(
        self, control: ControlPlan, features: Features, answers: Mapping[int, float], task_ids: Sequence[int], seed: int
    ) -> None:
        self._control = control
        self._features = features
        self._answers = answers
        self._task_ids = task_ids
        self._seed = seed
        self.words = features.words

    def why_not(self, rows: Any) -> str:
        if len({self._answers[row] for row in rows}) < 2:
            return "every answer so far is the same number; it needs to see at least two different ones"
        return ""

    def train(self, rows: Any, is_tuned: bool) -> _TrainedNumber:
        import numpy as np

        answers = np.array([self._answers[row] for row in rows])
        candidates = self._features.regressors(len(rows), self._seed)
        if not is_tuned or len(rows) < 4:
            return _TrainedNumber(
                self._features, _fit(candidates[0], self._features.take(rows), answers), answers, None, self._control
            )
        ranks = np.argsort(np.argsort(answers, kind="stable")) * 5 // len(answers)
        folds = stratified_folds(ranks, 5, self._seed)
        best: tuple[float, Any, Any] | None = None
        for candidate in candidates:
            unseen = np.zeros(len(rows))
            for fold in np.unique(folds):
                inside, outside = folds != fold, folds == fold
                model = _fit(candidate, self._features.take(rows[inside]), answers[inside])
                unseen[outside] = model.predict(self._features.take(rows[outside]))
            error = float(np.abs(unseen - answers).mean())
            if best is None or error < best[0]:
                best = error, candidate, unseen
        assert best is not None
        model = _fit(best[1], self._features.take(rows), answers)
        return _TrainedNumber(self._features, model, answers, best[2], self._control)

    def baseline(self, rows: Any) -> Guess:
        ordered = sorted(self._answers[row] for row in rows)
        return Guess(ordered[len(ordered) // 2], 0.0, 1.0)

    def measure(self, rows: Any, guesses: Sequence[Guess]) -> list[Estimate]:
        import numpy as np

        errors = np.array([abs(self._answers[row] - guess.answer) for row, guess in zip(rows, guesses, strict=True)])
        return [estimate_ratio("closeness", *self.points(rows, guesses)), estimate_mean("mae", errors, self._seed)]

    def points(self, rows: Any, guesses: Sequence[Guess]) -> tuple[Any, Any]:
        """Closeness: 1 - error over the spread of all answers, not below 0."""
        spread = max(self._answers.values()) - min(self._answers.values()) or 1.0
        return [
            max(0.0, 1.0 - abs(self._answers[row] - guess.answer) / spread) for row, guess in zip(rows, guesses, strict=True)
        ], [1.0] * len(guesses)

    def items(self, row: int, guess: Guess) -> list[dict[str, Any]]:
        return [number_item(self._control, self._task_ids[row], guess.answer, guess.confidence)]

    def failed(self, row: int) -> str | None:
        return self._features.failed.get(row)


class _TrainedNumber:
    """A guess's confidence is the share of near guesses among the training rows with similar guesses, by models that did not see
    them; without cross-validation it is one half."""

    def __init__(self, features: Features, model: Any, answers: Any, unseen: Any, control: ControlPlan) -> None:
        import numpy as np

        self._features = features
        self._model = model
        low, high = np.percentile(answers, [5, 95])
        self._spread = float(high - low) or float(answers.max() - answers.min()) or 1.0
        self._is_whole = bool(np.all(answers == np.round(answers)))
        self._step = control.step
        ends = (float(answers.min()), float(answers.max()))
        self._ends = (
            ends[0] if control.minimum is None else max(control.minimum, ends[0]),
            ends[1] if control.maximum is None else min(control.maximum, ends[1]),
        )
        near = max(_NEAR_SHARE * self._spread, 0.5 if self._is_whole else 0.0)
        self._seen: tuple[Any, Any] | None = None
        if unseen is not None:
            order = np.argsort(unseen, kind="stable")
            self._seen = unseen[order], (np.abs(unseen - answers) <= near)[order]
        self.unseen = self._guesses(unseen) if unseen is not None else None

    def guess(self, rows: Any) -> list[Guess]:
        return self._guesses(self._model.predict(self._features.take(rows)))

    def _guesses(self, numbers: Any) -> list[Guess]:
        import numpy as np

        step = self._step or (1.0 if self._is_whole else 0.0)
        rounded = np.round(numbers / step) * step if step > 0 else np.round(numbers, _digits(self._spread))
        low, high = self._ends
        clipped = np.clip(rounded, low, max(low, high))
        confidences = [self._confidence(float(number)) for number in numbers]
        return [
            Guess(round(float(number), 10), confidence, 1 - confidence)
            for number, confidence in zip(clipped, confidences, strict=True)
        ]

    def _confidence(self, number: float) -> float:
        import numpy as np

        if self._seen is None:
            return 0.5
        guesses, near = self._seen
        reach = max(10, len(guesses) // 5)
        start = max(0, min(int(np.searchsorted(guesses, number)) - reach // 2, len(guesses) - reach))
        around = near[start : start + reach]
        return float((around.sum() + 1) / (len(around) + 2))


def _digits(spread: float) -> int:
    """Decimals that matter: a thousandth of the spread."""
    import math

    return max(0, 3 - math.floor(math.log10(spread)))


def _fit(candidate: Any, matrix: Any, answers: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return candidate().fit(matrix, answers)
