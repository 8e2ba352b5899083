"""Servers on loopback that say exactly what a test wants, and remember who called."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Self

Say = Callable[[socket.socket], None]


def answer(body: bytes = b"tasks", status: str = "200 OK", **headers: str) -> Say:
    """One whole answer. Keywords are headers, `_` for `-`."""
    lines = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    return lambda client: client.sendall(head.encode() + body)


def redirect(target: str) -> Say:
    return answer(b"", "302 Found", Location=target)


def endless(head: bytes, more: bytes, pause: threading.Event | None = None) -> Say:
    """`head`, then `more` for ever; with `pause`, a little time between."""

    def say(client: socket.socket) -> None:
        client.sendall(head)
        while not (pause and pause.wait(0.02)):
            client.sendall(more)

    return say


class Canary:
    """A server on a free port of loopback. `heard` holds the request head of each caller; a silent canary means nobody came."""

    def __init__(self, say: Say | None = None, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.say = say or answer()
        self.heard: list[str] = []
        self._tls = tls
        self._socket = socket.create_server((host, 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{host}:{self.port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _serve(self) -> None:
        for client in self._clients():
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _clients(self) -> Iterator[socket.socket]:
        with contextlib.suppress(OSError):
            while True:
                yield self._socket.accept()[0]

    def _answer(self, client: socket.socket) -> None:
        self.heard.append("")
        place = len(self.heard) - 1
        with contextlib.suppress(OSError), client:
            if self._tls is not None:
                client = self._tls.wrap_socket(client, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head and (more := client.recv(65536)):
                head += more
            self.heard[place] = head.decode(errors="replace")
            self.say(client)
