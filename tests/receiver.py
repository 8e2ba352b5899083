"""A webhook receiver: a real HTTP server in a thread, which remembers what it got and answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Received"], Any]


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    content: bytes
    at: float

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    @property
    def action(self) -> str:
        return str(self.body["action"])

    @property
    def delivery(self) -> int:
        return int(self.headers["x-labelwright-delivery"])


class Receiver:
    """`answer`: what a request is answered with: a status, or (status, headers, content). It may sleep."""

    def __init__(self, port: int = 0) -> None:
        self.received: list[Received] = []
        self.at_once = 0
        self.most_at_once = 0
        self.answer: Answer = lambda _: 200
        self._change = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                said = receiver._take(Received(self.path, headers, content, time.monotonic()))
                status, more, text = said if isinstance(said, tuple) else (said, {}, b"")
                try:
                    self.send_response(status)
                    for name, value in more.items():
                        self.send_header(name, value)
                    self.send_header("content-length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def _take(self, one: Received) -> Any:
        with self._change:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self.answer(one)
        finally:
            with self._change:
                self.at_once -= 1
                self.received.append(one)
                self._change.notify_all()

    def wait(self, count: int, timeout_s: float = 20.0) -> list[Received]:
        """The first `count` requests that were answered. AssertionError where fewer come."""
        with self._change:
            assert self._change.wait_for(lambda: len(self.received) >= count, timeout_s), (
                f"{len(self.received)} of {count} came: {[one.action for one in self.received]}"
            )
            return self.received[:count]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    receiver = Receiver(port)
    try:
        yield receiver
    finally:
        receiver.close()
