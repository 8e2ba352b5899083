"""The built-in model through the API: on, it learns from labels in a process of its own; its suggestions, its order, its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from inprocess import Person, Server

import given
from labelwright.server.db.tables import jobs, predictions, training_runs

pytest.importorskip("sklearn", reason="the built-in model is an extra: labelwright[suggest]")

GOOD, BAD = "wonderful excellent lovely", "terrible awful broken"


def text_of(number: int) -> str:
    return f"{GOOD if number % 2 else BAD} thing number {number}"


def label_of(number: int) -> str:
    return "Good" if number % 2 else "Bad"


@pytest.fixture
def project(person: Person) -> dict[str, Any]:
    made = given.project(person.client)
    given.import_tasks(person.client, made, [{"text": text_of(number)} for number in range(60)])
    return {"id": made}


def url(project: dict[str, Any], more: str = "") -> str:
    return f"/api/projects/{project['id']}/builtin-model{more}"


def answer(person: Person, project: dict[str, Any], count: int, *, skip: int = 0) -> None:
    """Label the first tasks as their words say."""
    for task in tasks_of(person, project)[skip : skip + count]:
        number = int(task["data"]["text"].rsplit(" ", 1)[1])
        given.submit(person.client, task["id"], given.choice(label_of(number)))


def tasks_of(person: Person, project: dict[str, Any]) -> list[dict[str, Any]]:
    page = person.client.get("/api/tasks", params={"project": project["id"], "page_size": 200, "fields": "all"}).json()
    return sorted(page["tasks"], key=lambda task: task["id"])


def until(check: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + 90
    while not (found := check()):
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
    return found


def learned(person: Person, project: dict[str, Any], version: int) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        state: dict[str, Any] = person.client.get(url(project)).json()
        job = person.server.db.read(lambda conn: conn.execute(sa.select(jobs).where(jobs.c.id == state["job"])).first())
        assert job is None or job.state != "failed", job.message
        return state if state["version"] >= version and job.state == "done" else None

    return until(look, f"no version {version}")


def test_off_it_says_what_it_needs(person: Person, project: dict[str, Any]) -> None:
    state = person.client.get(url(project)).json()
    assert (state["is_on"], state["can_learn"], state["version"], state["needs"]) == (False, True, 0, 20)
    assert state["report"] is None


def test_it_learns_after_twenty_labels_and_suggests_for_the_rest(person: Person, project: dict[str, Any]) -> None:
    assert person.client.put(url(project), json={"is_on": True}).json()["is_on"]
    answer(person, project, 19)
    assert person.client.get(url(project)).json()["needs"] == 1
    answer(person, project, 1, skip=19)
    state = learned(person, project, 1)
    assert state["trained_label_count"] == 20
    assert state["report"]["controls"][0]["metrics"][0]["value"] > 0.8
    rows = tasks_of(person, project)
    assert [task["total_predictions"] for task in rows] == [0] * 20 + [1] * 40
    suggested = {task["predictions"][0]["result"][0]["value"]["choices"][0] for task in rows[20:]}
    assert suggested == {"Good", "Bad"}
    right = sum(
        task["predictions"][0]["result"][0]["value"]["choices"] == [label_of(int(task["data"]["text"].rsplit(" ", 1)[1]))]
        for task in rows[20:]
    )
    assert right >= 36
    stream = person.client.get(f"/api/projects/{project['id']}/next").json()
    assert [p["model_version"] for p in stream["predictions"]] == ["built-in-1"]
    runs = person.server.db.read(lambda conn: conn.execute(sa.select(training_runs)).all())
    assert [(run.version_after, run.is_live) for run in runs if run.project_id == project["id"]] == [("built-in-1", True)]


def test_more_labels_and_new_tasks_make_a_new_version_and_the_old_suggestions_go(person: Person, project: dict[str, Any]) -> None:
    person.client.put(url(project), json={"is_on": True})
    answer(person, project, 20)
    learned(person, project, 1)
    given.import_tasks(person.client, project["id"], [{"text": text_of(number)} for number in range(60, 70)])
    learned(person, project, 2)
    rows = tasks_of(person, project)
    assert {p["model_version"] for task in rows for p in task["predictions"]} == {"built-in-2"}
    assert [len(task["predictions"]) for task in rows] == [0] * 20 + [1] * 50
    assert person.client.get(f"/api/projects/{project['id']}").json()["total_predictions_number"] == 50


def test_switched_off_its_suggestions_go_and_others_stay(person: Person, project: dict[str, Any]) -> None:
    task_id = tasks_of(person, project)[59]["id"]
    imported = {"task": task_id, "result": given.GOOD, "model_version": "built-in-7"}
    person.client.post("/api/predictions", json=imported)
    person.client.put(url(project), json={"is_on": True})
    answer(person, project, 20)
    learned(person, project, 1)
    assert not person.client.put(url(project), json={"is_on": False}).json()["is_on"]

    def rest() -> bool:
        return [task["total_predictions"] for task in tasks_of(person, project)] == [0] * 59 + [1]

    until(rest, "its suggestions are still there")
    assert person.client.get(f"/api/projects/{project['id']}").json()["model_version"] in ("", "built-in-7")


def test_the_queue_starts_with_what_it_is_least_sure_of(person: Person, project: dict[str, Any]) -> None:
    person.client.put(url(project), json={"is_on": True, "orders_queue": True})
    answer(person, project, 20)
    learned(person, project, 1)
    task = person.client.get(f"/api/projects/{project['id']}/next").json()

    def lowest(conn: sa.Connection) -> Any:
        mine = predictions.c.project_id == project["id"]
        return conn.execute(sa.select(predictions.c.score).where(mine).order_by(predictions.c.score).limit(1)).scalar()

    assert task["predictions"][0]["score"] == person.server.db.read(lowest)
    assert person.client.put(url(project), json={"orders_queue": False}).json()["orders_queue"] is False


def test_what_cannot_be_learned_is_refused_with_the_reason(person: Person) -> None:
    audio = '<View><Audio name="a" value="$audio"/><Rating name="r" toName="a"/></View>'
    project = {"id": given.project(person.client, label_config=audio)}
    refused = person.client.put(url(project), json={"is_on": True})
    assert refused.status_code == 400
    assert "Audio is not learned yet" in refused.text
    state = person.client.get(url(project)).json()
    assert (state["can_learn"], state["is_on"]) == (False, False)


def test_train_now_needs_it_on_and_says_what_is_missing(person: Person, project: dict[str, Any]) -> None:
    assert "off" in person.client.post(url(project, "/train")).text
    person.client.put(url(project), json={"is_on": True})
    answer(person, project, 3)
    job = person.client.post(url(project, "/train")).json()["job"]

    def failed() -> Any:
        row = person.server.db.read(lambda conn: conn.execute(sa.select(jobs).where(jobs.c.id == job)).one())
        return row if row.state == "failed" else None

    assert "20" in until(failed, "it did not give up").message


def test_strangers_see_nothing(stranger: Person, project: dict[str, Any]) -> None:
    assert stranger.client.get(url(project)).status_code == 404
    assert stranger.client.put(url(project), json={"is_on": True}).status_code == 404


def test_a_server_that_ends_while_learning_goes_on_at_the_next_start(
    server: Server, person: Person, project: dict[str, Any]
) -> None:
    person.client.put(url(project), json={"is_on": True})
    answer(person, project, 20)
    orphan = {"state": "running", "owner": "a dead process", "lease_until": "2020-01-01T00:00:00.000000Z"}
    until(lambda: person.client.get(url(project)).json()["job"], "no job")
    person.server.db.write(lambda conn: conn.execute(sa.update(jobs).where(jobs.c.project_id == project["id"]).values(**orphan)))
    learned(person, project, 1)
    assert [task["total_predictions"] for task in tasks_of(person, project)] == [0] * 20 + [1] * 40
