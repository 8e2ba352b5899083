"""Tasks: read, write, delete."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server.db.queries.ids import among
from labelwright.server.db.queries.json_field import is_postgres
from labelwright.server.db.tables import data_columns, file_uploads, projects, task_locks, tasks

Record = Any
"""A row as the query names its columns; SQLAlchemy gives rows of each query a type of their own."""


GROWTH = 1 << 49
"""Advisory locks of PostgreSQL for adding tasks: this plus the project's id."""


def task_row(conn: Connection, task_id: int) -> Record | None:
    return conn.execute(sa.select(tasks).where(tasks.c.id == task_id)).first()


_page = (
    sa.select(tasks)
    .where(tasks.c.project_id == sa.bindparam("project_id"))
    .order_by(tasks.c.updated_at.desc(), tasks.c.id.desc())
    .limit(sa.bindparam("limit"))
    .offset(sa.bindparam("offset"))
)


def recent_tasks(conn: Connection, project_id: int, *, limit: int, offset: int) -> Sequence[Record]:
    """A project's tasks, latest change first."""
    return conn.execute(_page, {"project_id": project_id, "limit": limit, "offset": offset}).all()


def count_tasks(conn: Connection, project_id: int) -> int:
    count: int = conn.execute(sa.select(projects.c.task_count).where(projects.c.id == project_id)).scalar_one()
    return count


def count_data_columns(conn: Connection, project_id: int, added: dict[str, int]) -> None:
    """Add (or take away) tasks per data column; columns that reach zero vanish."""
    if not added:
        return
    lock_project(conn, project_id)
    known = set(conn.execute(sa.select(data_columns.c.name).where(data_columns.c.project_id == project_id)).scalars())
    changes = [{"p": project_id, "n": name, "by": by} for name, by in added.items() if name in known]
    if changes:
        conn.execute(
            sa.update(data_columns)
            .where(data_columns.c.project_id == sa.bindparam("p"), data_columns.c.name == sa.bindparam("n"))
            .values(task_count=data_columns.c.task_count + sa.bindparam("by")),
            changes,
        )
    new = [
        {"project_id": project_id, "name": name, "task_count": by, "position": len(known) + place}
        for place, (name, by) in enumerate((n, b) for n, b in added.items() if n not in known and b > 0)
    ]
    if new:
        conn.execute(sa.insert(data_columns), new)
    if any(by < 0 for by in added.values()):
        conn.execute(sa.delete(data_columns).where(data_columns.c.project_id == project_id, data_columns.c.task_count <= 0))


def columns_of(conn: Connection, project_id: int) -> dict[str, int]:
    """Data column → number of tasks that have it, in order of first appearance."""
    rows = conn.execute(
        sa.select(data_columns.c.name, data_columns.c.task_count)
        .where(data_columns.c.project_id == project_id)
        .order_by(data_columns.c.position)
    )
    return {row.name: row.task_count for row in rows}


def delete_rows(conn: Connection, where: Any) -> int:
    """Delete the tasks that `where` names with everything said about them. Counters are the caller's business."""
    return conn.execute(sa.delete(tasks).where(where)).rowcount


# ---------------------------------------------------------------- holding rows
# Every action takes rows in the same order, so that none waits for another in a circle: the right to add tasks, tasks by
# ascending id, then what belongs to them, then the project, then its data columns. What is read of a row before it is held may
# be out of date. (SQLite has one writer; there all of this is free.)
_one_task = sa.select(tasks).where(tasks.c.id == sa.bindparam("id")).with_for_update(key_share=True)


def lock_task(conn: Connection, task_id: int) -> Record | None:
    """The task, held until the transaction ends."""
    return conn.execute(_one_task, {"id": task_id}).first()


def lock_tasks(conn: Connection, project_id: int, ids: Sequence[int] | None = None) -> None:
    """Hold these tasks of the project (None: all) until the transaction ends."""
    if not is_postgres(conn):
        return
    chosen = sa.select(tasks.c.id).where(tasks.c.project_id == project_id)
    if ids is not None:
        chosen = chosen.where(among(conn, tasks.c.id, ids))
    conn.execute(chosen.order_by(tasks.c.id).with_for_update(key_share=True))


def lock_growth(conn: Connection, project_id: int) -> None:
    """Nobody else adds tasks to the project until the transaction ends. Before an import, and before what means all tasks."""
    if is_postgres(conn):
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(GROWTH + project_id)))


def lock_project(conn: Connection, project_id: int) -> None:
    """Hold the project's row until the transaction ends."""
    if is_postgres(conn):
        conn.execute(sa.select(projects.c.id).where(projects.c.id == project_id).with_for_update(key_share=True))


def file_names(conn: Connection, upload_ids: Iterable[int]) -> dict[int, str]:
    ids = set(upload_ids)
    if not ids:
        return {}
    rows = conn.execute(sa.select(file_uploads.c.id, file_uploads.c.key).where(file_uploads.c.id.in_(ids)))
    return {row.id: row.key.rsplit("/", 1)[-1] for row in rows}


_release = sa.delete(task_locks).where(task_locks.c.task_id == sa.bindparam("task"), task_locks.c.user_id == sa.bindparam("user"))


def release_lock(conn: Connection, task_id: int, user_id: int) -> None:
    """Give up the caller's lock on a task."""
    conn.execute(_release, {"task": task_id, "user": user_id})
