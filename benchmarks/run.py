"""The server's figures on this machine, with one command: `make bench` (or `python benchmarks/run.py --label-seconds 10`).

Starts a fresh server on SQLite, works through its public API and prints a table. Ratios against Label Studio need both servers in
one run and come from the comparison harness; `RESULTS.md` says how.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from live import LiveServer, free_port

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="sentiment" toName="text">'
    '<Choice value="Positive"/><Choice value="Negative"/><Choice value="Neutral"/></Choices></View>'
)
RESULT = [{"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": ["Positive"]}}]


class Api:
    """One keep-alive connection with a token."""

    def __init__(self, url: str, token: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=120)
        self._headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        payload = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, payload, self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def json(self, method: str, path: str, body: Any = None) -> Any:
        status, content = self(method, path, body)
        if status >= 400:
            raise SystemExit(f"{method} {path} answered {status}: {content[:300]!r}")
        return json.loads(content) if content else None


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def label(url: str, tokens: list[str], project: int, seconds: float) -> tuple[float, list[float]]:
    """(labels per second, submit times in ms) of one annotator per token, next → submit as fast as they can."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    def annotate(token: str) -> None:
        api = Api(url, token)
        while time.perf_counter() < end:
            task = api.json("GET", f"/api/projects/{project}/next")
            began = time.perf_counter()
            api.json("POST", f"/api/tasks/{task['id']}/annotations", {"result": RESULT, "lead_time": 1.0})
            times.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=annotate, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / seconds, times


def measure(server: LiveServer, seconds: float) -> list[tuple[str, str]]:
    api = Api(server.url, server.token)
    rows: list[tuple[str, str]] = []
    memory = psutil.Process(server.process.pid if server.process else None).memory_info().rss / 2**20
    rows.append(("memory at rest", f"{memory:.0f} MB"))
    project = api.json("POST", "/api/projects", {"title": "bench", "label_config": CONFIG})["id"]
    batches = [[{"data": {"text": f"review {n} " * 8}} for n in range(start, start + 500)] for start in range(0, 10_000, 500)]
    took = timed(lambda: [api.json("POST", f"/api/projects/{project}/import", batch) for batch in batches])
    rows.append(("import 10,000 tasks in 500s", f"{10_000 / took:,.0f} tasks/s"))
    pages = [timed(lambda: api.json("GET", f"/api/tasks?project={project}&page=3&page_size=100")) * 1000 for _ in range(30)]
    rows.append(("page of 100 tasks", f"{statistics.median(pages):.1f} ms"))
    rate, times = label(server.url, [server.token], project, seconds)
    times.sort()
    rows.append(("label loop, 1 annotator", f"{rate:.0f} labels/s, submit p99 {times[int(len(times) * 0.99) - 1]:.0f} ms"))
    answered = [{"data": {"text": f"review {n} " * 8}, "annotations": [{"result": RESULT}]} for n in range(10_000)]
    other = api.json("POST", "/api/projects", {"title": "answered", "label_config": CONFIG})["id"]
    api.json("POST", f"/api/projects/{other}/import", answered)
    exports = [timed(lambda: api("GET", f"/api/projects/{other}/export?exportType=JSON")) for _ in range(3)]
    rows.append(("export JSON of 10,000 annotated tasks", f"{statistics.median(exports):.2f} s"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--label-seconds", type=float, default=5.0)
    seconds: float = parser.parse_args().label_seconds
    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(Path(folder), free_port())
        first = timed(server.start)
        server.stop()
        later = timed(server.start)
        rows = [("first boot to first answer", f"{first:.2f} s"), ("boot to first answer", f"{later:.2f} s")]
        rows += measure(server, seconds)
        server.stop()
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")


if __name__ == "__main__":
    main()
