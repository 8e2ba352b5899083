"""Views, filters, ordering, columns and actions of the data table."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from compat.scenarios.configs import NER, SENTIMENT, choice
from compat.talk import Talk


def item(column: str, operator: str, kind: str, value: Any) -> dict[str, Any]:
    return {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}


FILTERS: dict[str, dict[str, Any]] = {
    "text contains": item("data.review_text", "contains", "String", "A"),
    "text not contains": item("data.review_text", "not_contains", "String", "alpha"),
    "text equal": item("data.review_text", "equal", "String", "beta"),
    "text not equal": item("data.review_text", "not_equal", "String", "beta"),
    "text regex": item("data.review_text", "regex", "String", "^(alpha|gamma)$"),
    "bad regex": item("data.review_text", "regex", "String", "(["),
    "text empty": item("data.review_text", "empty", "String", True),
    "text not empty": item("data.review_text", "empty", "String", "false"),
    "number less": item("data.n", "less", "Number", 2),
    "number greater or equal": item("data.n", "greater_or_equal", "Number", 2),
    "number in": item("data.n", "in", "Number", {"min": 1, "max": 2}),
    "number equal": item("data.n", "equal", "Number", 3),
    "number not in": item("data.n", "not_in", "Number", {"min": 1, "max": 2}),
    "nested": item("data.deep.kind", "equal", "String", "x"),
    "missing column": item("data.nothing", "equal", "String", "x"),
    "inner id in list": item("inner_id", "in_list", "Number", [1, 3]),
    "inner id less": item("inner_id", "less_or_equal", "Number", 2),
    "annotated": item("total_annotations", "greater", "Number", 0),
    "not annotated": item("total_annotations", "equal", "Number", 0),
    "skipped": item("cancelled_annotations", "equal", "Number", 1),
    "predicted": item("total_predictions", "greater_or_equal", "Number", 1),
    "completed": item("completed_at", "empty", "Datetime", False),
    "not completed": item("completed_at", "empty", "Datetime", True),
    "created after": item("created_at", "greater", "Datetime", "2020-01-01T00:00:00.000000Z"),
    "created between": item(
        "created_at", "in", "Datetime", {"min": "2020-01-01T00:00:00.000000Z", "max": "2090-01-01T00:00:00.000000Z"}
    ),
    "created before": item("created_at", "less", "Datetime", "2020-01-01T00:00:00.000000Z"),
    "result contains": item("annotations_results", "contains", "String", "Positive"),
    "result not contains": item("annotations_results", "not_contains", "String", "Positive"),
    "guess contains": item("predictions_results", "contains", "String", "Neutral"),
    "score greater": item("predictions_score", "greater", "Number", 0.4),
    "version": item("predictions_model_versions", "contains", "List", ["m1"]),
    "version absent": item("predictions_model_versions", "not_contains", "List", ["m1"]),
    "no annotator": item("annotators", "empty", "List", True),
    "draft": item("draft_exists", "equal", "Boolean", True),
    "lead time": item("avg_lead_time", "greater", "Number", 2),
    "null value": item("data.review_text", "equal", "String", None),
    "no file": item("file_upload", "empty", "String", True),
}
ORDERINGS = (
    "-tasks:id",
    "tasks:-id",
    "id",
    "tasks:data.review_text",
    "-tasks:data.n",
    "tasks:total_annotations",
    "-tasks:completed_at",
    "tasks:predictions_score",
)


def _project(talk: Talk) -> tuple[int, list[int]]:
    pid = talk.project("Table", SENTIMENT)
    rows: list[dict[str, Any]] = [
        {"review_text": "alpha", "n": 1, "deep": {"kind": "x"}},
        {"review_text": "beta", "n": 2, "deep": {"kind": "y"}},
        {"review_text": "Gamma gamma", "n": 3},
        {"review_text": "gamma", "n": 10},
        {"review_text": ""},
    ]
    ids = talk.tasks(pid, rows)
    answers = [
        (ids[0], {"result": [choice("Positive")], "lead_time": 1.0}),
        (ids[1], {"result": [choice("Negative")], "lead_time": 5.0}),
    ]
    for task, body in [*answers, (ids[2], {"result": [], "was_cancelled": True})]:
        talk(f"setup answer {task - ids[0]}", "POST", f"/api/tasks/{task}/annotations/", json=body, kind="annotation")
    guesses = [
        {"task": ids[1], "result": [choice("Neutral")], "score": 0.25, "model_version": "m1"},
        {"task": ids[3], "result": [choice("Positive")], "score": 0.75, "model_version": "m2"},
    ]
    talk("setup predictions", "POST", f"/api/projects/{pid}/import/predictions", json=guesses)
    talk("setup draft", "POST", f"/api/tasks/{ids[3]}/drafts", json={"result": [choice("Neutral")]}, kind="draft")
    return pid, ids


def filters(talk: Talk) -> None:
    pid, ids = _project(talk)

    def ask(name: str, query: dict[str, Any]) -> None:
        talk(name, "GET", f"/api/tasks?project={pid}&include=id&query={quote(json.dumps(query))}", kind="task")

    for name, condition in FILTERS.items():
        ask(f"filter {name}", {"filters": {"conjunction": "and", "items": [condition]}})
    both = [FILTERS["annotated"], FILTERS["text contains"]]
    ask("filter and", {"filters": {"conjunction": "and", "items": both}})
    ask("filter or", {"filters": {"conjunction": "or", "items": [FILTERS["text equal"], FILTERS["number equal"]]}})
    child = {**FILTERS["annotated"], "child_filter": FILTERS["text equal"]}
    ask("filter child", {"filters": {"conjunction": "and", "items": [child]}})
    ask("filter id", {"filters": {"conjunction": "and", "items": [item("id", "equal", "Number", ids[1])]}})
    ask("select some", {"selectedItems": {"all": False, "included": ids[:2]}})
    ask("select all but one", {"selectedItems": {"all": True, "excluded": ids[:1]}})
    for ordering in ORDERINGS:
        ask(f"order {ordering}", {"ordering": [ordering]})
    talk("table with all fields", "GET", f"/api/tasks?project={pid}&fields=all", kind="task", loose=("updated_by",))
    body = {"project": pid, "include": "id", "query": {"filters": {"conjunction": "and", "items": [FILTERS["text equal"]]}}}
    talk("query in the body", "GET", "/api/tasks", json=body, kind="task")


def views(talk: Talk) -> None:
    pid, ids = _project(talk)
    conditions = {"conjunction": "and", "items": [FILTERS["text contains"]]}
    data = {
        "title": "With a",
        "filters": conditions,
        "ordering": ["-tasks:id"],
        "hiddenColumns": {"explore": ["tasks:inner_id"], "labeling": []},
    }
    made = talk("create", "POST", "/api/dm/views/", json={"project": pid, "data": data}, kind="view")
    vid = made.pick("id")
    bare = talk("create bare", "POST", "/api/dm/views/", json={"project": pid, "data": {"title": "Default"}}, kind="view").pick(
        "id"
    )
    talk("get", "GET", f"/api/dm/views/{vid}/", kind="view")
    talk("list", "GET", f"/api/dm/views/?project={pid}", kind="view")
    talk("tasks of the view", "GET", f"/api/tasks?view={vid}", kind="task")
    talk("tasks of the view, more filters", "GET", f"/api/tasks?view={vid}&page_size=1&include=id", kind="task")
    talk("change the title", "PATCH", f"/api/dm/views/{vid}/", json={"data": {"title": "Renamed"}}, kind="view")
    replaced = {"title": "Replaced", "filters": {"conjunction": "or", "items": [FILTERS["text equal"], FILTERS["number equal"]]}}
    talk("replace", "PUT", f"/api/dm/views/{vid}/", json={"project": pid, "data": replaced}, kind="view")
    talk("replaced tasks", "GET", f"/api/tasks?view={vid}&include=id", kind="task")
    selected = {"data": {"title": "Replaced", "selectedItems": {"all": False, "included": ids[:1]}}}
    talk("select in the view", "PATCH", f"/api/dm/views/{vid}/", json=selected, kind="view", skip=("included",))
    bad = {"conjunction": "and", "items": [item("data__x", "equal", "String", "1")]}
    talk("bad column", "POST", "/api/dm/views/", json={"project": pid, "data": {"filters": bad}})
    talk("order", "POST", "/api/dm/views/order/", json={"project": pid, "ids": [bare, vid]})
    talk("list in order", "GET", f"/api/dm/views/?project={pid}", kind="view", skip=("included",))
    talk("delete", "DELETE", f"/api/dm/views/{vid}/")
    talk("get deleted", "GET", f"/api/dm/views/{vid}/")
    talk("reset", "DELETE", "/api/dm/views/reset/", json={"project": pid})
    talk("list none", "GET", f"/api/dm/views/?project={pid}", kind="view")
    talk("columns", "GET", f"/api/dm/columns?project={pid}", kind="exact", skip=("help", "schema"))
    talk("dm project", "GET", f"/api/dm/project?project={pid}", kind="project")
    ner = talk.project("Columns of NER", NER)
    talk("columns of an empty project", "GET", f"/api/dm/columns?project={ner}", kind="exact", skip=("help", "schema"))


def actions(talk: Talk) -> None:
    pid, ids = _project(talk)
    described = (
        "dialog",
        "title",
        "help",
        "permission",
        "order",
        "experimental",
        "disabled",
        "disabled_reason",
        "hidden",
        "icon",
    )
    talk("list", "GET", f"/api/dm/actions?project={pid}", kind="exact", skip=described)
    talk("without id", "POST", f"/api/dm/actions?project={pid}", json={})

    def act(name: str, action: str, chosen: list[int] | None, **more: Any) -> None:
        selection = {"all": True, "excluded": []} if chosen is None else {"all": False, "included": chosen}
        body = {"selectedItems": selection, "project": pid, **more}
        talk(name, "POST", f"/api/dm/actions?project={pid}&id={action}", json=body, kind="task")

    act("retrieve predictions", "retrieve_tasks_predictions", ids[:1])
    act("predictions to annotations", "predictions_to_annotations", None, model_version="m1")
    act("again makes none", "predictions_to_annotations", None, model_version="m1")
    talk("annotations made", "GET", f"/api/tasks/{ids[1]}/annotations/", kind="annotation")
    act("next task", "next_task", None)
    act("next task of filter", "next_task", None, filters={"conjunction": "and", "items": [FILTERS["number equal"]]})
    act("delete predictions", "delete_tasks_predictions", ids[:2])
    act("delete annotations", "delete_tasks_annotations", ids[:2])
    talk("after deletions", "GET", f"/api/tasks?project={pid}&fields=all", kind="task", loose=("updated_by",))
    talk.tasks(pid, [{"review_text": "alpha", "n": 1, "deep": {"kind": "x"}}])
    act("remove duplicates", "remove_duplicates", None)
    act("delete filtered", "delete_tasks", None, filters={"conjunction": "and", "items": [FILTERS["text equal"]]})
    act("delete one", "delete_tasks", ids[:1])
    talk("left", "GET", f"/api/tasks?project={pid}&include=id", kind="task")
    act("delete rest", "delete_tasks", None)
    talk("project at the end", "GET", f"/api/projects/{pid}/", kind="project")
