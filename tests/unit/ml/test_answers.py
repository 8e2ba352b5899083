"""What `predict` may give back."""

from __future__ import annotations

import doctest
import math
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from labelwright.ml import answers, brush, scaffold
from labelwright.ml.answers import ModelResponse, WrongAnswer, predictions_of
from labelwright.ml.app import encode

REGION = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}
ONE = {"result": [REGION], "score": 0.5}
KEPT = {**ONE, "model_version": "v1"}
NO_SCORE = {"result": [REGION], "model_version": "v1"}


class Pydantic:
    """As `PredictionValue` of Label Studio's SDK."""

    def model_dump(self) -> dict[str, Any]:
        return ONE


class Numpy:
    """A number of numpy, as far as we look at it."""

    def __init__(self, value: float) -> None:
        self.value = value

    def tolist(self) -> float:
        return self.value


@pytest.mark.parametrize(
    ("returned", "count", "expected"),
    [
        ([ONE, ONE], 2, [[KEPT], [KEPT]]),
        ((ONE, ONE), 2, [[KEPT], [KEPT]]),
        (iter([ONE, ONE]), 2, [[KEPT], [KEPT]]),
        ([ONE, None], 2, [[KEPT], []]),
        ([ONE, []], 2, [[KEPT], []]),
        ([ONE, {}], 2, [[KEPT], []]),
        ([[ONE, ONE], [ONE]], 2, [[KEPT, KEPT], [KEPT]]),
        ([[REGION], [REGION]], 2, [[NO_SCORE], [NO_SCORE]]),
        ([REGION], 1, [[NO_SCORE]]),
        ([ONE, ONE], 1, [[KEPT, KEPT]]),
        (ONE, 1, [[KEPT]]),
        (None, 2, [[], []]),
        ([], 2, [[], []]),
        ({"results": [ONE, ONE]}, 2, [[KEPT], [KEPT]]),
        ({"results": [ONE], "model_version": "v9"}, 1, [[{**ONE, "model_version": "v9"}]]),
        ({"predictions": [ONE, ONE]}, 2, [[KEPT], [KEPT]]),
        (ModelResponse([ONE, ONE], "v2"), 2, [[{**ONE, "model_version": "v2"}]] * 2),
        (ModelResponse([ONE]), 1, [[KEPT]]),
        (SimpleNamespace(predictions=[Pydantic()], model_version=None), 1, [[KEPT]]),
        ([Pydantic(), Pydantic()], 2, [[KEPT], [KEPT]]),
        ([{**ONE, "model_version": "own"}], 1, [[{**ONE, "model_version": "own"}]]),
        ([{"result": [REGION], "score": Numpy(0.25)}], 1, [[{"result": [REGION], "score": 0.25, "model_version": "v1"}]]),
        ([{"result": [REGION], "score": math.nan}], 1, [[NO_SCORE]]),
        ([ONE], 3, [[KEPT]]),
    ],
)
def test_what_is_understood(returned: Any, count: int, expected: Any) -> None:
    assert predictions_of(returned, count, "v1") == expected


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        ([ONE, ONE, ONE], "3 entries for 2 tasks"),
        ("Positive", "'Positive'"),
        (5, "5 (int)"),
        (["Positive", "Negative"], "entry 0 is 'Positive'"),
        ([ONE, {"score": 1}], "entry 1 has no 'result'"),
        ([{"result": "A"}, ONE], "the result of entry 0"),
    ],
)
def test_what_is_not_is_told(returned: Any, reason: str) -> None:
    with pytest.raises(WrongAnswer) as told:
        predictions_of(returned, 2, "v1")
    assert reason in str(told.value)


def test_numbers_of_other_libraries_go_into_json() -> None:
    assert encode({"x": Numpy(0.5), "nan": math.nan, 5: "five"}) == b'{"x":0.5,"nan":null,"5":"five"}'


@pytest.mark.parametrize("module", [answers, brush, scaffold])
def test_doctests(module: ModuleType) -> None:
    done = doctest.testmod(module)
    assert done.attempted > 0
    assert done.failed == 0
