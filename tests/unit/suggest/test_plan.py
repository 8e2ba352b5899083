"""What of a config can be learned, and the words for what cannot."""

from __future__ import annotations

import doctest
from typing import Any

import pytest

from labelwright.labelconfig import load_templates
from labelwright.suggest import Plan, Unsupported, holdout, is_holdout, missing_packages, plan


def control(tag: str, more: str = "", inside: str = '<Choice value="A"/><Choice value="B"/>') -> str:
    return f'<{tag} name="c" toName="o" {more}>{inside}</{tag}>'


TEXT = '<Text name="o" value="$text"/>'
LABELS = '<Label value="A"/><Label value="B"/>'


@pytest.mark.parametrize(
    ("config", "answer", "source"),
    [
        (TEXT + control("Choices"), "one_label", "text"),
        (TEXT + control("Choices", 'choice="multiple"'), "many_labels", "text"),
        (TEXT + control("Rating"), "stars", "text"),
        (TEXT + control("Number"), "number", "text"),
        (TEXT + control("Labels", inside=LABELS), "spans", "text"),
        ('<HyperText name="o" value="$html"/>' + control("Choices"), "one_label", "text"),
        ('<Paragraphs name="o" value="$talk"/>' + control("Choices"), "one_label", "text"),
        ('<Image name="o" value="$photo"/>' + control("Choices"), "one_label", "image"),
        ('<Table name="o" value="$row"/>' + control("Number"), "number", "fields"),
    ],
)
def test_learned(config: str, answer: str, source: str) -> None:
    found = plan(f"<View>{config}</View>")
    assert isinstance(found, Plan)
    assert [(each.control, each.object, each.answer, each.source) for each in found.controls] == [("c", "o", answer, source)]
    assert found.image_values == (("$photo",) if source == "image" else ())


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('<Audio name="o" value="$audio"/>' + control("Choices"), "Audio is not learned yet"),
        ('<Image name="o" value="$photo"/>' + control("RectangleLabels", inside=LABELS), "RectangleLabels is not learned yet"),
        ('<HyperText name="o" value="$html"/>' + control("Labels", inside=LABELS), "marks on HyperText are not learned yet"),
        (TEXT + control("TextArea", inside=""), "TextArea is not learned yet"),
        (TEXT + control("Choices", 'perRegion="true"'), "asked per region"),
        (TEXT + control("Choices", 'value="$options"', ""), "labels come from each task"),
        (TEXT + control("Choices", inside='<Choice value="A"/>'), "too few labels"),
        ('<Text name="o" value="$url" valueType="url"/>' + control("Choices"), "behind an address"),
        ('<Text name="o" value="Always this"/>' + control("Choices"), "shows the same in every task"),
        ('<Image name="o" valueList="$pages"/>' + control("Choices"), "several pages"),
        (control("Choices"), "points to nothing"),
        (TEXT, "asks nothing yet"),
        ("<View", "asks nothing yet"),
        ("", "asks nothing yet"),
    ],
)
def test_not_learned_in_words(config: str, words: str) -> None:
    found = plan(f"<View>{config}</View>" if config != "<View" else config)
    assert isinstance(found, Unsupported)
    assert words in found.reason


def test_every_template_is_learned_or_told_why() -> None:
    outcomes = {template.id: plan(template.config) for template in load_templates()}
    assert len(outcomes) > 20
    assert all(found.reason if isinstance(found, Unsupported) else found.controls for found in outcomes.values())
    assert any(isinstance(found, Plan) for found in outcomes.values())


def test_holdout_is_stable_and_grows() -> None:
    kept: dict[int, Any] = {
        share: {task_id for task_id in range(5_000) if is_holdout(task_id, share)} for share in (0, 10, 20, 100)
    }
    assert not kept[0]
    assert kept[10] < kept[20] < kept[100]
    assert 0.18 < len(kept[20]) / 5_000 < 0.22
    assert sorted(kept[20])[:5] == [5, 8, 23, 24, 28]


def test_the_packages_are_there() -> None:
    assert missing_packages() == []


@pytest.mark.parametrize("module", [holdout])
def test_examples(module: Any) -> None:
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
