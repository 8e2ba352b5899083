"""A server that answers as told: for faults that real servers do not show on demand."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int
    """Which of the client's connections it came by: equal numbers share one."""

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Said:
    """An answer. `breaks_off`: the connection is cut instead of, or after half of, the body."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    breaks_off: bool = False


@dataclass
class ScriptedServer:
    """Answers with `script` in order, then with its last entry for ever; a function in it makes the answer from the request."""

    url: str
    script: list[Said | Callable[[Asked], Said]]
    asked: list[Asked] = field(default_factory=list)

    def next_answer(self, asked: Asked) -> Said:
        self.asked.append(asked)
        entry = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return entry(asked) if callable(entry) else entry


@contextmanager
def scripted(*script: Said | Callable[[Asked], Said]) -> Iterator[ScriptedServer]:
    """A server on a free port for as long as the block lasts."""
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    server = ScriptedServer(f"http://127.0.0.1:{listening.server_address[1]}", list(script))
    listening.script = server  # type: ignore[attr-defined]
    Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, self.rfile.read(length), self.client_address[1])
        said: Said = self.server.script.next_answer(asked)  # type: ignore[attr-defined]
        body = said.body if isinstance(said.body, bytes) else b"" if said.body is None else json.dumps(said.body).encode()
        if said.breaks_off and not body:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if said.breaks_off else body)
        if said.breaks_off:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = answer

    def log_message(self, format: str, *arguments: object) -> None:
        pass
