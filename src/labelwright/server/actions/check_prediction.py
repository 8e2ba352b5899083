"""Whether what a model says fits the label config: the one place, for uploads, imports and connected models."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from msgspec import Struct

from labelwright.formats.shorthand import full_result
from labelwright.labelconfig import ResultChecker, parse_config, parsed_label_config


class NewPrediction(Struct, frozen=True, kw_only=True):
    """A prediction to be stored; `result` is the spelled-out list."""

    result: list[Any]
    score: float | None = None
    model_version: str = ""
    cluster: int | None = None
    neighbors: Any = None
    mislabeling: float = 0.0


class PredictionChecker:
    """Made once from a label config, for any number of predictions. A config that asks nothing takes everything."""

    def __init__(self, label_config: str) -> None:
        config = parse_config(label_config)
        self._parsed = parsed_label_config(config)
        self._checker = ResultChecker(config) if config.controls else None

    def spell_out(self, result: Any) -> list[Any]:
        """The full result list for any of the short forms. Raises ValueError with the reason if it is none."""
        return full_result(result, self._parsed)

    def misfits(self, result: list[Any]) -> list[str]:
        """What of a spelled-out result does not fit: `region 2: label "Cat" is not among Dog, Cow of control "animal"`."""
        return [problem.message for problem in self._checker.check(result)] if self._checker else []


@lru_cache(maxsize=64)
def checker_of(label_config: str) -> PredictionChecker:
    return PredictionChecker(label_config)


def check_prediction(label_config: str, given: Any, default_version: str = "") -> NewPrediction | list[str]:
    """A model's answer for one task, ready to be stored, or the reasons why it does not fit.

    given: `{"result": a list or a short form, "score"?: number, "model_version"?: text}`.
    """
    if not isinstance(given, dict):
        return [f"a prediction is an object with a result, not {_kind(given)}"]
    if "result" not in given:
        return ["it has no result"]
    checker = checker_of(label_config)
    try:
        result = checker.spell_out(given["result"])
    except ValueError as error:
        return [str(error)]
    reasons = checker.misfits(result)
    score, mislabeling = given.get("score"), given.get("mislabeling")
    reasons += [f"{name} {value!r} is not a number" for name, value in _numbers(given) if not is_number(value)]
    if reasons:
        return reasons
    version = given.get("model_version")
    return NewPrediction(
        result=result,
        score=to_number(score),
        model_version=default_version if version is None else str(version),
        cluster=to_whole(given.get("cluster")),
        neighbors=given.get("neighbors"),
        mislabeling=to_number(mislabeling) or 0.0,
    )


def _numbers(given: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, given[name]) for name in ("score", "mislabeling") if name in given]


def is_number(value: Any) -> bool:
    """Whether it is nothing, or a number that JSON can say (also as a text)."""
    if value is None or value == "":
        return True
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return False


def to_number(value: Any) -> float | None:
    return None if value is None or value == "" else float(value)


def to_whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31 else None


def _kind(value: Any) -> str:
    return {list: "a list", str: "a text", type(None): "nothing"}.get(type(value), f"{value!r}"[:60])
