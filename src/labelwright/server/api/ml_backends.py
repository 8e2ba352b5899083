"""Connected models: add one by its address, see how it is, change it, ask it about one task.

Everything that calls a model runs outside of transactions (`work`): a slow model holds no connection and no lock.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.domain.strictjson import InvalidJSON, decode_json
from labelwright.server import wire_ml_backends as wire
from labelwright.server.access import Record, find_project, ml_backend_for_members, signed_in
from labelwright.server.actions.save_ml_backend import (
    Check,
    connect_ml_backend,
    delete_ml_backend,
    record_check,
    update_ml_backend,
)
from labelwright.server.api import fields as f
from labelwright.server.api.errors import PlainError
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.ml_backends import (
    DoctorReport,
    DoctorWish,
    MLBackend,
    MLBackendChange,
    ModelTest,
    ModelVersions,
    NewMLBackend,
    Prompt,
    PromptAnswer,
)
from labelwright.server.auth.credentials import User
from labelwright.server.auth.secrets import seal
from labelwright.server.db.queries import ml_backends as queries
from labelwright.server.db.queries.projects import project_row
from labelwright.server.db.tables import tasks
from labelwright.server.errors import Invalid, NotFound
from labelwright.server.ml_backends.check_model import check_model, check_models
from labelwright.server.ml_backends.client import Model, ModelProblem, address_of, even_if_restarted
from labelwright.server.ml_backends.doctor import examine
from labelwright.server.ml_backends.open_model import open_model
from labelwright.server.ml_backends.tasks_for_model import tasks_for_model
from labelwright.server.ml_backends.turn import turn
from labelwright.server.outgoing import BadAddress

LONGEST_URL = 2000
LONGEST_TEXT = 10_000
LONGEST_TIMEOUT_S = 24 * 3600.0
DEFAULT_TITLE = "default"
LARGEST_PARAMS = 64 * 1024
AUTH_METHODS = ("NONE", "BASIC_AUTH")
REQUIRED = "This field is required."
NO_CREDENTIALS = "Authentication username and password is required for Basic Authentication."


# ---------------------------------------------------------------- list, add, change, remove
@route(
    "GET",
    "/api/ml",
    allow=signed_in,
    mode="work",
    query={"project": "project id", "is_interactive": "only those"},
    answer=list[MLBackend],
)
def list_backends(call: Call, _: User) -> Answer:
    """A project's models. Each is asked how it is and which version it has."""
    project_id = call.integer("project")

    def load(conn: Connection) -> tuple[Record, list[tuple[Record, Model]]]:
        if project_id is None:
            raise NotFound("Project")
        project = find_project(call, conn, project_id)
        rows = queries.backends_of(conn, project.id)
        if "is_interactive" in call.query:
            rows = [row for row in rows if row.is_interactive == call.flag("is_interactive")]
        return project, [(row, open_model(conn, call.settings, row, project)) for row in rows]

    project, found = call.db.read(load)
    if not found:
        return json_answer([])
    with turn():
        checks = check_models([model for _, model in found], project)

    def note(conn: Connection) -> list[Record]:
        there = {row.id for row in queries.backends_of(conn, project.id)}
        return [record_check(conn, row.id, check) for (row, _), check in zip(found, checks, strict=True) if row.id in there]

    return json_answer([wire.ml_backend(row) for row in call.db.write(note)])


@route("POST", "/api/ml", allow=signed_in, mode="work", body=NewMLBackend, answer=MLBackend)
def create(call: Call, user: User) -> Answer:
    """Connect a model. It must answer /health and /setup; else 400 with what is wrong."""
    fields = call.body.fields
    missing = {name: [REQUIRED] for name in ("url", "project") if fields.get(name) in (None, "")}
    if missing:
        raise Invalid(**missing)
    project_id = f.integer(fields, "project", null=False)
    values = {"title": DEFAULT_TITLE, **_read_values(call, None)}
    project, model = call.db.read(lambda conn: _opened(call, conn, find_project(call, conn, project_id), values, user.id))

    def save(conn: Connection) -> int:
        found = find_project(call, conn, project_id)
        return connect_ml_backend(conn, found, user.id, values, secret_key=call.settings.secret_key)

    with turn():
        _refuse_unless_well(check_model(model, project), values["url"])
        backend_id = call.db.write(save)
        # The contract sets a model up again once it is saved, and so tells it which version is wanted from now on.
        again = check_model(model, project)
    row = call.db.write(lambda conn: record_check(conn, backend_id, again, is_new=True))
    return json_answer(wire.ml_backend(row) | {"model_version": ""}, status=201)


@route("GET", "/api/ml/{ml_backend_id:int}", allow=ml_backend_for_members, mode="work", answer=MLBackend)
def read(call: Call, row: Record) -> Answer:
    """One model, asked how it is."""
    return json_answer(wire.ml_backend(_check_now(call, row)[1]))


def _update(call: Call, row: Record) -> Answer:
    """Change a connection. A new address or new credentials must work; else 400 with what is wrong."""
    values = _read_values(call, row)
    project_id = f.integer(call.body.fields, "project", row.project_id)
    if project_id != row.project_id:
        raise Invalid.field("project", "A model stays with its project. Connect it to the other one as well.")
    user_id = call.user.id
    check: Check | None = None
    if {"url", "basic_auth_pass_sealed", "basic_auth_user", "auth_method", "extra_params"} & set(values):
        merged = {**row._mapping, **values}
        by = user_id if merged["url"] != row.url else row.connected_by_id
        project, model = call.db.read(lambda conn: _opened(call, conn, _project_of(conn, row), merged, by))
        with turn():
            check = check_model(model, project)
        _refuse_unless_well(check, merged["url"])

    def save(conn: Connection) -> Record:
        update_ml_backend(conn, _again(conn, row), _project_of(conn, row), user_id, values)
        if check is not None:
            record_check(conn, row.id, check)
        return _again(conn, row)

    return json_answer(wire.ml_backend(call.db.write(save)))


update = route(
    "PATCH", "/api/ml/{ml_backend_id:int}", allow=ml_backend_for_members, mode="work", body=MLBackendChange, answer=MLBackend
)(_update)
replace = route(
    "PUT", "/api/ml/{ml_backend_id:int}", allow=ml_backend_for_members, mode="work", body=MLBackendChange, answer=MLBackend
)(_update)


@route("DELETE", "/api/ml/{ml_backend_id:int}", allow=ml_backend_for_members)
def delete(call: Call, row: Record) -> Answer:
    """Take a model away. What it predicted stays."""
    delete_ml_backend(call.conn, row)
    return nothing()


# ---------------------------------------------------------------- how it is
@route("GET", "/api/ml/{ml_backend_id:int}/versions", allow=ml_backend_for_members, mode="work", answer=ModelVersions)
def list_versions(call: Call, row: Record) -> Answer:
    """The versions that the model says it has."""
    project, model = call.db.read(lambda conn: _known(call, conn, row))
    try:
        with turn():
            versions = model.versions(project)
    except ModelProblem as problem:
        raise PlainError(400, {"error": str(problem)}) from None
    if versions is None:
        return json_answer({"versions": [row.model_version or ""], "message": "Upgrade your ML backend version to latest."})
    return json_answer({"versions": versions})


@route("POST", "/api/ml/{ml_backend_id:int}/test", allow=ml_backend_for_members, mode="work", status=200, answer=ModelTest)
def test(call: Call, row: Record) -> Answer:
    """Ask the model how it is, and how long that takes."""
    check, now = _check_now(call, row)
    latency_ms = None if check.latency_ms is None else round(check.latency_ms, 1)
    return json_answer(
        {"state": now.state, "latency_ms": latency_ms, "model_version": now.model_version or "", "problem": check.problem}
    )


@route(
    "POST",
    "/api/ml/{ml_backend_id:int}/doctor",
    allow=ml_backend_for_members,
    mode="work",
    status=200,
    body=DoctorWish,
    answer=DoctorReport,
)
def doctor(call: Call, row: Record) -> Answer:
    """Ask the model about one task and say in words what does not fit. Nothing is stored of the answer."""
    wanted = f.integer(call.body.fields, "task", None)

    def load(conn: Connection) -> tuple[Record, Model, dict[str, Any] | None]:
        project, model = _known(call, conn, row)
        task = _task(conn, row.project_id, wanted)
        return project, model, tasks_for_model(conn, [task])[0] if task is not None else None

    project, model, task = call.db.read(load)
    with turn():
        return json_answer(examine(model, project, task))


# ---------------------------------------------------------------- asking it
@route(
    "POST",
    "/api/ml/{ml_backend_id:int}/interactive-annotating",
    allow=ml_backend_for_members,
    mode="work",
    status=200,
    body=Prompt,
    answer=PromptAnswer,
)
def annotate_interactively(call: Call, row: Record) -> Answer:
    """What the model makes of a prompt (a click, a box) on a task. Nothing is stored."""
    fields = call.body.fields
    task_id = f.integer(fields, "task", None)
    if task_id is None:
        raise Invalid.field("task", REQUIRED)
    if not row.is_interactive:
        return json_answer({"errors": ["The model is not connected as an interactive one. Settings → Model changes that."]})
    user_id = call.user.id

    def load(conn: Connection) -> tuple[Record, Model, dict[str, Any]]:
        task = _task(conn, row.project_id, task_id)
        return *_known(call, conn, row), tasks_for_model(conn, [task], drafts_of=user_id)[0]

    project, model, task = call.db.read(load)
    context = fields.get("context")
    try:
        with turn():
            answer = even_if_restarted(model, project, lambda: model.ask([task], project, {} if context is None else context))
    except ModelProblem as problem:
        return json_answer({"errors": [str(problem)]})
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list) or not results:
        return json_answer({"errors": ['The model answered /predict without "results", or with an empty list of them.']})
    return json_answer({"data": results[0]})


@route(
    "POST",
    "/api/ml/{ml_backend_id:int}/predict/test",
    allow=ml_backend_for_members,
    mode="work",
    status=200,
    query={"random": "must be true"},
)
def predict_test(call: Call, row: Record) -> Answer:
    """What the model answers for some task, as it comes. Nothing is stored."""
    if not call.flag("random"):
        raise Invalid.field("random", "Only random=true is there.")

    def load(conn: Connection) -> tuple[Record, Model, dict[str, Any]]:
        task = conn.execute(
            sa.select(tasks).where(tasks.c.project_id == row.project_id).order_by(sa.func.random()).limit(1)
        ).first()
        if task is None:
            raise Invalid("The project has no tasks yet. Import one to have something to ask about.")
        return *_known(call, conn, row), tasks_for_model(conn, [task])[0]

    project, model, task = call.db.read(load)
    try:
        with turn():
            answer = model.ask([task], project)
    except ModelProblem as problem:
        raise Invalid(str(problem)) from None
    results = answer.get("results") if isinstance(answer, dict) else None
    return json_answer(
        {"status": 200, "error_message": None, "url": address_of(row.url, "/predict"), "task": task, "response": results}
    )


# ---------------------------------------------------------------- parts
def _project_of(conn: Connection, row: Record) -> Record:
    project = project_row(conn, row.project_id)
    if project is None:
        raise NotFound("MLBackend")
    return project


def _again(conn: Connection, row: Record) -> Record:
    now = queries.backend_row(conn, row.id)
    if now is None:  # taken away at the same moment
        raise NotFound("MLBackend")
    return now


def _known(call: Call, conn: Connection, row: Record) -> tuple[Record, Model]:
    """The project of a stored model, and its client."""
    project = _project_of(conn, row)
    return project, open_model(conn, call.settings, row, project)


def _opened(
    call: Call, conn: Connection, project: Record, values: dict[str, Any], connected_by_id: int | None
) -> tuple[Record, Model]:
    """The project, and a client for a connection that is not stored (yet)."""
    blank = {
        "auth_method": "NONE",
        "basic_auth_user": "",
        "basic_auth_pass_sealed": None,
        "extra_params": None,
        "timeout_s": 100.0,
    }
    backend = SimpleNamespace(**{**blank, **values, "connected_by_id": connected_by_id})
    return project, open_model(conn, call.settings, backend, project)


def _check_now(call: Call, row: Record) -> tuple[Check, Record]:
    """How the model is at this moment, noted; and its row."""
    project, model = call.db.read(lambda conn: _known(call, conn, row))
    with turn():
        check = check_model(model, project)
    return check, call.db.write(lambda conn: record_check(conn, row.id, check))


def _task(conn: Connection, project_id: int, task_id: int | None) -> Record | None:
    """The task of the project, or its first one (None: it has none). 404 for a task of another project."""
    query = sa.select(tasks).where(tasks.c.project_id == project_id).order_by(tasks.c.id).limit(1)
    if task_id is None:
        return conn.execute(query).first()
    row = conn.execute(query.where(tasks.c.id == task_id)).first() if 0 <= task_id < 2**63 else None
    if row is None:
        raise NotFound("Task")
    return row


def _refuse_unless_well(check: Check, url: str) -> None:
    """Raises Invalid with what is wrong, in the shape that clients of the contract look for."""
    if check.state == "CO":
        return
    if check.state == "DI" and check.status in (401, 403):
        raise Invalid.general("The model answers, but wants another user name and password.")
    if check.state == "DI":
        raise Invalid.general(f"Can't connect to ML backend {url}, health check failed. {check.problem}")
    raise Invalid.general(f"Successfully connected to {url} but it doesn't look like a valid ML backend. {check.problem}")


# ---------------------------------------------------------------- reading the body
def _read_values(call: Call, row: Record | None) -> dict[str, Any]:
    """The columns that the body names, checked. `row`: what is stored. Raises Invalid."""
    fields = call.body.fields
    values: dict[str, Any] = {}
    if "url" in fields:
        values["url"] = _url(f.text(fields, "url", longest=LONGEST_URL))
    if "title" in fields:
        values["title"] = f.text(fields, "title", null=True, longest=LONGEST_TEXT) or DEFAULT_TITLE
    for name in ("description", "basic_auth_user"):
        if name in fields:
            values[name] = f.text(fields, name, null=True, longest=LONGEST_TEXT) or ""
    for name in ("is_interactive", "auto_update"):
        if name in fields:
            values[name] = f.boolean(fields, name)
    if row is not None and "model_version" in fields:
        values["model_version"] = f.text(fields, "model_version", null=True, longest=LONGEST_TEXT) or ""
    if row is not None and "live_version" in fields:
        values["live_version"] = f.text(fields, "live_version", null=True, longest=LONGEST_TEXT) or None
    if fields.get("timeout") not in (None, ""):
        values["timeout_s"] = _timeout(f.number(fields, "timeout"))
    if "extra_params" in fields:
        values["extra_params"] = _extra_params(fields["extra_params"])
    _read_credentials(call, row, values)
    return values


def _url(text: str) -> str:
    from labelwright.server.outgoing_http import read_url

    try:
        read_url(text)
    except BadAddress as error:
        raise Invalid.field("url", str(error)) from None
    return text.strip()


def _timeout(seconds: float | None) -> float:
    if seconds is None or not 0 < seconds <= LONGEST_TIMEOUT_S:
        raise Invalid.field("timeout", f"A number of seconds between 0 and {LONGEST_TIMEOUT_S:g} is expected.")
    return seconds


def _extra_params(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = decode_json(value)
        except InvalidJSON as error:
            raise Invalid.field("extra_params", f"This is not valid JSON: {error}") from None
    text = JSONText.of(value)
    if len(text) > LARGEST_PARAMS:
        raise Invalid.field("extra_params", "These are too long.")
    return text


def _read_credentials(call: Call, row: Record | None, values: dict[str, Any]) -> None:
    """Basic auth. A stored password stays where none is given, but is sent to no other server than it was meant for."""
    fields = call.body.fields
    if "auth_method" in fields:
        values["auth_method"] = f.text(fields, "auth_method")
        if values["auth_method"] not in AUTH_METHODS:
            raise Invalid.field("auth_method", f'"{values["auth_method"]}" is not a valid choice.')
    password = f.text(fields, "basic_auth_pass", None, null=True, longest=LONGEST_TEXT)
    if password:
        values["basic_auth_pass_sealed"] = seal(password, call.settings.secret_key)
    method = values.get("auth_method", row.auth_method if row is not None else "NONE")
    stored = row.basic_auth_pass_sealed if row is not None else None
    if stored and not password and row is not None and _server_of(values.get("url", row.url)) != _server_of(row.url):
        if method == "BASIC_AUTH":
            raise Invalid.field("basic_auth_pass", "Give the password again: the new address leads to another server.")
        values["basic_auth_pass_sealed"] = None
    user = values.get("basic_auth_user", row.basic_auth_user if row is not None else "")
    if method == "BASIC_AUTH" and not (user and (password or stored)):
        raise Invalid.general(NO_CREDENTIALS)


def _server_of(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


routes: list[Route[Any]] = [
    list_backends,
    create,
    read,
    update,
    replace,
    delete,
    list_versions,
    test,
    doctor,
    annotate_interactively,
    predict_test,
]
