"""The helpers build what fits the config, find the control, and name the choices when they cannot."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.labelconfig import check_result
from labelwright.ml import DoesNotFit, LabelwrightMLBase, RegionMaker

CONFIG = """
<View>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad" alias="b"/></Choices>
  <Choices name="topics" toName="text" choice="multiple"><Choice value="Price"/><Choice value="Quality"/></Choices>
  <Labels name="ner" toName="text"><Label value="Person"/><Label value="City"/></Labels>
  <Rating name="stars" toName="text"/>
  <Number name="age" toName="text"/>
  <TextArea name="summary" toName="text"/>
  <Taxonomy name="kind" toName="text"><Choice value="Animal"><Choice value="Cat"/></Choice></Taxonomy>
</View>"""
IMAGE = """
<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image">
    <Label value="Car" predicted_values="truck, van"/><Label value="Dog"/>
  </RectangleLabels>
  <PolygonLabels name="poly" toName="image"><Label value="Lake"/></PolygonLabels>
  <KeyPointLabels name="point" toName="image"><Label value="Nose"/></KeyPointLabels>
  <BrushLabels name="brush" toName="image"><Label value="Sky"/></BrushLabels>
  <EllipseLabels name="ellipse" toName="image"><Label value="Eye"/></EllipseLabels>
  <TextArea name="words" toName="image" perRegion="true"/>
</View>"""
AUDIO = """
<View>
  <Audio name="audio" value="$audio"/>
  <Labels name="who" toName="audio"><Label value="Speech"/><Label value="Noise"/></Labels>
</View>"""


def person(start: int, end: int, marked: str) -> dict[str, Any]:
    return {"start": start, "end": end, "text": marked, "labels": ["Person"]}


text, image, audio = RegionMaker(CONFIG), RegionMaker(IMAGE), RegionMaker(AUDIO)


@pytest.mark.parametrize(
    ("config", "made", "control", "kind", "value"),
    [
        (CONFIG, text.label("Good"), "mood", "choices", {"choices": ["Good"]}),
        (CONFIG, text.choice("Bad"), "mood", "choices", {"choices": ["b"]}),
        (CONFIG, text.label("Price", "Quality"), "topics", "choices", {"choices": ["Price", "Quality"]}),
        (CONFIG, text.label(["Animal", "Cat"]), "kind", "taxonomy", {"taxonomy": [["Animal", "Cat"]]}),
        (CONFIG, text.rating(4), "stars", "rating", {"rating": 4}),
        (CONFIG, text.number(4.5), "age", "number", {"number": 4.5}),
        (CONFIG, text.text("Short."), "summary", "textarea", {"text": ["Short."]}),
        (
            CONFIG,
            text.span(4, 7, "Hi, Ann!", "Person"),
            "ner",
            "labels",
            {"start": 4, "end": 7, "text": "Ann", "labels": ["Person"]},
        ),
        (CONFIG, text.span(4, 7, "Ann", "Person"), "ner", "labels", person(4, 7, "Ann")),
        (
            CONFIG,
            text.span(2, 5, "😀 Ann", "Person"),
            "ner",
            "labels",
            {"start": 3, "end": 6, "text": "Ann", "labels": ["Person"]},
        ),
        (
            CONFIG,
            text.span(0, 3, "A😀n", "Person"),
            "ner",
            "labels",
            {"start": 0, "end": 4, "text": "A😀n", "labels": ["Person"]},
        ),
        (
            IMAGE,
            image.box(10, 20, 30, 40, "Car"),
            "box",
            "rectanglelabels",
            {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0, "rectanglelabels": ["Car"]},
        ),
        (
            IMAGE,
            image.box(50, 50, 100, 200, "truck", image_size=(200, 200)),
            "box",
            "rectanglelabels",
            {"x": 25, "y": 25, "width": 50, "height": 75, "rotation": 0, "rectanglelabels": ["Car"]},
        ),
        (
            IMAGE,
            image.polygon([(0, 0), (100, 0), (100, 50)], "Lake", image_size=(200, 100)),
            "poly",
            "polygonlabels",
            {"points": [(0, 0), (50, 0), (50, 50)], "closed": True, "polygonlabels": ["Lake"]},
        ),
        (
            IMAGE,
            image.keypoint(5, 5, "Nose"),
            "point",
            "keypointlabels",
            {"x": 5, "y": 5, "width": 0.75, "keypointlabels": ["Nose"]},
        ),
        (
            IMAGE,
            image.brush([[0, 1], [0, 0]], "Sky"),
            "brush",
            "brushlabels",
            {"format": "rle", "rle": [0, 0, 0, 16, 57, 27, 252, 96, 17, 255, 206, 0], "brushlabels": ["Sky"]},
        ),
        (
            IMAGE,
            image.ellipse(50, 50, 10, 5, "Eye"),
            "ellipse",
            "ellipselabels",
            {"x": 50, "y": 50, "radiusX": 10, "radiusY": 5, "rotation": 0, "ellipselabels": ["Eye"]},
        ),
        (AUDIO, audio.segment(0.5, 2, "Noise"), "who", "labels", {"start": 0.5, "end": 2, "channel": 0, "labels": ["Noise"]}),
    ],
)
def test_a_region_finds_its_control(config: str, made: dict[str, Any], control: str, kind: str, value: dict[str, Any]) -> None:
    assert (made["from_name"], made["type"], made["value"]) == (control, kind, value)
    assert check_result(config, [made]) == []


def test_pixels_say_how_large_the_image_is() -> None:
    box = image.box(0, 0, 10, 10, "Dog", image_size=(640, 480), score=0.5)
    assert (box["original_width"], box["original_height"], box["image_rotation"], box["score"]) == (640, 480, 0, 0.5)


def test_what_is_written_in_a_box_carries_the_box() -> None:
    box = image.box(10, 20, 30, 40, "Car", image_size=(200, 100))
    words = image.text("B-LW 1", region=box)
    assert (words["id"], words["type"], words["to_name"]) == (box["id"], "textarea", "image")
    assert words["value"] == {"x": 5, "y": 20, "width": 15, "height": 40, "rotation": 0, "text": ["B-LW 1"]}
    assert words["original_width"] == 200


def test_a_prediction_takes_the_mean_of_the_regions_scores() -> None:
    boxes = [image.box(0, 0, 10, 10, "Car", score=0.5), image.box(20, 0, 10, 10, "Dog", score=1)]
    assert image.prediction(boxes) == {"result": boxes, "score": 0.75}
    assert image.prediction(boxes, score=0.1)["score"] == 0.1
    assert image.prediction(boxes[0])["result"] == boxes[:1]
    assert image.prediction([]) == {"result": []}
    assert "score" not in image.prediction([boxes[0], image.keypoint(1, 1, "Nose")])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: text.label("Goood"), 'label "Goood" is not in the config; Choices "mood" has "Good", "b"'),
        (lambda: text.label("Goood"), 'Is it "Good"?'),
        (lambda: text.label("Good", "Bad"), 'choice="multiple"'),
        (lambda: text.label(), "needs a label"),
        (lambda: text.label("Good", control="moood"), 'control "moood" is not in the config; it has Choices "mood"'),
        (lambda: text.rating(3, control="mood"), 'control "mood" is a Choices'),
        (lambda: text.box(1, 1, 1, 1, "Car"), "no place for a box: that needs RectangleLabels"),
        (lambda: image.box(0, 0, 10, 10), 'which label? RectangleLabels "box" has "Car", "Dog"'),
        (lambda: image.box(120, 0, 10, 10, "Car"), "pixels? then give image_size"),
        (lambda: image.box(0, 0, float("nan"), 10, "Car"), "nan"),
        (lambda: image.polygon([(0, 0), (1, 1)], "Lake"), "three corners"),
        (lambda: image.keypoint(1, 1, "Nose", object="text"), 'is about "image", not "text"'),
        (lambda: image.segment(0, 1, "Car"), "no place for a segment"),
        (lambda: audio.segment(2, 1, "Noise"), "before it starts"),
        (lambda: audio.span(0, 1, "x", "Noise"), "no place for a span"),
        (lambda: text.span(3, 3, "some text", "City"), "start < end"),
        (lambda: text.span(2, 9, "short", "City"), "the text has 5 characters"),
        (lambda: text.prediction([{**text.rating(3), "to_name": "txt"}]), 'control "stars" is about text, not "txt"'),
        (lambda: RegionMaker("").rating(1), "no controls"),
    ],
)
def test_what_does_not_fit_is_told(make: Any, reason: str) -> None:
    with pytest.raises(DoesNotFit) as told:
        make()
    assert reason in str(told.value)


def test_an_ambiguous_control_is_asked_for() -> None:
    maker = RegionMaker(
        '<View><Text name="t" value="$t"/><Rating name="a" toName="t"/><Rating name="b" toName="t"/></View>',
    )
    with pytest.raises(DoesNotFit, match='say control="a" or control="b"'):
        maker.rating(3)
    assert maker.rating(3, control="b")["from_name"] == "b"


def test_labels_that_the_task_brings_are_taken() -> None:
    maker = RegionMaker('<View><Text name="t" value="$t"/><Choices name="c" toName="t" value="$options"/></View>')
    assert maker.label("Anything")["value"] == {"choices": ["Anything"]}


def test_the_config_as_label_studio_s_backends_read_it() -> None:
    model = LabelwrightMLBase(label_config=IMAGE, project_id="3")
    assert model.get_first_tag_occurence("RectangleLabels", "Image") == ("box", "image", "image")
    assert model.get_first_tag_occurrence(("PolygonLabels", "BrushLabels"), ("Image", "Video")) == ("poly", "image", "image")
    assert (
        model.label_interface.get_first_tag_occurence("BrushLabels", "Image", name_filter=lambda name: name == "brush")[0]
        == "brush"
    )
    with pytest.raises(DoesNotFit, match="the config has no Choices about a Text"):
        model.get_first_tag_occurence("Choices", "Text")
    assert model.build_label_map("box", ["truck", "dog", "plane"]) == {"truck": "Car", "dog": "Dog"}
    assert model.label_interface.get_control("box").labels == ["Car", "Dog"]
    assert model.label_interface.get_object().value_name == "image"
    assert model.label_interface.get_control("box").labels_attrs["Car"].attr["predicted_values"] == "truck, van"
    control = model.label_interface.get_control("box")
    assert check_result(IMAGE, [control.label("Car", x=1, y=1, width=2, height=2)]) == []
    with pytest.raises(DoesNotFit, match='RectangleLabels "box" has Car, Dog'):
        control.label("Cat", x=1, y=1, width=2, height=2)
    assert [tag.name for tag in model.label_interface.find_tags_by_class("BrushLabels")] == ["brush"]
    assert (model.label_config, model.project_id, model.get("label_config")) == (IMAGE, "3", IMAGE)


def test_values_and_versions_are_kept() -> None:
    model = LabelwrightMLBase(label_config=CONFIG)
    assert (model.get("key"), model.has("key")) == (None, False)
    model.set("key", {"a": [1]})
    assert (model.get("key"), model.has("key")) == ({"a": [1]}, True)
    assert [model.model_version, model.bump_model_version(), model.bump_model_version()] == ["0.0.1", "0.1.0", "0.2.0"]
    model.set("model_version", "v7")
    assert model.bump_model_version() == model.model_version == "v8"
    model.model_version = "words"
    assert model.bump_model_version() == "words-2"
