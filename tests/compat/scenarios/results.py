"""Answers of many shapes: how they come back from tasks and from every export format."""

from __future__ import annotations

from typing import Any

from compat.scenarios.configs import BOXES, box, choice
from compat.talk import Talk

REGIONS = """
<View>
  <Image name="image" value="$image"/>
  <Rectangle name="rect" toName="image"/>
  <Labels name="label" toName="image"><Label value="Car"/><Label value="Plane" alias="pl"/></Labels>
  <Choices name="state" toName="image" perRegion="true"><Choice value="ok"/><Choice value="bad"/></Choices>
  <TextArea name="words" toName="image" perRegion="true"/>
  <Rating name="stars" toName="image"/>
</View>
"""
NESTED = """
<View>
  <Text name="text" value="$text"/>
  <Choices name="kind" toName="text" choice="multiple">
    <Choice value="Animal"><Choice value="Dog"/><Choice value="Cat"/></Choice>
    <Choice value="Thing"/>
  </Choices>
  <TextArea name="answer" toName="text"/>
  <Labels name="part" toName="text"><Label value="Head"/><Label value="Tail"/></Labels>
  <Relations><Relation value="of"/></Relations>
</View>
"""


def _region(kind: str, control: str, value: dict[str, Any], region: str = "r1") -> dict[str, Any]:
    place = {"x": 10, "y": 20.5, "width": 30, "height": 15, "rotation": 12}
    size = {"original_width": 1280, "original_height": 853, "image_rotation": 0}
    return {"id": region, "from_name": control, "to_name": "image", "type": kind, "value": place | value, **size}


def _part(label: str, start: int, end: int, text: str, region: str) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": text, "labels": [label]}
    return {"id": region, "from_name": "part", "to_name": "text", "type": "labels", "value": value}


SHAPES: dict[str, tuple[str, dict[str, Any], list[list[dict[str, Any]]]]] = {
    "regions": (
        REGIONS,
        {"image": "http://127.0.0.1:9/a.png"},
        [
            [
                _region("rectangle", "rect", {}),
                _region("labels", "label", {"labels": ["Car", "pl"]}),
                _region("choices", "state", {"choices": ["ok"]}),
                _region("textarea", "words", {"text": ["first", "second"]}),
                _region("rectangle", "rect", {}, "r2"),
                {"from_name": "stars", "to_name": "image", "type": "rating", "value": {"rating": 3}},
            ],
            [{"from_name": "stars", "to_name": "image", "type": "rating", "value": {"rating": 5}}],
            [],
        ],
    ),
    "nested": (
        NESTED,
        {"text": "the dog wags its tail", "extra": {"a": [1, 2.5, None, True]}, "n": 0},
        [
            [
                {"from_name": "kind", "to_name": "text", "type": "choices", "value": {"choices": ["Animal", "Dog"]}},
                {"from_name": "answer", "to_name": "text", "type": "textarea", "value": {"text": ['a "quoted", line\nbreak']}},
                _part("Head", 4, 7, "dog", "h"),
                _part("Tail", 17, 21, "tail", "t"),
                {"type": "relation", "from_id": "t", "to_id": "h", "direction": "right", "labels": ["of"]},
            ],
            [choice("Thing", control="kind")],
            [{"from_name": "gone", "to_name": "text", "type": "number", "value": {"number": 7}}],
        ],
    ),
}


def results(talk: Talk) -> None:
    talk.sign_up("res")
    for name, (config, data, answers) in SHAPES.items():
        pid = talk.project(f"Results {name}", config, maximum_annotations=2)
        ids = talk.tasks(pid, [data, {**data, "more": "é"}])
        for number, result in enumerate(answers):
            body = {"result": result, "lead_time": number + 0.5}
            who = "res" if number == 1 else "admin"
            task = ids[number // 2]
            made = talk(
                f"{name}: answer {number}", "POST", f"/api/tasks/{task}/annotations/", json=body, who=who, kind="annotation"
            )
            talk(f"{name}: answer {number} read", "GET", f"/api/annotations/{made.pick('id')}/", kind="annotation")
        guess = {"task": ids[1], "result": answers[0], "score": 0.5, "model_version": "m"}
        talk(f"{name}: prediction", "POST", "/api/predictions/", json=guess, kind="prediction")
        talk(f"{name}: table", "GET", f"/api/tasks?project={pid}&fields=all", kind="task", loose=("updated_by", "annotators"))
        talk(f"{name}: summary", "GET", f"/api/projects/{pid}/summary/", kind="project", loose=("common_data_columns",))
        for form in ("JSON", "JSON_MIN", "CSV", "TSV", "COCO", "CONLL2003"):
            if (name, form) not in {("regions", "CONLL2003"), ("nested", "COCO")}:
                talk(f"{name}: {form}", "GET", f"/api/projects/{pid}/export?exportType={form}", kind="task", skip=("info",))


def ground_truth(talk: Talk) -> None:
    """Honey pots, several answers by one person, answers to answers."""
    talk.sign_up("gro")
    pid = talk.project("Truth", BOXES, show_ground_truth_first=True)
    one, two = talk.tasks(pid, [{"image_url": "http://127.0.0.1:9/a.png"}, {"image_url": "http://127.0.0.1:9/b.png"}])
    body = {"result": [box("Car", 1, 2, 3, 4, "a")], "ground_truth": True}
    first = talk("truth", "POST", f"/api/tasks/{one}/annotations/", json=body, kind="annotation").pick("id")
    body = {"result": [box("Car", 5, 6, 7, 8, "b")], "ground_truth": True, "parent_annotation": first}
    talk("another truth", "POST", f"/api/tasks/{one}/annotations/", json=body, who="gro", kind="annotation")
    talk("only one is the truth", "GET", f"/api/tasks/{one}/annotations/", kind="annotation")
    talk("no truth at all", "PATCH", f"/api/annotations/{first}/", json={"ground_truth": False}, kind="annotation")
    talk("task", "GET", f"/api/tasks/{one}/", kind="task", loose=("annotators",))
    talk("truth on another task", "POST", f"/api/tasks/{two}/annotations/", json=body, kind="annotation")
    talk("project", "GET", f"/api/projects/{pid}/", kind="project")
    talk("counts", "GET", f"/api/projects/counts/?ids={pid}", kind="project")
    talk(
        "COCO of truth",
        "GET",
        f"/api/projects/{pid}/export?exportType=COCO&download_resources=false",
        kind="exact",
        skip=("info",),
    )
