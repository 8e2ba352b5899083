"""Labels added to projects, their links, and renaming a label in answers."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from inprocess import Person

CONFIG = (
    '<View><Text name="t" value="$x"/><Choices name="c" toName="t" choice="multiple"><Choice value="A"/><Choice value="B"/>'
    '</Choices><Taxonomy name="tax" toName="t"><Choice value="X"/></Taxonomy><Rating name="r" toName="t"/></View>'
)


def item(control: str, kind: str, value: Any) -> dict[str, Any]:
    return {"from_name": control, "to_name": "t", "type": kind, "value": {kind: value}}


def make_project(person: Person, *results: list[dict[str, Any]]) -> tuple[int, list[int]]:
    """A project with one task per result, each annotated; ids of project and annotations."""
    project = person.client.post("/api/projects", json={"title": "Labels", "label_config": CONFIG}).json()["id"]
    rows = [{"x": "word"} for _ in results] or [{"x": "word"}]
    tasks = person.client.post(f"/api/projects/{project}/import?return_task_ids=1", json=rows).json()["task_ids"]
    answers = [
        person.client.post(f"/api/tasks/{task}/annotations", json={"result": result}).json()["id"]
        for task, result in zip(tasks, results, strict=False)
    ]
    return project, answers


def add(person: Person, project: int, *titles: str, **fields: Any) -> httpx.Response:
    items = [{"title": title, "value": [title], "from_name": "c", "project": project, **fields} for title in titles]
    return person.client.post("/api/labels", json=items)


def test_labels_are_made_linked_and_read(person: Person) -> None:
    project, _ = make_project(person)
    made = add(person, project, "fresh", "stale", description="about")
    assert made.status_code == 201
    first = made.json()[0]
    assert (first["title"], first["value"], first["from_name"], first["project"]) == ("fresh", ["fresh"], "c", project)
    assert (first["projects"], first["description"], first["approved"]) == ([project], "about", False)
    got = person.client.get(f"/api/labels/{first['id']}/").json()
    assert (got["projects"], len(got["links"]), got["created_by"]) == ([project], 1, person.id)
    page = person.client.get("/api/labels").json()
    assert (page["count"], [one["title"] for one in page["results"]]) == (2, ["fresh", "stale"])


def test_a_title_is_used_again_in_another_project(person: Person) -> None:
    (one, _), (two, _) = make_project(person), make_project(person)
    first = add(person, one, "fresh").json()[0]
    again = add(person, two, "fresh", "fresh").json()
    assert [label["id"] for label in again] == [first["id"], first["id"]]
    assert again[0]["projects"] == [one, two]


def test_links_count_annotations(person: Person) -> None:
    project, _ = make_project(
        person, [item("c", "choices", ["fresh"])], [item("c", "choices", ["fresh", "A"])], [item("c", "choices", ["A"])]
    )
    add(person, project, "fresh", "stale")
    links = person.client.get("/api/label_links", params={"project": project}).json()["results"]
    assert [(link["annotations_count"], link["from_name"]) for link in links] == [(2, "c"), (0, "c")]


def test_lists_come_in_pages_of_a_hundred(person: Person) -> None:
    project, _ = make_project(person)
    assert add(person, project, *(f"label {number}" for number in range(101))).status_code == 201
    page = person.client.get("/api/labels").json()
    assert (len(page["results"]), page["next"].endswith("/api/labels?page=2"), page["previous"]) == (100, True, None)
    last = person.client.get("/api/label_links", params={"project": project, "page": 2}).json()
    assert (len(last["results"]), last["next"], last["previous"].endswith(f"?project={project}")) == (1, None, True)
    assert person.client.get("/api/labels?page=3").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        [1],
        [{}],
        [{"title": "x", "value": ["x"], "from_name": "c"}],
        [{"title": "x", "value": None, "from_name": "c", "project": 1}],
        [{"title": "x" * 601, "value": ["x"], "from_name": "c", "project": 1}],
        [{"title": "x", "value": ["x"], "from_name": {}, "project": 1}],
        [{"title": "x", "value": ["x"], "from_name": "c", "project": "one"}],
        [{"title": "x", "value": ["x"], "from_name": "c", "project": number} for number in (1, 2)],
    ],
)
def test_what_is_no_label_is_refused(person: Person, body: Any) -> None:
    assert person.client.post("/api/labels", json=body).status_code == 400


def test_labels_change_and_go(person: Person) -> None:
    project, _ = make_project(person)
    first, second = add(person, project, "fresh", "stale").json()
    address = f"/api/labels/{first['id']}"
    changed = person.client.patch(address, json={"title": "new", "value": "new", "approved": True, "description": None}).json()
    assert (changed["title"], changed["value"], changed["approved"], changed["approved_by"]) == ("new", "new", True, person.id)
    assert person.client.patch(address, json={"title": "stale"}).status_code == 400
    assert person.client.patch(address, json={"title": ""}).status_code == 400
    assert person.client.delete(address).status_code == 204
    assert person.client.get(address).status_code == 404
    links = person.client.get("/api/label_links", params={"project": project}).json()["results"]
    assert [link["label"] for link in links] == [second["id"]]


def test_links_are_made_changed_and_removed(person: Person) -> None:
    (one, _), (two, _) = make_project(person), make_project(person)
    label = add(person, one, "fresh").json()[0]["id"]
    body = {"project": two, "label": label, "from_name": "c"}
    made = person.client.post("/api/label_links", json=body)
    assert (made.status_code, made.json()["label"]) == (201, label)
    assert person.client.post("/api/label_links", json=body).status_code == 400
    address = f"/api/label_links/{made.json()['id']}"
    assert person.client.patch(address, json={"from_name": "d"}).json()["from_name"] == "d"
    assert person.client.delete(address).status_code == 204
    assert person.client.get(f"/api/labels/{label}").json()["projects"] == [one]


def test_a_label_is_renamed_in_answers(person: Person) -> None:
    project, ids = make_project(
        person,
        [item("c", "choices", ["A"]), item("r", "rating", 4)],
        [item("c", "choices", ["A", "B"])],
        [item("tax", "taxonomy", [["X", "Y"]])],
        [item("c", "choices", ["A"])],
    )
    elsewhere, _ = make_project(person, [item("c", "choices", ["A"])])

    def rename(old: Any, new: Any, **scope: Any) -> int:
        answer = person.client.post("/api/labels/bulk", json={"old_label": old, "new_label": new, **scope})
        return int(answer.json()["annotations_updated"])

    assert rename(["A"], ["C"], project=project) == 2
    assert rename([["X", "Y"]], [["X", "Z"]], project=project) == 1
    assert rename(4, 5, project=project) == 1
    results = [person.client.get(f"/api/annotations/{one}").json()["result"] for one in ids]
    assert [[one["value"][one["type"]] for one in result] for result in results] == [
        [["C"], 5],
        [["A", "B"]],
        [[["X", "Z"]]],
        [["C"]],
    ]
    counts = person.client.get(f"/api/projects/{project}/summary").json()["created_labels"]
    assert counts["c"] == {"A": 1, "B": 1, "C": 2}
    assert rename(["A"], ["D"]) == 1
    assert person.client.get(f"/api/projects/{elsewhere}/summary").json()["created_labels"] == {"c": {"D": 1}}


@pytest.mark.parametrize("body", [{}, {"old_label": ["A"]}, {"old_label": ["A"], "new_label": ["B"], "project": "x"}])
def test_renaming_needs_both_names(person: Person, body: Any) -> None:
    assert person.client.post("/api/labels/bulk", json=body).status_code == 400


def test_strangers_see_and_change_nothing(person: Person, stranger: Person) -> None:
    project, ids = make_project(person, [item("c", "choices", ["A"])])
    label = add(person, project, "fresh").json()[0]
    link = person.client.get("/api/label_links").json()["results"][0]["id"]
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        for address in (f"/api/labels/{label['id']}", f"/api/label_links/{link}"):
            assert stranger.client.request(method, address, json={}).status_code == 404
    assert add(stranger, project, "mine").status_code == 404
    body = {"old_label": ["A"], "new_label": ["B"]}
    assert stranger.client.post("/api/labels/bulk", json=body | {"project": project}).status_code == 404
    assert stranger.client.post("/api/labels/bulk", json=body).json() == {"annotations_updated": 0}
    assert stranger.client.get("/api/labels").json()["count"] == 0
    assert stranger.client.get("/api/label_links").json()["count"] == 0
    assert person.client.get(f"/api/annotations/{ids[0]}").json()["result"][0]["value"] == {"choices": ["A"]}
    theirs, _ = make_project(stranger)
    assert (
        stranger.client.post("/api/label_links", json={"project": theirs, "label": label["id"], "from_name": "c"}).status_code
        == 400
    )
