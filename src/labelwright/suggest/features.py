"""The features of all tasks of a run, and which estimators suit them. Computed once, before any label is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from labelwright.labelconfig import resolve
from labelwright.suggest.images import image_features
from labelwright.suggest.plan import ControlPlan
from labelwright.suggest.tables import fields_of, table_features
from labelwright.suggest.texts import are_numbers, text_features, text_of

Tick = Callable[[int, int], None]
_BOOSTED_FROM = 60


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


class FeatureStore:
    """Features by what they are made from: controls that learn from the same objects share them."""

    def __init__(self, data: Sequence[Mapping[str, Any]], media: Mapping[str, str], cache: Path | None, seed: int) -> None:
        self._data = data
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
            texts = [text_of(data, control.values) for data in self._data]
            if not are_numbers(texts):
                failed = {index: "the task has no text" for index, each in enumerate(texts) if not any(map(str.strip, each))}
                return Features(text_features(texts, self._seed, tick), "texts", True, failed)
        fields = [fields_of(data) for data in self._data]
        failed = {index: "the task has no fields to learn from" for index, each in enumerate(fields) if not each}
        return Features(table_features(fields), "fields", False, failed)
