"""How good predictions are, for any config."""

from __future__ import annotations

import doctest
import random
from typing import Any

import pytest

from labelwright.quality import (
    evaluate,
    intervals,
    prediction_score,
    ratio_interval,
    suggestion_difference,
    text_distance,
    wilson,
)

CONFIG = """<View><Text name="t" value="$t"/><Image name="i" value="$i"/>
<Choices name="one" toName="t"><Choice value="A"/><Choice value="B"/></Choices>
<Choices name="many" toName="t" choice="multiple"><Choice value="A"/><Choice value="B"/><Choice value="C"/></Choices>
<Labels name="spans" toName="t"><Label value="X"/><Label value="Y"/></Labels>
<RectangleLabels name="boxes" toName="i"><Label value="X"/><Label value="Y"/></RectangleLabels>
<Number name="number" toName="t"/><Rating name="rating" toName="t"/><TextArea name="note" toName="t"/>
<Taxonomy name="tree" toName="t"><Choice value="A"><Choice value="a"/></Choice></Taxonomy></View>"""


def item(control: str, kind: str, target: str = "t", **value: Any) -> dict[str, Any]:
    return {"from_name": control, "to_name": target, "type": kind, "value": value}


def span(start: int, end: int, label: str = "X") -> dict[str, Any]:
    return item("spans", "labels", start=start, end=end, text="", labels=[label])


def box(x: float, label: str = "X") -> dict[str, Any]:
    return item("boxes", "rectanglelabels", "i", x=x, y=0, width=10, height=10, rotation=0, rectanglelabels=[label])


@pytest.mark.parametrize(
    ("pairs", "metric", "value"),
    [
        ([([item("one", "choices", choices=["A"])], [item("one", "choices", choices=["A"])])] * 3, "accuracy", 1.0),
        ([([item("one", "choices", choices=["A"])], []), ([], [])], "accuracy", 0.0),
        ([([item("many", "choices", choices=["A", "B"])], [item("many", "choices", choices=["B", "C"])])], "micro_f1", 0.5),
        ([([span(0, 4), span(6, 9)], [span(0, 4), span(6, 10)])], "span_f1", 0.5),
        ([([span(0, 4, "Y")], [span(0, 4, "X")])], "span_f1", 0.0),
        ([([box(0), box(40)], [box(1), box(47)])], "region_f1", 0.5),
        ([([box(0, "Y")], [box(0)])], "region_f1", 0.0),
        ([([item("rating", "rating", rating=4)], [item("rating", "rating", rating=5)])], "accuracy", 0.0),
        (
            [
                ([item("number", "number", number=5)], [item("number", "number", number=0)]),
                ([item("number", "number", number=10)], [item("number", "number", number=10)]),
            ],
            "closeness",
            0.75,
        ),
        ([([item("note", "textarea", text=["abcd"])], [item("note", "textarea", text=["abxd"])])], "similarity", 0.75),
        (
            [([item("tree", "taxonomy", taxonomy=[["A", "a"]])], [item("tree", "taxonomy", taxonomy=[["A", "a"]])])],
            "micro_f1",
            1.0,
        ),
    ],
)
def test_each_kind_has_its_metric(pairs: list[Any], metric: str, value: float) -> None:
    score = evaluate(CONFIG, pairs)
    assert (score.metric, score.value) == (metric, pytest.approx(value))
    assert score.low <= score.value <= score.high


def test_controls_are_averaged() -> None:
    right = [item("one", "choices", choices=["A"]), item("rating", "rating", rating=3)]
    half = [item("one", "choices", choices=["B"]), item("rating", "rating", rating=3)]
    score = evaluate(CONFIG, [(half, right)] * 10)
    assert (score.metric, score.value, score.n) == ("mean", 0.5, 10)
    assert {each.control: each.value for each in score.controls} == {"one": 0.0, "rating": 1.0}


def test_without_pairs_nothing_is_known() -> None:
    score = evaluate(CONFIG, [])
    assert (score.value, score.low, score.high, score.n) == (0.0, 0.0, 1.0, 0)
    assert evaluate(CONFIG, [("x", None), ([], [{"from_name": "one"}])]).n == 0


def test_more_pairs_give_a_narrower_interval() -> None:
    right, wrong = [item("one", "choices", choices=["A"])], [item("one", "choices", choices=["B"])]
    few, many = (evaluate(CONFIG, [(right, right), (right, right), (right, right), (wrong, right)] * n) for n in (5, 100))
    assert few.value == many.value == 0.75
    assert few.high - few.low > 2 * (many.high - many.low)
    assert evaluate(CONFIG, [(right, right)] * 20).low < 0.9


def test_a_ratio_of_ones_is_a_share() -> None:
    value, interval = ratio_interval([([1.0] * 30 + [0.0] * 10, [1.0] * 40)])
    assert value == 0.75
    assert (interval.low, interval.high) == pytest.approx((wilson(0.75, 40).low, wilson(0.75, 40).high))


def test_intervals_hold_what_they_promise() -> None:
    """Of 400 samples of 60 tasks with 0 to 4 marks each, about 95 % of the intervals hold the true F1."""
    generator = random.Random(1)
    true_share = 0.7
    held = 0
    for _ in range(400):
        tops, bottoms = [], []
        for _ in range(60):
            marks = generator.randint(0, 4)
            tops.append(2.0 * sum(generator.random() < true_share for _ in range(marks)))
            bottoms.append(2.0 * marks)
        _, interval = ratio_interval([(tops, bottoms)])
        held += interval.low <= true_share <= interval.high
    assert 0.91 <= held / 400 <= 0.99


@pytest.mark.parametrize(("first", "second", "expected"), [("", "", 0.0), ("abc", "", 1.0), ("flaw", "lawn", 0.5)])
def test_text_distance(first: str, second: str, expected: float) -> None:
    assert text_distance(first, second) == expected == text_distance(second, first)


def test_long_texts_are_compared_too() -> None:
    long = "some words and more of them " * 2_000
    assert text_distance(long, long + "end") < 0.01
    assert text_distance(long, "x" * 50_000) == 1.0


@pytest.mark.parametrize("module", [intervals, prediction_score, suggestion_difference], ids=lambda module: module.__name__)
def test_examples(module: Any) -> None:
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
