"""The training loop: models train when people ask or the rule says; what comes of it is tested, and shown if it is better."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import sqlalchemy as sa
from inprocess import Person, Server
from test_sql_counts import counted

import given
from labelwright.server import clock
from labelwright.server.actions.save_webhook import create_webhook
from labelwright.server.db.queries.projects import project_row
from labelwright.server.db.tables import jobs, ml_backends, projects
from receiver import Received, receiving


@pytest.fixture(scope="module")
def training_server(new_module_server: Callable[..., Server]) -> Server:
    return new_module_server()


@pytest.fixture
def person(training_server: Server) -> Person:
    return training_server.sign_up()


class Learner:
    """A model that says one word to everything; training gives it a new version with the next word."""

    def __init__(self, *words: str, gets_ready_s: float = 0.0, predicts: int = 200) -> None:
        self.words = list(words)
        self.gets_ready_s = gets_ready_s
        self.predicts = predicts
        self.trained = 0
        self.ready_at = 0.0
        self.told: list[dict[str, Any]] = []
        self.at_work = 0
        self.train_status, self.train_answer = 201, b'{"status": "ok"}'
        self._stack = ExitStack()
        self.server = self._stack.enter_context(receiving())
        self.server.answer = self.answer

    @property
    def version(self) -> int:
        return self.trained if time.monotonic() >= self.ready_at else self.trained - 1

    @property
    def trainings(self) -> int:
        return sum(one["action"] == "START_TRAINING" for one in self.told)

    def answer(self, one: Received) -> Any:
        version = min(self.version, len(self.words) - 1)
        name = f"v{self.version}"
        if one.path == "/setup":
            return 200, {}, json.dumps({"model_version": name}).encode()
        if one.path == "/predict":
            if self.predicts != 200:
                return self.predicts
            said = {"result": given.choice(self.words[version]), "score": 0.5}
            return 200, {}, json.dumps({"results": [said for _ in one.body["tasks"]], "model_version": name}).encode()
        self.told.append(one.body)
        if one.action == "START_TRAINING" and self.train_status < 300:
            self.trained += 1
            self.ready_at = time.monotonic() + self.gets_ready_s
        return self.train_status, {}, self.train_answer

    def close(self) -> None:
        self._stack.close()


@pytest.fixture
def learner() -> Iterator[Callable[..., Learner]]:
    made: list[Learner] = []

    def make(*words: str, **options: Any) -> Learner:
        made.append(Learner(*words, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


class Loop:
    """A project with labels and a connected model."""

    def __init__(self, person: Person, model: Learner, tasks: int = 60, labels: int = 50, **settings: Any) -> None:
        self.person, self.model, self.db = person, model, person.server.db
        self.project = given.project(person.client, tasks=tasks)
        listed = given.ok(person.client.get(f"/api/tasks?project={self.project}&page_size=100"))["tasks"]
        self.tasks = [task["id"] for task in listed]
        for task in self.tasks[:labels]:
            given.submit(person.client, task)
        self.unlabeled = self.tasks[labels:]
        self.set(**settings)
        self.backend = self.db.write(self._connect)

    def _connect(self, conn: sa.Connection) -> int:
        moment = clock.now()
        row = {"project_id": self.project, "title": "mood", "url": f"http://127.0.0.1:{self.model.server.port}"}
        row |= {"created_at": moment, "updated_at": moment, "state": "CO", "model_version": "v0"}
        return conn.execute(sa.insert(ml_backends).values(**row).returning(ml_backends.c.id)).scalar_one()

    def set(self, **settings: Any) -> None:
        if settings:
            changed = sa.update(projects).where(projects.c.id == self.project).values(**settings)
            self.db.write(lambda conn: conn.execute(changed))

    @property
    def runs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = given.ok(self.person.client.get(f"/api/ml/{self.backend}/training-runs"))
        return found

    @property
    def live(self) -> str | None:
        query = sa.select(ml_backends.c.live_version).where(ml_backends.c.id == self.backend)
        return self.db.read(lambda conn: conn.execute(query).scalar_one())

    def train(self) -> None:
        answer = self.person.client.post(f"/api/ml/{self.backend}/train", json={})
        assert (answer.status_code, answer.content) == (200, b"")

    def over(self, count: int = 1) -> dict[str, Any]:
        """The newest run, as soon as `count` are over."""
        deadline = time.monotonic() + 40
        while sum(run["state"] != "running" for run in self.runs) < count:
            assert time.monotonic() < deadline, (self.runs, self.job())
            time.sleep(0.05)
        return self.runs[0]

    def job(self) -> Any:
        query = sa.select(jobs).where(jobs.c.project_id == self.project, jobs.c.kind == "train").order_by(jobs.c.id.desc())
        return self.db.read(lambda conn: conn.execute(query).first())


# ---------------------------------------------------------------- one training
def test_a_better_version_goes_live_and_predicts(person: Person, learner: Callable[..., Learner]) -> None:
    model = learner("Bad", "Good", gets_ready_s=0.5)
    loop = Loop(person, model)
    loop.train()
    run = loop.over()
    assert (run["state"], run["reason"], run["label_count"], run["is_live"]) == ("done", "asked", 50, True)
    assert (run["version_before"], run["version_after"]) == ("v0", "v1")
    assert (run["score_before"], run["score_after"], loop.live) == (0.0, 1.0, "v1")
    assert run["report"]["n"] >= 5
    assert "It is live: 100.0% on" in run["log"]
    (told,) = model.told
    assert told.keys() == {"action", "project"}
    assert (told["action"], told["project"]["id"], told["project"]["label_config"]) == (
        "START_TRAINING",
        loop.project,
        given.CONFIG,
    )
    deadline = time.monotonic() + 20
    while given.ok(person.client.get(f"/api/projects/{loop.project}/model-versions")).get("v1") != 60:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worse_version_stays_aside_until_somebody_uses_it(person: Person, learner: Callable[..., Learner]) -> None:
    loop = Loop(person, learner("Good", "Bad"))
    loop.train()
    run = loop.over()
    assert (run["state"], run["is_live"], run["score_before"], run["score_after"]) == ("done", False, 1.0, 0.0)
    assert "worse" in run["log"]
    assert loop.live == "v0"
    used = given.ok(person.client.post(f"/api/training-runs/{run['id']}/use"))
    assert (used["is_live"], loop.live) == (True, "v1")


def test_the_rule_can_be_switched_off(person: Person, learner: Callable[..., Learner]) -> None:
    loop = Loop(person, learner("Good", "Bad"), goes_live_if_better=False)
    loop.train()
    run = loop.over()
    assert (run["is_live"], loop.live, run["score_after"]) == (True, "v1", 0.0)


def test_with_few_labels_nothing_is_compared(person: Person, learner: Callable[..., Learner]) -> None:
    loop = Loop(person, learner("Good", "Bad"), tasks=4, labels=3)
    loop.train()
    run = loop.over()
    assert (run["is_live"], run["score_before"], run["score_after"]) == (True, None, None)
    assert "nothing was compared" in run["log"]


def test_a_model_that_refuses_says_why(person: Person, learner: Callable[..., Learner]) -> None:
    model = learner("Good")
    model.train_status, model.train_answer = 500, b'{"error": "fit failed: no labels"}'
    loop = Loop(person, model, tasks=2, labels=1)
    loop.train()
    run = loop.over()
    assert (run["state"], run["is_live"], run["version_after"]) == ("failed", False, None)
    assert "fit failed: no labels" in run["log"]
    assert person.client.post(f"/api/training-runs/{run['id']}/use").status_code == 400


def test_a_model_that_is_done_without_a_new_version(person: Person, learner: Callable[..., Learner]) -> None:
    model = learner("Good", gets_ready_s=1e9)
    model.train_answer = b'{"state": "done"}'
    loop = Loop(person, model, tasks=2, labels=1)
    loop.train()
    run = loop.over()
    assert (run["state"], run["version_after"]) == ("done", None)
    assert "No new version" in run["log"]


def test_a_model_that_cannot_predict_yet_goes_live_once_it_can(person: Person, learner: Callable[..., Learner]) -> None:
    model = learner("Good", "Good", predicts=500)
    loop = Loop(person, model)
    loop.train()
    deadline = time.monotonic() + 20
    while not model.trainings:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    model.predicts = 200
    run = loop.over()
    assert (run["is_live"], run["score_before"], run["score_after"]) == (True, None, 1.0)


def test_while_a_model_trains_no_thread_waits_and_asking_again_changes_nothing(
    person: Person, learner: Callable[..., Learner]
) -> None:
    model = learner("Good", "Good", gets_ready_s=1e9)
    loop = Loop(person, model, tasks=2, labels=1)
    loop.train()
    deadline = time.monotonic() + 20
    while (job := loop.job()).not_before is None or job.state != "queued":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    loop.train()
    loop.train()
    assert (len(loop.runs), model.trainings) == (1, 1)
    assert (job.state, job.message) == ("queued", "The model is training.")
    model.ready_at = 0.0
    assert loop.over()["state"] == "done"


def test_a_cancelled_training_is_over(person: Person, learner: Callable[..., Learner]) -> None:
    from labelwright.server.actions.enqueue_job import cancel_job

    loop = Loop(person, learner("Good", gets_ready_s=1e9), tasks=2, labels=1)
    loop.train()
    deadline = time.monotonic() + 20
    while (job := loop.job()).not_before is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    loop.db.write(lambda conn: cancel_job(conn, job))
    assert loop.over()["state"] == "cancelled"


# ---------------------------------------------------------------- by the rule
def test_after_every_so_many_labels_once_there_are_enough(person: Person, learner: Callable[..., Learner]) -> None:
    model = learner("Good")
    loop = Loop(person, model, tasks=30, labels=4, train_every=5, train_at_least=10)
    for task in loop.unlabeled[:5]:
        given.submit(person.client, task)
    assert loop.runs == []
    given.submit(person.client, loop.unlabeled[5])
    run = loop.over()
    assert (run["reason"], run["label_count"], model.trainings) == ("rule", 10, 1)
    for task in loop.unlabeled[6:10]:
        given.submit(person.client, task)
    assert len(loop.runs) == 1
    given.submit(person.client, loop.unlabeled[10])
    assert loop.over(2)["label_count"] == 15


def test_label_studios_setting_is_a_rule_too(person: Person, learner: Callable[..., Learner]) -> None:
    model = learner("Good")
    loop = Loop(person, model, tasks=10, labels=0)
    given.ok(person.client.patch(f"/api/projects/{loop.project}", json={"min_annotations_to_start_training": 3}))
    for task in loop.tasks[:3]:
        given.submit(person.client, task)
    assert loop.over()["label_count"] == 3


def test_imported_labels_count(person: Person, learner: Callable[..., Learner]) -> None:
    loop = Loop(person, learner("Good"), tasks=1, labels=0, train_every=5)
    given.import_tasks(person.client, loop.project, [{"data": {"text": "a"}, "annotations": [{"result": given.GOOD}]}] * 6)
    assert loop.over()["label_count"] == 6


def test_labels_that_come_while_it_trains_make_one_more_training(person: Person, learner: Callable[..., Learner]) -> None:
    model = learner("Good", gets_ready_s=1e9)
    loop = Loop(person, model, tasks=40, labels=0, train_every=3)
    for task in loop.tasks[:20]:
        given.submit(person.client, task)
    deadline = time.monotonic() + 20
    while not model.trainings:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    for task in loop.tasks[20:30]:
        given.submit(person.client, task)
    assert len(loop.runs) == 1
    model.ready_at, model.gets_ready_s = 0.0, 0.0
    loop.over(2)
    time.sleep(0.3)
    assert (len(loop.runs), loop.runs[0]["label_count"], model.trainings) == (2, 30, 2)


def test_where_the_rule_is_off_labeling_asks_nothing_more(new_server: Callable[..., Server]) -> None:
    server = new_server()
    server.app.state.jobs.close()  # its looks would be counted too
    server.app.state.relay.close()
    person = server.sign_up()
    project = given.project(person.client, tasks=2)
    first, second = given.ok(person.client.get(f"/api/tasks?project={project}"))["tasks"]
    with counted(server) as off:
        given.submit(person.client, first["id"])
    assert not [one for one in off if "training_runs" in one or "ml_backends" in one.partition(" ")[2][:20]]
    server.db.write(
        lambda conn: conn.execute(sa.update(projects).where(projects.c.id == project).values(train_every=1, train_at_least=1))
    )
    with counted(server) as on:
        given.submit(person.client, second["id"])
    assert len(on) == len(off) + 1


# ---------------------------------------------------------------- events of labels
def test_a_model_hears_of_every_label(person: Person, training_server: Server, learner: Callable[..., Learner]) -> None:
    model = learner("Good")
    loop = Loop(person, model, tasks=2, labels=0)

    def listen(conn: sa.Connection) -> None:
        project = project_row(conn, loop.project)
        key = training_server.settings.secret_key
        url = f"http://127.0.0.1:{model.server.port}/webhook"
        create_webhook(conn, project, url, secret_key=key, ml_backend_id=loop.backend)

    training_server.db.write(listen)
    annotation = given.submit(person.client, loop.tasks[0])
    given.ok(person.client.patch(f"/api/annotations/{annotation}", json={"result": given.BAD}))
    given.ok(person.client.delete(f"/api/annotations/{annotation}"))
    deadline = time.monotonic() + 20
    while len(model.told) < 3:
        assert time.monotonic() < deadline, model.told
        time.sleep(0.02)
    assert [one["action"] for one in model.told] == ["ANNOTATION_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_DELETED"]


def test_strangers_start_and_see_nothing(person: Person, training_server: Server, learner: Callable[..., Learner]) -> None:
    loop = Loop(person, learner("Good", "Good"), tasks=2, labels=1)
    loop.train()
    run = loop.over()
    stranger = training_server.sign_up().client
    answers = [
        stranger.post(f"/api/ml/{loop.backend}/train"),
        stranger.get(f"/api/ml/{loop.backend}/training-runs"),
        stranger.post(f"/api/training-runs/{run['id']}/use"),
    ]
    assert [one.status_code for one in answers] == [404, 404, 404]
