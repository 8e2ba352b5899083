"""What a connected model has been asked about, and what is left to ask."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.db.queries.ids import among
from labelwright.server.db.tables import ml_backends, predictions, projects, tasks

Record = Any
"""A row as the query names its columns; SQLAlchemy gives rows of each query a type of their own."""

LOOK = 256
"""Tasks read at a time."""
MOST_LOOKS = 20
MOST_BYTES = 4 << 20
"""Of task data in one question."""


class Question(Struct, frozen=True):
    """Data to ask a model about, and every task at hand that has it. The first of them is the one that is sent."""

    data_hash: str
    rows: list[Record]


class Copy(Struct, frozen=True):
    """A task whose data the model has been asked about for another task: what it said there."""

    row: Record
    data_hash: str
    said: list[Record]


class Batch(Struct, frozen=True, kw_only=True):
    questions: list[Question]
    copies: list[Copy]
    had: int
    """Tasks that the model has been asked about before."""
    at: int
    """All tasks up to this id are dealt with when this batch is."""
    is_last: bool


def asked_hash(version: str, project: Any, backend: Any) -> Callable[[str], str]:
    """A function from a task's data to what names the question: the same only where the model would hear the same."""
    ground = hashlib.sha1(usedforsecurity=False)
    for part in (version, project.label_config, backend.extra_params or ""):
        ground.update(part.encode() + b"\0")

    def hash_of(data: str) -> str:
        one = ground.copy()
        one.update(data.encode())
        return one.hexdigest()

    return hash_of


def backend_row(conn: Connection, backend_id: int | None) -> Record | None:
    """The backend of a project that is there."""
    query = sa.select(ml_backends).join(projects, projects.c.id == ml_backends.c.project_id)
    return conn.execute(query.where(ml_backends.c.id == backend_id, projects.c.deleted_at.is_(None))).first()


def next_batch(
    conn: Connection,
    project_id: int,
    backend_id: int,
    hash_of: Callable[[str], str],
    *,
    after: int,
    chosen: Sequence[int] | None,
    skipping: Collection[int],
    size: int,
    again: bool,
) -> Batch:
    """The tasks after an id (of the chosen ones, ascending) with up to `size` questions among them.

    skipping: ids to leave out. again: ask also where the model has been asked.
    """
    questions: dict[str, Question] = {}
    copies: list[Copy] = []
    had = size_bytes = 0
    at = after
    for _ in range(MOST_LOOKS):
        rows = _tasks_after(conn, project_id, at, chosen)
        hashes = {row.id: hash_of(row.data) for row in rows}
        own = set() if again else _asked(conn, backend_id, hashes)
        known = {} if again else _said(conn, project_id, backend_id, {hashes[row.id] for row in rows if row.id not in own})
        for row in rows:
            data_hash = hashes[row.id]
            if row.id in skipping:
                pass
            elif row.id in own:
                had += 1
            elif data_hash in known:
                copies.append(Copy(row, data_hash, known[data_hash]))
            elif data_hash in questions:
                questions[data_hash].rows.append(row)
            elif len(questions) == size or (questions and size_bytes + len(row.data) > MOST_BYTES):
                return Batch(questions=list(questions.values()), copies=copies, had=had, at=at, is_last=False)
            else:
                questions[data_hash] = Question(data_hash, [row])
                size_bytes += len(row.data)
            at = row.id
        if len(rows) < LOOK and (chosen is None or bisect_right(chosen, at) == len(chosen) or not rows):
            return Batch(questions=list(questions.values()), copies=copies, had=had, at=at, is_last=True)
    return Batch(questions=list(questions.values()), copies=copies, had=had, at=at, is_last=False)


def _tasks_after(conn: Connection, project_id: int, at: int, chosen: Sequence[int] | None) -> Sequence[Record]:
    query = sa.select(tasks).where(tasks.c.project_id == project_id, tasks.c.id > at).order_by(tasks.c.id).limit(LOOK)
    if chosen is None:
        return conn.execute(query).all()
    place = bisect_right(chosen, at)
    while place < len(chosen):  # a part may be of tasks that are all deleted
        if rows := conn.execute(query.where(tasks.c.id.in_(chosen[place : place + LOOK]))).all():
            return rows
        place += LOOK
    return []


def _asked(conn: Connection, backend_id: int, hashes: dict[int, str]) -> set[int]:
    """Those of the tasks that the model has been asked about as they are."""
    query = sa.select(predictions.c.task_id, predictions.c.data_hash).where(
        predictions.c.task_id.in_(list(hashes)), predictions.c.ml_backend_id == backend_id
    )
    return {row.task_id for row in conn.execute(query) if row.data_hash == hashes[row.task_id]}


def _said(conn: Connection, project_id: int, backend_id: int, hashes: set[str]) -> dict[str, list[Record]]:
    """What the model said to each of these questions, where it was asked for another task."""
    mine = sa.and_(predictions.c.project_id == project_id, predictions.c.ml_backend_id == backend_id)
    first = (
        sa.select(sa.func.min(predictions.c.task_id))
        .where(mine, predictions.c.data_hash.in_(list(hashes)))
        .group_by(predictions.c.data_hash)
    )
    sources = conn.execute(first).scalars().all() if hashes else []
    said: dict[str, list[Record]] = {}
    if sources:
        rows = conn.execute(sa.select(predictions).where(predictions.c.task_id.in_(sources), mine).order_by(predictions.c.id))
        for row in rows:
            if row.data_hash in hashes:
                said.setdefault(row.data_hash, []).append(row)
    return said


def count_after(conn: Connection, project_id: int, at: int, chosen: Sequence[int] | None) -> int:
    """Tasks after an id, of the chosen ones."""
    query = sa.select(sa.func.count()).select_from(tasks).where(tasks.c.project_id == project_id, tasks.c.id > at)
    if chosen is not None:
        query = query.where(among(conn, tasks.c.id, chosen[bisect_right(chosen, at) :]))
    return int(conn.execute(query).scalar_one())


def hold_unchanged(conn: Connection, project_id: int, asked: dict[int, str]) -> set[int]:
    """Those of the tasks (id → data) that are still there with the same data; held until the transaction ends."""
    query = (
        sa.select(tasks.c.id, tasks.c.data)
        .where(tasks.c.project_id == project_id, among(conn, tasks.c.id, list(asked)))
        .order_by(tasks.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id for row in conn.execute(query) if row.data == asked[row.id]}


def stored_of(conn: Connection, project_id: int, backend_id: int, task_ids: Sequence[int]) -> Sequence[Record]:
    """What is stored of the tasks' predictions by this model, and by models that were taken away since; without the results."""
    if not task_ids:
        return []
    there = sa.select(ml_backends.c.id).where(ml_backends.c.project_id == project_id)
    p = predictions.c
    query = sa.select(p.id, p.task_id, p.model_version, p.data_hash, p.ml_backend_id).where(
        sa.or_(p.ml_backend_id == backend_id, p.ml_backend_id.not_in(there)), among(conn, p.task_id, task_ids)
    )
    return conn.execute(query).all()


# ---------------------------------------------------------------- the model's row
def note_version(conn: Connection, backend_id: int, version: str) -> bool:
    """The model is well and said its version; whether it is another than before (and its row follows)."""
    query = sa.select(ml_backends).where(ml_backends.c.id == backend_id).with_for_update(key_share=True)
    before = conn.execute(query).first()
    if before is None:
        return False
    values: dict[str, Any] = {"state": "CO", "error_message": None, "checked_at": clock.now()}
    is_new = bool(before.auto_update) and (before.model_version or "") != version
    if is_new:
        values["model_version"] = version
    conn.execute(sa.update(ml_backends).where(ml_backends.c.id == backend_id).values(**values))
    return is_new


def note_problem(conn: Connection, backend_id: int, state: str, words: str) -> None:
    """What is wrong with the model. state: `DI` for one that does not answer, `ER` for one that answers badly."""
    values = {"state": state, "error_message": words, "checked_at": clock.now()}
    conn.execute(sa.update(ml_backends).where(ml_backends.c.id == backend_id).values(**values))


def note_said_version(conn: Connection, backend_id: int, said_version: str | None) -> None:
    """Which version its predictions name, where it is another than /setup says."""
    conn.execute(sa.update(ml_backends).where(ml_backends.c.id == backend_id).values(said_version=said_version))
