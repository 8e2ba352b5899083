"""No input breaks the server (promise 7): bad paths, parameters and bodies never give a 5xx, and always a JSON reason.

First the systematic part: each part of a good request is replaced by each bad value. Then random JSON, reproducible.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import hostile
import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from inprocess import Person, Server

import given
from labelwright.server.api.routing import Route
from labelwright.server.app import all_routes

SLOW = {"/user/login", "/user/signup", "/api/labelwright/password", "/api/users"}
"""They hash passwords on purpose; their own tests send them bad input."""
ROUTES = [entry for entry in all_routes() if entry.path not in SLOW and entry.path != "/trigger500"]
NAMES = re.compile(r"\{(\w+):\w+\}")
COMMON_QUERY = ["page", "page_size", "include"]


@dataclass
class World:
    """Somebody's project with one of each kind, so that paths can name what exists."""

    client: httpx.Client
    ids: dict[str, Any]

    def path(self, entry: Route[Any], **other: Any) -> str:
        return NAMES.sub(lambda match: str((self.ids | other).get(match[1], 1)), entry.path)


def _world(person: Person) -> World:
    client = person.client
    project_id = given.project(client, maximum_annotations=2)
    task = {"data": {"text": "a", "a": {"b": 1}}, "predictions": [{"result": given.GOOD, "score": 0.5, "model_version": "m"}]}
    task_id = given.import_tasks(client, project_id, [task, task, {"text": "b"}])[0]
    annotation_id = given.submit(client, task_id)
    draft = given.ok(client.post(f"/api/tasks/{task_id}/drafts", json={"result": given.BAD}))
    view = given.ok(client.post("/api/dm/views", json={"project": project_id, "data": {"title": "v"}}))
    files = given.ok(client.post(f"/api/projects/{project_id}/import", files=given.upload("a.csv", "text\nx\n")))
    predictions = given.ok(client.get("/api/predictions", params={"task": task_id}))
    snapshot = given.ok(client.post(f"/api/projects/{project_id}/exports", json={}))
    ids = {
        "project_id": project_id,
        "task_id": task_id,
        "annotation_id": annotation_id,
        "draft_id": draft["id"],
        "view_id": view["id"],
        "file_upload_id": files["file_upload_ids"][0],
        "prediction_id": predictions[0]["id"],
        "export_id": snapshot["id"],
        "user_id": person.id,
        "organization_id": person.organization_id,
        "session_id": "none",
        "section": "general",
        "name": "a.csv",
    }
    return World(client, ids)


@pytest.fixture(scope="module")
def world(server: Server) -> World:
    """Shared by the requests that leave it standing."""
    return _world(server.sign_up())


def check(world: World, method: str, path: str, **sent: Any) -> httpx.Response:
    """Send it: no 5xx, and an error of the API is JSON with its reason."""
    answer = world.client.request(method, path, **sent)
    assert answer.status_code < 500, f"{method} {path} {str(sent)[:500]} → {answer.status_code} {answer.text[:300]}"
    if answer.status_code >= 400 and path.startswith("/api/"):
        assert isinstance(answer.json(), dict), answer.text
    return answer


def _each(chosen: list[Route[Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("entry", chosen, ids=lambda entry: f"{entry.method} {entry.path}")


SOME_IDS = dict.fromkeys(("project_id", "task_id", "file_upload_id", "view_id"), 1)


def _key(entry: Route[Any]) -> tuple[str, str]:
    return entry.method, NAMES.sub("{}", entry.path)


READS = [entry for entry in ROUTES if entry.method == "GET" and entry.path.startswith(("/api/", "/data/"))]
WRITES = [entry for entry in ROUTES if entry.method != "GET"]
WITH_BODY = [entry for entry in ROUTES if _key(entry) in hostile.good_bodies(SOME_IDS)]


@_each(ROUTES)
def test_bad_paths(entry: Route[Any], world: World) -> None:
    for name in NAMES.findall(entry.path):
        for part in hostile.BAD_PATH_PARTS:
            answer = check(world, entry.method, world.path(entry, **{name: part}))
            assert answer.status_code in (200, 302, 400, 404, 405), answer.text


@_each(READS)
def test_bad_parameters(entry: Route[Any], world: World) -> None:
    right = {"project": str(world.ids["project_id"])}
    for name in {*entry.query, *COMMON_QUERY}:
        for text in hostile.BAD_TEXTS:
            check(world, "GET", world.path(entry), params=right | {name: text})


@pytest.mark.parametrize(
    "name",
    ["preannotated_from_fields", "commit_to_project", "return_task_ids", "was_cancelled", "project", "id", "view", "query"],
)
def test_bad_parameters_of_writes(name: str, world: World) -> None:
    ids = world.ids
    for text in hostile.BAD_TEXTS:
        check(world, "POST", f"/api/projects/{ids['project_id']}/import", params={name: text}, json={"text": "a"})
        check(world, "POST", f"/api/tasks/{ids['task_id']}/annotations", params={name: text}, json={"result": []})
        actions = {"project": str(ids["project_id"]), "id": "retrieve_tasks_predictions", name: text}
        check(world, "POST", "/api/dm/actions", params=actions, json={})


@_each(WRITES)
def test_bodies_that_are_none(entry: Route[Any], server: Server, world: World) -> None:
    where = _world(server.sign_up()) if entry.method == "DELETE" or "tasks" in entry.path else world
    for content in hostile.BROKEN:
        check(where, entry.method, where.path(entry), content=content, headers={"content-type": "application/json"})
    for kind in (
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "",
        "application/json; charset=x",
    ):
        check(where, entry.method, where.path(entry), content=b'--x\r\n{"a": 1}\r\n', headers={"content-type": kind})
    for form in ({"a": "\x00"}, {"title": "x" * 5000}, {"result": "[" * 2000}, {"data": "{}", "url": "'"}):
        check(where, entry.method, where.path(entry), data=form)
    for name in ("a.json", "a.csv", "a.txt", "a.exe", "../../a.json", "a\x00.csv", "é.json", "." * 300):
        check(where, entry.method, where.path(entry), files={"file": (name, b'{"a": "\\u0000"}')})


@_each(WITH_BODY)
def test_bad_values(entry: Route[Any], server: Server) -> None:
    person = server.sign_up()
    world = _world(person)
    body = hostile.good_bodies(world.ids)[_key(entry)]
    assert check(world, entry.method, world.path(entry), json=body).is_success
    for where in hostile.parts(body):
        for value in hostile.BAD_VALUES:
            check(world, entry.method, world.path(entry), json=hostile.replaced(body, where, value))


# ---------------------------------------------------------------- random
leaves = (
    st.sampled_from(hostile.BAD_VALUES)
    | st.text(max_size=8)
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)
FIELDS = [str(part) for body in hostile.good_bodies(SOME_IDS).values() for where in hostile.parts(body) for part in where]
names = st.sampled_from(sorted(set(FIELDS)))
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)


@_each(WITH_BODY)
def test_random_bodies(entry: Route[Any], server: Server) -> None:
    world = _world(server.sign_up())
    body = hostile.good_bodies(world.ids)[_key(entry)]
    places = st.lists(st.tuples(st.sampled_from(sorted(hostile.parts(body), key=str)), values), min_size=1, max_size=3)

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @examples(changes=places, extra=st.dictionaries(names, values, max_size=2))
    def send(changes: list[tuple[hostile.Path, Any]], extra: dict[str, Any]) -> None:
        changed = body | extra if isinstance(body, dict) else body
        for where, value in changes:
            try:
                changed = hostile.replaced(changed, where, value)
            except (KeyError, IndexError, TypeError, AttributeError):
                continue  # an earlier change took this part away
        content = json.dumps(changed).encode()
        check(world, entry.method, world.path(entry), content=content, headers={"content-type": "application/json"})

    send()
