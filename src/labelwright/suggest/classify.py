"""Which of several labels, with a probability that means what it says."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from labelwright.suggest.features import Features

_FEW, _SOME = 300, 2_000
_LEAST = 1e-6


class Classifier:
    """Fitted on some rows of features; tells the probability of each class for any rows."""

    def __init__(self, features: Features, estimator: Any, n_classes: int, prior: Any, temperature: float) -> None:
        self._features = features
        self._estimator = estimator
        self._n_classes = n_classes
        self._prior = prior
        self.temperature = temperature

    def probabilities(self, rows: Any) -> Any:
        """(rows, classes), each row sums to 1."""
        raw = _spread_out(self._estimator, self._features, rows, self._n_classes, self._prior)
        return _at_temperature(raw, self.temperature)


def fit_classifier(
    features: Features, rows: Any, classes: Any, n_classes: int, seed: int, is_tuned: bool
) -> tuple[Classifier, Any]:
    """The classifier, and the probabilities that models which did not see a row gave it: (rows, classes), or None.

    rows, classes: indices of the training rows and their class, equally many. With `is_tuned` the best of the features' candidate
    estimators is chosen by cross-validation, and the probabilities are calibrated on it by one temperature (Guo et al. 2017, "On
    calibration of modern neural networks"); without, the first candidate is taken as it is.
    """
    import numpy as np

    prior = (np.bincount(classes, minlength=n_classes) + _LEAST) / (len(classes) + n_classes * _LEAST)
    candidates = features.classifiers(len(rows), seed)
    if len(np.unique(classes)) < 2:
        return Classifier(features, None, n_classes, prior, 1.0), None
    if not is_tuned:
        return Classifier(features, _fit(candidates[0], features.take(rows), classes), n_classes, prior, 1.0), None
    if len(rows) > _SOME:
        candidates = candidates[:1]
    folds = stratified_folds(classes, 5 if len(rows) <= _FEW else 3, seed)
    best: tuple[float, Any, Callable[[], Any], float] | None = None
    for candidate in candidates:
        unseen = np.zeros((len(rows), n_classes))
        for fold in np.unique(folds):
            inside, outside = folds != fold, folds == fold
            fold_prior = (np.bincount(classes[inside], minlength=n_classes) + _LEAST) / (inside.sum() + n_classes * _LEAST)
            one_class = len(np.unique(classes[inside])) < 2
            model = None if one_class else _fit(candidate, features.take(rows[inside]), classes[inside])
            unseen[outside] = _spread_out(model, features, rows[outside], n_classes, fold_prior)
        temperature = _best_temperature(unseen, classes)
        calibrated = _at_temperature(unseen, temperature)
        loss = -float(np.log(calibrated[np.arange(len(rows)), classes]).mean())
        if best is None or loss < best[0]:
            best = loss, calibrated, candidate, temperature
    assert best is not None
    _, calibrated, candidate, temperature = best
    model = _fit(candidate, features.take(rows), classes)
    return Classifier(features, model, n_classes, prior, temperature), calibrated


def stratified_folds(classes: Any, n_folds: int, seed: int) -> Any:
    """The fold of each row: of each class, every fold gets as many as the others or one more. Classes may be rarer than folds."""
    import numpy as np

    generator = np.random.default_rng(seed)
    folds = np.zeros(len(classes), dtype=int)
    shuffled = generator.permutation(len(classes))
    ordered = shuffled[np.argsort(classes[shuffled], kind="stable")]
    folds[ordered] = np.arange(len(classes)) % max(2, min(n_folds, len(classes)))
    return folds


def margins(probabilities: Any) -> Any:
    """How unsure a row of probabilities is, in [0, 1]: 1 - (the best - the second)."""
    import numpy as np

    if probabilities.shape[1] < 2:
        return np.zeros(len(probabilities))
    top = np.partition(probabilities, -2, axis=1)[:, -2:]
    return 1.0 - (top[:, 1] - top[:, 0])


def _fit(candidate: Callable[[], Any], matrix: Any, classes: Any) -> Any:
    with warnings.catch_warnings():
        # not converged to the last digit is good enough, and said nowhere
        warnings.simplefilter("ignore")
        return candidate().fit(matrix, classes)


def _spread_out(estimator: Any, features: Features, rows: Any, n_classes: int, prior: Any) -> Any:
    """Probabilities of all classes; those that the estimator never saw get next to nothing. Without estimator: the prior."""
    import numpy as np

    if estimator is None:
        return np.tile(prior, (len(rows), 1))
    every = np.full((len(rows), n_classes), _LEAST)
    for start in range(0, len(rows), 5_000):
        part = rows[start : start + 5_000]
        every[start : start + len(part), estimator.classes_] = estimator.predict_proba(features.take(part))
    every = np.clip(every, _LEAST, None)
    return every / every.sum(axis=1, keepdims=True)


def _at_temperature(probabilities: Any, temperature: float) -> Any:
    import numpy as np

    logs = np.log(np.clip(probabilities, _LEAST, None)) / temperature
    raised = np.exp(logs - logs.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def _best_temperature(probabilities: Any, classes: Any) -> float:
    """The one under which the true classes are likeliest, held near 1 as long as there are few of them."""
    import numpy as np

    right = np.arange(len(classes)), classes
    best = (np.inf, 1.0)
    for log_temperature in np.linspace(-2.5, 2.5, 51):
        temperature = float(np.exp(log_temperature))
        loss = -np.log(_at_temperature(probabilities, temperature)[right]).sum() + 0.5 * log_temperature**2
        best = min(best, (float(loss), temperature))
    return best[1]


def positive_rates(flags: Sequence[Sequence[bool]]) -> list[float]:
    """Share of rows in which each flag is set."""
    return [sum(column) / max(1, len(column)) for column in zip(*flags, strict=True)]
