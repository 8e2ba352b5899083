"""The features of all tasks of a run, and which estimators suit them. Computed once, before any label is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from labelwright.labelconfig import resolve
from labelwright.suggest.images import image_features
from labelwright.suggest.plan import ControlPlan
from labelwright.suggest.tables import fields_of, table_features
from labelwright.suggest.texts import TextFeatures, are_numbers, text_of

Tick = Callable[[int, int], None]
_BOOSTED_FROM = 60
MOST_KEPT = 20_000
"""Tasks whose features are fitted on and kept in memory; those of others are made when needed."""


class Features:
    """A matrix, a row per task."""

    def __init__(self, matrix: Any, words: str, is_sparse: bool, failed: Mapping[int, str]) -> None:
        self._matrix = matrix
        self.words = words
        """What it is, for people."""
        self.failed = failed
        """Tasks without features, by index, and why."""
        self._is_sparse = is_sparse

    def take(self, rows: Any) -> Any:
        """The features of these rows; rows is an array of indices."""
        return self._matrix[rows]

    def classifiers(self, n_rows: int, seed: int) -> list[Callable[[], Any]]:
        """Estimators with `predict_proba`, the usually best one first."""
        from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        def linear(strength: float) -> Callable[[], Any]:
            if self._is_sparse:
                return lambda: LogisticRegression(C=strength, max_iter=200, tol=1e-3)
            return lambda: make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=200, tol=1e-3))

        if self._is_sparse:
            return [linear(strength) for strength in (50.0, 10.0, 200.0)]
        if self.words == "pictures":
            return [linear(strength) for strength in (0.003, 0.03, 0.0003)]
        trees = [lambda: ExtraTreesClassifier(100, min_samples_leaf=2, random_state=seed)]
        boosted = [lambda: HistGradientBoostingClassifier(max_iter=100, min_samples_leaf=5, random_state=seed)]
        return [*trees, linear(1.0), *(boosted if n_rows >= _BOOSTED_FROM else [])]

    def regressors(self, n_rows: int, seed: int) -> list[Callable[[], Any]]:
        """Estimators of numbers, the usually best one first."""
        from sklearn.ensemble import ExtraTreesRegressor
        from sklearn.linear_model import Ridge
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        def linear(strength: float) -> Callable[[], Any]:
            if self._is_sparse:
                return lambda: Ridge(alpha=strength, solver="sparse_cg", random_state=seed)
            return lambda: make_pipeline(StandardScaler(), Ridge(alpha=strength))

        if self._is_sparse:
            return [linear(strength) for strength in (1.0, 0.1)]
        if self.words == "pictures":
            return [linear(strength) for strength in (300.0, 3000.0)]
        return [lambda: ExtraTreesRegressor(100, min_samples_leaf=2, random_state=seed), linear(1.0)]


class _Lazy:
    """A matrix of which some rows are kept and the others are made when they are asked for: suggestions for 100,000 tasks go
    through the memory of a few hundred."""

    def __init__(self, matrix: Any, places: Any, make: Callable[[Any], Any]) -> None:
        """places: by row, where it is in the matrix, or -1."""
        self._matrix = matrix
        self._places = places
        self._make = make
        self._last: tuple[bytes, Any] | None = None

    def __getitem__(self, rows: Any) -> Any:
        places = self._places[rows]
        if (places >= 0).all():
            return self._matrix[places]
        # several classifiers ask for the same rows one after the other
        key = rows.tobytes()
        if self._last is None or self._last[0] != key:
            self._last = key, self._make(rows)
        return self._last[1]


class FeatureStore:
    """Features by what they are made from: controls that learn from the same objects share them."""

    def __init__(
        self,
        data: Sequence[Mapping[str, Any]],
        media: Mapping[str, str],
        cache: Path | None,
        seed: int,
        n_answered: int = 0,
    ) -> None:
        """The first `n_answered` tasks have answers."""
        self._data = data
        self._n_answered = n_answered
        self._media = media
        self._cache = cache
        self._seed = seed
        self._made: dict[Any, Features] = {}

    def of(self, control: ControlPlan, tick: Tick) -> Features:
        key = (control.source, control.values)
        if key not in self._made:
            self._made[key] = self._make(control, tick)
        return self._made[key]

    def _make(self, control: ControlPlan, tick: Tick) -> Features:
        if control.source == "image":
            addresses = [resolve(control.values[0][1], data) for data in self._data]
            matrix, failed = image_features(addresses, self._media, self._cache, tick)
            return Features(matrix, "pictures", False, failed)
        if control.source == "text":
            found = self._texts(control, tick)
            if found is not None:
                return found
        fields = [fields_of(data) for data in self._data]
        failed = {index: "the task has no fields to learn from" for index, each in enumerate(fields) if not each}
        return Features(table_features(fields), "fields", False, failed)

    def _texts(self, control: ControlPlan, tick: Tick) -> Features | None:
        """Fitted on the answered tasks and a sample of the others; None if the texts are numbers."""
        import numpy as np

        n = len(self._data)
        kept = np.arange(n)
        if n > MOST_KEPT:
            generator = np.random.default_rng(self._seed)
            n_others = max(MOST_KEPT // 4, MOST_KEPT - self._n_answered)
            others = generator.choice(np.arange(self._n_answered, n), min(n_others, n - self._n_answered), replace=False)
            kept = np.concatenate([np.arange(self._n_answered), np.sort(others)])

        def read(rows: Any) -> list[list[str]]:
            return [text_of(self._data[row], control.values) for row in rows.tolist()]

        texts = read(kept)
        if are_numbers(texts):
            return None
        fitted = TextFeatures(texts, self._seed, tick)
        places = np.full(n, -1)
        places[kept] = np.arange(len(kept))
        failed = {
            row: "the task has no text"
            for row, data in enumerate(self._data)
            if not any(text.strip() for text in text_of(data, control.values))
        }
        return Features(_Lazy(fitted.matrix, places, lambda rows: fitted.transform(read(rows))), "texts", True, failed)
