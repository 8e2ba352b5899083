"""Tasks one by one, and a project's plain list."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from inprocess import Person

import given

PLAIN = given.names(
    """id data meta created_at updated_at is_labeled overlap inner_id total_annotations cancelled_annotations total_predictions
    comment_count unresolved_comment_count last_comment_updated_at project updated_by file_upload comment_authors"""
)
SINGLE = PLAIN | given.names(
    """predictions annotations drafts annotators completed_at annotations_results predictions_results predictions_score
    storage_filename annotations_ids predictions_model_versions avg_lead_time draft_exists"""
)


def errors(answer: httpx.Response) -> Any:
    assert answer.status_code == 400, answer.text
    return answer.json()["validation_errors"]


# ---------------------------------------------------------------- making
@pytest.mark.parametrize("path", ["/api/tasks", "/api/projects/{}/tasks"])
def test_create(person: Person, path: str) -> None:
    project_id = given.project(person.client, maximum_annotations=2)
    body = {"project": project_id, "data": {"text": "a"}, "meta": {"source": "s"}, "is_labeled": True, "overlap": 9, "id": 1}
    answer = person.client.post(path.format(project_id), json=body)
    task = answer.json()
    assert (answer.status_code, set(task)) == (201, PLAIN)
    expected = {
        "data": {"text": "a"},
        "meta": {"source": "s"},
        "project": project_id,
        "overlap": 2,
        "is_labeled": False,
        "inner_id": 1,
    }
    assert task == task | expected | {"file_upload": None, "updated_by": None}


@pytest.mark.parametrize(
    ("body", "errors_of"),
    [
        ({"data": {"text": "a"}}, {"project": ["This field is required."]}),
        ({"project": "x", "data": {"text": "a"}}, {"project": ["A valid integer is required."]}),
        ({"project": 10**15}, 404),
        ({"project": None, "data": {"text": "a"}}, {"project": ["This field is required."]}),
        ({"project": 0}, 404),
    ],
)
def test_bad_projects(person: Person, body: dict[str, Any], errors_of: Any) -> None:
    answer = person.client.post("/api/tasks", json=body)
    assert answer.status_code == 404 if errors_of == 404 else errors(answer) == errors_of


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"nope": 1}, '"text" key is expected in task data'),
        ({"text": {}}, "but the object tag Text expects the following types"),
        (None, "may not be null"),
        ([], "must be"),
        ("text", "must be"),
        (5, "must be"),
    ],
)
def test_bad_data(person: Person, data: Any, text: str) -> None:
    project_id = given.project(person.client, tasks=1)
    (task,) = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))
    answers = [person.client.post("/api/tasks", json={"project": project_id, "data": data})]
    if data is not None:
        answers.append(person.client.patch(f"/api/tasks/{task['id']}", json={"data": data}))
    for answer in answers:
        reasons = str(errors(answer))
        assert text in reasons
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["task_number"] == 1
    assert given.ok(person.client.get(f"/api/tasks/{task['id']}"))["data"] == {"text": "t1"}


def test_with_answers(person: Person) -> None:
    project_id = given.project(person.client)
    body = {
        "project": project_id,
        "data": {"text": "a"},
        "annotations": [{"result": given.GOOD}],
        "predictions": [{"result": "Bad"}],
    }
    task = given.ok(person.client.post("/api/tasks", json=body))
    assert (task["is_labeled"], task["total_annotations"], task["total_predictions"]) == (True, 1, 1)


# ---------------------------------------------------------------- reading
def test_one_task(person: Person, colleague: Person) -> None:
    project_id = given.project(person.client)
    predicted = [
        {"result": given.GOOD, "score": score, "model_version": version} for score, version in [(0.2, "m"), (0.4, "m"), (1, "n")]
    ]
    (task_id,) = given.import_tasks(person.client, project_id, [{"data": {"text": "a"}, "predictions": predicted}])
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"model_version": "m"}))
    annotation = given.submit(colleague.client, task_id, given.GOOD, lead_time=4)
    for one in (person, colleague):
        given.ok(one.client.post(f"/api/tasks/{task_id}/drafts", json={"result": []}))
    task = given.ok(person.client.get(f"/api/tasks/{task_id}"))
    assert set(task) == SINGLE
    assert task["annotations"][0]["completed_by"] == {
        "id": colleague.id,
        "first_name": "",
        "last_name": "",
        "avatar": None,
        "email": colleague.email,
        "initials": colleague.email[:2],
    }
    assert [draft["user"] for draft in task["drafts"]] == [person.email], "only mine"
    assert (task["annotators"], task["annotations_ids"]) == ([colleague.id], str(annotation))
    assert (task["predictions_model_versions"], task["predictions_score"]) == ("m,n", pytest.approx(0.3))
    assert (task["avg_lead_time"], task["draft_exists"], task["annotations_results"]) == (4, True, "")
    assert task["completed_at"] == task["annotations"][0]["created_at"]
    assert task["updated_by"] == [{"user_id": colleague.id}]
    assert given.ok(person.client.get(f"/api/tasks/{task_id}?include=id,data")) == {"id": task_id, "data": {"text": "a"}}


def test_the_plain_list(person: Person) -> None:
    project_id = given.project(person.client, tasks=5)
    path = f"/api/projects/{project_id}/tasks"
    newest = [task["id"] for task in given.ok(person.client.get(path))]
    assert newest == sorted(newest, reverse=True)
    given.ok(person.client.patch(f"/api/tasks/{newest[3]}", json={"meta": {"a": 1}}))
    order = [newest[3], *newest[:3], newest[4]]
    cases: list[tuple[dict[str, Any], list[int] | None]] = [
        ({}, order),
        ({"page_size": -1}, order),
        ({"page": 1, "page_size": 2}, order[:2]),
        ({"page": 3, "page_size": 2}, order[4:]),
        ({"page": 4, "page_size": 2}, None),
        ({"page": 2, "page_size": -1}, None),
        ({"page": 0}, None),
        ({"page": -1}, None),
        ({"page": 2**62, "page_size": 2**62}, None),
        ({"start": 2, "length": 2}, order[2:4]),
        ({"start": 10, "length": 2}, None),
    ]
    for query, expected in cases:
        answer = person.client.get(path, params=query)
        assert answer.status_code == (404 if expected is None else 200), query
        if expected is not None:
            assert [task["id"] for task in answer.json()] == expected, query
    assert set(given.ok(person.client.get(path))[0]) == PLAIN | {"annotations", "predictions"}
    assert person.client.get(path, params={"page": "x"}).status_code == 400
    assert person.client.get(f"/api/projects/{given.project(person.client)}/tasks").status_code == 404


# ---------------------------------------------------------------- changing
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_change(person: Person, method: str) -> None:
    project_id = given.project(person.client)
    (task_id,) = given.import_tasks(person.client, project_id, [{"text": "a", "old": 1}])
    given.submit(person.client, task_id)
    body = {"data": {"text": "b", "new": 2}, "meta": {"m": 1}, "is_labeled": False, "total_annotations": 9, "project": 1}
    task = given.ok(person.client.request(method, f"/api/tasks/{task_id}", json=body))
    assert set(task) == PLAIN | {"annotations", "predictions"}
    assert (task["data"], task["meta"], task["is_labeled"], task["project"]) == (
        {"text": "b", "new": 2},
        {"m": 1},
        True,
        project_id,
    )
    assert task["annotations"][0]["completed_by"] == person.id
    columns = given.ok(person.client.get(f"/api/projects/{project_id}/summary"))["all_data_columns"]
    assert columns == {"text": 1, "new": 1}
    cleared = given.ok(person.client.patch(f"/api/tasks/{task_id}", json={"meta": None}))
    assert (cleared["meta"], cleared["data"]) == ({}, {"text": "b", "new": 2})


@pytest.mark.parametrize(("overlap", "is_labeled"), [(1, True), (2, False)])
def test_overlap_of_one_task(person: Person, overlap: int, is_labeled: bool) -> None:
    project_id = given.project(person.client, tasks=1)
    (task,) = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))
    given.submit(person.client, task["id"])
    changed = given.ok(person.client.patch(f"/api/tasks/{task['id']}", json={"overlap": overlap}))
    assert (changed["overlap"], changed["is_labeled"]) == (overlap, is_labeled)
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["finished_task_number"] == int(is_labeled)


@pytest.mark.parametrize("overlap", [0, -1, 2**31, "x", 1.5, []])
def test_bad_overlap(person: Person, overlap: Any) -> None:
    project_id = given.project(person.client, tasks=1)
    (task,) = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))
    assert "overlap" in errors(person.client.patch(f"/api/tasks/{task['id']}", json={"overlap": overlap}))


# ---------------------------------------------------------------- deleting
def test_delete(person: Person) -> None:
    project_id = given.project(person.client, tasks=2)
    first, second = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))
    annotation = given.submit(person.client, first["id"])
    assert person.client.delete(f"/api/tasks/{first['id']}").status_code == 204
    assert person.client.delete(f"/api/tasks/{first['id']}").status_code == 404
    assert person.client.get(f"/api/annotations/{annotation}").status_code == 404
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["task_number"] == 1
    assert person.client.delete(f"/api/projects/{project_id}/tasks").status_code == 204
    assert person.client.get(f"/api/tasks/{second['id']}").json()["detail"] == "No Task matches the given query."
    assert given.ok(person.client.get("/api/tasks", params={"project": project_id}))["tasks"] == []
    assert given.ok(person.client.get(f"/api/projects/{project_id}/summary"))["all_data_columns"] == {}


@pytest.mark.parametrize("task_id", [0, 2**62, 2**63, 10**30])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_unknown(person: Person, method: str, task_id: int) -> None:
    answer = person.client.request(method, f"/api/tasks/{task_id}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "No Task matches the given query.")
