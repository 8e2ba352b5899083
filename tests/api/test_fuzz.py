"""No input breaks the server (promise 7): random bodies, parameters and paths on every route never give a 5xx.

Bounded: a fixed number of examples per route, reproducible. The schema-driven test is `test_openapi.py`'s; this one knows no schema
and therefore sends what a schema would never allow.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import given
import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from inprocess import Person, Server

from labelwright.server.api.routing import Route
from labelwright.server.app import all_routes

EXAMPLES = 30
SLOW = {"/user/login", "/user/signup", "/api/labelwright/password", "/api/users"}
"""They hash passwords on purpose; their own tests send them bad input."""
ROUTES = [entry for entry in all_routes() if entry.path not in SLOW and entry.path != "/trigger500"]

FIELDS = """
    id title description label_config expert_instruction color maximum_annotations overlap_cohort_percentage sampling skip_queue
    is_published is_draft show_instruction model_version min_annotations_to_start_training show_collab_predictions pinned_at
    control_weights task_data_password data meta overlap project task result was_cancelled ground_truth lead_time completed_by
    draft_id unique_id parent_prediction parent_annotation was_postponed score cluster neighbors mislabeling annotations predictions
    allow_skip file_upload_id file_upload_ids files_as_tasks_list filters ordering selectedItems items conjunction operator value
    filter type child_filter all included excluded ids hiddenColumns columnsDisplayType query url annotator text email
    task_filter_options annotation_filter_options serialization_options view skipped only_id export_type custom_hotkeys token
    refresh contact_info phone first_name max_session_age preferences
""".split()
QUERY = """
    project view page page_size start length fields query include ids ids[] filter title ordering id task task__project exclude
    limit extended exportType export_type download_all_tasks commit_to_project return_task_ids preannotated_from_fields resolve_uri
    was_cancelled url interactive raw contributed_to_projects all next token
""".split()
COLUMNS = ["id", "data.text", "data.a.b", "data.", "data", "annotators", "completed_at", "annotations_results", "draft_exists", "no"]
OPERATORS = ["equal", "not_equal", "less", "in", "not_in", "in_list", "not_in_list", "empty", "contains", "not_contains", "regex", "x"]

integers = st.sampled_from([0, 1, -1, 2, 2**31 - 1, 2**31, 2**63 - 1, -(2**63)]) | st.integers(-5, 100)
words = (
    st.sampled_from(["", "all", "true", "-1", "1e400", "nan", "inf", "9" * 30, "{}", "[1]", "(", "%", "'", "a" * 600, "é\u2028😀", "$."])
    | st.sampled_from(["JSON", "CSV", "COCO", "delete_tasks", "next_task", "remove_duplicates", "predictions_to_annotations"])
    | st.sampled_from(["-tasks:id", "tasks:data.text", "filter:tasks:data.text", given.CONFIG, "<View>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
    | st.text(max_size=8).filter(lambda text: text.isprintable())
)
leaves = st.none() | st.booleans() | integers | st.floats(allow_nan=False, allow_infinity=False) | words
filters = st.fixed_dictionaries(
    {
        "filter": st.sampled_from(COLUMNS).map("filter:tasks:{}".format) | words,
        "operator": st.sampled_from(OPERATORS),
        "type": st.sampled_from(["Number", "Datetime", "Boolean", "String", "List", "Unknown"]) | leaves,
        "value": leaves | st.lists(leaves, max_size=3) | st.fixed_dictionaries({"min": leaves, "max": leaves}),
    }
)
queries = st.fixed_dictionaries(
    {},
    optional={
        "filters": st.fixed_dictionaries({"conjunction": st.sampled_from(["and", "or"]), "items": st.lists(filters, max_size=3)}),
        "ordering": st.lists(st.sampled_from(COLUMNS).map("-tasks:{}".format) | words, max_size=2),
        "selectedItems": st.fixed_dictionaries({"all": st.booleans(), "included": st.lists(leaves, max_size=3)}),
    },
)
results = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "id": leaves,
            "from_name": st.just("mood") | leaves,
            "to_name": st.just("text") | leaves,
            "type": st.sampled_from(["choices", "labels", "taxonomy", "textarea", "relation"]) | leaves,
            "value": st.dictionaries(st.sampled_from(["choices", "labels", "taxonomy", "text"]), leaves | st.lists(leaves, max_size=3)),
        },
    ),
    max_size=3,
)
values = st.recursive(
    leaves | results,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | words, inner, max_size=5),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from(FIELDS), values, max_size=5) | queries
bodies = objects | st.lists(objects, max_size=3) | values
HOSTILE = [
    b"",
    b"{",
    b"nul",
    b'{"title": NaN}',
    b'{"title": 1e999, "score": -1e999}',
    b'{"title": "\\u0000", "result": "[\\"\\\\u0000\\"]", "data": {"text": "\\u0000"}}',
    b'{"title": "\\ud800", "data": {"text": "\\ud800"}}',
    b'{"data": {"\\u0000": 1}}',
    b"[" * 5000 + b"]" * 5000,
    b'{"result": "' + b"[" * 3000 + b'"}',
    b'{"id": 123456789012345678901234567890, "project": 99999999999999999999}',
    b'{"title": "a", "title": "b", "data": {"text": "a"}, "data": 5}',
    b'{"data": {"text": "\xff\xfe"}}',
    b"\xef\xbb\xbf{}",
    b"\x00",
    "[" + ",".join('{"text":1}' for _ in range(3)) + "]",
]
KINDS = [
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "application/xml",
    "\xff",
    "",
]


@dataclass
class World:
    """Somebody's project with one of each kind, so that paths can name what exists."""

    client: httpx.Client
    ids: dict[str, Any]


def _world(person: Person) -> World:
    client = person.client
    project_id = given.project(client, maximum_annotations=2)
    task = {"data": {"text": "a", "a": {"b": 1}}, "predictions": [{"result": given.GOOD, "score": 0.5, "model_version": "m"}]}
    task_id = given.import_tasks(client, project_id, [task, task, {"text": "b"}])[0]
    annotation_id = given.submit(client, task_id)
    draft = given.ok(client.post(f"/api/tasks/{task_id}/drafts", json={"result": given.BAD}))
    view = given.ok(client.post("/api/dm/views", json={"project": project_id, "data": {"title": "v"}}))
    files = client.post(f"/api/projects/{project_id}/import", files=given.upload("a.csv", "text\nx\n"))
    predictions = given.ok(client.get("/api/predictions", params={"task": task_id}))
    snapshot = client.post(f"/api/projects/{project_id}/exports", json={})
    ids = {
        "project_id": project_id,
        "task_id": task_id,
        "annotation_id": annotation_id,
        "draft_id": draft["id"],
        "view_id": view["id"],
        "file_upload_id": given.ok(files)["file_upload_ids"][0],
        "prediction_id": predictions[0]["id"],
        "export_id": given.ok(snapshot)["id"],
        "user_id": person.id,
        "organization_id": person.organization_id,
        "session_id": "none",
        "section": "general",
        "name": "a.csv",
    }
    return World(client, ids)


@st.composite
def requests(draw: st.DrawFn, entry: Route[Any]) -> dict[str, Any]:
    """What to send: path parameters that replace the right ones, query, and a body of some kind."""
    odd = {
        name: draw(st.sampled_from([0, -1, 2**63 - 1, 2**63, 10**30, "x", "%00", "%ED%A0%80", "..", "%F0%9F%98%80"]))
        for name in draw(st.sets(st.sampled_from(_parameters(entry)), max_size=1))
    } if _parameters(entry) and draw(st.integers(0, 4)) == 0 else {}
    names = st.sampled_from([*entry.query, *QUERY])
    texts = words | integers.map(str) | st.sampled_from(["\x00", "%00", "\ufffd"])
    query = draw(st.dictionaries(names, texts, max_size=3))
    if draw(st.integers(0, 3)) == 0:
        query["query"] = json.dumps(draw(queries))
    sent: dict[str, Any] = {"odd": odd, "params": query}
    if entry.method == "GET":
        return sent
    how = draw(st.sampled_from(["json"] * 5 + ["hostile", "hostile", "form", "files", "kind"]))
    if how == "json":
        sent["json"] = draw(bodies)
    elif how == "hostile":
        sent |= {"content": draw(st.sampled_from(HOSTILE)), "headers": {"content-type": draw(st.sampled_from(KINDS[:5]))}}
    elif how == "form":
        sent["data"] = draw(st.dictionaries(st.sampled_from(FIELDS), words, max_size=4))
    elif how == "files":
        name = draw(st.sampled_from(["a.json", "a.csv", "a.tsv", "a.txt", "a.html", "a.png", "a.exe", "", "../../a.json", "a\x00.csv"]))
        content = draw(st.sampled_from(HOSTILE) | st.binary(max_size=40) | bodies.map(json.dumps))
        sent["files"] = {"file": (name, content)}
    else:
        kind = draw(st.sampled_from(KINDS)).encode("latin-1")
        sent |= {"content": json.dumps(draw(bodies)).encode(), "headers": [(b"content-type", kind)]}
    return sent


def _parameters(entry: Route[Any]) -> list[str]:
    return [part.strip("{}").partition(":")[0] for part in entry.path.split("/") if part.startswith("{")]


@pytest.mark.parametrize("entry", ROUTES, ids=lambda entry: f"{entry.method} {entry.path}")
def test_nothing_breaks_the_server(entry: Route[Any], server: Server) -> None:
    person = server.sign_up()
    world = _world(person)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @examples(sent=requests(entry))
    def send(sent: dict[str, Any]) -> None:
        nonlocal world
        given_ids = world.ids | sent.pop("odd")
        path = "/".join(
            str(given_ids[part.strip("{}").partition(":")[0]]) if part.startswith("{") else part for part in entry.path.split("/")
        )
        answer = world.client.request(entry.method, path, **sent)
        assert answer.status_code < 500, f"{entry.method} {path} {sent} → {answer.text[:300]}"
        if answer.status_code >= 400 and path.startswith("/api/") and answer.status_code not in (404, 422):
            assert answer.headers["content-type"].startswith("application/json")
        if entry.method == "DELETE" and answer.is_success:
            world = _world(person)

    send()
