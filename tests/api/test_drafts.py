"""Drafts: answers in progress, each its author's own."""

from __future__ import annotations

from typing import Any

import pytest
from inprocess import Person

import given

KEYS = {
    "id",
    "user",
    "created_username",
    "created_ago",
    "result",
    "lead_time",
    "was_postponed",
    "import_id",
    "created_at",
    "updated_at",
}


@pytest.fixture
def task(person: Person) -> int:
    project_id = given.project(person.client, tasks=1)
    task_id: int = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))[0]["id"]
    return task_id


def test_save_change_delete(person: Person, task: int) -> None:
    answer = person.client.post(f"/api/tasks/{task}/drafts", json={"result": given.GOOD, "lead_time": 2})
    draft = answer.json()
    assert (answer.status_code, set(draft)) == (201, KEYS | {"task", "annotation"})
    assert draft == draft | {
        "user": person.email,
        "created_username": f"{person.email}, {person.id}",
        "result": given.GOOD,
        "lead_time": 2,
        "was_postponed": False,
        "task": task,
        "annotation": None,
    }
    path = f"/api/drafts/{draft['id']}"
    assert given.ok(person.client.get(path)) == draft
    for method in ("PATCH", "PUT"):
        changed = given.ok(person.client.request(method, path, json={"result": given.BAD, "was_postponed": True, "task": 1}))
        assert changed == changed | {"result": given.BAD, "was_postponed": True, "lead_time": 2, "task": task}
    assert person.client.delete(path).status_code == 204
    assert person.client.get(path).json()["detail"] == "No AnnotationDraft matches the given query."


def test_everybodys_on_the_task_but_only_mine_to_open(person: Person, colleague: Person, task: int) -> None:
    mine, theirs = (given.ok(one.client.post(f"/api/tasks/{task}/drafts", json={"result": []})) for one in (person, colleague))
    assert [one["id"] for one in given.ok(person.client.get(f"/api/tasks/{task}/drafts"))] == [mine["id"], theirs["id"]]
    for method in ("GET", "PATCH", "DELETE"):
        assert person.client.request(method, f"/api/drafts/{theirs['id']}", json={"result": []}).status_code == 404


def test_drafts_on_an_annotation(person: Person, colleague: Person, task: int) -> None:
    annotation = given.submit(person.client, task)
    path = f"/api/tasks/{task}/annotations/{annotation}/drafts"
    draft = given.ok(person.client.post(path, json={"result": given.BAD}))
    assert draft["annotation"] == annotation
    assert [one["id"] for one in given.ok(person.client.get(path))] == [draft["id"]]
    assert given.ok(colleague.client.get(path)) == []
    other = given.project(person.client, tasks=1)
    (foreign,) = given.ok(person.client.get(f"/api/projects/{other}/tasks"))
    assert (
        person.client.post(f"/api/tasks/{foreign['id']}/annotations/{annotation}/drafts", json={"result": []}).status_code == 404
    )
    assert person.client.delete(f"/api/annotations/{annotation}").status_code == 204
    assert person.client.get(f"/api/drafts/{draft['id']}").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "result"),
        ({"result": {}}, "result"),
        ({"result": None}, "result"),
        ({"result": "[", "lead_time": 1}, "result"),
        ({"result": [], "lead_time": "x"}, "lead_time"),
        ({"result": [], "was_postponed": "x"}, "was_postponed"),
    ],
)
def test_bad_bodies(person: Person, task: int, body: Any, field: str) -> None:
    answer = person.client.post(f"/api/tasks/{task}/drafts", json=body)
    assert (answer.status_code, list(answer.json()["validation_errors"])) == (400, [field])
    draft = given.ok(person.client.post(f"/api/tasks/{task}/drafts", json={"result": given.GOOD}))
    if body:
        assert person.client.patch(f"/api/drafts/{draft['id']}", json=body).status_code == 400
    assert given.ok(person.client.get(f"/api/drafts/{draft['id']}"))["result"] == given.GOOD
