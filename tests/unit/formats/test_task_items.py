import pytest

from labelwright.formats.rows import Bad
from labelwright.formats.shorthand import NoControlFor, full_result, predictions_from_fields
from labelwright.formats.task_items import check_data, error_entry, import_items

CONFIG = {
    "mood": {"type": "Choices", "to_name": ["a", "b"]},
    "stars": {"type": "Rating", "to_name": ["a"]},
    "note": {"type": "TextArea", "to_name": ["a"]},
    "box": {"type": "RectangleLabels", "to_name": ["i"]},
}


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (None, "Task is empty (None)"),
        ("text", 'Task root must be dict with "data", "meta", "annotations", "predictions" fields'),
        ({"data": None}, "Task is empty (None)"),
        ({"data": "text"}, "Task[data] must be dict"),
        ({"data": {}, "annotations": {}}, "Task[annotations] must be list"),
        ({"data": {}, "predictions": None}, "Task[predictions] must be list"),
        ({"data": {}, "meta": 1}, "Task[meta] must be dict or list"),
        ({"data": {}, "annotations": [{"completed_by": 1}]}, 'Annotation must have "result" fields'),
        ({"data": {}, "annotations": [5]}, 'Annotation must have "result" fields'),
        ({"data": {}, "annotations": [{"result": {}}]}, '"result" field in annotation must be list'),
        ({"data": {}, "predictions": [{"score": 1}]}, 'Prediction must have "result" fields'),
    ],
)
def test_bad_items_say_why_and_spoil_no_others(item, reason):
    bad, good = import_items([item, {"text": "fine"}])
    assert bad == Bad(index=0, place="row 1", reason=reason, item=item)
    assert (good.data, good.is_wrapped) == ({"text": "fine"}, True)


def test_one_object_is_one_item():
    assert [row.data for row in import_items({"data": {"text": "a"}})] == [{"text": "a"}]


@pytest.mark.parametrize(
    ("data", "types", "reason"),
    [
        ({"text": "a", "more": 1}, {"text": "Text"}, None),
        ({"$undefined$": "a"}, {"text": "Text"}, None),
        ({}, {}, None),
        ({"nope": 1}, {"text": "Text"}, '"text" key is expected in task data'),
        ({"a": {"b": "x"}}, {"a.b": "Text"}, None),
        ({"a": "x"}, {"a.b": "Text"}, '"a.b" key is expected in task data'),
        ({"items": []}, {"items[{{idx}}].x": "Text"}, None),
        (
            {"items": {}},
            {"items[{{idx}}].x": "Text"},
            "data['items']={} is of type 'dict', but the object tag Text expects the following types: ['list']",
        ),
        (
            {"text": {}},
            {"text": "Text"},
            "data['text']={} is of type 'dict', but the object tag Text expects the following types: ['str', 'int', 'float', 'list']",  # noqa: E501 (the message is quoted whole)
        ),
        ({"a": 1}, {"a": "Audio"}, "data['a']=1 is of type 'int', but the object tag Audio expects the following types: ['str']"),
        ({"t": None}, {"t": "Taxonomy"}, None),
    ],
)
def test_data_is_held_against_the_config(data, types, reason):
    suffix = ' [assume: item["data"] = task root with values]'
    assert check_data(data, types, is_wrapped=False) == (reason and reason + suffix)


def test_errors_are_spelled_as_clients_know_them():
    reason = check_data({"nope": 1}, {"text": "Text"}, is_wrapped=True)
    assert error_entry(Bad(index=1, place="row 2", reason=reason, item={"nope": 1})) == (
        "Error at item 1: \"text\" key is expected in task data [assume: item as is = task root with values]  :: {'nope': 1}"
    )


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        ([{"any": 1}], [{"any": 1}]),
        ({"choices": ["a"]}, [{"from_name": "mood", "to_name": "a,b", "type": "choices", "value": {"choices": ["a"]}}]),
        (
            {"rectanglelabels": ["x"], "x": 1},
            [{"from_name": "box", "to_name": "i", "type": "rectanglelabels", "value": {"rectanglelabels": ["x"], "x": 1}}],
        ),
        ("Bad", [{"from_name": "mood", "to_name": "a,b", "type": "choices", "value": {"choices": ["Bad"]}}]),
        (4, [{"from_name": "stars", "to_name": "a", "type": "rating", "value": {"rating": 4}}]),
    ],
)
def test_short_predictions(short, expected):
    assert full_result(short, CONFIG) == expected


@pytest.mark.parametrize(
    ("short", "kind"),
    [
        ({"number": 1}, NoControlFor),
        (1.5, NoControlFor),
        ([1], ValueError),
        (None, ValueError),
    ],
)
def test_short_predictions_nobody_takes(short, kind):
    with pytest.raises(kind):
        full_result(short, CONFIG)


def test_fields_become_predictions():
    made = predictions_from_fields({"mood": "Bad", "note": "n", "stars": None}, ["mood", "note", "stars", "absent"], CONFIG)
    assert [prediction["result"][0]["value"] for prediction in made] == [{"choices": ["Bad"]}, {"text": ["n"]}]
    assert made[0] == {
        "result": [{"from_name": "mood", "to_name": "a", "type": "choices", "value": {"choices": ["Bad"]}}],
        "score": 1.0,
        "model_version": "preannotated",
    }
