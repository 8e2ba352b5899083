"""Hand out the next task: never to more people than its overlap, under a lease that expires.

The order of attempts is the contract's (design/api.md §6). One write transaction: the choice and its lease are one step, and in
one project one step at a time.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.db.queries.shown_version import shown_version
from labelwright.server.db.tables import annotation_table, drafts, predictions, task_locks, tasks
from labelwright.server.identity import new_uuid

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
    take_turn(conn, project.id)
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


TURNS = 1 << 48
"""Advisory locks of PostgreSQL for handing out: this plus the project's id."""


def take_turn(conn: Connection, project_id: int) -> None:
    """Nobody else is given tasks of the project until the transaction ends."""
    if conn.dialect.name == "postgresql":
        conn.execute(_take_turn, {"turn": TURNS + project_id})


_take_turn = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("turn", type_=sa.BigInteger)))
"""SQLite has one writer anyway. PostgreSQL could pass over rows that others are looking at (`SKIP LOCKED`), but then somebody is
told that nothing is left while a colleague only just considers the last task."""


def _sampling_name(sampling: str) -> str:
    return {UNIFORM: "Uniform random queue", UNCERTAINTY: "Active learning or random queue"}.get(sampling, "Sequence queue")


class _Statements:
    """The queue's queries for one kind of project, built once: building them costs more than running them."""

    def __init__(self, skip_queue: str, overlap_only: bool, has_excluded: bool) -> None:
        t = tasks.c
        user: Any = sa.bindparam("user")
        now: Any = sa.bindparam("now")
        mine = sa.and_(annotation_table.c.task_id == t.id, annotation_table.c.annotator_id == user)
        postponed = sa.and_(drafts.c.task_id == t.id, drafts.c.user_id == user, drafts.c.is_postponed.is_(True))
        self.in_project = [t.project_id == sa.bindparam("project")]
        if has_excluded:  # a list of parameters is rendered anew at each run
            self.in_project.append(t.id.not_in(sa.bindparam("exclude", expanding=True)))
        self.open = [*self.in_project, t.is_labeled.is_(False), ~sa.exists().where(mine), ~sa.exists().where(postponed)]
        if overlap_only:
            self.open.append(t.overlap > 1)
        self.free = [*self.open, self._takers(skip_queue, user, now) < t.overlap]
        self.my_locks = sa.select(task_locks.c.task_id).where(
            task_locks.c.project_id == sa.bindparam("project"), task_locks.c.user_id == user, task_locks.c.expires_at > now
        )
        among = t.id.in_(sa.bindparam("held", expanding=True))
        self.held_by_me = sa.select(tasks).where(among, *self.open).order_by(t.id).limit(1)
        self.first_free = self.pick(*self.free)
        self.ground_truth = self.pick(*self.free, t.ground_truth_count > 0)
        self.one_free = self.pick(*self.free, t.id == sa.bindparam("task"))
        self.most_answers = sa.select(sa.func.max(t.annotation_count)).where(*self.free)
        self.pool = sa.select(t.id).where(*self.free).order_by(t.id).limit(RANDOM_POOL)
        self.pool_with = (
            sa.select(t.id).where(*self.free, t.annotation_count == sa.bindparam("most")).order_by(t.id).limit(RANDOM_POOL)
        )
        # Along the index of scores from its low end: without scores there is no order, those tasks come with the rest.
        p = predictions.c
        scored = [p.project_id == sa.bindparam("project"), p.model_version == sa.bindparam("version"), p.score.is_not(None)]
        certainty = sa.select(t.id).select_from(predictions.join(tasks, p.task_id == t.id)).where(*scored, *self.free)
        self.least_certain = certainty.order_by(p.score, p.id).limit(RANDOM_POOL)
        own_drafts = (
            sa.select(drafts.c.task_id, sa.func.min(drafts.c.updated_at).label("since"))
            .where(drafts.c.project_id == sa.bindparam("project"), drafts.c.user_id == user, drafts.c.is_postponed.is_(True))
            .group_by(drafts.c.task_id)
        )
        has_room = self._takers(skip_queue, user, now) < t.overlap
        self.postponed = self._oldest(own_drafts, has_room)
        own_skips = (
            sa.select(annotation_table.c.task_id, sa.func.min(annotation_table.c.updated_at).label("since"))
            .where(
                annotation_table.c.project_id == sa.bindparam("project"),
                annotation_table.c.annotator_id == user,
                annotation_table.c.is_skipped.is_(True),
            )
            .group_by(annotation_table.c.task_id)
        )
        self.skipped_by_me = self._oldest(own_skips, has_room)

    def pick(self, *where: Any, order: Sequence[Any] = (tasks.c.id,)) -> Any:
        """The first such task; it can't be deleted until the transaction ends."""
        return sa.select(tasks).where(*where).order_by(*order).limit(1).with_for_update(read=True, key_share=True, of=tasks)

    def _oldest(self, own: Any, has_room: Any) -> Any:
        mine = own.subquery()
        query = sa.select(tasks).join(mine, mine.c.task_id == tasks.c.id)
        query = query.where(*self.in_project, tasks.c.is_labeled.is_(False), has_room).order_by(mine.c.since, tasks.c.id)
        return query.limit(1).with_for_update(read=True, key_share=True, of=tasks)

    def _takers(self, skip_queue: str, user: Any, now: Any) -> Any:
        """How many others hold or have answered the task (ground truths aside; skips as the project says)."""
        locked = (
            sa.select(sa.func.count())
            .select_from(task_locks)
            .where(task_locks.c.task_id == tasks.c.id, task_locks.c.user_id != user, task_locks.c.expires_at > now)
            .scalar_subquery()
        )
        counted = [annotation_table.c.task_id == tasks.c.id, annotation_table.c.is_ground_truth.is_(False)]
        skipped = annotation_table.c.is_skipped.is_(True)
        if skip_queue == FOR_ME:
            counted.append(~sa.and_(skipped, annotation_table.c.annotator_id == user))
        elif skip_queue == FOR_OTHERS:
            counted.append(~sa.and_(skipped, annotation_table.c.annotator_id != user))
        answered = sa.select(sa.func.count()).select_from(annotation_table).where(*counted).scalar_subquery()
        return locked + answered


@lru_cache(maxsize=16)
def _statements(skip_queue: str, overlap_only: bool, has_excluded: bool) -> _Statements:
    return _Statements(skip_queue, overlap_only, has_excluded)


def open_for(project: Any, user_id: int) -> tuple[Sequence[Any], dict[str, Any]]:
    """What makes a task one that the queue could give this person now: conditions on `tasks`, and their parameters."""
    given = {"project": project.id, "user": user_id, "now": clock.now()}
    return _statements(project.skip_queue, False, False).free, given


class _Queue:
    """The candidates of one user in one project, and the ways to pick from them."""

    def __init__(self, conn: Connection, project: Any, user_id: int, exclude: Sequence[int]) -> None:
        self.conn = conn
        self.project = project
        self.given = {"project": project.id, "user": user_id, "now": clock.now(), "exclude": list(exclude) or [-1]}
        overlap_only = bool(project.show_overlap_first) and self._has_overlap()
        self.of = _statements(project.skip_queue, overlap_only, bool(exclude))

    # ------------------------------------------------------------ attempts
    def first_of_view(self, only: Any, order: Sequence[Any]) -> Any:
        where = [*self.of.open, *([] if only is None else [only])]
        return self._take(self.of.pick(*where, order=[*order, tasks.c.id]))

    def held_by_me(self) -> Any:
        held = self.conn.execute(self.of.my_locks, self.given).scalars().all()
        return self.conn.execute(self.of.held_by_me, self.given | {"held": held}).first() if held else None

    def ground_truth(self) -> Any:
        return self._take(self.of.ground_truth) if self.project.annotator_evaluation_enabled else None

    def breadth_first(self) -> Any:
        """A random free task among those that most others have answered."""
        if self.project.maximum_annotations <= 1:
            return None
        most = self.conn.execute(self.of.most_answers, self.given).scalar()
        return self._any_of(self.of.pool_with, shuffle=True, most=most) if most else None

    def sampled(self) -> Any:
        if self.project.sampling == UNIFORM:
            return self._any_of(self.of.pool, shuffle=True)
        if self.project.sampling == UNCERTAINTY:
            version = shown_version(self.conn, self.project)
            uncertain = None if version is None else self._any_of(self.of.least_certain, shuffle=False, version=version)
            return uncertain or self._any_of(self.of.pool, shuffle=True)
        return self._take(self.of.first_free)

    def postponed(self) -> Any:
        return self._take(self.of.postponed)

    def skipped_by_me(self) -> Any:
        return self._take(self.of.skipped_by_me) if self.project.skip_queue == FOR_ME else None

    # ------------------------------------------------------------ parts
    def _any_of(self, pool: Any, *, shuffle: bool, **more: Any) -> Any:
        """The first task of a pool of ids that is still free."""
        ids = list(self.conn.execute(pool, self.given | more).scalars())
        if shuffle:
            random.shuffle(ids)
        return next((row for row in (self._take(self.of.one_free, task=task_id) for task_id in ids) if row is not None), None)

    def _take(self, query: Any, **more: Any) -> Any:
        row = self.conn.execute(query, self.given | more).first()
        if row is None and self.conn.dialect.name == "postgresql":  # perhaps the first one was deleted while we looked
            row = self.conn.execute(query, self.given | more).first()
        return row

    def _has_overlap(self) -> bool:
        query = sa.select(tasks.c.id).where(
            tasks.c.project_id == self.project.id, tasks.c.is_labeled.is_(False), tasks.c.overlap > 1
        )
        return self.conn.execute(query.limit(1)).first() is not None


@lru_cache(maxsize=2)
def _lock(dialect: str) -> Any:
    """A new lease, or the old one prolonged under a new id."""
    insert = pg_insert(task_locks) if dialect == "postgresql" else sqlite_insert(task_locks)
    renewed = {name: insert.excluded[name] for name in ("lock_id", "created_at", "expires_at")}
    return insert.on_conflict_do_update(index_elements=["task_id", "user_id"], set_=renewed)


def _lease(conn: Connection, task: Any, queue: str, user_id: int, ttl_s: int) -> Handout:
    lock_id = new_uuid()
    conn.execute(
        _lock(conn.dialect.name),
        {
            "task_id": task.id,
            "user_id": user_id,
            "project_id": task.project_id,
            "lock_id": lock_id,
            "created_at": clock.now(),
            "expires_at": clock.after(ttl_s),
        },
    )
    return Handout(task=task, queue=queue, lock_id=lock_id)
