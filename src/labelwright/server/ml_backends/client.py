"""Talking to a connected model (an ML backend) over HTTP. A `Model` needs no database, and every call blocks.

The protocol is the one of Label Studio's ML backends: `GET /health`, `POST /setup`, `POST /predict`, `POST /webhook`,
`GET /versions`. What goes wrong is a `ModelProblem` whose message is for the members of the project.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import msgspec
from msgspec import Struct

from labelwright.domain.strictjson import InvalidJSON, decode_json
from labelwright.server import clock
from labelwright.server.errors import LabelwrightError
from labelwright.server.outgoing import BadAddress, Gate, Limits, Reply, TooBig, Unreachable, call, is_public, literal

T = TypeVar("T")

JSON_HEADERS = {"content-type": "application/json", "accept": "application/json"}
LONGEST_START_S = 30.0
"""A model that trains before it answers is not waited for longer."""
LARGEST_ANSWER = 100 << 20
LONGEST_REASON = 500
PAUSES_S = (0.1, 0.3)
"""Before a call is tried again because there was no connection."""
SAID_NOTHING = "the model said nothing about this task"
MOST_RATIO = 1000
"""JSON of a model packs well (masks, repeated labels); its size is bounded anyway."""


class ModelProblem(LabelwrightError):
    """What is wrong with a model or the way to it; the message is for the members of its project."""


class ModelUnreachable(ModelProblem):
    """No answer: not there, too slow, or not allowed. `is_slow`: it took the call and then said nothing in time."""

    def __init__(self, message: str, *, is_slow: bool = False) -> None:
        super().__init__(message)
        self.is_slow = is_slow


class ModelError(ModelProblem):
    """The model answered with an error status. `reason` is what it said: plain text, at most 500 characters, often empty."""

    def __init__(self, path: str, status: int, reason: str) -> None:
        said = f": {reason}" if reason else "."
        super().__init__(f"The model answered {path} with status {status}{said}")
        self.status = status
        self.reason = reason


class BadAnswer(ModelProblem):
    """The model answered, but not what the protocol says."""


class Said(Struct, frozen=True):
    """What a model said about one task: predictions as they came (each with a `result`), or why there is none."""

    predictions: list[dict[str, Any]]
    problem: str = ""


class Model(Struct, frozen=True, kw_only=True):
    """Where a model is and how to call it. Make one with `open_model`.

    `project` in the calls is the project's row. Every call raises ModelUnreachable, ModelError or BadAnswer.
    """

    gate: Gate
    url: str
    user: str = ""
    password: str = ""
    timeout_s: float = 100.0
    """Of a prediction and of an event."""
    extra_params: Any = None
    hostname: str = "http://localhost:8080"
    """Where the model finds this server."""
    access_token: str = ""
    """What the model may call this server with; "" for nothing."""
    pauses_s: tuple[float, ...] = PAUSES_S

    def __repr__(self) -> str:  # the password and the token belong in no log
        return f"Model({self.url!r})"

    # ------------------------------------------------------------ the protocol
    def health(self) -> float:
        """The time that it took to say that it is well, in milliseconds."""
        since = time.monotonic()
        reply = self._call("GET", "/health", total_s=1.0 if self.is_local else 5.0)
        self._refuse_errors("/health", reply)
        return (time.monotonic() - since) * 1000

    def setup(self, project: Any) -> str:
        """Tell the model about the project; the version it says it has, "" for none."""
        body = {
            "project": project_key(project),
            "schema": project.label_config,
            "hostname": self.hostname,
            "access_token": self.access_token,
            "extra_params": self.extra_params,
        }
        answer = self._ask("/setup", body, total_s=3.0 if self.is_local else 10.0)
        if not isinstance(answer, dict):
            raise BadAnswer("The model answered /setup with something else than a JSON object with model_version in it.")
        version = answer.get("model_version")
        return "" if version is None else str(version)[:LONGEST_REASON]

    def predict(
        self, tasks: Sequence[Mapping[str, Any]], project: Any, context: Any = None, *, timeout_s: float | None = None
    ) -> list[Said]:
        """What the model says about each of the tasks, in their order.

        tasks: plain tasks as `wire.task` spells them, with `annotations` and `predictions` (for interactive calls also `drafts`).
        context: the prompt of an interactive call. timeout_s: at most this long instead of the model's own time.
        A model that answers a batch with one result is asked for one task at a time; then each call may take `timeout_s`.
        """
        answers = self._predict(tasks, project, context, timeout_s)
        if len(answers) == 1 < len(tasks):
            answers = [self._predict([task], project, context, timeout_s)[0] for task in tasks]
        return [said(answer) for answer in answers]

    def results(self, tasks: Sequence[Mapping[str, Any]], project: Any) -> list[Any]:
        """The answers as they came, one per task; of a model that takes one task at a time only one."""
        return self._predict(tasks, project, None, None)

    def ask(
        self, tasks: Sequence[Mapping[str, Any]], project: Any, context: Any = None, *, timeout_s: float | None = None
    ) -> Any:
        """The whole answer of /predict as it came: for whoever explains it."""
        params = {"login": project.task_data_login, "password": project.task_data_password, "context": context}
        body = {"tasks": tasks, "project": project_key(project), "label_config": project.label_config, "params": params}
        return self._ask("/predict", body, total_s=self.timeout_s if timeout_s is None else timeout_s)

    def event(self, body: bytes) -> int:
        """Hand over an event (the JSON of a webhook, or START_TRAINING); the status, which is a success."""
        reply = self._call("POST", "/webhook", body, total_s=self.timeout_s)
        self._refuse_errors("/webhook", reply)
        return reply.status

    def start_training(self, project: Mapping[str, Any]) -> Any:
        """Tell it to train on the project, spelled as events spell it; its answer, None where that is no JSON."""
        body = msgspec.json.encode({"action": "START_TRAINING", "project": project})
        reply = self._call("POST", "/webhook", body, total_s=min(self.timeout_s, LONGEST_START_S))
        self._refuse_errors("/webhook", reply)
        try:
            return decode_json(reply.body)
        except InvalidJSON:
            return None

    def versions(self, project: Any) -> list[str] | None:
        """The model versions that the model has for the project; None if it does not know the question.

        label_studio_ml 1.0 answers it to POST alone.
        """
        total_s = 3.0 if self.is_local else 10.0
        reply = self._call("GET", "/versions", total_s=total_s)
        if reply.status == 405:
            reply = self._call("POST", "/versions", msgspec.json.encode({"project": project_key(project)}), total_s=total_s)
        if reply.status == 404:
            return None
        self._refuse_errors("/versions", reply)
        answer = _json("/versions", reply.body)
        found = answer.get("versions") if isinstance(answer, dict) else None
        if not isinstance(found, list):
            raise BadAnswer('The model answered /versions with something else than {"versions": […]}.')
        return [str(version) for version in found]

    # ------------------------------------------------------------ one call
    @property
    def is_local(self) -> bool:
        """Whether the model is on the server's own machine, as the address says."""
        host = urlsplit(self.url).hostname or ""
        address = literal(host)
        return host == "localhost" or (address is not None and address.is_loopback)

    def _predict(self, tasks: Sequence[Mapping[str, Any]], project: Any, context: Any, timeout_s: float | None) -> list[Any]:
        answer = self.ask(tasks, project, context, timeout_s=timeout_s)
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list):
            raise BadAnswer('The model answered /predict without "results": it must say {"results": [one per task]}.')
        if len(results) not in (1, len(tasks)):
            raise BadAnswer(f"The model answered {len(results)} results for {len(tasks)} tasks; it must give one per task.")
        return results

    def _ask(self, path: str, body: Any, *, total_s: float) -> Any:
        reply = self._call("POST", path, msgspec.json.encode(body), total_s=total_s)
        self._refuse_errors(path, reply)
        return _json(path, reply.body)

    def _refuse_errors(self, path: str, reply: Reply) -> None:
        if 300 <= reply.status < 400:
            raise ModelError(path, reply.status, "it is a redirect. Give the address that it leads to.")
        if not 200 <= reply.status < 300:
            raise ModelError(path, reply.status, reason_of(reply))

    def _call(self, method: str, path: str, body: bytes | None = None, *, total_s: float) -> Reply:
        """The answer. A call that found no connection is tried again; so is /health on a machine that is busy itself."""
        limits = Limits(
            total_s=total_s,
            connect_s=min(total_s, 1.0 if self.is_local else 3.0),
            idle_s=total_s,
            most_bytes=LARGEST_ANSWER,
            most_ratio=MOST_RATIO,
        )
        headers = dict(JSON_HEADERS)
        if self.user or self.password:
            headers["authorization"] = "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        for pause_s in (*self.pauses_s, None):
            try:
                return call(self.gate, method, address_of(self.url, path), limits, body=body, headers=headers)
            except BadAddress as error:
                raise ModelUnreachable(str(error)) from None
            except TooBig:
                raise BadAnswer(f"The model's answer is larger than {LARGEST_ANSWER >> 20} MB.") from None
            except Unreachable as error:
                if pause_s is None or (error.why == "slow" and not (path == "/health" and self.is_local)):
                    raise self._unreachable(path, error, total_s) from None
            time.sleep(pause_s)
        raise AssertionError("unreachable")

    def _unreachable(self, path: str, error: Unreachable, total_s: float) -> ModelUnreachable:
        """Who may not know our network hears the same for refused, slow, unknown and forbidden.

        On this machine, and about a model that took the call (only /predict and /webhook are sent to known ones), we say more.
        """
        place, port = place_of(self.url)
        host = urlsplit(self.url).hostname or ""
        address = literal(host)
        is_slow = error.why == "slow"
        if not self._is_allowed_literal():
            where = "an address of the server's own machine" if self.is_local else "a private address"
            return ModelUnreachable(
                f"{host} is {where}, and this server may not call it. Its administrator can allow that with "
                f"LABELWRIGHT_ALLOWED_HOSTS={place}."
            )
        if is_slow and (self.is_local or path in ("/predict", "/webhook")):
            return ModelUnreachable(f"The model at {place} gave no answer to {path} within {total_s:g} seconds.", is_slow=True)
        if self.is_local:
            if error.why == "refused":
                hint = f"Start your model there: labelwright ml start ml_backend.py --port {port}"
                return ModelUnreachable(f"Nothing listens at {place}. {hint}")
            return ModelUnreachable(f"What listens at {place} closed the connection or does not speak HTTP.")
        hint = (
            ""
            if address is not None and is_public(address)
            else (
                f" If it is in your own network, the server's administrator can allow it with LABELWRIGHT_ALLOWED_HOSTS={place}."
            )
        )
        return ModelUnreachable(
            f"{place} can't be reached from this server, or calling it is not allowed.{hint}", is_slow=is_slow
        )

    def _is_allowed_literal(self) -> bool:
        """False for an address in digits (or localhost) that our rules forbid: no secret, it can be seen from the address."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        address = literal("127.0.0.1" if host == "localhost" else host)
        if address is None or self.gate.is_listed(host, int(place_of(self.url)[1])):
            return True
        return is_public(address) or (self.gate.allows_loopback and address.is_loopback)


def even_if_restarted(model: Model, project: Any, ask: Callable[[], T]) -> T:
    """What `ask` gives. A model that answers with an error may have been restarted: then it is set up, and asked once more."""
    try:
        return ask()
    except ModelError:
        model.setup(project)
        return ask()


# ---------------------------------------------------------------- words of the protocol
def project_key(project: Any) -> str:
    """How a project is called towards models: `<id>.<unix time of its creation>`, a text with a dot in it."""
    return f"{project.id}.{int(clock.moment(project.created_at).timestamp())}"


def address_of(url: str, path: str) -> str:
    """The model's address with the path behind its own.

    >>> address_of("http://127.0.0.1:9090/ner/?key=1", "/predict")
    'http://127.0.0.1:9090/ner/predict?key=1'
    """
    try:
        scheme, place, base, query, _ = urlsplit(url.strip())
    except ValueError:
        raise ModelUnreachable("This is not a valid address.") from None
    return urlunsplit((scheme, place, base.rstrip("/") + path, query, ""))


def place_of(url: str) -> tuple[str, str]:
    """`host:port` and the port, for people."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return url, ""
    host = parts.hostname or ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}", str(port)


def said(answer: Any) -> Said:
    """One item of `results` → the predictions in it that have a result.

    >>> said([{"result": []}, {"score": 1}])
    Said(predictions=[{'result': []}], problem='a prediction has no "result"')
    """
    items = answer if isinstance(answer, list) else [answer]
    predictions = [item for item in items if isinstance(item, dict) and item.get("result") is not None]
    if len(predictions) == len(items):
        return Said(predictions)
    wrong = next(item for item in items if not (isinstance(item, dict) and item.get("result") is not None))
    if wrong is None or wrong == {}:
        return Said(predictions, SAID_NOTHING)
    return Said(predictions, 'a prediction has no "result"' if isinstance(wrong, dict) else "a prediction is not an object")


def _json(path: str, body: bytes) -> Any:
    try:
        return decode_json(body)
    except InvalidJSON as error:
        raise BadAnswer(f"The model answered {path} with something that is not JSON: {error}"[:LONGEST_REASON]) from None


_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_HTML_NOISE = re.compile(r"<(script|style|title)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_REASON_KEYS = ("error", "detail", "message", "reason")


def reason_of(reply: Reply) -> str:
    """What an error answer says, as one line of plain text of at most 500 characters."""
    text = reply.body[: 64 * 1024].decode(errors="replace")
    try:
        value = decode_json(reply.body) if len(reply.body) <= 64 * 1024 else None
    except InvalidJSON:
        value = None
    if isinstance(value, dict):
        text = next((str(value[key]) for key in _REASON_KEYS if value.get(key)), text)
    elif isinstance(value, str):
        text = value
    elif "<" in text and "html" in (text[:200] + reply.headers.get("content-type", "")).lower():
        text = unescape(_HTML_NOISE.sub(" ", text))
    text = " ".join(_INVISIBLE.sub(" ", text).split())
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1] + "…"
