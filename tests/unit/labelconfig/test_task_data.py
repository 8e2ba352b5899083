"""Task data, beyond what `test_oracle` compares."""

import pytest

from labelwright.labelconfig import UNDEFINED, TaskChecker, check_task_data, describe_item_error, name_undefined_field


def test_lists_of_labels_are_allowed_for_every_labels_control() -> None:
    # Label Studio forgot its newer ones
    assert check_task_data('<View><VectorLabels name="v" toName="i" value="$l"/></View>', {"l": [{"value": "a"}]}) is None


@pytest.mark.parametrize("data", [{"a.b": "flat"}, {"a": {"b": "nested"}}])
def test_a_path_may_be_nested_or_the_name_of_a_column(data: dict[str, object]) -> None:
    assert check_task_data('<View><Text name="t" value="$a.b"/></View>', data) is None


@pytest.mark.parametrize("data", [["text"], "text", 3])
def test_data_that_is_no_object_lacks_the_key(data: object) -> None:
    assert check_task_data('<View><Text name="t" value="$text"/></View>', data) == '"text" key is expected in task data'


def test_long_values_are_cut_in_messages() -> None:
    message = TaskChecker('<View><Image name="i" value="$i"/></View>').check({"i": {"x": "y" * 100_000}})
    assert message is not None
    assert len(message) < 2500
    assert len(describe_item_error(3, message, {"x": "y" * 100_000})) < 5000


def test_the_nameless_field_gets_the_key_of_the_config() -> None:
    assert name_undefined_field({UNDEFINED: "a", "b": 1}, "text") == {"b": 1, "text": "a"}
    data = {"b": 1}
    assert name_undefined_field(data, "text") is data
    assert name_undefined_field({UNDEFINED: "a"}, None) == {UNDEFINED: "a"}
