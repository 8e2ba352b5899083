"""Annotations: what is submitted comes back, retries are safe, and what a submit does to its task."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from inprocess import Person

import given

KEYS = given.names(
    """id result created_username created_ago completed_by was_cancelled ground_truth created_at updated_at draft_created_at
    lead_time import_id last_action bulk_created task project updated_by parent_prediction parent_annotation last_created_by"""
)


@pytest.fixture
def task(person: Person) -> int:
    """A task of a project that wants two answers."""
    project_id = given.project(person.client, tasks=1, maximum_annotations=2)
    task_id: int = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))[0]["id"]
    return task_id


def post(person: Person, task: int, body: Any = None, **sent: Any) -> httpx.Response:
    return person.client.post(f"/api/tasks/{task}/annotations", json=body, **sent)


def errors(answer: httpx.Response) -> Any:
    assert answer.status_code == 400, answer.text
    return answer.json()["validation_errors"]


# ---------------------------------------------------------------- submitting
def test_the_object(person: Person, task: int) -> None:
    answer = post(person, task, {"result": given.GOOD, "lead_time": 3.2})
    made = answer.json()
    assert (answer.status_code, set(made)) == (201, KEYS)
    assert made == made | {
        "result": given.GOOD,
        "created_username": f" {person.email}, {person.id}",
        "created_ago": "0\N{NO-BREAK SPACE}minutes",
        "completed_by": person.id,
        "was_cancelled": False,
        "ground_truth": False,
        "lead_time": 3.2,
        "task": task,
        "updated_by": person.id,
    }
    assert given.ok(person.client.get(f"/api/annotations/{made['id']}")) == made
    assert given.ok(person.client.get(f"/api/tasks/{task}/annotations")) == [made]


@pytest.mark.parametrize(
    ("result", "stored"),
    [
        ([], []),
        (given.GOOD, given.GOOD),
        ('[{"a": 1}]', [{"a": 1}]),
        ([{"from_name": "new", "value": {"x": [1.5, "é\u2028"]}}], [{"from_name": "new", "value": {"x": [1.5, "é\u2028"]}}]),
        ([5, "text", None, []], [5, "text", None, []]),
        ([{"id": [1], "type": {}, "from_name": 5}], [{"id": [1], "type": {}, "from_name": 5}]),
    ],
)  # fmt: skip
def test_results_are_kept_as_they_are(person: Person, task: int, result: Any, stored: Any) -> None:
    assert post(person, task, {"result": result}).json()["result"] == stored


def test_without_a_result(person: Person, task: int) -> None:
    assert post(person, task, {}).json()["result"] is None
    assert given.ok(person.client.get(f"/api/tasks/{task}"))["total_annotations"] == 1


@pytest.mark.parametrize(
    ("body", "errors_of"),
    [
        ({"result": {}}, {"result": ['annotation "result" field in annotation must be list']}),
        ({"result": 5}, {"result": ['annotation "result" field in annotation must be list']}),
        ({"result": "5"}, {"result": ['annotation "result" field in annotation must be list']}),
        ({"result": [], "lead_time": "soon"}, {"lead_time": ["A valid number is required."]}),
        ({"result": [], "lead_time": []}, {"lead_time": ["A valid number is required."]}),
        ({"result": [], "was_cancelled": "perhaps"}, {"was_cancelled": ["Must be a valid boolean."]}),
        ({"result": [], "ground_truth": {}}, {"ground_truth": ["Must be a valid boolean."]}),
        ({"result": [], "unique_id": "x" * 65}, {"unique_id": ["Ensure this field has no more than 64 characters."]}),
        ({"result": [], "unique_id": []}, {"unique_id": ["Not a valid string."]}),
        ({"result": [], "draft_id": "x"}, {"draft_id": ["A valid integer is required."]}),
        ({"result": [], "parent_prediction": 2**63}, None),
        ({"result": [], "completed_by": 2**40}, {"completed_by": [f'Invalid pk "{2**40}" - object does not exist.']}),
    ],
)
def test_bad_bodies(person: Person, task: int, body: Any, errors_of: Any) -> None:
    answer = post(person, task, body)
    assert answer.status_code == 400 if errors_of is None else errors(answer) == errors_of
    assert given.ok(person.client.get(f"/api/tasks/{task}"))["total_annotations"] == 0


@pytest.mark.parametrize("text", ["[", '[{"a": NaN}]', '["\\u0000"]', "[" * 200 + "]" * 200, '["\\ud800"]', "no"])
def test_bad_results_in_text(person: Person, task: int, text: str) -> None:
    assert "JSON" in errors(post(person, task, {"result": text}))["result"][0]


@pytest.mark.parametrize(("body", "query"), [({"was_cancelled": True}, {}), ({}, {"was_cancelled": "1"})])
def test_skips(person: Person, task: int, body: dict[str, Any], query: dict[str, str]) -> None:
    made = given.ok(post(person, task, {"result": [], **body}, params=query))
    assert made["was_cancelled"] is True
    shown = given.ok(person.client.get(f"/api/tasks/{task}"))
    assert (shown["cancelled_annotations"], shown["total_annotations"], shown["is_labeled"]) == (1, 0, False)
    assert given.ok(person.client.get(f"/api/tasks/{task}/annotations")) == [], "skips are not listed"


def test_a_form(person: Person, task: int) -> None:
    made = given.ok(person.client.post(f"/api/tasks/{task}/annotations", data={"result": '[{"a": 1}]', "lead_time": "2"}))
    assert (made["result"], made["lead_time"], made["was_cancelled"]) == ([{"a": 1}], 2, False)


# ---------------------------------------------------------------- once
def test_the_same_again(person: Person, colleague: Person, stranger: Person, task: int) -> None:
    made = given.ok(post(person, task, {"result": given.GOOD, "unique_id": f"u{task}"}))
    for one in (person, colleague):
        again = post(one, task, {"result": given.BAD, "unique_id": f"u{task}"})
        assert (again.status_code, again.json()["detail"]) == (409, "Annotation with this unique id already exists")
        assert again.json()["annotation"] == {"id": made["id"], "task": task}
    assert given.ok(person.client.get(f"/api/tasks/{task}"))["total_annotations"] == 1
    foreign = given.project(stranger.client, tasks=1)
    (their_task,) = given.ok(stranger.client.get(f"/api/projects/{foreign}/tasks"))
    theirs = post(stranger, their_task["id"], {"result": [], "unique_id": f"u{task}"})
    assert theirs.status_code == 409
    assert "annotation" not in theirs.json(), "nothing is said about others' answers"


# ---------------------------------------------------------------- whose
def test_who_signs(person: Person, colleague: Person, stranger: Person, task: int) -> None:
    """The owner may sign for members; an annotator signs as themselves, whatever the body says."""
    for named in (colleague.id, {"id": colleague.id}):
        assert given.ok(post(person, task, {"result": [], "completed_by": named}))["completed_by"] == colleague.id
    assert given.ok(post(colleague, task, {"result": [], "completed_by": person.id}))["completed_by"] == colleague.id
    assert "completed_by" in errors(post(person, task, {"result": [], "completed_by": stranger.id}))


@pytest.mark.parametrize(
    ("answers", "is_labeled"),
    [
        ([("me", {})], False),
        ([("me", {}), ("me", {})], False),
        ([("me", {}), ("you", {})], True),
        ([("me", {}), ("you", {"was_cancelled": True})], False),
        ([("me", {"result": None}), ("you", {})], False),
        ([("me", {"ground_truth": True}), ("you", {})], True),
    ],
)
def test_is_labeled(person: Person, colleague: Person, task: int, answers: list[tuple[str, Any]], is_labeled: bool) -> None:
    """Two different people with a result, as the task's overlap wants."""
    for who, fields in answers:
        body = {name: value for name, value in ({"result": given.GOOD} | fields).items() if value is not None}
        given.ok(post(person if who == "me" else colleague, task, body))
    assert given.ok(person.client.get(f"/api/tasks/{task}"))["is_labeled"] is is_labeled


def test_one_ground_truth(person: Person, task: int) -> None:
    first, second = (given.submit(person.client, task, ground_truth=True) for _ in range(2))
    truths = {a["id"]: a["ground_truth"] for a in given.ok(person.client.get(f"/api/tasks/{task}/annotations"))}
    assert truths == {first: False, second: True}
    given.ok(person.client.patch(f"/api/annotations/{first}", json={"ground_truth": True}))
    truths = {a["id"]: a["ground_truth"] for a in given.ok(person.client.get(f"/api/tasks/{task}/annotations"))}
    assert truths == {first: True, second: False}


# ---------------------------------------------------------------- drafts and parents
def test_a_draft_becomes_an_annotation(person: Person, colleague: Person, task: int) -> None:
    mine, theirs = (given.ok(one.client.post(f"/api/tasks/{task}/drafts", json={"result": []})) for one in (person, colleague))
    refused = post(person, task, {"result": [], "draft_id": theirs["id"]})
    assert (refused.status_code, refused.json()["detail"]) == (403, f"You have no permission to draft id:{theirs['id']}")
    made = given.ok(post(person, task, {"result": [], "draft_id": mine["id"]}))
    assert made["draft_created_at"] == mine["created_at"]
    assert person.client.get(f"/api/drafts/{mine['id']}").status_code == 404
    assert given.ok(post(person, task, {"result": [], "draft_id": mine["id"]}))["draft_created_at"] is None


def test_parents(person: Person, task: int) -> None:
    prediction = given.ok(person.client.post("/api/predictions", json={"task": task, "result": "Good"}))["id"]
    first = given.ok(post(person, task, {"result": [], "parent_prediction": prediction}))
    second = given.ok(post(person, task, {"result": [], "parent_annotation": first["id"]}))
    assert (first["parent_prediction"], second["parent_annotation"]) == (prediction, first["id"])


# ---------------------------------------------------------------- changing
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_change(person: Person, colleague: Person, task: int, method: str) -> None:
    made = given.ok(post(person, task, {"result": given.GOOD, "lead_time": 1}))
    draft = {"result": given.BAD}
    given.ok(person.client.post(f"/api/tasks/{task}/annotations/{made['id']}/drafts", json=draft))
    body = {"result": given.BAD, "was_cancelled": True, "lead_time": 9, "task": 1, "id": 1, "created_at": "2001"}
    changed = given.ok(colleague.client.request(method, f"/api/annotations/{made['id']}", json=body))
    expected = {"result": given.BAD, "was_cancelled": True, "lead_time": 9, "updated_by": colleague.id, "completed_by": person.id}
    kept = {name: made[name] for name in ("id", "task", "created_at", "created_username")}
    assert changed == changed | expected | kept
    shown = given.ok(person.client.get(f"/api/tasks/{task}"))
    assert (shown["cancelled_annotations"], shown["drafts"]) == (1, []), "drafts on it vanish"
    assert given.ok(person.client.get(f"/api/projects/{made['project']}/summary"))["created_labels"] == {"mood": {"Bad": 1}}


def test_a_change_of_nothing(person: Person, task: int) -> None:
    made = given.ok(post(person, task, {"result": given.GOOD}))
    changed = given.ok(person.client.patch(f"/api/annotations/{made['id']}", json={}))
    assert changed | {"updated_at": ""} == made | {"updated_at": ""}


def test_delete(person: Person, task: int) -> None:
    first, second = given.submit(person.client, task), given.submit(person.client, task)
    assert person.client.delete(f"/api/annotations/{first}").status_code == 204
    assert person.client.delete(f"/api/annotations/{first}").json()["detail"] == "No Annotation matches the given query."
    assert [one["id"] for one in given.ok(person.client.get(f"/api/tasks/{task}/annotations"))] == [second]
    project_id = given.ok(person.client.get(f"/api/tasks/{task}"))["project"]
    assert given.ok(person.client.get(f"/api/projects/{project_id}/summary"))["created_labels"] == {"mood": {"Good": 1}}


def test_convert_to_draft(person: Person, colleague: Person, task: int) -> None:
    made = given.ok(post(person, task, {"result": given.GOOD, "lead_time": 7}))
    answer = colleague.client.post(f"/api/annotations/{made['id']}/convert-to-draft")
    draft = answer.json()
    assert (answer.status_code, draft["result"], draft["user"], draft["lead_time"]) == (201, given.GOOD, person.email, 7)
    assert given.ok(person.client.get(f"/api/tasks/{task}"))["total_annotations"] == 0
    assert person.client.get(f"/api/annotations/{made['id']}").status_code == 404


@pytest.mark.parametrize("annotation_id", [0, 2**62, 2**63, 10**30])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_unknown(person: Person, method: str, annotation_id: int) -> None:
    answer = person.client.request(method, f"/api/annotations/{annotation_id}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "No Annotation matches the given query.")
