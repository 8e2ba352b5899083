"""Results against a config."""

from typing import Any

import pytest

from labelwright.labelconfig import check_result

CONFIG = """<View><Image name="i" value="$i"/><Text name="t" value="$t"/>
<RectangleLabels name="box" toName="i"><Label value="Car"/><Label value="Big bus" alias="bus"/></RectangleLabels>
<Choices name="c" toName="t" allowNested="true"><Choice value="A"><Choice value="A1"/></Choice></Choices>
<Choices name="free" toName="t" value="$options"/><TextArea name="note" toName="t"/>
<Rating name="both" toName="i,t"/><Relations><Relation value="near"/></Relations></View>"""


def item(from_name: str, to_name: str, kind: str, **value: Any) -> dict[str, Any]:
    return {"id": "r", "from_name": from_name, "to_name": to_name, "type": kind, "value": value}


BOX = {"x": 1, "y": 1, "width": 1, "height": 1}
GOOD = [
    item("box", "i", "rectanglelabels", **BOX, rectanglelabels=["Car"]),
    item("box", "i", "rectanglelabels", **BOX, rectanglelabels=["bus", "Big bus"]),
    item("box", "i", "rectanglelabels", **BOX),
    item("c", "t", "choices", choices=[["A", "A1"]]),
    item("free", "t", "choices", choices=["anything"]),
    item("note", "t", "textarea", text=["anything"]),
    item("both", "t", "rating", rating=3),
    item("both", "i,t", "rating", rating=3),
    {"from_id": "r", "to_id": "r", "type": "relation", "direction": "right", "labels": ["near"]},
]


def test_good_result_has_no_problems() -> None:
    assert check_result(CONFIG, GOOD) == []


@pytest.mark.parametrize(
    ("bad", "kind", "message"),
    [
        (item("bx", "i", "rectanglelabels", **BOX), "from_name", 'region 0: control "bx" is not in the config; is it "box"?'),
        (item("box", "t", "rectanglelabels", **BOX), "to_name", 'region 0: control "box" is about i, not "t"'),
        (
            item("box", "i", "choices"),
            "type",
            'region 0: type "choices" is not what control "box" gives; it gives "rectanglelabels"',
        ),
        (
            item("box", "i", "rectanglelabels", **BOX, rectanglelabels=["Cat"]),
            "label",
            'region 0: label "Cat" is not among Car, bus of control "box"; is it "Car"?',
        ),
        (item("c", "t", "choices", choices=["B1234"]), "label", 'region 0: label "B1234" is not among A, A1 of control "c"'),
        (item("c", "t", "choices", labels=["A"]), "value", 'region 0: its value has no "choices"'),
        (item("c", "t", "choices", choices="A"), "value", 'region 0: "choices" of its value is not a list'),
        (item("note", "t", "textarea"), "value", 'region 0: its value has no "text"'),
        (item("box", "i", "rectanglelabels", x=1, width=1), "value", "region 0: its value has no y, height"),
        ({"from_name": "c"}, "shape", "region 0: it has no to_name, type, value"),
        ("text", "shape", "region 0: it is not an object"),
        ({"type": "relation", "from_id": "x", "to_id": "r"}, "shape", 'region 0: from_id "x" is not the id of a region'),
    ],
)
def test_problem(bad: Any, kind: str, message: str) -> None:
    problem = check_result(CONFIG, [bad, {"id": "r"}])[0]
    assert (problem.kind, problem.message) == (kind, message)


def test_result_is_a_list() -> None:
    assert check_result(CONFIG, {"a": 1})[0].kind == "shape"


def test_names_of_a_repeater_have_an_index() -> None:
    config = """<View><Repeater on="$u"><Text name="t_{{idx}}" value="$u[{{idx}}]"/>
    <Choices name="c_{{idx}}" toName="t_{{idx}}"><Choice value="a"/></Choices></Repeater></View>"""
    assert check_result(config, [item("c_1", "t_1", "choices", choices=["a"])]) == []
    assert check_result(config, [item("c_1", "t_1", "choices", choices=["b"])])[0].kind == "label"


def test_boxes_on_video_carry_labels_of_the_control_beside_them() -> None:
    config = """<View><Video name="v" value="$v"/><VideoRectangle name="b" toName="v"/>
    <Labels name="l" toName="v"><Label value="Man"/></Labels></View>"""
    assert check_result(config, [item("b", "v", "videorectangle", sequence=[], labels=["Man"])]) == []
    assert check_result(config, [item("b", "v", "videorectangle", sequence=[], labels=["Dog"])])[0].kind == "label"
