"""What a kind of job is: a function that does one step.

A job is a row of the table `jobs`, made in the transaction of what it follows from (`actions/enqueue_job.py`). The runner calls
the kind's `step` until it says `Finished`. A step does a bounded piece of work and writes its effects, its progress and what it
needs to remember in one transaction (`JobContext.write`): whatever ends the process, the next one goes on from the last such
transaction, and nothing is done twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.server import clock
from labelwright.server.db.engine import Database
from labelwright.server.db.queries.jobs import LEASE_S
from labelwright.server.db.tables import jobs
from labelwright.server.settings import Settings

T = TypeVar("T")


class More(Struct, frozen=True):
    """There is more to do."""


class Finished(Struct, frozen=True):
    """The job is done; `message` is for people."""

    message: str = ""


class Wait(Struct, frozen=True):
    """Nothing to do for so long (somebody else is at work); then the next step. No thread is held meanwhile."""

    seconds: float


Outcome = More | Finished | Wait


class TryAgain(Exception):
    """The step did not work this time (a model that does not answer): the runner waits and tries again, but not for ever."""


class Failed(Exception):
    """The job cannot work; the message is for people."""


class JobGone(Exception):
    """The job was cancelled or deleted, or another process has it: stop without a word."""


class Step(Protocol):
    def __call__(self, context: JobContext, job: Any) -> Outcome:
        """Do one step of `job` (its row). Raises TryAgain, Failed, JobGone."""


class JobKind(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    """What people see: "Pre-label tasks"."""
    step: Step
    most_tries: int = 8
    """Of one step; then the job has failed. Waits 1, 2, 4 … seconds between them, at most `LONGEST_WAIT_S`."""


class JobContext(Struct, frozen=True, kw_only=True):
    """What a step works with."""

    db: Database
    settings: Settings
    owner: str
    stopping: threading.Event
    """Set when the server stops: come back soon; the job goes on at the next start."""

    def write(self, job: Any, unit: Callable[[Connection], T]) -> T:
        """Run a unit that belongs to the job, in a transaction that holds its row: nobody cancels or takes over in between.

        Raises JobGone when the job is not ours any more; then nothing is written.
        """

        def guarded(conn: Connection) -> T:
            hold = (
                sa.update(jobs)
                .where(jobs.c.id == job.id, jobs.c.owner == self.owner, jobs.c.state == "running")
                .values(lease_until=clock.after(LEASE_S), tries=0)
            )
            if conn.execute(hold).rowcount == 0:
                raise JobGone()
            return unit(conn)

        return self.db.write(guarded)

    def is_cancelled(self, job: Any) -> bool:
        """Whether to stop: asked in the middle of long work outside of the database."""
        if self.stopping.is_set():
            return True
        state = self.db.read(lambda conn: conn.execute(sa.select(jobs.c.state).where(jobs.c.id == job.id)).scalar())
        return state != "running"


def remember(conn: Connection, job: Any, memory: dict[str, Any], *, message: str | None = None, **progress: int) -> None:
    """Within `JobContext.write`: keep what the next step needs, and the progress (`total`, `done`, `failed`)."""
    values: dict[str, Any] = {"memory": JSONText.of(memory), **progress}
    if message is not None:
        values["message"] = message
    conn.execute(sa.update(jobs).where(jobs.c.id == job.id).values(**values))
