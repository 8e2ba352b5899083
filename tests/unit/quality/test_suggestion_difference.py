"""What a person changed about a suggestion."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from labelwright.quality import Difference, difference


def choices(*labels: Any, control: str = "c", **more: Any) -> dict[str, Any]:
    return {"from_name": control, "to_name": "t", "type": "choices", "value": {"choices": [*labels]}, **more}


def box(x: float, y: float, label: str, size: float = 10, **more: Any) -> dict[str, Any]:
    value = {"x": x, "y": y, "width": size, "height": size, "rotation": 0, "rectanglelabels": [label]}
    return {"from_name": "b", "to_name": "i", "type": "rectanglelabels", "value": value, **more}


def span(start: int, end: int, label: str, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": "x" * (end - start), "labels": [label]}
    return {"from_name": "l", "to_name": "t", "type": "labels", "value": value, **more}


def text(*lines: str) -> dict[str, Any]:
    return {"from_name": "x", "to_name": "t", "type": "textarea", "value": {"text": [*lines]}}


def relation(start: str, end: str, *labels: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": start, "to_id": end, "direction": "right", "labels": [*labels]}


def counts(found: Difference) -> tuple[int, int, int, int, int]:
    return found.edits, found.kept, found.changed, found.added, found.removed


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # edits, kept, changed, added, removed
        ([], [], (0, 0, 0, 0, 0)),
        ([choices("A")], [choices("A")], (0, 1, 0, 0, 0)),
        ([choices("A")], [choices("B")], (1, 0, 1, 0, 0)),
        ([choices("A")], [], (1, 0, 0, 0, 1)),
        ([], [choices("A", "B")], (2, 0, 0, 1, 0)),
        ([choices("A", "B")], [choices("B", "A")], (0, 1, 0, 0, 0)),
        ([choices("A", "B", "C")], [choices("A")], (2, 0, 1, 0, 0)),
        ([choices("A"), choices("X", control="d")], [choices("A"), choices("Y", control="d")], (1, 1, 1, 0, 0)),
        ([choices(["A", "a"])], [choices(["A", "b"])], (1, 0, 1, 0, 0)),
        ([text("good")], [text("good")], (0, 1, 0, 0, 0)),
        ([text("good")], [text("very good indeed")], (1, 0, 1, 0, 0)),
        ([text()], [], (0, 0, 0, 0, 0)),
        ([box(10, 10, "Car")], [box(10.01, 10, "Car")], (0, 1, 0, 0, 0)),
        ([box(10, 10, "Car")], [box(12, 10, "Car")], (1, 0, 1, 0, 0)),
        ([box(10, 10, "Car")], [box(12, 10, "Bus")], (2, 0, 1, 0, 0)),
        ([box(10, 10, "Car")], [box(50, 50, "Car")], (2, 0, 0, 1, 1)),
        ([box(10, 10, "Car", id="p")], [box(50, 50, "Car", id="p")], (1, 0, 1, 0, 0)),
        ([box(10, 10, "Car"), box(11, 10, "Bus")], [box(11, 10, "Bus"), box(10, 10, "Car")], (0, 2, 0, 0, 0)),
        ([span(0, 4, "PER")], [span(0, 4, "LOC")], (1, 0, 1, 0, 0)),
        ([span(0, 4, "PER")], [span(0, 5, "PER")], (1, 0, 1, 0, 0)),
        ([span(0, 4, "PER")], [span(0, 4, "PER"), span(9, 12, "LOC")], (1, 1, 0, 1, 0)),
        ([span(0, 4, "PER"), span(0, 4, "LOC")], [span(0, 4, "LOC")], (1, 1, 0, 0, 1)),
    ],
)
def test_counts(before: list[Any], after: list[Any], expected: tuple[int, ...]) -> None:
    found = difference(before, after)
    assert counts(found) == expected
    assert found.accepted == (expected[0] == 0)


def test_what_saving_adds_does_not_count() -> None:
    suggested = [box(10, 10, "Car", id="s1", score=0.9)]
    saved = copy.deepcopy(suggested)
    saved[0].pop("score")
    saved[0].update(id="other", origin="prediction", original_width=800, original_height=600, image_rotation=0)
    saved[0]["value"]["x"] = 10.0000001
    assert difference(suggested, saved).accepted


def test_answers_about_a_region_belong_to_it() -> None:
    def with_choice(region_id: str, label: str) -> list[dict[str, Any]]:
        return [box(10, 10, "Car", id=region_id), choices(label, control="colour", id=region_id)]

    assert difference(with_choice("a", "red"), with_choice("b", "red")) == Difference(
        accepted=True, edits=0, kept=1, changed=0, added=0, removed=0
    )
    assert counts(difference(with_choice("a", "red"), with_choice("b", "blue"))) == (1, 0, 1, 0, 0)


def test_relations_follow_their_regions() -> None:
    before = [box(0, 0, "A", id="p1"), box(50, 50, "B", id="p2"), relation("p1", "p2", "near")]
    same = [box(0, 0, "A", id="a1"), box(50, 50, "B", id="a2"), relation("a1", "a2", "near")]
    assert difference(before, same).accepted
    assert counts(difference(before, [*same[:2], relation("a1", "a2", "far")])) == (1, 2, 1, 0, 0)
    assert counts(difference(before, same[:2])) == (1, 2, 0, 0, 1)


def test_shape_and_label_in_two_items_are_one_region() -> None:
    def two_items(x: float, label: str) -> list[dict[str, Any]]:
        place = {"x": x, "y": 5, "width": 20, "height": 20, "rotation": 0}
        return [
            {"id": "r", "from_name": "r", "to_name": "i", "type": "rectangle", "value": place},
            {"id": "r", "from_name": "l", "to_name": "i", "type": "labels", "value": {**place, "labels": [label]}},
        ]

    assert counts(difference(two_items(5, "A"), two_items(5, "A"))) == (0, 1, 0, 0, 0)
    assert counts(difference(two_items(5, "A"), two_items(6, "B"))) == (2, 0, 1, 0, 0)


def test_controls_that_the_config_lost_do_not_count() -> None:
    config = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
    assert difference([choices("A"), choices("Z", control="gone")], [choices("A")], config).accepted
    assert not difference([choices("A"), choices("Z", control="gone")], [choices("A")]).accepted


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "x",
        {},
        [None, 3, "x", []],
        [{"from_name": 3}],
        [{"from_name": "c", "type": "choices", "value": None}],
        [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": [{"a": [1]}, None]}}],
        [{"from_name": "b", "to_name": "i", "type": "rectanglelabels", "value": {"x": None, "width": "wide", "height": [1]}}],
        [{"from_name": "p", "to_name": "i", "type": "polygonlabels", "value": {"points": [[1], None, [1, "2"]]}}],
        [{"from_name": "v", "to_name": "v", "type": "videorectangle", "value": {"sequence": [None]}}],
        [{"from_name": "l", "to_name": "t", "type": "labels", "value": {"start": 1e400, "end": {}}}],
        [{"from_name": "r", "to_name": "a", "type": "timelinelabels", "value": {"ranges": [[1]]}}],
        [{"type": "relation", "from_id": 3}],
    ],
)
def test_hostile_results_are_no_error(broken: Any) -> None:
    assert difference(broken, broken).accepted
    assert isinstance(difference(broken, [choices("A")]).edits, int)
    assert isinstance(difference([choices("A")], broken).edits, int)
