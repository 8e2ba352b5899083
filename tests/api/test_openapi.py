"""The API's description: complete, valid, true to the answers, and a page that needs nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from inprocess import Person, Server, numbers
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from schemathesis.openapi import from_dict

from labelwright.server.api.openapi import PATH_PARAMETER, openapi_document
from labelwright.server.api.routing import Route
from labelwright.server.app import all_routes
from ml_server import ModelServer

CONFIG = '<View><Text name="t" value="$x"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
RESULT = [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}]
ROUTES = all_routes()
DOCUMENT = openapi_document(ROUTES)


def test_every_route_is_in_it(server: Server) -> None:
    served = server.anonymous().get("/docs/api?format=json").json()
    listed = {(method.upper(), path) for path, methods in served["paths"].items() for method in methods}
    assert listed == {(one.method, PATH_PARAMETER.sub(r"{\1}", one.path)) for one in ROUTES}


def test_it_is_valid_openapi() -> None:
    validate(DOCUMENT, cls=OpenAPIV31SpecValidator)


def test_every_operation_says_what_it_does() -> None:
    operations = [one for methods in DOCUMENT["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all(one["summary"].endswith((".", "?")) for one in operations)
    assert all(tag["description"] for tag in DOCUMENT["tags"])


@pytest.mark.parametrize(
    "one", [one for one in ROUTES if one.path.startswith("/api/")], ids=lambda one: f"{one.method} {one.path}"
)
def test_open_routes_are_those_that_strangers_may_call(server: Server, one: Route[Any]) -> None:
    operation = DOCUMENT["paths"][PATH_PARAMETER.sub(r"{\1}", one.path)][one.method.lower()]
    path = PATH_PARAMETER.sub("1", one.path)
    is_open = server.anonymous().request(one.method, path).status_code != 401
    if not path.startswith("/api/token/"):  # where the body's token signs in
        assert is_open == (operation.get("security") == [])


# ---------------------------------------------------------------- the page
def test_the_page_needs_nothing_from_elsewhere(server: Server) -> None:
    answer = server.anonymous().get("/docs/api/")
    assert answer.headers["content-type"].startswith("text/html")
    assert re.findall(r"<script|<link|<img|<iframe|url\(|src=|@import|\sstyle=|\son\w+=", answer.text) == []
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]


def test_links_on_the_page_lead_somewhere(server: Server) -> None:
    text = server.anonymous().get("/docs/api").text
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


# ---------------------------------------------------------------- true to the answers
class Filled:
    """An organization with something of everything; `ids` by path parameter."""

    def __init__(self, person: Person, model: ModelServer) -> None:
        self.http = person.client
        model.known_versions = ["v1"]
        project = self.post("/api/projects", {"title": "Described", "label_config": CONFIG})["id"]
        tasks = self.post(f"/api/projects/{project}/import?return_task_ids=1", [{"x": "a"}, {"x": "b"}])["task_ids"]
        annotation = self.post(f"/api/tasks/{tasks[0]}/annotations", {"result": RESULT, "lead_time": 1.5})["id"]
        prediction = self.post("/api/predictions", {"task": tasks[0], "result": "A", "model_version": "m"})["id"]
        draft = self.post(f"/api/tasks/{tasks[1]}/drafts", {"result": RESULT})["id"]
        view = self.post("/api/dm/views", {"project": project, "data": {"title": "All"}})["id"]
        export = self.post(f"/api/projects/{project}/exports", {})["id"]
        self.post(f"/api/projects/{project}/exports/{export}/convert", {"export_type": "CSV"}, 200)
        backend = self.post("/api/ml", {"url": model.url, "project": project})["id"]
        webhook = self.post("/api/webhooks", {"project": project, "url": "http://10.0.0.1/"})["id"]
        delivery = self.post(f"/api/webhooks/{webhook}/test", None, 200)["id"]
        title = f"label {next(numbers)}"
        label = self.post("/api/labels", [{"title": title, "value": [title], "from_name": "c", "project": project}])[0]["id"]
        file = self.http.post(f"/api/projects/{project}/import", files={"f": ("t.csv", b"x\nfile\n")}).json()["file_upload_ids"][
            0
        ]
        self.ids = {
            "project_id": project,
            "task_id": tasks[0],
            "annotation_id": annotation,
            "prediction_id": prediction,
            "draft_id": draft,
            "view_id": view,
            "export_id": export,
            "label_id": label,
            "link_id": self.http.get(f"/api/labels/{label}").json()["links"][0],
            "file_upload_id": file,
            "ml_backend_id": backend,
            "job_id": self.post(f"/api/projects/{project}/predict", {"ml_backend": backend})[0]["id"],
            "webhook_id": webhook,
            "delivery_id": delivery,
            "user_id": person.id,
            "organization_id": person.organization_id,
        }

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        answer = self.http.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def path(self, one: Route[Any]) -> str:
        path = PATH_PARAMETER.sub(lambda found: str(self.ids[found[1]]), one.path)
        return path + ("?all=1" if path.endswith("file-uploads") else f"?project={self.ids['project_id']}")


@pytest.fixture(scope="module")
def filled(server: Server) -> Iterator[Filled]:
    with ModelServer() as model:
        yield Filled(server.sign_up(), model)


def keys_of(kind: Any, value: Any) -> None:
    """Every key of the answer is described; missing and mistyped ones `convert` finds."""
    if isinstance(value, list) and get_args(kind):
        for item in value:
            keys_of(get_args(kind)[0], item)
    elif isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        assert value.keys() - set(kind.__struct_fields__) - ADDED.get(kind.__name__, set()) == set()


ADDED = {
    "Task": {
        *("annotations", "predictions", "drafts", "annotators", "completed_at", "annotations_results", "predictions_results"),
        *("predictions_score", "storage_filename", "annotations_ids", "predictions_model_versions", "avg_lead_time"),
        *("draft_exists", "unique_lock_id", "queue"),
    },
    "Project": {
        *("can_delete_tasks", "can_manage_annotations", "can_manage_tasks", "source_syncing", "target_syncing"),
        *("task_count", "annotation_count"),
    },
    "Member": {"permissions", "is_owner", "role"},
}
"""What single routes add to a shape."""


@pytest.mark.parametrize(
    "one", [one for one in ROUTES if one.method == "GET" and one.answer is not None], ids=lambda one: one.path
)
def test_answers_are_as_described(filled: Filled, one: Route[Any]) -> None:
    answer = filled.http.get(filled.path(one))
    assert answer.status_code == 200, answer.text
    msgspec.convert(answer.json(), one.answer)
    keys_of(one.answer, answer.json())


# ---------------------------------------------------------------- any request the description allows
schema = from_dict(DOCUMENT)
schema.config.update(base_url="http://testserver.local")


@pytest.mark.slow
@schema.include(path_regex="^/api/").exclude(path_regex="password|reset-token|rotate|blacklist|/api/users/").parametrize()
@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_requests_as_described_never_break_the_server(case: Any, filled: Filled) -> None:
    for name in case.path_parameters or {}:
        if name in filled.ids and case.method in ("GET", "POST", "PATCH"):
            case.path_parameters[name] = filled.ids[name]
    sent = case.as_transport_kwargs()
    answer = filled.http.request(
        sent["method"], sent["url"].removeprefix("http://testserver.local"), params=sent.get("params"), json=sent.get("json")
    )
    assert answer.status_code < 500, answer.text
