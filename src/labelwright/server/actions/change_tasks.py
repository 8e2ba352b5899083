"""Change and delete tasks; counters and data columns follow in the same transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.server import clock
from labelwright.server.actions.import_tasks import check_data
from labelwright.server.actions.prelabel import prelabel_changed
from labelwright.server.actions.record_event import record_gone
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import counters
from labelwright.server.db.queries import tasks as queries
from labelwright.server.db.queries.projects import project_row
from labelwright.server.db.tables import data_columns, tasks, views
from labelwright.server.errors import Invalid

BATCH = 500
MAX_OVERLAP = 2**31 - 1


def update_task(
    conn: Connection, row: Any, project: Any, user: User, *, data: Any = None, meta: Any = None, overlap: int | None = None
) -> None:
    """Write what is given. New data must fit the label config. Raises Invalid."""
    values: dict[str, Any] = {"updated_at": clock.now()}
    columns: dict[str, int] = {}
    if data is not None:
        if not isinstance(data, dict):
            raise Invalid.field("data", "The task's data must be an object.")
        check_data(project, [data])
        values["data"] = JSONText.of(data)
        before = set(JSONText(row.data).load())
        columns = {**dict.fromkeys(data.keys() - before, 1), **dict.fromkeys(before - data.keys(), -1)}
    if meta is None or isinstance(meta, dict):
        values["meta"] = JSONText.of(meta or {})
    if overlap is not None:
        if not 1 <= overlap <= MAX_OVERLAP:
            bound = "greater than or equal to 1" if overlap < 1 else f"less than or equal to {MAX_OVERLAP}"
            raise Invalid.field("overlap", f"Ensure this value is {bound}.")
        values["overlap"] = overlap
    conn.execute(sa.update(tasks).where(tasks.c.id == row.id).values(values))
    queries.count_data_columns(conn, row.project_id, columns)
    if values.get("data", row.data) != row.data:
        prelabel_changed(conn, project, row.id)
    if overlap is not None and overlap != row.overlap:
        counters.recount_project(conn, row.project_id, only_tasks=tasks.c.id == row.id)


def delete_tasks(conn: Connection, project_id: int, task_ids: Sequence[int]) -> int:
    """Delete these tasks of the project; how many there were."""
    queries.lock_tasks(conn, project_id, task_ids)
    removed = 0
    gone: list[int] = []
    columns: Counter[str] = Counter()
    for start in range(0, len(task_ids), BATCH):
        mine = sa.and_(tasks.c.project_id == project_id, tasks.c.id.in_(task_ids[start : start + BATCH]))
        for task_id, text in conn.execute(sa.select(tasks.c.id, tasks.c.data).where(mine)):
            columns.update(JSONText(text).load().keys())
            gone.append(task_id)
        removed += queries.delete_rows(conn, mine)
    queries.count_data_columns(conn, project_id, {name: -count for name, count in columns.items()})
    counters.sum_project(conn, project_id)
    _tell(conn, project_id, gone)
    return removed


def delete_all_tasks(conn: Connection, project_id: int) -> int:
    """Delete all tasks of the project, and the views that looked at them."""
    queries.lock_growth(conn, project_id)
    queries.lock_tasks(conn, project_id)
    queries.lock_project(conn, project_id)
    gone = conn.execute(sa.select(tasks.c.id).where(tasks.c.project_id == project_id).order_by(tasks.c.id)).scalars().all()
    removed = queries.delete_rows(conn, tasks.c.project_id == project_id)
    conn.execute(sa.delete(data_columns).where(data_columns.c.project_id == project_id))
    conn.execute(sa.delete(views).where(views.c.project_id == project_id))
    counters.sum_project(conn, project_id)
    _tell(conn, project_id, gone)
    return removed


def _tell(conn: Connection, project_id: int, gone: Sequence[int]) -> None:
    project = project_row(conn, project_id)
    if project is not None:
        record_gone(conn, project, "TASKS_DELETED", gone)
