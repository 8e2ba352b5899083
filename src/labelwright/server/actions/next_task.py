"""Hand out the next task: never to more people than its overlap, under a lease that expires.

The order of attempts is the contract's (design/api.md §6). One write transaction: the choice and its lease are one step.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.db.tables import annotations, drafts, predictions, task_locks, tasks

SEQUENTIAL, UNIFORM, UNCERTAINTY = "Sequential sampling", "Uniform sampling", "Uncertainty sampling"
FOR_OTHERS, FOR_ME, IGNORE = "REQUEUE_FOR_OTHERS", "REQUEUE_FOR_ME", "IGNORE_SKIPPED"
RANDOM_POOL = 50


class Handout(Struct, frozen=True):
    """A task, the queue it came from (shown to the annotator), and the lease on it."""

    task: Any
    queue: str
    lock_id: str


def next_task(
    conn: Connection,
    project: Any,
    user_id: int,
    lock_ttl_s: int,
    *,
    exclude: Sequence[int] = (),
    only: Any = None,
    order: Sequence[Any] = (),
) -> Handout | None:
    """The next task for this user, leased to them, or None when nothing is left.

    `exclude`: tasks the client holds already. `only`/`order`: the data manager's condition and ordering; then others' leases are
    not looked at.
    """
    queue = _Queue(conn, project, user_id, exclude)
    if only is not None or order:
        found = queue.first_of_view(only, order)
        return _lease(conn, found, "Data manager queue", user_id, lock_ttl_s) if found else None
    for name, attempt in (
        ("Task lock", queue.held_by_me),
        ("Ground truth queue", queue.ground_truth),
        ("Breadth first queue", queue.breadth_first),
        (_sampling_name(project.sampling), queue.sampled),
        ("Postponed draft queue", queue.postponed),
        ("Skipped queue", queue.skipped_by_me),
    ):
        row = attempt()
        if row is not None:
            return _lease(conn, row, name, user_id, lock_ttl_s)
    return None


def _sampling_name(sampling: str) -> str:
    return {UNIFORM: "Uniform random queue", UNCERTAINTY: "Active learning or random queue"}.get(sampling, "Sequence queue")


class _Queue:
    """The candidates of one user in one project, and the ways to pick from them."""

    def __init__(self, conn: Connection, project: Any, user_id: int, exclude: Sequence[int]) -> None:
        self.conn = conn
        self.project = project
        self.user_id = user_id
        t = tasks.c
        mine = sa.and_(annotations.c.task_id == t.id, annotations.c.annotator_id == user_id)
        postponed = sa.and_(drafts.c.task_id == t.id, drafts.c.user_id == user_id, drafts.c.is_postponed.is_(True))
        self.in_project = [t.project_id == project.id, *([t.id.not_in(exclude)] if exclude else [])]
        self.open = [
            *self.in_project,
            t.is_labeled.is_(False),
            ~sa.exists().where(mine),
            ~sa.exists().where(postponed),
        ]
        if project.show_overlap_first and self._any(*self.open, t.overlap > 1):
            self.open.append(t.overlap > 1)
        self.free = [*self.open, self._takers() < t.overlap]

    # ------------------------------------------------------------ attempts
    def first_of_view(self, only: Any, order: Sequence[Any]) -> Any:
        where = [*self.open, *([] if only is None else [only])]
        return self._pick(*where, order=[*order, tasks.c.id])

    def held_by_me(self) -> Any:
        lock = sa.and_(
            task_locks.c.task_id == tasks.c.id, task_locks.c.user_id == self.user_id, task_locks.c.expires_at > clock.now()
        )
        return self._pick(*self.open, sa.exists().where(lock), order=[tasks.c.id])

    def ground_truth(self) -> Any:
        if not self.project.annotator_evaluation_enabled:
            return None
        return self._pick(*self.free, tasks.c.ground_truth_count > 0, order=[tasks.c.id])

    def breadth_first(self) -> Any:
        """A random free task among those that most others have answered."""
        if self.project.maximum_annotations <= 1:
            return None
        most = self.conn.execute(sa.select(sa.func.max(tasks.c.annotation_count)).where(*self.free)).scalar()
        if not most:
            return None
        return self._random(*self.free, tasks.c.annotation_count == most)

    def sampled(self) -> Any:
        if self.project.sampling == UNIFORM:
            return self._random(*self.free)
        if self.project.sampling == UNCERTAINTY:
            return self._least_certain() or self._random(*self.free)
        return self._pick(*self.free, order=[tasks.c.id])

    def postponed(self) -> Any:
        own = sa.select(drafts.c.task_id, sa.func.min(drafts.c.updated_at).label("since")).where(
            drafts.c.project_id == self.project.id, drafts.c.user_id == self.user_id, drafts.c.is_postponed.is_(True)
        )
        return self._joined(own.group_by(drafts.c.task_id).subquery())

    def skipped_by_me(self) -> Any:
        if self.project.skip_queue != FOR_ME:
            return None
        own = sa.select(annotations.c.task_id, sa.func.min(annotations.c.updated_at).label("since")).where(
            annotations.c.project_id == self.project.id,
            annotations.c.annotator_id == self.user_id,
            annotations.c.is_skipped.is_(True),
        )
        return self._joined(own.group_by(annotations.c.task_id).subquery())

    # ------------------------------------------------------------ parts
    def _takers(self) -> Any:
        """How many others hold or have answered the task (ground truths aside; skips as the project says)."""
        locked = (
            sa.select(sa.func.count())
            .select_from(task_locks)
            .where(
                task_locks.c.task_id == tasks.c.id, task_locks.c.user_id != self.user_id, task_locks.c.expires_at > clock.now()
            )
            .scalar_subquery()
        )
        counted = [annotations.c.task_id == tasks.c.id, annotations.c.is_ground_truth.is_(False)]
        skipped = annotations.c.is_skipped.is_(True)
        if self.project.skip_queue == FOR_ME:
            counted.append(~sa.and_(skipped, annotations.c.annotator_id == self.user_id))
        elif self.project.skip_queue == FOR_OTHERS:
            counted.append(~sa.and_(skipped, annotations.c.annotator_id != self.user_id))
        answered = sa.select(sa.func.count()).select_from(annotations).where(*counted).scalar_subquery()
        return locked + answered

    def _least_certain(self) -> Any:
        p = predictions.c
        query = (
            sa.select(tasks)
            .join(predictions, sa.and_(p.task_id == tasks.c.id, p.model_version == self.project.model_version))
            .where(*self.free)
            .order_by(p.score.asc().nulls_last(), tasks.c.id)
            .limit(1)
        )
        return self.conn.execute(query.with_for_update(of=tasks, skip_locked=True)).first()

    def _joined(self, own: Any) -> Any:
        query = (
            sa.select(tasks)
            .join(own, own.c.task_id == tasks.c.id)
            .where(*self.in_project, tasks.c.is_labeled.is_(False))
            .order_by(own.c.since, tasks.c.id)
            .limit(1)
        )
        return self.conn.execute(query).first()

    def _random(self, *where: Any) -> Any:
        pool = self.conn.execute(sa.select(tasks.c.id).where(*where).order_by(tasks.c.id).limit(RANDOM_POOL)).scalars().all()
        pool = list(pool)
        random.shuffle(pool)
        for task_id in pool:
            if (row := self._pick(*where, tasks.c.id == task_id, order=[])) is not None:
                return row
        return None

    def _pick(self, *where: Any, order: Sequence[Any]) -> Any:
        """The first task, its row held.

        On PostgreSQL a task that another transaction is handing out is passed over; one whose lease was committed while we waited
        is seen by asking once more under the row lock (a new statement, so a new snapshot).
        """
        passed_over: list[int] = []
        while True:
            query = sa.select(tasks).where(*where, *([tasks.c.id.not_in(passed_over)] if passed_over else []))
            row = self.conn.execute(query.order_by(*order).limit(1).with_for_update(of=tasks, skip_locked=True)).first()
            if row is None or self.conn.dialect.name == "sqlite" or self._any(*where, tasks.c.id == row.id):
                return row
            passed_over.append(row.id)

    def _any(self, *where: Any) -> bool:
        return self.conn.execute(sa.select(tasks.c.id).where(*where).limit(1)).first() is not None


def _lease(conn: Connection, task: Any, queue: str, user_id: int, ttl_s: int) -> Handout:
    lock_id = str(uuid.uuid4())
    conn.execute(sa.delete(task_locks).where(task_locks.c.task_id == task.id, task_locks.c.user_id == user_id))
    conn.execute(
        sa.insert(task_locks).values(
            task_id=task.id,
            user_id=user_id,
            project_id=task.project_id,
            lock_id=lock_id,
            created_at=clock.now(),
            expires_at=clock.after(ttl_s),
        )
    )
    return Handout(task=task, queue=queue, lock_id=lock_id)
