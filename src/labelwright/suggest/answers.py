"""From results to what a learner learns, and back to results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from labelwright.suggest.plan import ControlPlan

Path = tuple[str, ...]


def read_choice(control: ControlPlan, result: Any) -> Path | None:
    """The first label chosen, as a path; None if none was."""
    return next(_chosen(control, result), None)


def read_choices(control: ControlPlan, result: Any) -> frozenset[Path]:
    """All labels chosen, as paths."""
    return frozenset(_chosen(control, result))


def read_number(control: ControlPlan, result: Any) -> float | None:
    """The number or the stars given; None if there are none, or no number."""
    key = control.tag.lower()
    for item in _items(control, result):
        value = item["value"].get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    return None


def read_spans(control: ControlPlan, result: Any) -> list[dict[str, Any]]:
    """Values of the spans of a text: `{start, end, labels, text?}`, with offsets in whatever the annotator's tool counts."""
    return [
        item["value"]
        for item in _items(control, result)
        if _is_offset(item["value"].get("start")) and _is_offset(item["value"].get("end")) and _labels(item["value"])
    ]


def choice_item(control: ControlPlan, task_id: int, labels: Sequence[Path], score: float) -> dict[str, Any]:
    """The item of a result that says these labels."""
    choices = [list(path) if control.is_nested else path[-1] for path in labels]
    return _item(control, f"{task_id}:{control.control}", "choices", {"choices": choices}, score)


def number_item(control: ControlPlan, task_id: int, number: float, score: float) -> dict[str, Any]:
    """The item of a result that says a number or stars; whole numbers are written as such."""
    kind = control.tag.lower()
    value = int(number) if float(number).is_integer() else number
    return _item(control, f"{task_id}:{control.control}", kind, {kind: value}, score)


def span_item(
    control: ControlPlan, task_id: int, start_utf16: int, end_utf16: int, text: str, label: str, score: float
) -> dict[str, Any]:
    """The item of a result that marks a part of a text."""
    value = {"start": start_utf16, "end": end_utf16, "text": text, "labels": [label]}
    return _item(control, f"{task_id}:{control.control}:{start_utf16}:{end_utf16}:{label}", "labels", value, score)


def _item(control: ControlPlan, key: str, kind: str, value: Mapping[str, Any], score: float) -> dict[str, Any]:
    # the same suggestion has the same region id in every run
    region_id = blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return {
        "id": f"s{region_id[:9]}",
        "from_name": control.control,
        "to_name": control.object,
        "type": kind,
        "value": value,
        "score": round(score, 4),
    }


def _items(control: ControlPlan, result: Any) -> Iterator[Mapping[str, Any]]:
    for item in result if isinstance(result, list) else ():
        if isinstance(item, dict) and item.get("from_name") == control.control and isinstance(item.get("value"), dict):
            yield item


def _chosen(control: ControlPlan, result: Any) -> Iterator[Path]:
    """Labels that the config has (others belong to a former config, and could not be shown)."""
    last = {path[-1]: path for path in reversed(control.labels)}
    known = set(control.labels)
    for item in _items(control, result):
        given = item["value"].get("choices")
        for choice in given if isinstance(given, list) else ():
            if isinstance(choice, list) and choice and all(isinstance(step, str) for step in choice):
                path = tuple(choice)
                if not control.is_nested:
                    path = path[-1:]
                if path in known:
                    yield path
            elif isinstance(choice, str) and choice in last:
                yield last[choice]


def _labels(value: Mapping[str, Any]) -> bool:
    labels = value.get("labels")
    return isinstance(labels, list) and bool(labels) and isinstance(labels[0], str)


def _is_offset(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
