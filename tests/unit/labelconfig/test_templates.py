"""Templates are good configs, fit their data, and are found for it."""

import pytest

from labelwright.labelconfig import (
    GROUPS,
    Template,
    check_task_data,
    data_types,
    fitted_config,
    lint_config,
    load_templates,
    sample_task,
    suggest_templates,
    template_named,
)
from labelwright.labelconfig.suggest import kind_of

EVERY_TEMPLATE = pytest.mark.parametrize("template", load_templates(), ids=lambda template: template.id)


def test_there_are_all_of_them() -> None:
    assert len(load_templates()) == len({template.id for template in load_templates()}) == 69
    assert {template.group for template in load_templates()} == set(GROUPS)
    assert template_named("nothing") is None


@EVERY_TEMPLATE
def test_template_is_good(template: Template) -> None:
    assert lint_config(template.config) == []
    assert check_task_data(template.config, template.data) is None
    assert set(sample_task(template.config)) == set(template.data)
    assert template.description.endswith(".")


@EVERY_TEMPLATE
def test_template_is_suggested_for_its_own_data(template: Template) -> None:
    assert template.id in suggest_templates(list(template.data), [template.data])


@pytest.mark.parametrize(
    ("row", "first"),
    [
        ({"id": 7, "review": "The room was clean."}, "text-classification"),
        ({"image_url": "https://example.com/cat.jpg?size=2"}, "image-classification"),
        ({"photo": "https://example.com/1234"}, "image-classification"),
        ({"call": "s3://bucket/call.mp3", "agent": "Ann"}, "automatic-speech-recognition"),
        ({"clip": "/data/upload/1/a.mp4"}, "video-classification"),
        ({"text": "Ada lived in London.", "question": "Where did Ada live?"}, "question-answering"),
        ({"prompt": "Name a bird.", "answer1": "A robin.", "answer2": "A cat is no bird."}, "human-feedback-collection"),
        ({"chat": [{"role": "user", "content": "hi"}]}, "chatbot"),
        ({"pages": ["a.png", "b.png"]}, "multipage-documents"),
        ({"page": "<p>hello</p>"}, "html-entity-recognition"),
        ({"doc": "report.pdf"}, "pdf-classification"),
        ({"rec": {"a": 1, "b": "x"}}, "tabular-data"),
        ({"ts": {"time": [1, 2], "x": [3, 4]}}, "activity-recognition"),
    ],
)
def test_first_suggestion(row: dict[str, object], first: str) -> None:
    suggestions = suggest_templates(list(row), [row])
    assert suggestions[0] == first


@pytest.mark.parametrize("rows", [[], [{}], [{"a": None}], [{"a": ""}], [{"a": []}]])
def test_nothing_to_go_by(rows: list[dict[str, object]]) -> None:
    assert suggest_templates(["a"], rows) == []


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (3, "number"),
        (True, None),
        ({}, None),
        ([1, 2], None),
        ("word", "word"),
        ("data.csv", "series"),
        ("see a.jpg there", "text"),
        ([{"q": 1}], None),
    ],
)
def test_kind_of(value: object, kind: str | None) -> None:
    assert kind_of(value) == kind


def test_fields_are_renamed_to_the_columns() -> None:
    template = template_named("visual-question-answering")
    assert template is not None
    config = fitted_config(template, ["img", "question"], [{"img": "a.png", "question": "How many?"}])
    assert data_types(config) == {"img": "Image", "question": "Text"}
    assert fitted_config(template, ["x"], [{"x": 1}]) == template.config
