"""Predictions: stored as given, short forms spelled out, many at once or none."""

from __future__ import annotations

from typing import Any

import pytest
from inprocess import Person

import given

RATED = (
    '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices>'
    '<Rating name="r" toName="t"/><TextArea name="a" toName="t"/></View>'
)


@pytest.fixture
def task(person: Person) -> int:
    project_id = given.project(person.client, tasks=1, label_config=RATED)
    task_id: int = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))[0]["id"]
    return task_id


def test_make_change_delete(person: Person, task: int) -> None:
    body = {
        "task": task,
        "result": item("c", "choices", ["A"]),
        "score": 0.3,
        "model_version": "m1",
        "project": 99,
        "mislabeling": 0.5,
        "cluster": 2,
    }
    answer = person.client.post("/api/predictions", json=body)
    made = answer.json()
    assert answer.status_code == 201
    assert made == made | body | {"project": made["project"], "model": None, "model_run": None, "neighbors": None}
    assert made["project"] != 99
    path = f"/api/predictions/{made['id']}"
    assert given.ok(person.client.get(path)) == made
    for method in ("PATCH", "PUT"):
        changed = given.ok(person.client.request(method, path, json={"score": 0.9, "result": "B", "task": 1}))
        assert changed == changed | {"score": 0.9, "result": item("c", "choices", ["B"]), "model_version": "m1", "task": task}
    for query in ({"task": task}, {"project": made["project"]}, {"task__project": made["project"]}):
        assert [one["id"] for one in given.ok(person.client.get("/api/predictions", params=query))] == [made["id"]]
    assert given.ok(person.client.get(f"/api/tasks/{task}"))["total_predictions"] == 1
    assert person.client.delete(path).status_code == 204
    assert given.ok(person.client.get(f"/api/tasks/{task}"))["total_predictions"] == 0
    assert person.client.get(path).json()["detail"] == "No Prediction matches the given query."


def item(control: str, kind: str, value: Any) -> list[Any]:
    return [{"from_name": control, "to_name": "t", "type": kind, "value": {kind if kind != "textarea" else "text": value}}]


@pytest.mark.parametrize(
    ("short", "result"),
    [
        ("A", item("c", "choices", ["A"])),
        (4, item("r", "rating", 4)),
        ({"choices": ["B"]}, item("c", "choices", ["B"])),
        ({"rating": 5}, item("r", "rating", 5)),
        ([], []),
        (item("r", "rating", 1), item("r", "rating", 1)),
    ],
)
def test_short_results(person: Person, task: int, short: Any, result: Any) -> None:
    made = given.ok(person.client.post("/api/predictions", json={"task": task, "result": short}))
    assert (made["result"], made["model_version"], made["score"], made["mislabeling"]) == (result, "", None, 0.0)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"result": []}, "task"),
        ({"task": None, "result": []}, "task"),
        ({"task": 0, "result": []}, "task"),
        ({"task": 2**62, "result": []}, "task"),
        ({"task": "x", "result": []}, "task"),
        ({"result": None}, "result"),
        ({"result": {"unknown": 1}}, "non_field_errors"),
        ({"result": [], "score": "high"}, "score"),
        ({"result": [], "score": "nan"}, "score"),
        ({"result": [], "score": []}, "score"),
        ({"result": [], "mislabeling": "x"}, "mislabeling"),
    ],
)
def test_bad_bodies(person: Person, task: int, body: dict[str, Any], field: str) -> None:
    fields = body if field == "task" else {"task": task, **body}
    if field == "result":
        fields.pop("result")
    answer = person.client.post("/api/predictions", json=fields)
    assert (answer.status_code, list(answer.json()["validation_errors"])) == (400, [field])
    assert given.ok(person.client.get("/api/predictions", params={"task": task})) == []


def test_many_at_once_or_none(person: Person, stranger: Person, task: int) -> None:
    project_id = given.ok(person.client.get(f"/api/tasks/{task}"))["project"]
    other = given.project(person.client, tasks=1)
    (foreign,) = given.ok(person.client.get(f"/api/projects/{other}/tasks"))
    path = f"/api/projects/{project_id}/import/predictions"
    good = {"task": task, "result": "A", "score": 0.5}
    wrong: list[Any] = [
        {"task": foreign["id"], "result": "A"},
        {"task": 2**62, "result": "A"},
        {"task": "x"},
        {"task": task},
        5,
        [],
    ]
    for bad in wrong:
        answer = person.client.post(path, json=[good, bad, good])
        assert (answer.status_code, len(answer.json()["validation_errors"]["non_field_errors"])) == (400, 1), bad
    assert person.client.post(path, json={"task": task}).status_code == 400
    assert given.ok(person.client.get("/api/predictions", params={"task": task})) == []
    answer = person.client.post(path, json=[good, good | {"model_version": "m"}])
    assert (answer.status_code, answer.json()) == (201, {"created": 2})
    stored = given.ok(person.client.get("/api/predictions", params={"task": task}))
    assert [one["model_version"] for one in stored] == ["undefined", "m"]
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["total_predictions_number"] == 2


# ---------------------------------------------------------------- what does not fit the label config
def region(control: str = "c", kind: str = "choices", to: str = "t", **value: Any) -> dict[str, Any]:
    return {"id": "x", "from_name": control, "to_name": to, "type": kind, "value": value}


MISFITS: list[tuple[Any, str]] = [
    ([region(choices=["Cat"])], 'region 0: label "Cat" is not among A, B of control "c"'),
    ([region(choices=["A"]), region(choices=["b"])], 'region 1: label "b" is not among A, B of control "c"; is it "B"?'),
    ([region("mood", choices=["A"])], 'region 0: control "mood" is not in the config'),
    ([region(to="image", choices=["A"])], 'region 0: control "c" is about t, not "image"'),
    ([region(kind="labels", labels=["A"])], 'region 0: type "labels" is not what control "c" gives; it gives "choices"'),
    ([region(labels=["A"])], 'region 0: its value has no "choices"'),
    ([region(choices="A")], 'region 0: "choices" of its value is not a list'),
    ([{"choices": ["A"]}], "region 0: it has no from_name, to_name, type, value"),
    ("Cat", 'region 0: label "Cat" is not among A, B of control "c"'),
    ({"labels": ["A"]}, "no control of the label config takes the prediction result {'labels': ['A']}"),
    (["A"], "Each item in prediction result should be dict"),
]


@pytest.mark.parametrize(("result", "reason"), MISFITS)
def test_what_does_not_fit_is_refused_with_the_reason(person: Person, task: int, result: Any, reason: str) -> None:
    project_id = given.ok(person.client.get(f"/api/tasks/{task}"))["project"]
    kept = given.ok(person.client.post("/api/predictions", json={"task": task, "result": "A", "model_version": "kept"}))

    answer = person.client.post("/api/predictions", json={"task": task, "result": result})
    assert answer.status_code == 400
    assert answer.json()["validation_errors"]["non_field_errors"] == [reason[:1].upper() + reason[1:]]

    answer = person.client.patch(f"/api/predictions/{kept['id']}", json={"result": result})
    assert answer.json()["validation_errors"]["non_field_errors"] == [reason[:1].upper() + reason[1:]]

    several = [{"task": task, "result": "A"}, {"task": task, "result": result}]
    answer = person.client.post(f"/api/projects/{project_id}/import/predictions", json=several)
    between = ", " if reason.startswith("region") else ": "
    assert answer.json()["validation_errors"]["non_field_errors"] == [f"Prediction 1{between}{reason}"]

    tasks = [{"data": {"text": "good"}}, {"data": {"text": "bad"}, "predictions": [{"result": "B"}, {"result": result}]}]
    answer = person.client.post(f"/api/projects/{project_id}/import", json=tasks)
    assert (answer.status_code, answer.json()["validation_errors"]) == (
        400,
        {"predictions": [f"Task 1, prediction 1{between}{reason}"]},
    )

    assert [one["model_version"] for one in given.ok(person.client.get("/api/predictions", params={"task": task}))] == ["kept"]
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["task_number"] == 1


def test_a_score_of_an_import_is_a_number(person: Person, task: int) -> None:
    project_id = given.ok(person.client.get(f"/api/tasks/{task}"))["project"]
    answer = person.client.post(
        f"/api/projects/{project_id}/import/predictions", json=[{"task": task, "result": "A", "score": "high"}]
    )
    assert answer.json()["validation_errors"]["non_field_errors"] == ["Prediction 0: score 'high' is not a number"]


def test_a_config_that_asks_nothing_takes_every_prediction(person: Person) -> None:
    project_id = given.project(person.client, tasks=1, label_config="<View/>")
    (task,) = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))
    given.ok(person.client.post("/api/predictions", json={"task": task["id"], "result": [region(choices=["Cat"])]}))


def test_a_changed_config_is_what_predictions_must_fit(person: Person, task: int) -> None:
    project_id = given.ok(person.client.get(f"/api/tasks/{task}"))["project"]
    config = RATED.replace('"B"', '"C"')
    assert person.client.post("/api/predictions", json={"task": task, "result": "C"}).status_code == 400
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"label_config": config}))
    given.ok(person.client.post("/api/predictions", json={"task": task, "result": "C"}))
