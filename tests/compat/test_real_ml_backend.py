"""A real `label_studio_ml` backend, unmodified from PyPI, behind a live server: connected, asked, told of annotations."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

import given
from compat.official import python_of
from live import LiveServer, free_port

SCRIPT = Path(__file__).parent / "clients" / "ml_backend.py"
PATIENCE_S = 60.0
T = TypeVar("T")

pytestmark = [pytest.mark.official_sdk, pytest.mark.slow]


def until(look: Callable[[], T | None], what: str) -> T:
    """What `look` gives as soon as it is something."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline_s, f"waited {PATIENCE_S:.0f} s for {what}"
        time.sleep(0.05)
    return found


@dataclass
class RealBackend:
    url: str
    notes: Path
    log: Path

    def told(self) -> list[list[Any]]:
        return [json.loads(line) for line in self.notes.read_text().splitlines()] if self.notes.exists() else []


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[RealBackend]:
    port, notes, log = free_port(), tmp_path / "notes", tmp_path / "log"
    command = [str(python_of("ml-1.0.9")), str(SCRIPT), str(port), str(tmp_path / "model"), str(notes)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, "PYTHONPATH": ""}, start_new_session=True)
    made = RealBackend(f"http://127.0.0.1:{port}", notes, log)
    try:
        until(lambda: is_up(made.url) or process.poll(), "the backend")
        assert process.poll() is None, log.read_text()
        yield made
    finally:
        process.kill()
        process.wait()


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def test_it_is_connected_predicts_and_is_told_of_annotations(live_server: LiveServer, backend: RealBackend) -> None:
    headers = {"authorization": f"Token {live_server.token}"}
    with httpx.Client(base_url=live_server.url, headers=headers, trust_env=False, timeout=30) as client:
        project = given.project(client)
        good, bad = given.import_tasks(client, project, [{"text": "all good"}, {"text": "it broke"}])
        model = given.ok(client.post("/api/ml", json={"url": backend.url, "project": project, "title": "Mood"}))
        assert model["state"] == "CO"

        def predictions() -> Any:
            found = given.ok(client.get("/api/predictions", params={"project": project}))
            return found if len(found) == 2 else None

        said = {one["task"]: one for one in until(predictions, f"two predictions; {backend.log.read_text()}")}
        values = {task: (one["result"][0]["value"]["choices"], one["score"]) for task, one in said.items()}
        assert values == {good: (["Good"], 0.75), bad: (["Bad"], 0.75)}
        handed = given.ok(client.get(f"/api/projects/{project}/next"))
        assert [one["id"] for one in handed["predictions"]] == [said[handed["id"]]["id"]]
        assert all(step["is_ok"] for step in given.ok(client.post(f"/api/ml/{model['id']}/doctor"))["steps"])

        annotation = given.submit(client, good, given.GOOD)
        given.ok(client.patch(f"/api/annotations/{annotation}", json={"result": given.BAD}))
        told = until(lambda: backend.told() if len(backend.told()) == 2 else None, f"events; {backend.log.read_text()}")
        assert told == [
            ["ANNOTATION_CREATED", annotation, {"choices": ["Good"]}, given.CONFIG],
            ["ANNOTATION_UPDATED", annotation, {"choices": ["Bad"]}, given.CONFIG],
        ]
        assert given.ok(client.get(f"/api/ml/{model['id']}/versions"))["versions"]

        # Its author lets it train on START_TRAINING too. Its versions are whole seconds: a new one may look like the one before.
        assert client.post(f"/api/ml/{model['id']}/train", json={}).status_code == 200
        told = until(lambda: backend.told()[2:], f"START_TRAINING; {backend.log.read_text()}")
        assert told == [["START_TRAINING", project, None, given.CONFIG]]
        (run,) = given.ok(client.get(f"/api/projects/{project}/models"))["runs"]
        assert (run["state"] in ("running", "done"), run["reason"], run["label_count"]) == (True, "asked", 1), run
