"""What the project tells about its config, beyond what `test_oracle` compares."""

import pytest

from labelwright.labelconfig import (
    config_has_control_tags,
    control_weights,
    data_types,
    first_data_key,
    is_suitable_for_bulk_annotation,
    parsed_label_config,
)

CHOICES = (
    '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="a"/><Choice value="b"/></Choices></View>'
)


def test_weights_start_at_one_and_keep_what_was_set() -> None:
    assert control_weights(CHOICES) == {"c": {"overall": 1.0, "type": "Choices", "labels": {"a": 1.0, "b": 1.0}}}
    old = {"c": {"overall": 0.5, "type": "Choices", "labels": {"a": 0.0}}, "gone": {"overall": 2}}
    assert control_weights(CHOICES, old) == {"c": {"overall": 0.5, "type": "Choices", "labels": {"a": 0.0, "b": 1.0}}}


@pytest.mark.parametrize(("config", "answer"), [("<View/>", False), (CHOICES, True), ("<View", False)])
def test_has_control_tags(config: str, answer: bool) -> None:
    assert config_has_control_tags(config) is answer


@pytest.mark.parametrize(
    ("inside", "key"),
    [
        ('<Text name="a" value="$a"/><Text name="b" value="$b"/>', "a"),
        ('<Image name="i" valueList="$pages"/>', "pages"),
        ('<Text name="a" value="fixed"/>', None),
        ('<Text name="a" value="see https://x/$b/y"/>', "b"),
    ],
)
def test_first_data_key(inside: str, key: str | None) -> None:
    assert first_data_key(f"<View>{inside}</View>") == key


def test_several_fields_in_one_value_count_as_the_first() -> None:
    # Label Studio would look for a field called "a and $b"
    assert data_types('<View><Text name="t" value="$a and $b"/></View>') == {"a": "Text"}


def test_default_index_flag_is_named() -> None:
    inside = '<Text name="t_{{idx}}" value="$u[{{idx}}]"/><Rating name="r_{{idx}}" toName="t_{{idx}}"/>'
    assert parsed_label_config(f'<View><Repeater on="$u">{inside}</Repeater></View>')["r_{{idx}}"]["regex"] == {"{{idx}}": ".*"}


@pytest.mark.parametrize("tag", ["TimelineLabels", "VectorLabels", "BitmaskLabels", "OcrLabels"])
def test_no_region_control_suits_bulk_annotation(tag: str) -> None:
    assert is_suitable_for_bulk_annotation(f'<View><{tag} name="c" toName="i"/></View>') is False
