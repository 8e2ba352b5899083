"""No event is lost (at least once): `kill -9` of the real server under load, with a receiver that counts and sometimes fails."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from crowd import database

import given
from live import LiveServer
from receiver import Received, Receiver, receiving

ROUNDS, A_ROUND = 4, 40


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def client(server: LiveServer) -> httpx.Client:
    return httpx.Client(base_url=server.url, headers={"authorization": f"Token {server.token}"}, timeout=20, trust_env=False)


def test_every_stored_annotation_is_told_after_kill_9(start_server: Callable[..., LiveServer], receiver: Receiver) -> None:
    server = start_server(LABELWRIGHT_ALLOWED_HOSTS="127.0.0.1")
    numbers = itertools.count(1)

    def answer(_: Received) -> int:
        """Slow enough that there is always something on its way, and refusing now and then."""
        time.sleep(0.005)
        return 500 if next(numbers) % 40 == 0 else 200

    receiver.answer = answer
    with client(server) as api:
        project = given.project(api, tasks=50)
        tasks = [task["id"] for task in given.ok(api.get(f"/api/tasks?project={project}"))["tasks"]]
        hook = {"project": project, "url": receiver.url, "send_for_all_actions": False, "actions": ["ANNOTATION_CREATED"]}
        webhook = given.ok(api.post("/api/webhooks", json=hook))["id"]
    turn = itertools.count()
    acknowledged: set[int] = set()

    def submit_until_it_dies() -> None:
        with client(server) as api:
            while True:
                try:
                    answer = api.post(f"/api/tasks/{tasks[next(turn) % len(tasks)]}/annotations", json={"result": given.GOOD})
                except httpx.TransportError:
                    return
                if answer.status_code == 201:
                    acknowledged.add(answer.json()["id"])

    for _ in range(ROUNDS):
        threads = [threading.Thread(target=submit_until_it_dies) for _ in range(3)]
        for thread in threads:
            thread.start()
        enough = len(acknowledged) + A_ROUND
        while len(acknowledged) < enough:
            time.sleep(0.01)
        server.kill()
        for thread in threads:
            thread.join(timeout=60)
        server.start()
    with database(server).connect() as conn:
        stored = {row[0] for row in conn.exec_driver_sql(f"SELECT id FROM annotations WHERE project_id = {project}")}
    assert acknowledged <= stored
    deadline = time.monotonic() + 120
    while open_deliveries(server, webhook):
        assert time.monotonic() < deadline, f"{open_deliveries(server, webhook)} are still open"
        time.sleep(0.1)
    told = {one.body["annotation"]["id"]: one.delivery for one in receiver.received}
    assert told.keys() == stored
    ids_by_delivery = {(one.delivery, one.body["annotation"]["id"]) for one in receiver.received}
    assert len(ids_by_delivery) == len(stored), "a repeat has the id of the first"


def open_deliveries(server: LiveServer, webhook: int) -> int:
    query = f"SELECT count(*) FROM webhook_deliveries WHERE webhook_id = {webhook} AND state IN ('waiting', 'retrying')"
    with database(server).connect() as conn:
        return int(conn.exec_driver_sql(query).scalar_one())
