"""Webhooks: what is told to whom, in which order, how often; signed, retried, logged, sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from inprocess import Person, Server
from receiver import Receiver, receiving

import given


@pytest.fixture(scope="module")
def hooked(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may call this machine."""
    from contextlib import ExitStack

    from conftest import _running

    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("hooked")
        yield _running(new_database(), folder, stack, LABELWRIGHT_ALLOWED_HOSTS="127.0.0.1")


@pytest.fixture
def person(hooked: Server) -> Person:
    return hooked.sign_up()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def hook(person: Person, project_id: int, url: str, **fields: Any) -> int:
    made: int = given.ok(person.client.post("/api/webhooks", json={"project": project_id, "url": url, **fields}))["id"]
    return made


def test_a_label_is_told(person: Person, receiver: Receiver) -> None:
    project_id = given.project(person.client, tasks=1)
    task_id = given.next_id(person.client, project_id)
    assert task_id is not None
    hook(person, project_id, receiver.url, headers={"X-Team": "blue"})
    annotation_id = given.submit(person.client, task_id, lead_time=3.5)
    (got,) = receiver.wait(1)
    assert got.headers["x-team"] == "blue"
    assert got.body["action"] == "ANNOTATION_CREATED"
    assert got.body["annotation"]["id"] == annotation_id
    assert got.body["task"]["id"] == task_id
    assert got.body["project"]["id"] == project_id
