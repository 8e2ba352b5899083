"""Each tag file is complete and true: its example is valid, its data and its result fit the example."""

import json
from pathlib import Path

import pytest

import labelwright.labelconfig
from labelwright.labelconfig import (
    TagSchema,
    check_result,
    check_task_data,
    lint_config,
    load_tags,
    parse_config,
    sample_result,
    sample_task,
    tag_schema,
)

FOLDER = Path(labelwright.labelconfig.__file__).parent / "tags"
EVERY_TAG = pytest.mark.parametrize("tag", load_tags().values(), ids=lambda tag: tag.name)
TYPES: dict[str, type | tuple[type, ...]] = {"string": str, "boolean": bool, "number": (int, float), "integer": int}


def test_there_are_all_tags_of_the_language() -> None:
    assert len(load_tags()) == 65


@EVERY_TAG
def test_file_is_named_for_its_tag(tag: TagSchema) -> None:
    assert json.loads((FOLDER / f"{tag.name.lower()}.json").read_text(encoding="utf-8"))["name"] == tag.name


@EVERY_TAG
def test_example_is_good_and_shows_the_tag(tag: TagSchema) -> None:
    assert lint_config(tag.example) == []
    assert tag.name in [node.tag for node in parse_config(tag.example).root.walk()]


@EVERY_TAG
def test_data_and_sample_task_fit_the_example(tag: TagSchema) -> None:
    assert check_task_data(tag.example, tag.data) is None
    assert check_task_data(tag.example, sample_task(tag.example)) is None
    assert set(sample_task(tag.example)) == set(tag.data)


@EVERY_TAG
def test_results_fit_the_example(tag: TagSchema) -> None:
    assert check_result(tag.example, list(tag.sample_result)) == []
    assert check_result(tag.example, sample_result(tag.example)) == []
    assert (tag.result is None) or tag.kind in ("control", "object") or tag.name == "Relations"


@EVERY_TAG
def test_tags_it_speaks_of_exist(tag: TagSchema) -> None:
    for name in (*tag.children, *tag.accepts):
        assert name == "*" or tag_schema(name) is not None
    assert tag.kind != "control" or tag.accepts


@EVERY_TAG
def test_attributes_are_described_and_their_defaults_fit(tag: TagSchema) -> None:
    for name, attribute in tag.attributes.items():
        assert attribute.doc.endswith("."), name
        assert (attribute.type == "enum") == bool(attribute.values), name
        if attribute.type == "enum":
            assert attribute.default is None or attribute.default in attribute.values, name
        elif attribute.default is not None and attribute.type in TYPES:
            assert isinstance(attribute.default, TYPES[attribute.type]), name
