"""What a `predict` gave back, in whatever manner its author writes it, as the list that goes over the wire."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

Prediction = dict[str, Any]
"""`{"result": [region, …]}`, with `score` and `model_version` where known."""


class WrongAnswer(Exception):
    """The answer of `predict` is none that the protocol has."""


class ModelResponse:
    """Predictions with the version that made them, as backends for Label Studio return them: one entry per task."""

    def __init__(self, predictions: Iterable[Any] = (), model_version: str | None = None) -> None:
        self.predictions = list(predictions)
        self.model_version = model_version

    def has_model_version(self) -> bool:
        return self.model_version is not None

    def set_version(self, version: str) -> None:
        self.model_version = version

    def model_dump(self) -> dict[str, Any]:
        return {"predictions": [plain(item) for item in self.predictions], "model_version": self.model_version}


def predictions_of(returned: Any, task_count: int, model_version: str) -> list[list[Prediction]]:
    """A list of predictions for each task; an empty one where the model says nothing.

    `returned` may be None, a list with one entry per task, `{"results": …}`, `{"predictions": …}` or a ModelResponse. An entry is
    a prediction, a list of predictions, a list of regions, or None. One entry for several tasks is left as it is: the server
    then asks for each alone. WrongAnswer for everything else.

    >>> predictions_of([{"result": [], "score": 0.5}, None], 2, "v1")
    [[{'result': [], 'score': 0.5, 'model_version': 'v1'}], []]
    """
    returned, version = _unwrapped(returned)
    if returned is None:
        return [[] for _ in range(task_count)]
    if isinstance(returned, Mapping):
        returned = [returned]
    if isinstance(returned, str | bytes) or not isinstance(returned, Iterable):
        raise WrongAnswer(f"predict gave back {_kind(returned)}; it should give a list with one entry per task")
    entries = [plain(entry) for entry in returned]
    if not entries:
        return [[] for _ in range(task_count)]
    if task_count == 1 and (len(entries) > 1 or _is_region(entries[0])):
        entries = [entries]
    if len(entries) != task_count and len(entries) != 1:
        raise WrongAnswer(
            f"predict gave {len(entries)} entries for {task_count} tasks; it should give one for each, in their order"
        )
    return [_entry(entry, f"entry {index}", version or model_version) for index, entry in enumerate(entries)]


def _unwrapped(returned: Any) -> tuple[Any, str | None]:
    version: Any = None
    while True:
        if hasattr(returned, "predictions"):
            version = version or getattr(returned, "model_version", None)
            returned = returned.predictions
            continue
        returned = plain(returned)
        key = next((key for key in ("results", "predictions") if isinstance(returned, Mapping) and key in returned), None)
        if key is None:
            return returned, None if version is None else str(version)
        version = version or returned.get("model_version")
        returned = returned[key]


def _entry(entry: Any, place: str, version: str) -> list[Prediction]:
    if entry is None:
        return []
    if isinstance(entry, Mapping):
        if not entry:
            return []
        return [_prediction(entry, place, version)]
    if not isinstance(entry, list | tuple):
        raise WrongAnswer(f"{place} is {_kind(entry)}; it should be a prediction: {{'result': […], 'score': …}}")
    items = [plain(item) for item in entry]
    if items and all(_is_region(item) for item in items):
        return [_prediction({"result": items}, place, version)]
    return [_prediction(item, f"{place}, prediction {index}", version) for index, item in enumerate(items)]


def _prediction(item: Any, place: str, version: str) -> Prediction:
    if not isinstance(item, Mapping) or "result" not in item:
        raise WrongAnswer(f"{place} has no 'result'; a prediction is {{'result': […], 'score': …}}")
    result = item["result"]
    if not isinstance(result, list | tuple):
        raise WrongAnswer(f"the result of {place} is {_kind(result)}; it should be a list of regions")
    prediction = {**item, "result": [plain(region) for region in result]}
    prediction["model_version"] = str(item.get("model_version") or version)
    score = plain(item.get("score"))
    if score is None or (isinstance(score, float) and not math.isfinite(score)):
        prediction.pop("score", None)
    else:
        prediction["score"] = score
    return prediction


def _is_region(item: Any) -> bool:
    return isinstance(item, Mapping) and "result" not in item and ("value" in item or item.get("type") == "relation")


def plain(value: Any) -> Any:
    """Objects of other libraries as JSON has them: pydantic models as dicts, numpy arrays as lists, numpy numbers as numbers."""
    if value is None or isinstance(value, str | int | float | dict | list):
        return value
    for method in ("model_dump", "tolist", "_asdict"):
        if callable(getattr(value, method, None)) and not isinstance(value, type):
            return getattr(value, method)()
    return value


def _kind(value: Any) -> str:
    return f"{value!r:.60} ({type(value).__name__})"
