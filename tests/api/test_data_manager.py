"""The data manager: filters, orderings, selections, views, columns and actions on many tasks."""

from __future__ import annotations

import json
from typing import Any

import hostile
import httpx
import pytest
from inprocess import Person

import given

PREFIX = "filter:tasks:"


@pytest.fixture
def project(person: Person, colleague: Person) -> int:
    """Six tasks a to f; see `test_filters` for what is said about them."""
    project_id = given.project(person.client)
    m, n = ({"result": given.GOOD, "score": score, "model_version": name} for name, score in (("m", 0.25), ("n", 0.75)))
    items = [
        {"data": {"text": "apple", "n": 1, "d": {"x": "deep"}}, "predictions": [m]},
        {"data": {"text": "Banana", "n": 10, "ok": True}, "predictions": [n]},
        {"data": {"text": "50% of c_d", "n": 9.5}},
        {"data": {"text": "", "n": "9"}},
        {"data": {"text": "é\u2028", "n": None, "list": [1, 2]}},
        {"data": {"text": "apple pie", "n": -3}, "predictions": [m, n]},
    ]
    ids = given.import_tasks(person.client, project_id, items)
    given.submit(person.client, ids[0], given.GOOD, lead_time=2)
    given.submit(colleague.client, ids[1], given.BAD, lead_time=6)
    given.skip(person.client, ids[2])
    given.ok(person.client.post(f"/api/tasks/{ids[3]}/drafts", json={"result": []}))
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"model_version": "m"}))
    return project_id


def item(column: str, operator: str, value: Any, kind: str = "String", **more: Any) -> dict[str, Any]:
    return {"filter": PREFIX + column, "operator": operator, "type": kind, "value": value, **more}


def asked(person: Person, project_id: int, query: Any, **params: Any) -> httpx.Response:
    text = query if isinstance(query, str) else json.dumps(query)
    return person.client.get("/api/tasks", params={"project": project_id, "query": text, **params})


def letters(answer: httpx.Response) -> str:
    """The places of the tasks as letters, in their order."""
    return "".join("abcdef"[task["inner_id"] - 1] for task in given.ok(answer)["tasks"])


# ---------------------------------------------------------------- pages
def test_a_page(person: Person, project: int) -> None:
    page = given.ok(person.client.get("/api/tasks", params={"project": project, "page_size": 4}))
    assert (page["total"], page["total_annotations"], page["total_predictions"], len(page["tasks"])) == (6, 2, 4, 4)
    assert not {"annotations", "predictions", "completed_at"} & set(page["tasks"][0])
    whole = given.ok(person.client.get("/api/tasks", params={"project": project, "fields": "all", "page": 2, "page_size": 4}))
    assert [len(task["predictions"]) for task in whole["tasks"]] == [0, 2]
    first = given.ok(person.client.get("/api/tasks", params={"project": project, "fields": "all"}))["tasks"][0]
    assert first["annotations"][0]["completed_by"] == first["annotators"][0] == person.id
    assert "choices: [Good]" in first["annotations_results"]
    assert (first["predictions_score"], first["avg_lead_time"], first["draft_exists"]) == (0.25, 2, False)
    assert given.ok(person.client.get("/api/tasks", params={"project": project, "include": "id"}))["tasks"][0].keys() == {"id"}


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"page": 2}, 404),
        ({"page": 0}, 404),
        ({"page": -1}, 404),
        ({"page": 2**62}, 404),
        ({"page": "x"}, 400),
        ({"page_size": -1}, 200),
        ({"page_size": "all"}, 400),
        ({"page_size": 2**70}, 400),
        ({"query": "{"}, 400),
        ({"query": '"text"'}, 200),
        ({"query": "[" * 300}, 400),
    ],
)
def test_odd_pages(person: Person, project: int, params: dict[str, Any], status: int) -> None:
    assert person.client.get("/api/tasks", params={"project": project} | params).status_code == status


def test_which_project(person: Person) -> None:
    answer = person.client.get("/api/tasks")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Neither project nor view id specified"})
    empty = given.ok(person.client.get("/api/tasks", params={"project": given.project(person.client)}))
    assert empty == {"total_annotations": 0, "total_predictions": 0, "total": 0, "tasks": []}
    by_body = person.client.request("GET", "/api/tasks", json={"project": given.project(person.client, tasks=2), "page_size": 1})
    assert len(given.ok(by_body)["tasks"]) == 1


# ---------------------------------------------------------------- filters
FILTERS = [
    (item("data.text", "contains", "APPLE"), "af"),
    (item("data.text", "contains", "%"), "c"),
    (item("data.text", "contains", "c_d"), "c"),
    (item("data.text", "contains", "cxd"), ""),
    (item("data.text", "contains", "\\"), ""),
    (item("data.text", "contains", "é"), "e"),
    (item("data.text", "not_contains", "a"), "cde"),
    (item("data.text", "equal", "apple"), "a"),
    (item("data.text", "not_equal", "apple"), "bcdef"),
    (item("data.text", "regex", "^a.*e$"), "af"),
    (item("data.text", "regex", "(a+)+$"), "b"),
    (item("data.text", "regex", "(?=x)"), ""),
    (item("data.text", "regex", "("), ""),
    (item("data.text", "in_list", ["apple", "Banana", 5]), "ab"),
    (item("data.text", "not_in_list", ["apple"]), "bcdef"),
    (item("data.text", "empty", True), "d"),
    (item("data.text", "empty", "false"), "abcef"),
    (item("data.nothing", "empty", True), "abcdef"),
    (item("data.d.x", "equal", "deep"), "a"),
    (item("data.list", "empty", False), "e"),
    (item("data.ok", "equal", True, "Boolean"), "b"),
    (item("data.n", "greater", 9, "Number"), "bc"),
    (item("data.n", "less_or_equal", 9, "Number"), "adf"),
    (item("data.n", "in", {"min": 1, "max": 9.5}, "Number"), "acd"),
    (item("data.n", "not_in", {"min": 1, "max": 9.5}, "Number"), "bf"),
    (item("data.n", "equal", "10", "Number"), "b"),
    (item("total_annotations", "equal", 1, "Number"), "ab"),
    (item("cancelled_annotations", "greater_or_equal", 1, "Number"), "c"),
    (item("total_predictions", "greater", 1, "Number"), "f"),
    (item("inner_id", "in_list", [1, 3], "Number"), "ac"),
    (item("id", "less", 0, "Number"), ""),
    (item("created_at", "greater", "2001-01-01T00:00:00.000Z", "Datetime"), "abcdef"),
    (item("created_at", "in", {"min": "2001-01-01T00:00:00.000Z", "max": "2002-01-01T00:00:00.000Z"}, "Datetime"), ""),
    (item("completed_at", "empty", False, "Datetime"), "ab"),
    (item("annotators", "contains", "me", "List"), "ac"),
    (item("annotators", "not_contains", "me", "List"), "bdef"),
    (item("annotators", "empty", True, "List"), "def"),
    (item("annotators", "contains", "nobody", "List"), ""),
    (item("updated_by", "contains", "you", "List"), "b"),
    (item("annotations_results", "contains", "bad"), "b"),
    (item("annotations_results", "not_contains", "bad"), "acdef"),
    (item("predictions_results", "contains", "Good"), "abf"),
    (item("predictions_model_versions", "contains", ["n"], "List"), "bf"),
    (item("predictions_score", "greater", 0.1, "Number"), "af"),
    (item("avg_lead_time", "greater", 3, "Number"), "b"),
    (item("draft_exists", "equal", True, "Boolean"), "d"),
    (item("draft_exists", "equal", False, "Boolean"), "abcef"),
    (item("file_upload", "empty", True), "abcdef"),
    (item("data", "contains", "deep"), "a"),
    (item("data.text", "contains", None), "abcdef"),
    ({"filter": "tasks:data.text", "operator": "equal", "type": "String", "value": "x"}, "abcdef"),
]


@pytest.mark.parametrize(("one", "found"), FILTERS, ids=lambda value: str(value)[:70])
def test_filters(person: Person, colleague: Person, project: int, one: dict[str, Any], found: str) -> None:
    """One filter, and what it finds; a null value and another prefix mean no filter."""
    users = {"me": person.id, "you": colleague.id}
    one = one | {"value": users.get(one["value"], one["value"]) if isinstance(one["value"], str) else one["value"]}
    answer = asked(person, project, {"filters": {"conjunction": "and", "items": [one]}})
    assert letters(answer) == found
    page = answer.json()
    assert page["total"] == len(found)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"conjunction": "or", "items": [item("data.text", "equal", "apple"), item("data.text", "equal", "Banana")]}, "ab"),
        ({"conjunction": "and", "items": [item("data.text", "equal", "apple"), item("data.text", "equal", "Banana")]}, ""),
        ({"items": [item("data.text", "contains", "a", child_filter=item("data.n", "greater", 0, "Number"))]}, "ab"),
        ({"items": []}, "abcdef"),
        ({}, "abcdef"),
        (None, "abcdef"),
    ],
)
def test_several_filters(person: Person, project: int, filters: Any, found: str) -> None:
    assert letters(asked(person, project, {"filters": filters})) == found


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (item("nonsense", "equal", "a"), "There is no column nonsense."),
        (item("data.text", "around", "a"), "There is no operator around for texts."),
        (item("inner_id", "around", 1, "Number"), "There is no operator around for this column."),
        (item("inner_id", "equal", "many", "Number"), "'many' is not a number."),
        (item("inner_id", "in", 5, "Number"), "in wants an object with min and max."),
        (item("created_at", "less", "soon", "Datetime"), "'soon' is not a date like"),
        (5, "Each filter must be an object."),
    ],
)
def test_bad_filters(person: Person, project: int, one: Any, reason: str) -> None:
    answer = asked(person, project, {"filters": {"items": [one]}})
    assert answer.status_code == 400
    assert reason in answer.json()["validation_errors"]["filters"][0]


def test_too_many_filters(person: Person, project: int) -> None:
    answer = asked(person, project, {"filters": {"items": [item("id", "greater", 0, "Number")] * 101}})
    assert answer.status_code == 400


# ---------------------------------------------------------------- order and selection
@pytest.mark.parametrize(
    ("ordering", "order"),
    [
        ([], "abcdef"),
        (["tasks:id"], "abcdef"),
        (["-tasks:id"], "fedcba"),
        (["tasks:-id"], "fedcba"),
        (["id"], "abcdef"),
        (["-tasks:inner_id", "tasks:id"], "fedcba"),
        (["tasks:data.n"], "fadcbe"),
        (["-tasks:data.n"], "bcdafe"),
        (["-tasks:total_predictions"], "fabcde"),
        (["tasks:avg_lead_time"], "abcdef"),
        (["-tasks:completed_at"], "bacdef"),
        ("tasks:id", "abcdef"),
        (5, "abcdef"),
    ],
)
def test_ordering(person: Person, project: int, ordering: Any, order: str) -> None:
    assert letters(asked(person, project, {"ordering": ordering})) == order


def test_texts_in_order(person: Person, project: int) -> None:
    order = letters(asked(person, project, {"ordering": ["tasks:data.text"]}))
    assert order.index("a") < order.index("f"), "apple before apple pie"
    assert letters(asked(person, project, {"ordering": ["-tasks:data.text"]})) == order[::-1]


def test_selection(person: Person, project: int) -> None:
    ids = [task["id"] for task in given.ok(person.client.get("/api/tasks", params={"project": project}))["tasks"]]
    cases: list[tuple[dict[str, Any], str]] = [
        ({"all": False, "included": [ids[3], ids[1]]}, "bd"),
        ({"all": False, "included": []}, ""),
        ({"all": True, "excluded": [ids[0], ids[5]]}, "bcde"),
        ({"all": True}, "abcdef"),
        ({"all": False, "included": list(range(10**6, 10**6 + 70_000))}, ""),
        ({"all": True, "excluded": list(range(10**6, 10**6 + 70_000))}, "abcdef"),
    ]
    for selected, found in cases:
        body = {"project": project, "selectedItems": selected}
        assert letters(person.client.request("GET", "/api/tasks", json=body)) == found
    for bad in (["x"], 5, [True], [2**63], [[1]]):
        assert asked(person, project, {"selectedItems": {"all": False, "included": bad}}).status_code == 400


# ---------------------------------------------------------------- views
def test_views(person: Person, project: int) -> None:
    filters = {"conjunction": "and", "items": [item("data.text", "contains", "apple")]}
    data = {"title": "Apples", "filters": filters, "ordering": ["-tasks:id"], "hiddenColumns": {"explore": []}, "gridWidth": 4}
    answer = person.client.post("/api/dm/views", json={"project": project, "data": data})
    view = answer.json()
    assert answer.status_code == 201
    assert view == {"id": view["id"], "data": data, "order": 0, "user": person.id, "project": project}
    path = f"/api/dm/views/{view['id']}"
    assert given.ok(person.client.get(path)) == view
    assert given.ok(person.client.get("/api/dm/views", params={"project": project})) == [view]
    assert letters(person.client.get("/api/tasks", params={"view": view["id"]})) == "fa"
    named = given.ok(person.client.patch(path, json={"data": {"title": "Renamed"}}))["data"]
    assert (named["title"], named["filters"], named["ordering"]) == ("Renamed", filters, ["-tasks:id"])
    ids = [task["id"] for task in given.ok(person.client.get("/api/tasks", params={"project": project}))["tasks"]]
    selected = {"all": False, "included": [ids[0]]}
    given.ok(person.client.put(path, json={"data": {"filters": {"items": []}, "ordering": [], "selectedItems": selected}}))
    assert letters(person.client.get("/api/tasks", params={"view": view["id"]})) == "a"
    other = given.ok(person.client.post("/api/dm/views", json={"project": project, "data": {}}))["id"]
    assert person.client.post("/api/dm/views/order", json={"project": project, "ids": [other, view["id"]]}).status_code == 200
    assert [one["id"] for one in given.ok(person.client.get("/api/dm/views", params={"project": project}))] == [other, view["id"]]
    assert person.client.delete(path).status_code == 204
    assert person.client.get("/api/tasks", params={"view": view["id"]}).status_code == 404
    assert person.client.request("DELETE", "/api/dm/views/reset", json={"project": project}).status_code == 204
    assert given.ok(person.client.get("/api/dm/views", params={"project": project})) == []


@pytest.mark.parametrize(
    "data",
    [
        5,
        "x",
        {"filters": {"items": [item("a__b", "equal", "x")]}},
        {"filters": {"items": [{"filter": "data.text", "operator": "equal", "value": 1}]}},
        {"filters": {"items": [item("inner_id", "around", 1, "Number")]}},
        {"filters": {"items": [5]}},
        {"selectedItems": {"all": False, "included": ["x"]}},
    ],
)
def test_bad_views(person: Person, project: int, data: Any) -> None:
    """Refused when they are saved, not when they are opened."""
    assert person.client.post("/api/dm/views", json={"project": project, "data": data}).status_code == 400
    assert given.ok(person.client.get("/api/dm/views", params={"project": project})) == []


def test_a_view_of_a_column_that_is_gone(person: Person, project: int) -> None:
    """Only that view says so; the project's page is fine."""
    data = {"filters": {"items": [item("nonsense", "equal", "x")]}}
    view = given.ok(person.client.post("/api/dm/views", json={"project": project, "data": data}))
    assert person.client.get("/api/tasks", params={"view": view["id"]}).status_code == 400
    assert letters(person.client.get("/api/tasks", params={"project": project})) == "abcdef"
    assert len(given.ok(person.client.get("/api/dm/views", params={"project": project}))) == 1


# ---------------------------------------------------------------- columns and project
def test_columns(person: Person, project: int) -> None:
    columns = {one["id"]: one for one in given.ok(person.client.get("/api/dm/columns", params={"project": project}))["columns"]}
    assert set(columns) >= {
        "text",
        "n",
        "d",
        "id",
        "inner_id",
        "completed_at",
        "annotators",
        "draft_exists",
        "data",
        "updated_by",
    }
    assert (columns["text"]["type"], columns["text"]["parent"], columns["n"]["type"]) == ("String", "data", "Unknown")
    assert person.id in columns["annotators"]["schema"]["items"]
    assert columns["data"]["children"][0] == "text"
    read = given.ok(person.client.get("/api/dm/project", params={"project": project}))
    assert (read["task_count"], read["annotation_count"], read["can_delete_tasks"]) == (6, 3, True)


# ---------------------------------------------------------------- actions
def act(person: Person, project_id: int, name: str, body: Any = None) -> httpx.Response:
    return person.client.post("/api/dm/actions", params={"project": project_id, "id": name}, json=body or {})


def chosen(person: Person, project_id: int, places: str) -> dict[str, Any]:
    tasks = given.ok(person.client.get("/api/tasks", params={"project": project_id}))["tasks"]
    ids = [task["id"] for task in tasks if "abcdef"[task["inner_id"] - 1] in places]
    return {"selectedItems": {"all": False, "included": ids}}


def test_the_actions_there_are(person: Person, project: int) -> None:
    names = {one["id"] for one in given.ok(person.client.get("/api/dm/actions", params={"project": project}))}
    assert names >= {"delete_tasks", "delete_tasks_annotations", "delete_tasks_predictions", "predictions_to_annotations"}
    nameless = person.client.post("/api/dm/actions", params={"project": project}, json={})
    assert (nameless.status_code, nameless.json()) == (422, {"detail": 'No action id "None", use ?id=<action-id>'})
    assert act(person, project, "explode").status_code == 400


def test_delete_tasks(person: Person, project: int) -> None:
    given.ok(person.client.post("/api/dm/views", json={"project": project, "data": {}}))
    body = given.ok(act(person, project, "delete_tasks", chosen(person, project, "ab")))
    assert body == {"processed_items": 2, "reload": False, "detail": "Deleted 2 tasks"}
    assert letters(person.client.get("/api/tasks", params={"project": project})) == "cdef"
    filters = {"filters": {"items": [item("data.text", "contains", "apple")]}}
    assert given.ok(act(person, project, "delete_tasks", filters))["processed_items"] == 1
    body = given.ok(act(person, project, "delete_tasks"))
    assert (body["processed_items"], body["reload"]) == (3, True)
    assert given.ok(person.client.get("/api/dm/views", params={"project": project})) == []


def test_delete_annotations(person: Person, colleague: Person, project: int) -> None:
    body = given.ok(act(person, project, "delete_tasks_annotations", {"annotator": colleague.id}))
    assert body == {"processed_items": 1, "detail": "Deleted 1 annotations"}
    assert given.ok(act(person, project, "delete_tasks_annotations", {"annotator": str(colleague.id)}))["processed_items"] == 0
    assert given.ok(act(person, project, "delete_tasks_annotations"))["processed_items"] == 2
    assert letters(asked(person, project, {"filters": {"items": [item("draft_exists", "equal", True, "Boolean")]}})) == ""
    read = given.ok(person.client.get(f"/api/projects/{project}"))
    assert (read["total_annotations_number"], read["finished_task_number"], read["skipped_annotations_number"]) == (0, 0, 0)
    for bad in ("x", [1], {"id": 1}, 2**63, True, -1, 1.5):
        assert act(person, project, "delete_tasks_annotations", {"annotator": bad}).status_code == 400


def test_predictions_in_bulk(person: Person, project: int) -> None:
    assert (
        given.ok(act(person, project, "predictions_to_annotations", {"model_version": "m"}))["detail"] == "Created 2 annotations"
    )
    assert (
        given.ok(act(person, project, "predictions_to_annotations", {"model_version": ["m", "n"]}))["detail"]
        == "Created 2 annotations"
    )
    assert given.ok(act(person, project, "predictions_to_annotations"))["detail"] == "Created 0 annotations", "each has its child"
    read = given.ok(person.client.get(f"/api/projects/{project}"))
    assert read["total_annotations_number"] == 6
    assert given.ok(act(person, project, "delete_tasks_predictions", chosen(person, project, "f")))["processed_items"] == 2
    assert given.ok(act(person, project, "delete_tasks_predictions"))["detail"] == "Deleted 2 predictions"
    assert given.ok(person.client.get(f"/api/projects/{project}"))["total_predictions_number"] == 0
    assert given.ok(act(person, project, "retrieve_tasks_predictions"))["processed_items"] == 6


def test_remove_duplicates(person: Person) -> None:
    project_id = given.project(person.client)
    texts = ["a", "a", "b", "a", "b", "c"]
    ids = given.import_tasks(person.client, project_id, [{"text": text} for text in texts])
    given.submit(person.client, ids[3])
    given.ok(person.client.post("/api/predictions", json={"task": ids[0], "result": "Good"}))
    assert given.ok(act(person, project_id, "remove_duplicates")) == {}
    left = given.ok(person.client.get("/api/tasks", params={"project": project_id}))["tasks"]
    assert [task["id"] for task in left] == [ids[2], ids[3], ids[5]], "the annotated one, else the oldest"
    assert left[1]["total_predictions"] == 1, "predictions move along"
    more = given.import_tasks(person.client, project_id, [{"text": "a"}])
    given.submit(person.client, more[0])
    assert act(person, project_id, "remove_duplicates").status_code == 400


@pytest.mark.parametrize(
    "name",
    ["delete_tasks", "delete_tasks_annotations", "delete_tasks_predictions", "predictions_to_annotations", "remove_duplicates"],
)
def test_bad_input_of_actions(person: Person, project: int, name: str) -> None:
    for value in hostile.BAD_VALUES:
        for field in ("selectedItems", "filters", "ordering", "model_version", "annotator"):
            nothing = {"selectedItems": {"all": False, "included": []}}
            assert act(person, project, name, nothing | {field: value}).status_code in (200, 400), (field, value)
