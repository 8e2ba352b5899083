"""Strangers see nothing: every route, present and future, against somebody of another organization and against nobody.

The routes come from `all_routes()`. A new route is covered as soon as it is listed there; one with an unknown path parameter or
an unlisted open door fails here until this file knows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from inprocess import PNG, Person, Server, numbers

from labelwright.domain.jsontext import JSONText
from labelwright.server import clock
from labelwright.server.access import public
from labelwright.server.api.pages import MEMBER_PAGES, PROJECT_PAGES
from labelwright.server.api.routing import Route
from labelwright.server.app import all_routes
from labelwright.server.db.tables import jobs, ml_backends, training_runs, webhook_deliveries, webhooks

ROUTES = [route for route in all_routes() if route.allow is not public]
PARAMETER = re.compile(r"\{(\w+):\w+\}")
CONFIG = '<View><Text name="text" value="$text"/><Choices name="c" toName="text"><Choice value="a"/></Choices></View>'
RESULT = [{"from_name": "c", "to_name": "text", "type": "choices", "value": {"choices": ["a"]}}]

OPEN = {
    "/health",
    "/api/version",
    "/metrics",
    "/trigger500",
    "/docs/api",
    "/docs/api.json",
    "/api/labelwright/boot",
    "/user/login",
    "/user/signup",
    "/logout",
    "/api/token/refresh",
    "/api/token/blacklist",
    "/api/projects/validate",
    "/samples/{name:str}",
    "/static/samples/{name:str}",
}
"""What anybody may call: nothing in here may show or change anybody's data."""


@dataclass(frozen=True)
class World:
    """One of each kind of object, all with `marker` in their texts, and their ids by the name of the path parameter."""

    person: Person
    marker: str
    ids: dict[str, Any]

    def lacks(self, template: str) -> set[str]:
        return set(PARAMETER.findall(template)) - set(self.ids)

    def path(self, template: str, **instead: Any) -> str:
        ids = {**self.ids, **instead}
        unknown = self.lacks(template)
        assert not unknown, f"{template}: teach tests/api/test_isolation.py to make a {unknown}"
        return PARAMETER.sub(lambda found: str(ids[found[1]]), template)


def make_world(server: Server) -> World:
    person, marker = server.sign_up(), f"marker{next(numbers)}x"
    call = person.client

    def made(answer: httpx.Response, *path: Any) -> Any:
        assert answer.status_code in (200, 201), answer.text
        value = answer.json()
        for step in path:
            value = value[step]
        return value

    project = made(call.post("/api/projects", json={"title": marker, "label_config": CONFIG, "description": marker}), "id")
    task = made(call.post("/api/tasks", json={"project": project, "data": {"text": marker}, "meta": {"m": marker}}), "id")
    annotation = made(call.post(f"/api/tasks/{task}/annotations", json={"result": RESULT, "unique_id": marker}), "id")
    files = {"file": (f"{marker}.csv", f"text\n{marker}\n".encode(), "text/csv")}
    made(call.post(f"/api/projects/{project}/import", files=files))
    upload = made(call.get(f"/api/projects/{project}/file-uploads"), 0)
    label = {"title": marker, "value": [marker], "from_name": "c", "project": project}
    labels = made(call.post("/api/labels", json=[label]), 0)
    model = server.db.write(lambda conn: dead_model(conn, project, marker))
    call.get(f"/api/ml/{model}")  # notes that it is dead
    webhook, delivery, job, run = server.db.write(lambda conn: idle_work(conn, person.organization_id, project, marker))
    prediction = {"task": task, "result": RESULT, "score": 0.5, "model_version": marker}
    return World(
        person,
        marker,
        {
            "organization_id": person.organization_id,
            "user_id": person.id,
            "project_id": project,
            "task_id": task,
            "annotation_id": annotation,
            "draft_id": made(call.post(f"/api/tasks/{task}/drafts", json={"result": RESULT, "lead_time": 1}), "id"),
            "prediction_id": made(call.post("/api/predictions", json=prediction), "id"),
            "view_id": made(call.post("/api/dm/views", json={"project": project, "data": {"title": marker}}), "id"),
            "export_id": made(call.post(f"/api/projects/{project}/exports", json={"title": marker}), "id"),
            "file_upload_id": upload["id"],
            "name": upload["file"].rpartition("/")[2],
            "session_id": made(person.browser.get("/api/labelwright/sessions"), 0, "id"),
            "label_id": labels["id"],
            "link_id": made(call.get("/api/label_links", params={"project": project}), "results", 0, "id"),
            "section": "general",
            "ml_backend_id": model,
            "webhook_id": webhook,
            "delivery_id": delivery,
            "job_id": job,
            "training_run_id": run,
            "avatar_key": set_avatar(person),
        },
    )


def dead_model(conn: sa.Connection, project: int, marker: str) -> int:
    """A connected model at whose address nobody is any more."""
    moment = clock.now()
    row = {"project_id": project, "title": marker, "url": "http://127.0.0.1:1", "created_at": moment, "updated_at": moment}
    return conn.execute(sa.insert(ml_backends).values(**row).returning(ml_backends.c.id)).scalar_one()


def idle_work(conn: sa.Connection, organization: int, project: int, marker: str) -> tuple[int, ...]:
    """A webhook that is off, a delivery, a job and a training run that are over: nobody touches them meanwhile."""
    moment = clock.now()
    row = {"organization_id": organization, "project_id": project, "url": f"http://127.0.0.1:1/{marker}", "is_active": False}
    made = sa.insert(webhooks).values(**row, created_at=moment, updated_at=moment).returning(webhooks.c.id)
    webhook = conn.execute(made).scalar_one()
    over = {"project_id": project, "state": "failed", "created_at": moment, "finished_at": moment}
    told = {"webhook_id": webhook, "action": "TASKS_CREATED", "body": JSONText.of({"text": marker})}
    delivered = sa.insert(webhook_deliveries).values(**over, **told).returning(webhook_deliveries.c.id)
    worked = sa.insert(jobs).values(**over, kind="prelabel", message=marker).returning(jobs.c.id)
    trained = sa.insert(training_runs).values(**over, reason="asked", log=marker).returning(training_runs.c.id)
    return webhook, *(conn.execute(one).scalar_one() for one in (delivered, worked, trained))


def set_avatar(person: Person) -> str:
    url = f"/api/users/{person.id}"
    assert person.client.post(f"{url}/avatar", files={"avatar": ("me.png", PNG, "image/png")}).status_code == 200
    return str(person.client.get(url).json()["avatar"]).rpartition("/")[2]


@pytest.fixture(scope="module")
def theirs(server: Server) -> World:
    return make_world(server)


@pytest.fixture(scope="module")
def mine(server: Server) -> World:
    return make_world(server)


@pytest.fixture(scope="module", autouse=True)
def _nothing_of_theirs_changes(theirs: World) -> Any:
    before = everything(theirs)
    yield
    assert everything(theirs) == before


def everything(world: World) -> dict[str, Any]:
    """What the owner sees on every GET route, without what time alone changes."""
    seen = {}
    for route in ROUTES:
        volatile = "/download" in route.path or route.path.endswith(("/next", "/export"))
        if route.method == "GET" and not volatile and not world.lacks(route.path):
            params = {"project": world.ids["project_id"]}
            answer = world.person.client.get(world.path(route.path), params=params)
            seen[route.path] = re.sub(r'"(created_ago|last_activity|last_seen_at|checked_at|id)":"[^"]*"', "", answer.text)
    return seen


def named(route: Route[Any]) -> str:
    return f"{route.method} {route.path}"


def send(client: httpx.Client, method: str, path: str, **options: Any) -> httpx.Response:
    body = {} if method in ("GET", "DELETE") else {"json": {}}
    return client.request(method, path, **{**body, **options})


# ---------------------------------------------------------------- every door is known
def test_open_routes_are_listed_here() -> None:
    pages = {*MEMBER_PAGES, *PROJECT_PAGES}
    assert {route.path for route in all_routes() if route.allow is public} - pages <= OPEN


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_nobody_gets_in_without_credentials(server: Server, theirs: World, route: Route[Any]) -> None:
    answer = send(server.anonymous(), route.method, theirs.path(route.path))
    assert answer.status_code == 401, answer.text
    assert theirs.marker not in answer.text


# ---------------------------------------------------------------- objects in the path
@pytest.mark.parametrize("route", [route for route in ROUTES if PARAMETER.search(route.path)], ids=named)
def test_strangers_get_404(theirs: World, mine: World, route: Route[Any]) -> None:
    answer = send(mine.person.client, route.method, theirs.path(route.path))
    assert answer.status_code == 404, answer.text
    assert theirs.marker not in answer.text


@pytest.mark.parametrize("route", [route for route in ROUTES if len(PARAMETER.findall(route.path)) > 1], ids=named)
def test_own_project_is_no_way_to_the_objects_of_others(theirs: World, mine: World, route: Route[Any]) -> None:
    first = PARAMETER.findall(route.path)[0]
    answer = send(mine.person.client, route.method, theirs.path(route.path, **{first: mine.ids[first]}))
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize("route", [route for route in ROUTES if PARAMETER.search(route.path)], ids=named)
def test_absurd_ids_are_404(mine: World, route: Route[Any]) -> None:
    for absurd in (0, 2**31, 2**63, 2**70, -1):
        ids = dict.fromkeys(PARAMETER.findall(route.path), absurd)
        assert send(mine.person.client, route.method, mine.path(route.path, **ids)).status_code == 404


@pytest.mark.parametrize("path", PROJECT_PAGES)
def test_pages_of_projects(server: Server, theirs: World, mine: World, path: str) -> None:
    assert theirs.person.client.get(theirs.path(path)).status_code == 200
    assert mine.person.client.get(theirs.path(path)).status_code == 404
    assert server.anonymous().get(theirs.path(path)).status_code == 302


# ---------------------------------------------------------------- objects in the query or the body
def asks_for(world: World) -> dict[str, Any]:
    """Every name under which clients send ids."""
    ids = world.ids
    return {
        "project": ids["project_id"],
        "view": ids["view_id"],
        "task": ids["task_id"],
        "annotation": ids["annotation_id"],
        "prediction": ids["prediction_id"],
        "interaction": "x",
        "id": "delete_tasks",
        "task__project": ids["project_id"],
    }


@pytest.mark.parametrize("as_list", [False, True])
@pytest.mark.parametrize("route", [route for route in ROUTES if not PARAMETER.search(route.path)], ids=named)
def test_ids_in_query_and_body_open_nothing(server: Server, theirs: World, route: Route[Any], as_list: bool) -> None:
    stranger = server.sign_up().client
    ids = asks_for(theirs)
    body = {**ids, "data": {"text": "x"}, "result": RESULT, "tasks": [ids["task"]], "ids": [ids["view"]], "refresh": "x"}
    body |= {
        "selectedItems": {"all": True, "excluded": []},
        "title": "own",
        "label_config": CONFIG,
        "value": ["x"],
        "from_name": "c",
    }
    body |= {"old_label": "a", "new_label": "b", "email": "x"}
    options = {} if route.method in ("GET", "DELETE") else {"json": [body] if as_list else body}
    answer = stranger.request(route.method, route.path, params=ids, **options)
    assert answer.status_code < 500, answer.text
    assert theirs.marker not in answer.text


@pytest.mark.parametrize("field", ["project", "view", "task"])
@pytest.mark.parametrize(
    "path", ["/api/tasks", "/api/dm/columns", "/api/dm/project", "/api/dm/actions", "/api/dm/views", "/api/predictions"]
)
def test_lists_by_query_show_nothing_of_others(theirs: World, mine: World, path: str, field: str) -> None:
    answer = mine.person.client.get(path, params={field: asks_for(theirs)[field]})
    assert theirs.marker not in answer.text
