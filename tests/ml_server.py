"""A model's server that does what a test wants: well, slow, dying, lying. It speaks HTTP on a port of its own, and remembers."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Json = Any
Predict = Callable[[dict[str, Any]], Any]


def first_choice(body: dict[str, Any], *, version: str | None = None, score: float | None = 0.9) -> Json:
    """The answer of a model that always picks the config's first choice."""
    control = re.search(r'<Choices[^>]*name="([^"]+)"[^>]*toName="([^"]+)"', body["label_config"])
    choice = re.search(r'<Choice[^>]*value="([^"]+)"', body["label_config"])
    if control is None or choice is None:
        return {"results": [{"result": []} for _ in body["tasks"]]}
    item = {"from_name": control[1], "to_name": control[2], "type": "choices", "value": {"choices": [choice[1]]}}
    prediction = {"result": [item], "score": score} | ({} if version is None else {"model_version": version})
    return {"results": [prediction for _ in body["tasks"]]}


class ModelServer:
    """`with ModelServer() as model:` → `model.url`. Attributes change how it is; `calls` holds `(method, path, body)`."""

    def __init__(self, *, versions: list[str] | None = None, port: int = 0, base: str = "") -> None:
        self.versions = versions or ["v1"]
        """What /setup says, one after the other; the last one stays."""
        self.health_status = 200
        self.setup_status = 200
        self.setup_answer: Json = None
        self.predict: Predict = first_choice
        self.predict_status = 200
        self.restarts = False
        """/predict fails until the next /setup."""
        self.raw: bytes | None = None
        """Instead of JSON, from /predict."""
        self.known_versions: list[str] | None = None
        """Of /versions; None: it does not know the question."""
        self.delay_s = 0.0
        """Before /predict answers."""
        self.hangs_up = 0
        """So many calls find their connection closed."""
        self.password: str | None = None
        """What the Authorization header must be."""
        self.calls: list[tuple[str, str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.base = base
        self._setups = 0
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self.port: int = self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.die()

    def die(self) -> None:
        """Nothing listens any more."""
        self._server.shutdown()
        self._server.server_close()

    def asked(self, path: str) -> list[Any]:
        """The bodies that came to the path."""
        return [body for _, called, body in list(self.calls) if called == self.base + path]

    def answer(self, path: str, body: Any) -> tuple[int, Any]:
        if path == "/health":
            return self.health_status, {"status": "UP"}
        if path == "/setup":
            if self.restarts:
                self.predict_status, self.restarts = 200, False
            if self.setup_answer is not None:
                return self.setup_status, self.setup_answer
            version = self.versions[min(self._setups, len(self.versions) - 1)]
            self._setups += 1
            return self.setup_status, {"model_version": version}
        if path == "/predict":
            if self.delay_s:
                time.sleep(self.delay_s)
            if self.predict_status != 200:
                return self.predict_status, {"error": "CUDA out of memory\n<b>really</b>"}
            return 200, self.raw if self.raw is not None else self.predict(body)
        if path == "/webhook":
            return 201, {}
        if path == "/versions" and self.known_versions is not None:
            return 200, {"versions": self.known_versions}
        return 404, {"error": "no such path"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news."""


def _handler(model: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length") or 0))
            body = json.loads(sent) if sent else None
            model.calls.append((self.command, self.path, body))
            model.headers.append({name.lower(): value for name, value in self.headers.items()})
            if model.hangs_up:
                model.hangs_up -= 1
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if model.password is not None and self.headers.get("authorization") != model.password:
                status, value = 401, {"error": "who are you?"}
            elif not self.path.startswith(model.base):
                status, value = 404, {}
            else:
                status, value = model.answer(self.path.removeprefix(model.base), body)
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler
