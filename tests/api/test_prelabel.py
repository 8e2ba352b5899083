"""Pre-labeling: a real ML backend over HTTP on the other side, both databases."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from inprocess import Person, Server

import given
from labelwright.server import clock
from labelwright.server.actions.prelabel import PRELABEL, prelabel_all
from labelwright.server.db.tables import jobs, ml_backends, predictions
from labelwright.server.jobs.prelabel import PRELABEL_KIND
from labelwright.server.jobs.runner import JobRunner
from ml_server import ModelServer
from recount import assert_counters_agree

LOOPBACK = {"LABELWRIGHT_ALLOWED_HOSTS": "127.0.0.1"}


class Moods(ModelServer):
    """Texts with "bad" in them are Bad, others Good; the score is the text's length / 100. `breaks_on`: what it dies of."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port=port)
        self.says: Callable[[str], Any] = mood
        self.takes_one = False
        self.breaks_on = ""
        self.before: Callable[[], None] = lambda: None
        self.predict = self._predict

    def _predict(self, body: dict[str, Any]) -> Any:
        self.before()
        texts = [task["data"]["text"] for task in body["tasks"]]
        return {"results": [self.says(text) for text in (texts[:1] if self.takes_one else texts)]}

    def answer(self, path: str, body: Any) -> tuple[int, Any]:
        if path == "/predict" and self.breaks_on and any(self.breaks_on in task["data"]["text"] for task in body["tasks"]):
            return 500, {"error": "out of words"}
        return super().answer(path, body)

    @property
    def batches(self) -> list[list[str]]:
        """The texts of each call of /predict."""
        return [[task["data"]["text"] for task in body["tasks"]] for body in self.asked("/predict")]

    @property
    def texts(self) -> list[str]:
        return [text for batch in self.batches for text in batch]


def mood(text: str) -> dict[str, Any]:
    return {"result": given.BAD if "bad" in text else given.GOOD, "score": len(text) / 100}


@pytest.fixture
def model() -> Iterator[Moods]:
    with Moods() as made:
        yield made


class Loop:
    """A project with a connected model, and what is stored about it."""

    def __init__(self, server: Server, person: Person, model: Moods) -> None:
        self.server, self.person, self.model = server, person, model
        self.client = person.client
        self.project = given.project(person.client)
        self.backend = 0

    def connect(self) -> None:
        """The row of a connected model, and the job that follows from it."""
        moment = clock.now()
        row = {"project_id": self.project, "url": self.model.url, "title": "m", "created_at": moment, "updated_at": moment}

        def unit(conn: sa.Connection) -> int:
            made: int = conn.execute(sa.insert(ml_backends).values(**row, timeout_s=3).returning(ml_backends.c.id)).scalar_one()
            prelabel_all(conn, self.project, made)
            return made

        self.backend = self.server.db.write(unit)

    def add(self, *texts: str) -> list[int]:
        return given.import_tasks(self.client, self.project, [{"text": text} for text in texts])

    def rows(self, table: sa.Table) -> list[Any]:
        query = sa.select(table).where(table.c.project_id == self.project).order_by(table.c.id)
        return self.server.db.read(lambda conn: list(conn.execute(query)))

    def moods(self) -> dict[int, list[str]]:
        """Task → the choices of its predictions."""
        found: dict[int, list[str]] = {}
        for row in self.rows(predictions):
            found.setdefault(row.task_id, []).append(json.loads(row.result)[0]["value"]["choices"][0])
        return found

    def settle(self) -> list[Any]:
        """The jobs, once none is open."""
        self.until(lambda: all(job.state not in ("queued", "running") for job in self.rows(jobs)))
        assert_counters_agree(self.server.db.engine, self.project)
        return self.rows(jobs)

    def until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not is_so():
            assert time.monotonic() < deadline, [(job.state, job.message, job.memory) for job in self.rows(jobs)]
            time.sleep(0.01)


@pytest.fixture
def loop(new_server: Callable[..., Server], model: Moods) -> Loop:
    server = new_server(**LOOPBACK)
    return Loop(server, server.sign_up(), model)


# ---------------------------------------------------------------- by itself
def test_tasks_are_pre_labeled_when_a_model_is_connected(loop: Loop) -> None:
    good, bad = loop.add("fine day", "bad day")
    loop.connect()
    (job,) = loop.settle()
    assert (job.state, job.total, job.done, job.failed, job.message) == ("done", 2, 2, 0, "Predicted 2 tasks.")
    assert loop.moods() == {good: ["Good"], bad: ["Bad"]}
    row = loop.rows(predictions)[0]
    assert (row.model_version, row.score, row.ml_backend_id) == ("v1", 0.08, loop.backend)


def test_new_tasks_are_pre_labeled_right_after_an_import(loop: Loop) -> None:
    loop.connect()
    loop.settle()
    ids = loop.add("a", "b")
    made = given.ok(loop.client.post("/api/tasks", json={"project": loop.project, "data": {"text": "c"}}))["id"]
    loop.settle()
    loop.until(lambda: set(loop.moods()) == {*ids, made})
    assert sorted(loop.model.texts) == ["a", "b", "c"]


def test_many_tasks_go_in_growing_batches(loop: Loop) -> None:
    ids = loop.add(*(f"t{n}" for n in range(700)))
    loop.connect()
    loop.settle()
    assert loop.moods() == {task: ["Good"] for task in ids}
    assert [len(batch) for batch in loop.model.batches] == [16, 32, 64, 128, 256, 204]
    assert len(loop.model.asked("/setup")) == 1


# ---------------------------------------------------------------- on demand
def ask(loop: Loop, **wish: Any) -> list[Any]:
    jobs_started: list[Any] = given.ok(loop.client.post(f"/api/projects/{loop.project}/predict", json=wish))
    loop.settle()
    return [given.ok(loop.client.get(f"/api/jobs/{job['id']}")) for job in jobs_started]


def test_what_was_asked_is_not_asked_again_but_on_demand(loop: Loop) -> None:
    ids = loop.add("a", "bad b")
    loop.connect()
    loop.settle()
    (job,) = ask(loop)
    assert (job["state"], job["done"], job["message"]) == ("done", 2, "2 tasks had a prediction of this version.")
    assert loop.model.texts == ["a", "bad b"]
    loop.model.says = lambda text: {"result": given.BAD}
    (job,) = ask(loop, again=True)
    assert job["message"] == "Predicted 2 tasks."
    assert loop.model.texts == ["a", "bad b"] * 2
    assert loop.moods() == {task: ["Bad"] for task in ids}


def test_a_selection_or_a_filter_says_which_tasks(loop: Loop) -> None:
    loop.connect()
    loop.settle()
    given.ok(loop.client.patch(f"/api/projects/{loop.project}/models", json={"prelabel_automatically": False}))
    a, b, c = loop.add("a", "b", "c")
    loop.settle()
    assert loop.moods() == {}
    ask(loop, selectedItems={"all": False, "included": [b]})
    assert list(loop.moods()) == [b]
    contains = {"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "c"}
    (job,) = ask(loop, filters={"conjunction": "and", "items": [contains]})
    assert (list(loop.moods()), job["total"]) == ([b, c], 1)
    view = given.ok(loop.client.post("/api/dm/views", json={"project": loop.project, "data": {"filters": {}}}))["id"]
    ask(loop, view=view, ml_backend=loop.backend)
    assert list(loop.moods()) == [b, c, a]


def test_the_contracts_action_waits_for_the_predictions(loop: Loop) -> None:
    loop.connect()
    loop.settle()
    given.ok(loop.client.patch(f"/api/projects/{loop.project}/models", json={"prelabel_automatically": False}))
    ids = loop.add(*(f"t{n}" for n in range(40)))
    action = {"project": loop.project, "id": "retrieve_tasks_predictions"}
    answer = given.ok(loop.client.post("/api/dm/actions", params=action, json={}))
    assert answer == {"processed_items": 40, "detail": "Retrieved 40 predictions"}
    assert loop.moods() == {task: ["Good"] for task in ids}
    loop.model.die()
    loop.add("one more")
    answer = given.ok(loop.client.post("/api/dm/actions", params=action, json={}))
    assert answer["processed_items"] == 0
    assert answer["detail"].startswith("Retrieved 0 predictions of 41. The rest follows by itself. Nothing listens at")


def test_the_contracts_action_without_a_model(person: Person) -> None:
    project = given.project(person.client, tasks=2)
    action = {"project": project, "id": "retrieve_tasks_predictions"}
    answer = given.ok(person.client.post("/api/dm/actions", params=action, json={}))
    assert answer == {"processed_items": 2, "detail": "Retrieved 2 predictions"}
    answer = person.client.post(f"/api/projects/{project}/predict", json={})
    assert answer.json()["validation_errors"]["non_field_errors"] == [
        "No model is connected to this project. Connect one in its settings."
    ]


# ---------------------------------------------------------------- cache, changed data
def test_equal_data_is_asked_about_once(loop: Loop) -> None:
    first = loop.add("same", "other", "same")
    loop.connect()
    loop.settle()
    second = loop.add("same", "new")
    *_, job = loop.settle()
    assert sorted(loop.model.texts) == ["new", "other", "same"]
    assert loop.moods() == {task: ["Good"] for task in first + second}
    assert job.message == "Predicted 1 task. 1 task got what was said about the same data."


def test_changed_data_is_asked_about_and_replaces_what_was_said(loop: Loop) -> None:
    task, other = loop.add("fine", "other")
    loop.connect()
    loop.settle()
    for text in ("bad now", "bad now"):
        given.ok(loop.client.patch(f"/api/tasks/{task}", json={"data": {"text": text}}))
        loop.settle()
    assert loop.moods() == {other: ["Good"], task: ["Bad"]}
    assert loop.model.texts == ["fine", "other", "bad now"]


def test_another_version_is_asked_too_and_kept_beside_the_first(loop: Loop) -> None:
    (task,) = loop.add("a")
    loop.connect()
    loop.settle()
    loop.model.versions = ["v2"]
    ask(loop)
    assert [(row.task_id, row.model_version) for row in loop.rows(predictions)] == [(task, "v1"), (task, "v2")]


def test_another_config_is_another_question(loop: Loop) -> None:
    (task,) = loop.add("a")
    loop.connect()
    loop.settle()
    config = given.CONFIG.replace('"Good"/>', '"Good"/><Choice value="Odd"/>')
    given.ok(loop.client.patch(f"/api/projects/{loop.project}", json={"label_config": config}))
    loop.model.says = lambda text: {"result": given.choice("Odd")}
    ask(loop)
    assert loop.moods() == {task: ["Odd"]}


# ---------------------------------------------------------------- what models do wrong
def test_what_does_not_fit_is_told_and_not_stored(loop: Loop) -> None:
    good, wrong, silent = loop.add("good", "bad", "silent")
    answers = {"good": {"result": "Good"}, "bad": {"result": given.choice("Cat")}, "silent": None}
    loop.model.says = lambda text: answers[text]
    loop.connect()
    loop.settle()
    assert loop.moods() == {good: ["Good"]}
    (job,) = given.ok(loop.client.get(f"/api/projects/{loop.project}/jobs"))
    assert (job["state"], job["total"], job["done"], job["failed"]) == ("done", 3, 3, 1)
    assert job["problems"] == [{"task": wrong, "reason": 'region 0: label "Cat" is not among Good, Bad of control "mood"'}]
    assert job["message"] == "Predicted 1 task. The model said nothing about 1 task. 1 task got none: see the reasons."
    assert silent not in loop.moods()


def test_at_most_a_hundred_reasons_are_kept(loop: Loop) -> None:
    loop.add(*(f"t{n}" for n in range(130)))
    loop.model.says = lambda text: {"result": given.choice("Cat")}
    loop.connect()
    (job,) = loop.settle()
    assert (job.failed, job.problems.count('"task"')) == (130, 100)


def test_a_task_that_breaks_the_model_is_left_out(loop: Loop) -> None:
    ids = loop.add(*(f"t{n}" for n in range(20)), "poison", *(f"u{n}" for n in range(20)))
    loop.model.breaks_on = "poison"
    loop.connect()
    (job,) = loop.settle()
    assert (job.state, job.done, job.failed) == ("done", 41, 1)
    assert loop.moods() == {task: ["Good"] for task in ids if task != ids[20]}
    assert "The model answered /predict with status 500: out of words" in job.problems


def test_a_model_that_takes_one_task_at_a_time_is_asked_so(loop: Loop) -> None:
    ids = loop.add(*(f"t{n}" for n in range(40)))
    loop.model.takes_one = True
    loop.connect()
    loop.settle()
    assert loop.moods() == {task: ["Good"] for task in ids}
    assert [len(batch) for batch in loop.model.batches] == [16] + [1] * 40


def test_several_predictions_of_a_task_are_all_kept(loop: Loop) -> None:
    (task,) = loop.add("a")
    loop.model.says = lambda text: [{"result": "Good", "model_version": "x"}, {"result": "Bad", "model_version": "y"}]
    loop.connect()
    loop.settle()
    assert loop.moods() == {task: ["Good", "Bad"]}
    ask(loop)
    assert len(loop.model.batches) == 1


def test_a_slow_model_is_asked_about_fewer_tasks(loop: Loop) -> None:
    ids = loop.add(*(f"t{n}" for n in range(12)))

    def slow_in_batches() -> None:
        if len(loop.model.batches[-1]) > 3:
            time.sleep(4)

    loop.model.before = slow_in_batches
    loop.connect()
    loop.settle()
    assert loop.moods() == {task: ["Good"] for task in ids}
    assert [len(batch) for batch in loop.model.batches][:2] == [12, 3]


def test_a_model_that_is_away_is_waited_for(loop: Loop) -> None:
    ids = loop.add("a", "b")
    loop.model.die()
    loop.connect()
    loop.until(lambda: loop.rows(jobs)[0].tries > 0)
    (job,) = given.ok(loop.client.get(f"/api/projects/{loop.project}/jobs"))
    assert (job["state"], job["done"]) == ("queued", 0)
    assert job["message"] == (
        f"Nothing listens at 127.0.0.1:{loop.model.port}. Start your model there: "
        f"labelwright ml start ml_backend.py --port {loop.model.port}"
    )
    (backend,) = given.ok(loop.client.get(f"/api/projects/{loop.project}/models"))["backends"]
    assert (backend["state"], backend["error_message"]) == ("DI", job["message"])
    with Moods(loop.model.port):
        (done,) = loop.settle()
    assert (done.state, done.done, done.message) == ("done", 2, "Predicted 2 tasks.")
    assert loop.moods() == {task: ["Good"] for task in ids}
    (backend,) = given.ok(loop.client.get(f"/api/projects/{loop.project}/models"))["backends"]
    assert (backend["state"], backend["error_message"], backend["predicted_count"]) == ("CO", None, 2)


def test_a_model_that_fails_at_everything_fails_the_job_and_it_can_be_tried_again(loop: Loop) -> None:
    ids = loop.add(*(f"t{n}" for n in range(8)))
    loop.server.app.state.jobs.close()
    runner = quick_runner(loop)
    try:
        loop.model.predict_status = 500
        loop.connect()
        (job,) = loop.settle()
        assert (job.state, job.done, job.failed) == ("failed", 0, 0)
        assert job.message.startswith("The model answered /predict with status 500: CUDA out of memory")
        loop.model.predict_status = 200
        given.ok(loop.client.post(f"/api/jobs/{job.id}/retry"))
        runner.wake()
        (job,) = loop.settle()
        assert (job.state, job.done, job.failed) == ("done", 8, 0)
        assert loop.moods() == {task: ["Good"] for task in ids}
    finally:
        runner.close()


def quick_runner(loop: Loop) -> JobRunner:
    """One that gives up at the first try."""
    kind = msgspec.structs.replace(PRELABEL_KIND, most_tries=1)
    return JobRunner(loop.server.db, loop.server.settings, {PRELABEL: kind})


# ---------------------------------------------------------------- meanwhile
class Gate:
    """Holds the model's answers: `reached` when it was asked, `let` goes on."""

    def __init__(self, model: Moods) -> None:
        self.reached, self._let = threading.Event(), threading.Event()
        self._model = model
        model.before = self._hold

    def _hold(self) -> None:
        self.reached.set()
        assert self._let.wait(20)

    def wait(self) -> None:
        assert self.reached.wait(20)

    def open(self) -> None:
        self._model.before = lambda: None
        self._let.set()


def test_cancelling_keeps_what_is_done_and_stops(loop: Loop) -> None:
    loop.add(*(f"t{n}" for n in range(60)))
    gates = []

    def hold_the_second_batch() -> None:
        if len(loop.model.batches) == 2:
            gates.append(Gate(loop.model))
            gates[0]._hold()

    loop.model.before = hold_the_second_batch
    loop.connect()
    loop.until(lambda: bool(gates))
    gates[0].wait()
    (job,) = given.ok(loop.client.get(f"/api/projects/{loop.project}/jobs"))
    assert (job["state"], job["total"], job["done"]) == ("running", 60, 16)
    answer = given.ok(loop.client.post(f"/api/jobs/{job['id']}/cancel"))
    assert answer["state"] == "cancelled"
    gates[0].open()
    assert loop.client.post(f"/api/jobs/{job['id']}/cancel").status_code == 400
    (row,) = loop.settle()
    assert (row.state, row.done, len(loop.moods())) == ("cancelled", 16, 16)
    given.ok(loop.client.post(f"/api/jobs/{job['id']}/retry"))
    (row,) = loop.settle()
    assert (row.state, row.done, len(loop.moods()), len(loop.rows(predictions))) == ("done", 60, 60, 60)


def test_tasks_that_come_while_a_job_runs_are_not_missed(loop: Loop) -> None:
    loop.add("first")
    gate = Gate(loop.model)
    loop.connect()
    gate.wait()
    for n in range(5):
        loop.add(f"later {n}")
    gate.open()
    loop.settle()
    assert sorted(loop.model.texts) == ["first", *(f"later {n}" for n in range(5))]
    assert len(loop.rows(predictions)) == 6
    assert len(loop.rows(jobs)) == 1, "the job that found nothing left is gone"


def test_no_import_is_missed_however_many_come_at_once(loop: Loop) -> None:
    """Imports that commit while jobs end and begin: each sees the job that waits, or makes one."""
    loop.connect()

    def work(number: int) -> list[int]:
        client = loop.server.with_token(loop.person.token)
        ids: list[int] = []
        for turn in range(8):
            ids += given.import_tasks(client, loop.project, [{"text": f"{number} {turn} {n}"} for n in range(3)])
            made = given.ok(client.post("/api/tasks", json={"project": loop.project, "data": {"text": f"{number} {turn}"}}))
            ids.append(made["id"])
            time.sleep(0.01 * number)
        return ids

    with ThreadPoolExecutor(6) as pool:
        ids = [one for part in pool.map(work, range(6)) for one in part]
    loop.settle()
    assert loop.moods() == {task: ["Good"] for task in ids}
    assert len(ids) == len(set(loop.model.texts)) == len(loop.model.texts)


def test_tasks_deleted_or_changed_while_the_model_thinks(loop: Loop) -> None:
    kept, gone, changed = loop.add("kept", "gone", "changed")
    gate = Gate(loop.model)
    loop.connect()
    gate.wait()
    assert loop.client.delete(f"/api/tasks/{gone}").status_code == 204
    given.ok(loop.client.patch(f"/api/tasks/{changed}", json={"data": {"text": "bad"}}))
    gate.open()
    loop.settle()
    assert loop.moods() == {kept: ["Good"], changed: ["Bad"]}
    assert loop.model.texts == ["kept", "gone", "changed", "bad"]


def test_a_project_or_a_model_deleted_while_it_thinks(loop: Loop) -> None:
    loop.add("a")
    gate = Gate(loop.model)
    loop.connect()
    gate.wait()
    loop.server.db.write(lambda conn: conn.execute(sa.delete(ml_backends).where(ml_backends.c.id == loop.backend)))
    gate.open()
    assert loop.settle() == []
    gate = Gate(loop.model)
    loop.connect()
    gate.wait()
    assert loop.client.delete(f"/api/projects/{loop.project}").status_code == 204
    gate.open()
    loop.until(lambda: loop.rows(jobs) == [])
    assert loop.rows(predictions) == []


def test_answers_that_came_meanwhile_are_not_doubled(loop: Loop) -> None:
    """Two jobs of one model never run at once; should they (a lease that ended), the second finds the first one's answers."""
    (task,) = loop.add("a")
    gate = Gate(loop.model)
    loop.connect()
    gate.wait()
    (job,) = loop.rows(jobs)
    around = {"owner": "another process", "lease_until": clock.after(-1)}
    loop.server.db.write(lambda conn: conn.execute(sa.update(jobs).where(jobs.c.id == job.id).values(**around)))
    gate.open()
    loop.settle()
    assert loop.moods() == {task: ["Good"]}


# ---------------------------------------------------------------- settings, and who may
def test_the_page_of_models(loop: Loop) -> None:
    loop.add("a", "b")
    loop.connect()
    loop.settle()
    path = f"/api/projects/{loop.project}/models"
    page = given.ok(loop.client.get(path))
    assert page["versions"] == [{"version": "v1", "count": 2, "ml_backend": loop.backend, "is_shown": False}]
    assert [(one["id"], one["predicted_count"], one["live_version"]) for one in page["backends"]] == [(loop.backend, 2, None)]
    assert [job["state"] for job in page["jobs"]] == ["done"]
    wanted = {
        "withheld_percent": 10,
        "train_every": 50,
        "train_at_least": 100,
        "shown_version": "v1",
        "goes_live_if_better": False,
    }
    page = given.ok(loop.client.patch(path, json=wanted))
    assert page == page | wanted
    assert page["versions"][0]["is_shown"] is True
    assert given.ok(loop.client.get(f"/api/projects/{loop.project}"))["model_version"] == "v1"
    page = given.ok(loop.client.patch(path, json={"show_predictions": False}))
    assert (page["show_predictions"], page["shown_version"], page["versions"][0]["is_shown"]) == (False, "", False)
    page = given.ok(loop.client.patch(path, json={"show_predictions": True}))
    assert (page["shown_version"], page["versions"][0]["is_shown"]) == ("m", True)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("withheld_percent", 51),
        ("withheld_percent", -1),
        ("withheld_percent", "x"),
        ("withheld_percent", None),
        ("train_every", 2**31),
        ("train_at_least", 1.5),
        ("prelabel_automatically", "maybe"),
        ("shown_version", "no such version"),
    ],
)
def test_bad_settings(person: Person, setting: str, value: Any) -> None:
    project = given.project(person.client)
    assert person.client.patch(f"/api/projects/{project}/models", json={setting: value}).status_code == 400


def test_people_of_other_organizations_find_nothing(loop: Loop) -> None:
    loop.add("a")
    loop.connect()
    (job,) = loop.settle()
    stranger = loop.server.sign_up().client
    for method, path in (
        ("GET", f"/api/projects/{loop.project}/models"),
        ("PATCH", f"/api/projects/{loop.project}/models"),
        ("POST", f"/api/projects/{loop.project}/predict"),
        ("GET", f"/api/projects/{loop.project}/jobs"),
        ("GET", f"/api/jobs/{job.id}"),
        ("POST", f"/api/jobs/{job.id}/cancel"),
        ("POST", f"/api/jobs/{job.id}/retry"),
    ):
        assert stranger.request(method, path, json={} if method != "GET" else None).status_code == 404, path
    other = given.project(stranger)
    view = given.ok(stranger.post("/api/dm/views", json={"project": other, "data": {}}))["id"]
    assert loop.client.post(f"/api/projects/{loop.project}/predict", json={"view": view}).status_code == 404
    assert loop.client.post(f"/api/projects/{loop.project}/predict", json={"ml_backend": 99}).status_code == 400


def test_switching_pre_labeling_on_asks_about_what_came_meanwhile(loop: Loop) -> None:
    loop.connect()
    loop.settle()
    path = f"/api/projects/{loop.project}/models"
    given.ok(loop.client.patch(path, json={"prelabel_automatically": False}))
    ids = loop.add("a", "b")
    assert loop.moods() == {}
    given.ok(loop.client.patch(path, json={"prelabel_automatically": True}))
    loop.settle()
    assert loop.moods() == {task: ["Good"] for task in ids}
