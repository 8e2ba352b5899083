"""Acknowledged means kept (promise 1), all or nothing (promise 2): `kill -9` of the real server at work, five times."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from crowd import database

from live import LiveServer
from recount import assert_counters_agree

ROUNDS = 5
IMPORT_SIZE = 300
CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="sentiment" toName="text">'
    '<Choice value="Positive"/><Choice value="Negative"/></Choices></View>'
)
RESULT = [{"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": ["Positive"]}}]


class Journal:
    """What the server acknowledged."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.annotations: set[int] = set()
        self.drafts: set[int] = set()
        self.imported: set[int] = set()
        self.uploads: set[str] = set()

    def note(self, kept: set[Any], *values: Any) -> None:
        with self.lock:
            kept.update(values)


def client(server: LiveServer) -> httpx.Client:
    return httpx.Client(base_url=server.url, headers={"authorization": f"Token {server.token}"}, timeout=20, trust_env=False)


def until_it_dies(server: LiveServer, step: Callable[[httpx.Client], None]) -> threading.Thread:
    """A thread that repeats a step until the server is gone."""

    def work() -> None:
        with client(server) as api:
            while True:
                try:
                    step(api)
                except httpx.TransportError:
                    return

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_what_was_acknowledged_is_there_after_kill_9(fresh_server: LiveServer) -> None:
    server, journal = fresh_server, Journal()
    with client(server) as api:
        answer = api.post("/api/projects", json={"title": "Crash", "label_config": CONFIG})
        project = answer.json()["id"]
        first = api.post(f"/api/projects/{project}/import?return_task_ids=1", json=[{"text": f"first {n}"} for n in range(200)])
        tasks = first.json()["task_ids"]
    journal.note(journal.imported, *tasks)
    turn = iter(range(10**9))

    def submit(api: httpx.Client) -> None:
        task = tasks[next(turn) % len(tasks)]
        answer = api.post(f"/api/tasks/{task}/annotations", json={"result": RESULT, "lead_time": 1.0})
        if answer.status_code == 201:
            journal.note(journal.annotations, answer.json()["id"])

    def draft(api: httpx.Client) -> None:
        answer = api.post(f"/api/tasks/{tasks[next(turn) % len(tasks)]}/drafts", json={"result": RESULT})
        if answer.status_code == 201:
            journal.note(journal.drafts, answer.json()["id"])

    def bulk(api: httpx.Client) -> None:
        items = [{"data": {"text": f"bulk {n}"}, "annotations": [{"result": RESULT}]} for n in range(IMPORT_SIZE)]
        answer = api.post(f"/api/projects/{project}/import?return_task_ids=1", json=items)
        if answer.status_code == 201:
            journal.note(journal.imported, *answer.json()["task_ids"])

    def upload(api: httpx.Client) -> None:
        file = {"file": ("rows.csv", b"text\n" + b"one row\n" * 50, "text/csv")}
        answer = api.post(f"/api/projects/{project}/import?commit_to_project=false", files=file)
        if answer.status_code == 201:
            (upload_id,) = answer.json()["file_upload_ids"]
            journal.note(journal.uploads, api.get(f"/api/import/file-upload/{upload_id}").json()["file"])

    for _ in range(ROUNDS):
        threads = [until_it_dies(server, step) for step in (submit, submit, submit, draft, bulk, upload)]
        time.sleep(1.2)
        server.kill()
        for thread in threads:
            thread.join(timeout=60)
        server.start()
        check(server, project, journal)
    assert len(journal.annotations) > ROUNDS
    assert len(journal.imported) > len(tasks)


def check(server: LiveServer, project: int, journal: Journal) -> None:
    """Every acknowledged write is there, no import is there in part, and counters equal the rows."""
    with database(server).connect() as conn:

        def ids(table: str) -> set[int]:
            return {row[0] for row in conn.exec_driver_sql(f"SELECT id FROM {table} WHERE project_id = {project}")}

        assert journal.annotations <= ids("annotations")
        assert journal.drafts <= ids("drafts")
        stored = ids("tasks")
        assert journal.imported <= stored
        assert (len(stored) - 200) % IMPORT_SIZE == 0
    assert_counters_agree(database(server), project)
    with client(server) as api:
        for key in sorted(journal.uploads)[-3:]:
            answer = api.get(f"/data/{key}")
            assert (answer.status_code, answer.content[:5]) == (200, b"text\n")


@pytest.mark.parametrize("sign", ["kill", "stop"])
def test_the_server_starts_again_after_it_ended(fresh_server: LiveServer, sign: str) -> None:
    getattr(fresh_server, sign)()
    fresh_server.start()
    with client(fresh_server) as api:
        assert api.get("/api/version").status_code == 200
