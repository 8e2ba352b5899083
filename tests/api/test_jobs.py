"""The job runner: steps in order, waiting after failures, cancelling, taking over from a dead process, on both databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from inprocess import Person, Server

from labelwright.domain.jsontext import JSONText
from labelwright.server.actions.enqueue_job import cancel_job, enqueue_job, retry_job
from labelwright.server.db.engine import Database
from labelwright.server.db.queries.jobs import job_row
from labelwright.server.db.tables import jobs
from labelwright.server.jobs.job import Failed, Finished, JobContext, JobKind, More, Outcome, TryAgain, Wait, remember
from labelwright.server.jobs.runner import JobRunner

Step = Callable[[JobContext, Any], Outcome]


class Bench:
    """A runner with one kind of job, on a server's own database."""

    def __init__(self, server: Server, project_id: int) -> None:
        self.db: Database = server.app.state.services.db
        self.settings = server.app.state.services.settings
        self.project_id = project_id
        self.runners: list[JobRunner] = []

    def run(self, step: Step, *, most_tries: int = 8) -> int:
        kind = JobKind(name="count", title="Count", step=step, most_tries=most_tries)
        self.runners.append(JobRunner(self.db, self.settings, {"count": kind}))
        return self.enqueue()

    def enqueue(self) -> int:
        return self.db.write(lambda conn: enqueue_job(conn, self.project_id, "count", {}))

    def row(self, job_id: int) -> Any:
        return self.db.read(lambda conn: job_row(conn, job_id))

    def until(self, job_id: int, *states: str) -> Any:
        deadline = time.monotonic() + 20
        while (row := self.row(job_id)).state not in states:
            assert time.monotonic() < deadline, f"still {row.state}: {row.message}"
            time.sleep(0.01)
        return row


@pytest.fixture
def bench(new_server: Callable[..., Server]) -> Iterator[Bench]:
    server = new_server()
    server.app.state.jobs.close()  # ours run here instead
    person: Person = server.sign_up()
    made = Bench(server, person.client.post("/api/projects", json={"title": "Jobs"}).json()["id"])
    yield made
    for runner in made.runners:
        runner.close()


def count_to(limit: int) -> Step:
    def step(context: JobContext, job: Any) -> Outcome:
        at = JSONText(job.memory).load().get("at", 0) + 1
        context.write(job, lambda conn: remember(conn, job, {"at": at}, done=at))
        return Finished("counted") if at == limit else More()

    return step


def test_steps_run_in_order_and_remember(bench: Bench) -> None:
    row = bench.until(bench.run(count_to(5)), "done")
    assert (row.done, row.message, row.owner) == (5, "counted", None)
    assert row.finished_at >= row.started_at >= row.created_at


def test_a_step_that_fails_once_is_tried_again_and_goes_on(bench: Bench) -> None:
    calls: list[int] = []

    def step(context: JobContext, job: Any) -> Outcome:
        calls.append(job.id)
        if len(calls) == 2:
            raise TryAgain("The model does not answer.")
        return count_to(3)(context, job)

    assert bench.until(bench.run(step), "done").done == 3
    assert len(calls) == 4


def test_a_job_that_waits_holds_no_thread_and_never_gives_up(bench: Bench) -> None:
    looks: list[int] = []
    is_ready = threading.Event()

    def step(context: JobContext, job: Any) -> Outcome:
        if job.id != waiting:
            return Finished("quick")
        looks.append(job.tries)
        return Finished("ready") if is_ready.is_set() else Wait(0.05)

    waiting = bench.enqueue()
    bench.run(step, most_tries=2)
    many = [bench.enqueue() for _ in range(8)]
    assert [bench.until(job_id, "done").message for job_id in many] == ["quick"] * 8
    deadline = time.monotonic() + 20
    while len(looks) < 4:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    is_ready.set()
    assert bench.until(waiting, "done").message == "ready"
    assert set(looks) == {0}


def test_a_step_that_never_works_fails_with_its_reason_and_can_be_retried(bench: Bench) -> None:
    is_up = threading.Event()

    def step(context: JobContext, job: Any) -> Outcome:
        if not is_up.is_set():
            raise TryAgain("The model does not answer.")
        return Finished("at last")

    job_id = bench.run(step, most_tries=2)
    assert bench.until(job_id, "failed").message == "The model does not answer."
    is_up.set()
    bench.db.write(lambda conn: retry_job(conn, bench.row(job_id)))
    assert bench.until(job_id, "done").message == "at last"


def test_what_cannot_work_fails_at_once(bench: Bench) -> None:
    def step(context: JobContext, job: Any) -> Outcome:
        raise Failed("There is no such model.")

    assert bench.until(bench.run(step), "failed").tries == 0


def test_a_bug_in_a_step_is_no_end_of_the_runner(bench: Bench) -> None:
    def step(context: JobContext, job: Any) -> Outcome:
        if job.id == first:
            raise ZeroDivisionError
        return Finished()

    first = 0
    first = bench.run(step, most_tries=1)
    assert "ZeroDivisionError" in bench.until(first, "failed").message
    assert bench.until(bench.enqueue(), "done")


def test_cancelling_stops_between_steps_and_keeps_what_was_done(bench: Bench) -> None:
    job_id = bench.run(count_to(1_000_000))
    while bench.row(job_id).done < 3:
        time.sleep(0.005)
    bench.db.write(lambda conn: cancel_job(conn, bench.row(job_id)))
    done = bench.row(job_id).done
    bench.until(bench.enqueue(), "running")
    assert (bench.row(job_id).state, bench.row(job_id).done) == ("cancelled", done)


def test_a_job_of_a_dead_process_is_taken_over_where_it_stopped(bench: Bench) -> None:
    job_id = bench.enqueue()
    dead = {"state": "running", "owner": "a dead process", "lease_until": "2020-01-01T00:00:00.000000Z", "memory": '{"at":2}'}
    bench.db.write(lambda conn: conn.execute(sa.update(jobs).where(jobs.c.id == job_id).values(**dead)))
    bench.run(count_to(5))
    assert bench.until(job_id, "done").done == 5


def test_of_one_model_one_job_runs_at_a_time(bench: Bench) -> None:
    at_once, most = [0], [0]
    lock = threading.Lock()

    def step(context: JobContext, job: Any) -> Outcome:
        if job.ml_backend_id is None:
            return Finished()
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        time.sleep(0.02)
        with lock:
            at_once[0] -= 1
        return Finished()

    backend = _backend(bench)
    ids = [bench.db.write(lambda conn: enqueue_job(conn, bench.project_id, "count", {}, ml_backend_id=backend)) for _ in range(4)]
    bench.run(step)
    for job_id in ids:
        bench.until(job_id, "done")
    assert most == [1]


def _backend(bench: Bench) -> int:
    from labelwright.server import clock
    from labelwright.server.db.tables import ml_backends

    values = {"project_id": bench.project_id, "url": "http://127.0.0.1:1", "created_at": clock.now(), "updated_at": clock.now()}
    return bench.db.write(
        lambda conn: conn.execute(sa.insert(ml_backends).values(**values).returning(ml_backends.c.id)).scalar_one()
    )
