"""Whatever ends in the middle of pre-labeling, server or model: it goes on, and every task has exactly one prediction."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from crowd import database

import given
from live import LiveServer, free_port
from recount import assert_counters_agree

TASKS = 5000
MODEL = """
import sys, threading
from ml_server import ModelServer
with ModelServer(port=int(sys.argv[1])) as model:
    model.delay_s = float(sys.argv[2])
    threading.Event().wait()
"""
DELAY_S = 0.15
"""Of each answer: long enough to be killed in it."""


class ModelProcess:
    """The scripted model as a process of its own, on one port for all its lives."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-c", MODEL, str(self.port), str(DELAY_S)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        self.process = subprocess.Popen(command, env=environment)
        until(self._is_up)

    def _is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def model() -> Iterator[ModelProcess]:
    made = ModelProcess()
    made.start()
    yield made
    made.kill()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_kill_9_of_server_and_model_while_5000_tasks_are_pre_labeled(fresh_server: LiveServer, model: ModelProcess) -> None:
    server = fresh_server
    api = httpx.Client(base_url=server.url, headers={"authorization": f"Token {server.token}"}, timeout=60, trust_env=False)
    project = given.project(api, tasks=TASKS)
    backend = given.ok(api.post("/api/ml", json={"url": model.url, "project": project, "title": "crashing"}))["id"]

    def job() -> Any:
        """The newest pre-labeling job, while the server is up."""
        (one, *_) = (one for one in given.ok(api.get(f"/api/projects/{project}/jobs")) if one["kind"] == "prelabel")
        return one

    for end in (server, server, model, server, model):
        before = job()["done"]
        until(lambda before=before: job()["done"] > before or job()["state"] == "done")  # type: ignore[misc]
        end.kill()
        end.start()
    assert job()["done"] < TASKS, "there was nothing left to be interrupted"
    given.import_tasks(api, project, [{"text": f"late {n}"} for n in range(10)])
    until(lambda: all(one["state"] == "done" for one in given.ok(api.get(f"/api/projects/{project}/jobs"))))

    jobs = given.ok(api.get(f"/api/projects/{project}/jobs"))
    assert sum(one["done"] for one in jobs) >= TASKS + 10
    assert sum(one["failed"] for one in jobs) == 0
    with database(server).connect() as conn:
        rows = conn.exec_driver_sql(f"SELECT task_id, ml_backend_id FROM predictions WHERE project_id = {project}").all()
    assert {row[1] for row in rows} == {backend}
    assert set(Counter(row[0] for row in rows).values()) == {1}
    assert len(rows) == TASKS + 10
    assert_counters_agree(database(server), project)
