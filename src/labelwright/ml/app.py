"""Label Studio's ML protocol, the backend's side, as an ASGI application."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import Any
from urllib.parse import parse_qs

import msgspec

from labelwright.ml.answers import WrongAnswer, plain, predictions_of
from labelwright.ml.models import Models, accepted
from labelwright.ml.place import safe_name
from labelwright.ml.store import Store
from labelwright.ml.training import Training, describe
from labelwright.version import __version__

log = logging.getLogger("labelwright.ml")

MOST_BYTES = 256 * 1024 * 1024
SETUP_WAIT_S = 2.0
"""How long /setup waits for the model: servers give it three seconds. It goes on loading after that."""
FIT_WAIT_S = 0.7
"""How long /webhook usually waits for `fit`: servers give it one second. It goes on training after that."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, Any]
Body = dict[str, Any]


class Refused(Exception):
    """A request that cannot be answered; the text is for its sender."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


class BackendApp:
    """The application. basic_auth: `user:password` that every request but /health must bring."""

    def __init__(self, models: Models, basic_auth: str | None = None, fit_wait_s: float = FIT_WAIT_S) -> None:
        self.models = models
        self.state = models.state
        self.training = Training(models)
        self.fit_wait_s = fit_wait_s
        self._expected = None if basic_auth is None else basic_auth.encode()
        self._predicting = ThreadPoolExecutor(32, "predict")
        self._others = ThreadPoolExecutor(32, "request")
        self._routes: dict[tuple[str, str], Callable[[Body], Answer]] = {
            ("POST", "setup"): self.setup,
            ("POST", "predict"): self.predict,
            ("POST", "webhook"): self.webhook,
            ("GET", "versions"): self.versions,
            ("POST", "versions"): self.versions,
            ("POST", "train"): self.train,
            ("POST", "validate"): lambda body: (200, {"status": "ok"}),
            ("POST", "job_status"): self.job_status,
            ("GET", "job_status"): self.job_status,
            ("POST", "delete"): lambda body: (200, {"status": "ok"}),
            ("POST", "duplicate_model"): lambda body: (200, {"status": "ok"}),
            ("GET", "metrics"): lambda body: (200, {}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        try:
            status, answer = await self._answer(scope, receive)
        except Refused as refusal:
            status, answer = refusal.status, {"error": str(refusal)}
        except Exception as error:
            log.exception("%s %s failed", scope["method"], scope["path"])
            status, answer = 500, {"error": describe(error)}
        content = encode(answer)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        if status == 401:
            headers.append((b"www-authenticate", b'Basic realm="model"'))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.training.resume()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        # the address a server is given may have a path before ours, with or without a proxy that strips it
        name = scope["path"].rstrip("/").rpartition("/")[2]
        method = scope["method"]
        allowed = self._is_allowed(scope)
        if name in {"", "health"} and method in {"GET", "HEAD"}:
            return 200, self.health() if allowed else {"status": "UP"}
        if not allowed:
            raise Refused(401, "this backend wants a user and password (Basic authentication)")
        act = self._routes.get((method, name))
        if act is None:
            known = any(route == name for _, route in self._routes) or name in {"", "health"}
            raise (
                Refused(405, f"{name or '/'} does not take {method}")
                if known
                else Refused(404, f"there is no {scope['path']} here")
            )
        body = read_body(scope, await _received(receive))
        pool = self._predicting if name == "predict" else self._others
        return await asyncio.get_running_loop().run_in_executor(pool, staying_alive, act, body)

    def _is_allowed(self, scope: Scope) -> bool:
        if self._expected is None:
            return True
        given = next((value for name, value in scope["headers"] if name.lower() == b"authorization"), b"")
        scheme, _, credentials = given.partition(b" ")
        try:
            decoded = base64.b64decode(credentials, validate=True)
        except binascii.Error:
            return False
        return scheme.lower() == b"basic" and hmac.compare_digest(decoded, self._expected)

    # What servers ask

    def health(self) -> dict[str, Any]:
        return {"status": "UP", "model_class": self.models.model_class.__name__, "labelwright": __version__}

    def setup(self, body: Body) -> Answer:
        """Makes the project's model ready; its version."""
        project = project_of(body.get("project"))
        config = text(body, "schema")
        self._remember(project, "extra_params", body.get("extra_params"))
        if body.get("hostname"):
            # both together: a token must never go to the host of another setup
            self._remember(project, "server", [text(body, "hostname"), text(body, "access_token") or ""])
        kept = self.models.of(project, config)
        try:
            model = kept.made.result(SETUP_WAIT_S)
        except NotYet:
            if kept.made.done():
                raise
            return 200, {"model_version": self.models.version_of(project), "state": "loading"}
        self.models.set_up_again(project, kept, wait_s=SETUP_WAIT_S)
        return 200, {"model_version": str(model.model_version)}

    def _remember(self, project: str, key: str, value: Any) -> None:
        if self.state.get(project, key) != value:
            self.state.set(project, key, value)

    def predict(self, body: Body) -> Answer:
        tasks = body.get("tasks")
        if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
            raise Refused(400, "tasks must be a list of tasks")
        project = project_of(body.get("project"))
        given = body.get("params") or {}
        if not isinstance(given, dict):
            raise Refused(400, "params must be an object")
        params = dict(given)
        context = params.pop("context", None)
        for name in ("login", "password", "tasks"):  # the first two were sent to 1.x backends
            params.pop(name, None)
        kept = self.models.of(project, text(body, "label_config"))
        model = kept.made.result()
        self.models.set_up_again(project, kept)
        if not tasks:
            return 200, {"results": [], "model_version": str(model.model_version)}
        arguments = accepted(model.predict, {"context": context, **params})
        try:
            with kept.may_predict(model):
                returned = model.predict(tasks, **arguments)
                version = str(model.model_version)
                results = predictions_of(returned, len(tasks), version)
        except WrongAnswer as error:
            log.error("project %s: %s", project, error)
            raise Refused(500, str(error)) from None
        return 200, {"results": [item[0] if len(item) == 1 else item for item in results], "model_version": version}

    def webhook(self, body: Body) -> Answer:
        """Queues the event for `fit`, and waits for it as long as servers do."""
        action = body.pop("action", None)
        if not isinstance(action, str):
            raise Refused(400, "action must be a text")
        if action not in self.models.model_class.TRAIN_EVENTS:
            return 200, {"status": "Unknown event"}
        project = body.get("project")
        number = project.get("id") if isinstance(project, dict) else project
        if isinstance(number, bool) or not isinstance(number, int | str) or number == "":
            raise Refused(400, "project must be an object with an id")
        return self._train(str(number).partition(".")[0], action, body)

    def train(self, body: Body) -> Answer:
        """The older way to ask for training."""
        project = body.get("project")
        config = body.get("label_config")
        if not isinstance(project, dict):
            project = {"id": project_of(project), "label_config": config}
        return self._train(project_of(project.get("id")), "START_TRAINING", {**body, "project": project})

    def _train(self, project: str, action: str, payload: Body) -> Answer:
        number = self.training.add(project, action, payload)
        event = self.training.wait(number, self.fit_wait_s)
        if event is not None and event.state == "failed":
            raise Refused(500, f"fit failed: {event.error}")
        is_done = event is None or event.state == "done"
        result = event.result if event else None
        return 201, {
            "result": {} if result is None else result,
            "status": "ok",
            "job": str(number),
            "state": "done" if is_done else "running",
        }

    def job_status(self, body: Body) -> Answer:
        """How an event is doing: `job_status` queued, running, finished or failed."""
        job = str(body.get("job", ""))
        event = self.state.event(int(job)) if job.isdecimal() and len(job) < 18 else None
        if event is None:
            return 200, {"job_status": "finished", "error": None, "result": None}
        status = "finished" if event.state == "done" else event.state
        return 200, {
            "job_status": status,
            "error": event.error,
            "result": event.result,
            "model_version": self.models.version_of(event.project),
        }

    def versions(self, body: Body) -> Answer:
        projects = [project_of(body["project"])] if body.get("project") else self.state.projects()
        listed = [version for project in projects for version in self._versions_of(project)]
        return 200, {"versions": list(dict.fromkeys(listed)) or [self.models.model_class.INITIAL_MODEL_VERSION]}

    def _versions_of(self, project: str) -> list[str]:
        """What is kept, and what is in use."""
        folder = self.models.folder
        kept = [] if folder is None else Store(folder / "projects" / safe_name(project) / "versions").versions()
        return list(dict.fromkeys([*kept, self.models.version_of(project)]))


def staying_alive(act: Callable[[Body], Answer], body: Body) -> Answer:
    """The answer; an exit() in the author's code is an error like others, not the end of the server."""
    try:
        return act(body)
    except SystemExit as error:
        raise RuntimeError(f"exit({error.code}) was called").with_traceback(error.__traceback__) from error


def project_of(value: Any) -> str:
    """The project's id, from `"5.1732999999"` (id and when it was made), `"5"` or 5."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refused(400, 'project must be a text like "5.1732999999"')
    return str(value).partition(".")[0]


def text(body: Body, key: str) -> str | None:
    value = body.get(key)
    if value is not None and not isinstance(value, str):
        raise Refused(400, f"{key} must be a text")
    return value


def read_body(scope: Scope, content: bytes) -> Body:
    """The JSON object, with the query's fields below it."""
    query = {key: values[-1] for key, values in parse_qs(scope.get("query_string", b"").decode("latin-1")).items()}
    if not content.strip():
        if scope["method"] == "POST":
            raise Refused(400, "the body is empty; it should be a JSON object")
        return dict(query)
    try:
        body = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, f"the body is no JSON: {error}") from None
    if not isinstance(body, dict):
        raise Refused(400, "the body should be a JSON object")
    return {**query, **body}


def encode(value: Any) -> bytes:
    """JSON; numbers and arrays of numpy as plain ones, NaN as null."""

    def other(item: Any) -> Any:
        simple = plain(item)
        if simple is item:
            raise TypeError(f"{item!r:.80} ({type(item).__name__}) cannot go into JSON")
        return simple

    return msgspec.json.encode(value, enc_hook=other)


async def _received(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "the request broke off")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise Refused(413, f"the request has more than {MOST_BYTES // 1024**2} MB")
        if not message.get("more_body"):
            return b"".join(parts)
