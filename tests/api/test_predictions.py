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
        "result": [{"a": 1}],
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
        changed = given.ok(person.client.request(method, path, json={"score": 0.9, "result": [{"b": 2}], "task": 1}))
        assert changed == changed | {"score": 0.9, "result": [{"b": 2}], "model_version": "m1", "task": task}
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
        ([{"any": "thing"}], [{"any": "thing"}]),
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
