"""Runs jobs: one thread that hands them out, a few that work. Nothing but the table `jobs` says what there is to do.

Each process has a name (`owner`); a job that runs is leased to one. On SQLite there is one server, so at the start every running
job is an orphan of the last; on PostgreSQL the lease of a dead process ends.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from labelwright.server import clock
from labelwright.server.db.engine import Database
from labelwright.server.db.queries import jobs as queries
from labelwright.server.jobs.job import Failed, Finished, JobContext, JobGone, JobKind, TryAgain, Wait
from labelwright.server.settings import Settings

log = logging.getLogger("labelwright.jobs")

WORKERS = 4
LOOK_EVERY_S = 5.0
LONGEST_WAIT_S = 60.0


class JobRunner:
    """Lives as long as the server. `wake` makes it look at once."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        kinds: Mapping[str, JobKind],
        *,
        watchers: Sequence[Callable[[Database], None]] = (),
    ) -> None:
        """`watchers` are asked at every look whether something became due without anybody asking for it."""
        self._db = db
        self._kinds = kinds
        self._watchers = watchers
        self._stopping = threading.Event()
        self._bell = threading.Event()
        self._owner = str(uuid.uuid4())
        self._context = JobContext(db=db, settings=settings, owner=self._owner, stopping=self._stopping)
        self._free = threading.Semaphore(WORKERS)
        self._running: set[int] = set()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="job")
        db.listen("jobs", self.wake)
        if db.is_sqlite:
            db.write(queries.free_all)
        self._thread = threading.Thread(target=self._hand_out, name="jobs", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        self._bell.set()

    def close(self) -> None:
        """Stop after the steps at hand; what is not done goes on at the next start."""
        self._stopping.set()
        self._bell.set()
        self._thread.join(timeout=5)
        self._pool.shutdown(wait=False, cancel_futures=True)

    # ------------------------------------------------------------ handing out
    def _hand_out(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            wait_s = LOOK_EVERY_S
            try:
                for watch in self._watchers:
                    watch(self._db)
                self._claim_all()
                if self._running:
                    self._db.write(lambda conn: queries.renew(conn, self._owner, self._running))
                wait_s = self._until_next()
            except Exception:
                log.exception("jobs: could not look for work; looking again in %s s", LOOK_EVERY_S)
            self._bell.wait(wait_s)

    def _claim_all(self) -> None:
        while self._is_work_waiting() and self._free.acquire(blocking=False):
            job = self._db.write(lambda conn: queries.claim(conn, self._owner))
            if job is None:
                self._free.release()
                return
            self._running.add(job.id)
            self._pool.submit(self._run, job)

    def _is_work_waiting(self) -> bool:
        """A look without writing: an idle server does not touch the disk."""
        return not self._stopping.is_set() and self._db.read(lambda conn: queries.is_any_open(conn))

    def _until_next(self) -> float:
        due = self._db.read(queries.next_due_at)
        if due is None:
            return LOOK_EVERY_S
        seconds = (clock.moment(due) - clock.moment(clock.now())).total_seconds()
        return min(LOOK_EVERY_S, max(0.05, seconds))

    # ------------------------------------------------------------ running
    def _run(self, job: Any) -> None:
        try:
            self._steps(job)
        except Exception:
            log.exception("jobs: %s %s could not be settled; its lease will end", job.kind, job.id)
        finally:
            self._running.discard(job.id)
            self._free.release()
            self.wake()

    def _steps(self, job: Any) -> None:
        kind = self._kinds.get(job.kind)
        if kind is None:
            self._settle(job, state="failed", message=f"This server does not know jobs of the kind {job.kind}.")
            return
        row: Any | None = job
        while row is not None and row.state == "running" and row.owner == self._owner:
            if self._stopping.is_set():
                self._settle(row, state="queued")
                return
            try:
                outcome = kind.step(self._context, row)
            except JobGone:
                return
            except TryAgain as error:
                self._again_later(row, kind, str(error))
                return
            except Failed as error:
                self._settle(row, state="failed", message=str(error))
                return
            except Exception as error:
                log.exception("jobs: %s %s failed", row.kind, row.id)
                self._again_later(row, kind, f"An error of the server: {type(error).__name__}. The log says more.")
                return
            if isinstance(outcome, Finished):
                self._settle(row, state="done", message=outcome.message)
                return
            if isinstance(outcome, Wait):
                self._settle(row, state="queued", not_before=clock.after(outcome.seconds))
                return
            row = self._db.read(lambda conn: queries.job_row(conn, job.id))

    def _again_later(self, job: Any, kind: JobKind, reason: str) -> None:
        tries = self._db.read(lambda conn: queries.tries_of(conn, job.id)) + 1
        if tries >= kind.most_tries:
            self._settle(job, state="failed", message=reason)
            return
        wait_s = min(LONGEST_WAIT_S, 2.0 ** (tries - 1))
        self._settle(job, state="queued", tries=tries, not_before=clock.after(wait_s), message=reason)

    def _settle(self, job: Any, *, state: str, **values: Any) -> None:
        if state != "queued":
            values["finished_at"] = clock.now()
        self._db.write(lambda conn: queries.settle(conn, job, self._owner, state=state, **values))
