"""Connected models: connecting, how they are, changing, the doctor, interactive calls. The far side is a real HTTP server."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from inprocess import Person, Server

import given
from labelwright.server import clock
from labelwright.server.db.tables import jobs, ml_backends, projects, webhooks
from live import free_port
from ml_server import ModelServer, first_choice

Json = dict[str, Any]


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


def connect(person: Person, project_id: int, model: ModelServer, **fields: Any) -> Json:
    body = {"url": model.url, "project": project_id, "title": "Mood", **fields}
    answer: Json = given.ok(person.client.post("/api/ml", json=body))
    return answer


def refusal(person: Person, method: str, path: str, **body: Any) -> Json:
    answer = person.client.request(method, path, json=body)
    assert answer.status_code == 400, answer.text
    reasons: Json = answer.json()["validation_errors"]
    return reasons


def rows(server: Server, table: sa.Table, *where: Any) -> list[Any]:
    return server.db.read(lambda conn: list(conn.execute(sa.select(table).where(*where))))


# ---------------------------------------------------------------- connecting
def test_connecting_asks_health_and_setup_before_it_saves(server: Server, person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    created = given.ok(person.client.get(f"/api/projects/{project_id}"))["created_at"]
    made = connect(person, project_id, model)
    assert {name: made[name] for name in ("state", "readable_state", "model_version", "timeout", "auto_update", "project")} == {
        "state": "CO",
        "readable_state": "Connected",
        "model_version": "",
        "timeout": 100.0,
        "auto_update": True,
        "project": project_id,
    }
    assert [(method, path) for method, path, _ in model.calls[:2]] == [("GET", "/health"), ("POST", "/setup")]
    setup = model.asked("/setup")[0]
    assert setup["project"] == f"{project_id}.{int(clock.moment(created).timestamp())}"
    assert setup["schema"] == given.CONFIG
    assert setup["access_token"] == person.token
    assert setup["hostname"].startswith("http://localhost:")
    assert setup["extra_params"] is None


def test_a_model_is_shown_at_once_where_nothing_was(person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    connect(person, project_id, model)
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["model_version"] == "Mood"
    connect(person, project_id, model, title="Other")
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["model_version"] == "Mood"


def test_where_no_predictions_are_shown_none_is_chosen(person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client, show_collab_predictions=False)
    connect(person, project_id, model)
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["model_version"] == ""


def test_a_model_hears_of_events_through_one_webhook(server: Server, person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    first = connect(person, project_id, model)
    second = connect(person, project_id, model, title="Twin")
    mine = webhooks.c.project_id == project_id
    assert [(row.url, row.ml_backend_id) for row in rows(server, webhooks, mine)] == [(f"{model.url}/webhook", first["id"])]
    assert rows(server, projects, projects.c.id == project_id)[0].has_webhooks
    given.ok(person.client.delete(f"/api/ml/{first['id']}"))
    assert [row.ml_backend_id for row in rows(server, webhooks, mine)] == [second["id"]]
    given.ok(person.client.delete(f"/api/ml/{second['id']}"))
    assert rows(server, webhooks, mine) == []
    assert not rows(server, projects, projects.c.id == project_id)[0].has_webhooks


def test_tasks_that_are_there_are_prelabeled_at_once(server: Server, person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client, tasks=2)
    backend = connect(person, project_id, model)
    assert [row.kind for row in rows(server, jobs, jobs.c.ml_backend_id == backend["id"])] == ["prelabel"]


def test_without_tasks_there_is_no_job(server: Server, person: Person, model: ModelServer) -> None:
    backend = connect(person, given.project(person.client), model)
    assert rows(server, jobs, jobs.c.ml_backend_id == backend["id"]) == []


# ---------------------------------------------------------------- refused
def test_a_dead_address_is_refused_with_what_to_do(server: Server, person: Person) -> None:
    port = free_port()
    project_id = given.project(person.client)
    url = f"http://127.0.0.1:{port}"
    words = refusal(person, "POST", "/api/ml", url=url, project=project_id)["non_field_errors"][0]
    assert words.startswith(f"Can't connect to ML backend {url}, health check failed.")
    assert f"Nothing listens at 127.0.0.1:{port}" in words
    assert f"--port {port}" in words
    assert rows(server, ml_backends, ml_backends.c.project_id == project_id) == []


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"health_status": 500}, "health check failed. The model answered /health with status 500"),
        ({"setup_status": 500, "setup_answer": {"error": "no GPU"}}, "doesn't look like a valid ML backend. The model answered"),
        ({"setup_answer": ["v1"]}, "something else than a JSON object"),
        ({"password": "Basic x"}, "wants another user name and password"),
        ({"hangs_up": 99}, "closed the connection"),
    ],
    ids=["ill", "no set-up", "a list", "a password", "hangs up"],
)
def test_what_is_no_model_is_refused(person: Person, model: ModelServer, how: Json, words: str) -> None:
    for name, value in how.items():
        setattr(model, name, value)
    reasons = refusal(person, "POST", "/api/ml", url=model.url, project=given.project(person.client))
    assert words in reasons["non_field_errors"][0]


def test_a_connection_that_fails_is_tried_twice_more(person: Person, model: ModelServer) -> None:
    model.hangs_up = 2
    connect(person, given.project(person.client), model)
    assert [path for _, path, _ in model.calls[:4]] == ["/health"] * 3 + ["/setup"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "not an address"}, "url"),
        ({"url": "ftp://127.0.0.1/"}, "url"),
        ({"url": "http://user:secret@127.0.0.1/"}, "url"),
        ({"url": None}, "url"),
        ({"url": 5}, "url"),
        ({"timeout": -1}, "timeout"),
        ({"timeout": "soon"}, "timeout"),
        ({"auth_method": "OAUTH"}, "auth_method"),
        ({"auth_method": "BASIC_AUTH"}, "non_field_errors"),
        ({"auth_method": "BASIC_AUTH", "basic_auth_user": "me"}, "non_field_errors"),
        ({"is_interactive": "perhaps"}, "is_interactive"),
        ({"extra_params": "{"}, "extra_params"),
        ({"title": []}, "title"),
        ({"project": "x"}, "project"),
    ],
)
def test_bad_input_is_named(person: Person, model: ModelServer, fields: Json, field: str) -> None:
    body = {"url": model.url, "project": given.project(person.client), **fields}
    assert list(refusal(person, "POST", "/api/ml", **body)) == [field]
    assert model.calls == []


def test_private_addresses_are_not_called_and_the_hint_names_the_setting(person: Person) -> None:
    project_id = given.project(person.client)
    words = refusal(person, "POST", "/api/ml", url="http://10.0.0.3:9090", project=project_id)["non_field_errors"][0]
    assert "LABELWRIGHT_ALLOWED_HOSTS=10.0.0.3:9090" in words


def test_without_local_models_loopback_is_not_called(new_server: Callable[..., Server], model: ModelServer) -> None:
    person = new_server(LABELWRIGHT_LOCAL_MODELS="false").sign_up()
    words = refusal(person, "POST", "/api/ml", url=model.url, project=given.project(person.client))["non_field_errors"][0]
    assert f"LABELWRIGHT_ALLOWED_HOSTS=127.0.0.1:{model.port}" in words
    assert model.calls == []


def test_listed_hosts_are_called(new_server: Callable[..., Server], model: ModelServer) -> None:
    listed = f"127.0.0.1:{model.port}"
    person = new_server(LABELWRIGHT_LOCAL_MODELS="false", LABELWRIGHT_ALLOWED_HOSTS=listed).sign_up()
    assert connect(person, given.project(person.client), model)["state"] == "CO"


def test_projects_of_others_take_no_model(person: Person, stranger: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    answer = stranger.client.post("/api/ml", json={"url": model.url, "project": project_id})
    assert (answer.status_code, model.calls) == (404, [])
    assert stranger.client.get("/api/ml", params={"project": project_id}).status_code == 404
    assert person.client.get("/api/ml").status_code == 404


# ---------------------------------------------------------------- how it is
def test_lists_ask_each_model_and_keep_what_it_says(person: Person, model: ModelServer) -> None:
    model.versions = ["v1", "v1", "v1", "v2"]
    project_id = given.project(person.client)
    connect(person, project_id, model)
    seen = [given.ok(person.client.get("/api/ml", params={"project": project_id}))[0]["model_version"] for _ in range(2)]
    assert seen == ["v1", "v2"]
    model.health_status = 503
    listed = given.ok(person.client.get("/api/ml", params={"project": project_id}))[0]
    assert (listed["state"], listed["model_version"]) == ("DI", "v2")
    assert "503" in listed["error_message"]
    model.health_status, model.setup_status = 200, 500
    assert given.ok(person.client.get(f"/api/ml/{listed['id']}"))["state"] == "ER"
    model.setup_status = 200
    back = given.ok(person.client.get(f"/api/ml/{listed['id']}"))
    assert (back["state"], back["error_message"]) == ("CO", None)


def test_without_auto_update_the_version_is_the_one_that_was_set(person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    backend = connect(person, project_id, model, auto_update=False)
    assert given.ok(person.client.get(f"/api/ml/{backend['id']}"))["model_version"] == ""
    given.ok(person.client.patch(f"/api/ml/{backend['id']}", json={"model_version": "2"}))
    assert given.ok(person.client.get("/api/ml", params={"project": project_id}))[0]["model_version"] == "2"


def test_a_new_version_is_asked_about_the_tasks(server: Server, person: Person, model: ModelServer) -> None:
    model.versions = ["v1", "v1", "v2"]
    server.app.state.jobs.close()
    project_id = given.project(person.client, tasks=1)
    backend = connect(person, project_id, model)
    mine = jobs.c.ml_backend_id == backend["id"]
    server.db.write(lambda conn: conn.execute(sa.update(jobs).where(mine).values(state="done")))
    given.ok(person.client.get("/api/ml", params={"project": project_id}))
    given.ok(person.client.get("/api/ml", params={"project": project_id}))
    assert [row.state for row in rows(server, jobs, mine)] == ["done", "queued"]


def test_test_says_how_long_it_took(person: Person, model: ModelServer) -> None:
    backend = connect(person, given.project(person.client), model)
    told = given.ok(person.client.post(f"/api/ml/{backend['id']}/test"))
    assert (told["state"], told["model_version"], told["problem"]) == ("CO", "v1", None)
    assert told["latency_ms"] > 0
    model.die()
    told = given.ok(person.client.post(f"/api/ml/{backend['id']}/test"))
    assert (told["state"], told["latency_ms"], told["model_version"]) == ("DI", None, "v1")
    assert "Nothing listens" in told["problem"]


def test_versions(person: Person, model: ModelServer) -> None:
    backend = connect(person, given.project(person.client), model)
    path = f"/api/ml/{backend['id']}/versions"
    old = given.ok(person.client.get(path))
    assert (old["versions"], bool(old["message"])) == (["v1"], True)
    model.known_versions = ["1", "2"]
    assert given.ok(person.client.get(path)) == {"versions": ["1", "2"]}
    model.die()
    answer = person.client.get(path)
    assert (answer.status_code, "Nothing listens" in answer.json()["error"]) == (400, True)


# ---------------------------------------------------------------- changing
def test_a_new_address_must_work(person: Person, model: ModelServer) -> None:
    backend = connect(person, given.project(person.client), model)
    dead = f"http://127.0.0.1:{free_port()}"
    assert "health check failed" in refusal(person, "PATCH", f"/api/ml/{backend['id']}", url=dead)["non_field_errors"][0]
    assert given.ok(person.client.get(f"/api/ml/{backend['id']}"))["url"] == model.url


def test_the_webhook_follows_the_address(server: Server, person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    backend = connect(person, project_id, model)
    with ModelServer(base="/ner") as other:
        given.ok(person.client.patch(f"/api/ml/{backend['id']}", json={"url": other.url + "/"}))
        assert other.asked("/setup")
        assert [row.url for row in rows(server, webhooks, webhooks.c.project_id == project_id)] == [f"{other.url}/webhook"]


def test_a_new_title_follows_in_the_project(person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    backend = connect(person, project_id, model)
    model.die()  # changing a title asks nobody
    changed = given.ok(person.client.patch(f"/api/ml/{backend['id']}", json={"title": "Tone", "timeout": 5}))
    assert (changed["title"], changed["timeout"]) == ("Tone", 5.0)
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["model_version"] == "Tone"


def test_a_model_stays_with_its_project(person: Person, model: ModelServer) -> None:
    backend = connect(person, given.project(person.client), model)
    other = given.project(person.client)
    assert "project" in refusal(person, "PATCH", f"/api/ml/{backend['id']}", project=other)


def test_deleting_keeps_predictions_and_ends_jobs(server: Server, person: Person, model: ModelServer) -> None:
    server.app.state.jobs.close()
    project_id = given.project(person.client, tasks=1)
    backend = connect(person, project_id, model)
    given.ok(person.client.delete(f"/api/ml/{backend['id']}"))
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["model_version"] == ""
    assert rows(server, jobs, jobs.c.project_id == project_id, jobs.c.state.in_(("queued", "running"))) == []
    assert person.client.get(f"/api/ml/{backend['id']}").status_code == 404


# ---------------------------------------------------------------- secrets
def test_passwords_are_sent_sealed_and_never_shown(server: Server, person: Person, model: ModelServer) -> None:
    model.password = "Basic " + base64.b64encode(b"me:s3cret").decode()
    project_id = given.project(person.client)
    credentials = {"auth_method": "BASIC_AUTH", "basic_auth_user": "me", "basic_auth_pass": "s3cret"}
    backend = connect(person, project_id, model, **credentials)
    assert backend["basic_auth_pass_is_set"] is True
    assert "basic_auth_pass" not in backend
    stored = rows(server, ml_backends, ml_backends.c.id == backend["id"])[0].basic_auth_pass_sealed
    assert "s3cret" not in stored
    kept = given.ok(person.client.patch(f"/api/ml/{backend['id']}", json={"title": "x", "url": model.url, "basic_auth_pass": ""}))
    assert (kept["state"], kept["basic_auth_pass_is_set"]) == ("CO", True)
    refused = refusal(person, "PATCH", f"/api/ml/{backend['id']}", basic_auth_pass="wrong")
    assert "user name and password" in refused["non_field_errors"][0]


@pytest.mark.parametrize("first", [{}, {"auth_method": "NONE"}])
def test_a_stored_password_goes_to_no_other_server(person: Person, model: ModelServer, first: Json) -> None:
    credentials = {"auth_method": "BASIC_AUTH", "basic_auth_user": "me", "basic_auth_pass": "s3cret"}
    backend = connect(person, given.project(person.client), model, **credentials)
    path = f"/api/ml/{backend['id']}"
    with ModelServer() as thief:
        person.client.patch(path, json={"url": thief.url, **first})
        person.client.patch(path, json={"auth_method": "BASIC_AUTH", "url": thief.url})
        assert [headers for headers in thief.headers if "authorization" in headers] == []


def test_who_is_no_manager_gives_their_own_token(person: Person, colleague: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    backend = connect(colleague, project_id, model)
    assert {body["access_token"] for body in model.asked("/setup")} == {colleague.token}
    mine = connect(person, project_id, model, title="Mine")
    with ModelServer() as other:
        given.ok(colleague.client.patch(f"/api/ml/{mine['id']}", json={"url": other.url}))
        given.ok(person.client.get(f"/api/ml/{mine['id']}"))
        assert {body["access_token"] for body in other.asked("/setup")} == {colleague.token}
    assert backend["id"] != mine["id"]


def test_where_legacy_tokens_are_off_none_is_given(person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    browser = person.browser
    given.ok(browser.post("/api/jwt/settings", json={"legacy_api_tokens_enabled": False, "api_tokens_enabled": True}))
    given.ok(browser.post("/api/ml", json={"url": model.url, "project": project_id}))
    assert {body["access_token"] for body in model.asked("/setup")} == {""}


# ---------------------------------------------------------------- interactive
def test_interactive_calls_send_the_prompt_and_give_the_first_result(person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client, tasks=1)
    backend = connect(person, project_id, model, is_interactive=True)
    task = given.ok(person.client.get(f"/api/tasks?project={project_id}"))["tasks"][0]["id"]
    given.submit(person.client, task)
    given.ok(person.client.post(f"/api/tasks/{task}/drafts", json={"result": given.BAD}))
    prompt = {"result": [{"type": "keypointlabels", "value": {"x": 3}}]}
    path = f"/api/ml/{backend['id']}/interactive-annotating"
    model.calls.clear()
    answer = given.ok(person.client.post(path, json={"task": task, "context": prompt}))
    assert answer["data"]["result"][0]["value"] == {"choices": ["Good"]}
    sent = model.asked("/predict")[-1]
    assert sent["params"] == {"login": None, "password": None, "context": prompt}
    assert [len(sent["tasks"][0][name]) for name in ("annotations", "drafts")] == [1, 1]
    assert sent["tasks"][0]["data"] == {"text": "t1"}


def test_interactive_failures_are_told(person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client, tasks=1)
    task = given.ok(person.client.get(f"/api/tasks?project={project_id}"))["tasks"][0]["id"]
    plain = connect(person, project_id, model)
    assert "errors" in given.ok(person.client.post(f"/api/ml/{plain['id']}/interactive-annotating", json={"task": task}))
    path = f"/api/ml/{connect(person, project_id, model, is_interactive=True)['id']}/interactive-annotating"
    model.predict_status = 500
    assert given.ok(person.client.post(path, json={"task": task}))["errors"] == [
        "The model answered /predict with status 500: CUDA out of memory <b>really</b>"
    ]
    model.predict_status, model.predict = 200, lambda body: {"results": []}
    assert "results" in given.ok(person.client.post(path, json={"task": task}))["errors"][0]
    assert "task" in refusal(person, "POST", path)
    foreign = given.ok(person.client.post("/api/tasks", json={"project": given.project(person.client), "data": {"text": "x"}}))
    assert person.client.post(path, json={"task": foreign["id"]}).status_code == 404


def test_a_model_that_was_restarted_is_set_up_again(person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client, tasks=1)
    task = given.ok(person.client.get(f"/api/tasks?project={project_id}"))["tasks"][0]["id"]
    given.ok(person.client.patch(f"/api/projects/{project_id}/models", json={"prelabel_automatically": False}))
    backend = connect(person, project_id, model, is_interactive=True)
    seen: list[int] = []

    def predict(body: Json) -> Json:
        seen.append(len(model.asked("/setup")))
        return first_choice(body)

    set_up = len(model.asked("/setup"))
    model.predict, model.predict_status, model.restarts = predict, 500, True
    path = f"/api/ml/{backend['id']}/interactive-annotating"
    assert "data" in given.ok(person.client.post(path, json={"task": task}))
    assert seen == [set_up + 1]


def test_predict_test_shows_what_comes(person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    path = f"/api/ml/{connect(person, project_id, model)['id']}/predict/test"
    assert list(refusal(person, "POST", path)) == ["random"]
    assert person.client.post(path, params={"random": "true"}).status_code == 400
    given.import_tasks(person.client, project_id, [{"text": "a"}])
    told = given.ok(person.client.post(path, params={"random": "true"}))
    assert told["url"] == f"{model.url}/predict"
    assert told["response"][0]["score"] == 0.9
    model.die()
    assert "Nothing listens" in person.client.post(path, params={"random": "true"}).json()["detail"]


# ---------------------------------------------------------------- doctor
def one(**item: Any) -> Callable[[Json], Json]:
    """A model that says one region, the right one but for `item`; `value=` etc."""
    region = {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Good"]}, **item}
    return lambda body: {"results": [{"result": [region], "score": 0.5, "model_version": "1"} for _ in body["tasks"]]}


def box(**value: Any) -> Callable[[Json], Json]:
    region = {"from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": {"rectanglelabels": ["Cat"], **value}}
    return lambda body: {"results": [{"result": [region], "score": 0.5}]}


def marked(start: int, end: int, text: str) -> Callable[[Json], Json]:
    value = {"start": start, "end": end, "text": text, "labels": ["Person"]}
    region = {"from_name": "kind", "to_name": "text", "type": "labels", "value": value}
    return lambda body: {"results": [{"result": [region], "score": 0.5}]}


def examine(person: Person, model: ModelServer, config: str = given.CONFIG, data: Json | None = None) -> Json:
    project_id = given.project(person.client, label_config=config)
    given.import_tasks(person.client, project_id, [data or {"text": "Ann went home"}])
    backend = connect(person, project_id, model)
    report: Json = given.ok(person.client.post(f"/api/ml/{backend['id']}/doctor"))
    return report


def test_the_doctor_finds_nothing_wrong_with_a_good_model(person: Person, model: ModelServer) -> None:
    report = examine(person, model)
    assert [(step["name"], step["is_ok"]) for step in report["steps"]] == [
        (name, True) for name in ("connect", "health", "setup", "predict", "check")
    ]
    assert report["problems"] == []
    assert report["prediction"]["score"] == 0.9


@pytest.mark.parametrize(
    ("predict", "words"),
    [
        (one(from_name="moo"), 'is it "mood"?'),
        (one(to_name="txt"), 'is about text, not "txt"'),
        (one(type="labels"), 'it gives "choices"'),
        (one(value={"choices": ["Goood"]}), 'is it "Good"?'),
        (one(value={"labels": ["Good"]}), 'no "choices"'),
        (lambda body: {"results": []}, "there are 0 for 1 task"),
        (lambda body: {"results": first_choice(body)["results"] * 3}, "there are 3 for 1 task"),
        (lambda body: {"predictions": []}, 'it has no "results", but predictions'),
        (lambda body: [], "not a JSON object"),
        (lambda body: {"results": {"result": []}}, "it is not a list"),
        (lambda body: {"results": [{"score": 1}]}, 'a prediction has no "result"'),
        (lambda body: {"results": [None]}, "the model said nothing about this task"),
        (lambda body: first_choice(body, score="high"), "score 'high' is not a number"),  # type: ignore[arg-type]
        (lambda body: first_choice(body, score=None), "has no score"),
        (lambda body: {"results": [{"result": [], "score": 1}]}, "is empty"),
    ],
)
def test_the_doctor_says_what_does_not_fit(
    person: Person, model: ModelServer, predict: Callable[[Json], Json], words: str
) -> None:
    model.predict = predict
    reasons = [problem["reason"] for problem in examine(person, model)["problems"]]
    assert any(words in reason for reason in reasons), reasons


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"x": 120, "y": 40, "width": 600, "height": 2}, "x is 120, width is 600"),
        ({"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}, "at most 1 percent"),
        ({"x": 1, "y": 2}, "no width, height"),
    ],
)
def test_the_doctor_knows_pixels_from_percent(person: Person, model: ModelServer, value: Json, words: str) -> None:
    model.predict = box(**value)
    reasons = [problem["reason"] for problem in examine(person, model, given.IMAGE, {"image": "/a.png"})["problems"]]
    assert any(words in reason for reason in reasons), reasons


@pytest.mark.parametrize(
    ("start", "end", "text", "words"),
    [(0, 99, "Ann", "not within the text"), (4, 4, "", "it is empty"), (1, 4, "Ann", 'there is "nn "'), (0, 3, "Ann", None)],
)
def test_the_doctor_reads_spans_in_the_text(
    person: Person, model: ModelServer, start: int, end: int, text: str, words: str | None
) -> None:
    model.predict = marked(start, end, text)
    reasons = [problem["reason"] for problem in examine(person, model, given.SPANS)["problems"]]
    assert (words is None and reasons == []) or any(words in reason for reason in reasons if words), reasons


def test_the_doctor_stops_where_it_fails(person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    path = f"/api/ml/{connect(person, project_id, model)['id']}/doctor"

    def last(**body: Any) -> tuple[str, bool, str]:
        step = given.ok(person.client.post(path, json=body))["steps"][-1]
        return step["name"], step["is_ok"], step["words"]

    assert last()[:2] == ("predict", False)  # no tasks
    [task] = given.import_tasks(person.client, project_id, [{"text": "a"}])
    model.raw = b"<html>no"
    assert last(task=task)[:2] == ("predict", False)
    assert "not JSON" in last(task=task)[2]
    model.setup_status = 404
    assert last()[:2] == ("setup", False)
    model.health_status = 404
    assert last()[:2] == ("health", False)
    model.die()
    assert last()[:2] == ("connect", False)
    assert person.client.post(path, json={"task": task + 1000}).status_code == 404


# ---------------------------------------------------------------- asked when a task is opened
@pytest.fixture
def idle(new_server: Callable[..., Server]) -> Person:
    """A person on a server where no jobs run: nothing is pre-labeled behind the test's back."""
    server = new_server()
    server.app.state.jobs.close()
    return server.sign_up()


def opened(person: Person, project_id: int) -> Json:
    answer: Json = given.ok(person.client.get(f"/api/projects/{project_id}/next"))
    return answer


def test_the_next_task_comes_with_what_the_model_says(idle: Person, model: ModelServer) -> None:
    project_id = given.project(idle.client, tasks=2)
    connect(idle, project_id, model)
    first = opened(idle, project_id)
    assert [one["model_version"] for one in first["predictions"]] == ["v1"]
    assert "suggestion" not in first
    model.calls.clear()
    assert opened(idle, project_id)["predictions"] == first["predictions"]
    assert model.calls == []  # said once is enough
    listed = given.ok(idle.client.get(f"/api/predictions?task={first['id']}"))
    assert [one["id"] for one in listed] == [first["predictions"][0]["id"]]


def test_a_version_that_only_predictions_name_is_shown_too(idle: Person, model: ModelServer) -> None:
    model.predict = lambda body: first_choice(body, version="2026-11")
    project_id = given.project(idle.client, tasks=1)
    connect(idle, project_id, model)
    assert [opened(idle, project_id)["predictions"][0]["model_version"] for _ in range(2)] == ["2026-11"] * 2
    assert len(model.asked("/predict")) == 1


def test_an_opened_task_asks_too_and_a_page_only_if_it_is_to(idle: Person, model: ModelServer) -> None:
    project_id = given.project(idle.client, tasks=3)
    connect(idle, project_id, model)
    page = f"/api/tasks?project={project_id}"
    ids = [task["id"] for task in given.ok(idle.client.get(page))["tasks"]]
    assert model.asked("/predict") == []
    task = given.ok(idle.client.get(f"/api/tasks/{ids[0]}"))
    assert (len(task["predictions"]), task["total_predictions"]) == (1, 1)
    given.ok(idle.client.patch(f"/api/projects/{project_id}", json={"evaluate_predictions_automatically": True}))
    counts = [one["total_predictions"] for one in given.ok(idle.client.get(page))["tasks"]]
    assert counts == [1, 1, 1]
    assert [len(body["tasks"]) for body in model.asked("/predict")] == [1, 2]


def test_other_versions_are_not_asked_for(idle: Person, model: ModelServer) -> None:
    project_id = given.project(idle.client, tasks=2)
    [task, _] = [task["id"] for task in given.ok(idle.client.get(f"/api/tasks?project={project_id}"))["tasks"]]
    given.ok(idle.client.post("/api/predictions", json={"task": task, "result": given.BAD, "model_version": "old"}))
    given.ok(idle.client.patch(f"/api/projects/{project_id}", json={"model_version": "old"}))
    connect(idle, project_id, model)
    assert [one["model_version"] for one in opened(idle, project_id)["predictions"]] == ["old"]
    given.submit(idle.client, task)
    assert opened(idle, project_id)["predictions"] == []
    assert model.asked("/predict") == []


def test_a_dead_model_is_told_and_not_waited_for(idle: Person, model: ModelServer) -> None:
    project_id = given.project(idle.client, tasks=1, label_config=given.CONFIG)
    given.ok(idle.client.patch(f"/api/projects/{project_id}/models", json={"prelabel_automatically": False}))
    connect(idle, project_id, model)
    model.die()
    task = opened(idle, project_id)
    assert (task["predictions"], task["suggestion"]) == ([], "unavailable")
    assert "Nothing listens" in task["suggestion_reason"]
    again = given.ok(idle.client.get(f"/api/tasks/{task['id']}"))
    assert (again["suggestion"], again["suggestion_reason"]) == ("unavailable", task["suggestion_reason"])


def test_a_slow_model_is_left_to_a_job(idle: Person, model: ModelServer) -> None:
    project_id = given.project(idle.client, tasks=2)
    given.ok(idle.client.patch(f"/api/projects/{project_id}/models", json={"prelabel_automatically": False}))
    backend = connect(idle, project_id, model)
    model.delay_s = 3.0
    task = opened(idle, project_id)
    assert (task["predictions"], task["suggestion"]) == ([], "pending")
    waiting = rows(idle.server, jobs, jobs.c.ml_backend_id == backend["id"])
    assert [str(row.params) for row in waiting] == [f'{{"scope":"chosen","tasks":[{task["id"]}]}}']
    model.calls.clear()
    given.submit(idle.client, task["id"])
    assert opened(idle, project_id)["suggestion"] == "pending"
    assert model.asked("/predict") == []  # it rests


def test_what_does_not_fit_the_config_is_told(idle: Person, model: ModelServer) -> None:
    model.predict = one(value={"choices": ["Goood"]})
    project_id = given.project(idle.client, tasks=1)
    connect(idle, project_id, model)
    task = opened(idle, project_id)
    assert (task["predictions"], task["suggestion"]) == ([], "unavailable")
    assert 'is it "Good"?' in task["suggestion_reason"]


def test_live_models_are_listed_with_the_versions(person: Person, model: ModelServer) -> None:
    project_id = given.project(person.client)
    connect(person, project_id, model)
    versions = f"/api/projects/{project_id}/model-versions"
    assert given.ok(person.client.get(versions, params={"extended": "true"}))["live"] == []
    live = given.ok(person.client.get(versions, params={"extended": "true", "include_live_models": "true"}))["live"]
    assert [one["title"] for one in live] == ["Mood"]
    assert given.ok(person.client.get(versions)) == {"Mood": 0}
