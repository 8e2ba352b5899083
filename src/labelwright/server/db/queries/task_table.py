"""Pages of the data manager's table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server.db.queries.filters import TaskQuery
from labelwright.server.db.tables import annotation_table, projects, tasks

Record = Any
"""A row as the query names its columns; SQLAlchemy gives rows of each query a type of their own."""


def totals(conn: Connection, project_id: int, query: TaskQuery) -> tuple[int, int, int]:
    """(tasks, annotations, predictions) that the query names; of a whole project straight from its counters."""
    if query.is_plain:
        row = conn.execute(
            sa.select(projects.c.task_count, projects.c.annotation_count, projects.c.prediction_count).where(
                projects.c.id == project_id
            )
        ).one()
        return row[0], row[1], row[2]
    row = conn.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(tasks.c.annotation_count), 0),
            sa.func.coalesce(sa.func.sum(tasks.c.prediction_count), 0),
        ).where(tasks.c.project_id == project_id, *query.where)
    ).one()
    return int(row[0]), int(row[1]), int(row[2])


def page(conn: Connection, project_id: int, query: TaskQuery, *, limit: int, offset: int) -> Sequence[Record]:
    """Whole task rows. A deep page walks index entries only, then reads its own rows."""
    ids = (
        sa.select(tasks.c.id)
        .where(tasks.c.project_id == project_id, *query.where)
        .order_by(*query.order)
        .limit(limit)
        .offset(offset)
    )
    wanted = conn.execute(ids).scalars().all()
    if not wanted:
        return []
    rows = {row.id: row for row in conn.execute(_rows, {"ids": wanted})}
    return [rows[task_id] for task_id in wanted if task_id in rows]


_rows = sa.select(tasks).where(tasks.c.id.in_(sa.bindparam("ids", expanding=True)))


def selected_ids(conn: Connection, project_id: int, query: TaskQuery) -> list[int]:
    """Ids of all tasks that the query names, in its order."""
    return list(
        conn.execute(sa.select(tasks.c.id).where(tasks.c.project_id == project_id, *query.where).order_by(*query.order)).scalars()
    )


_brief = (
    sa.select(annotation_table.c.task_id, annotation_table.c.annotator_id)
    .where(annotation_table.c.task_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(annotation_table.c.id)
)


def annotators(conn: Connection, task_ids: Sequence[int]) -> dict[int, list[int]]:
    """Who has answered each task, in order of their first answer."""
    found: dict[int, dict[int, None]] = defaultdict(dict)
    for row in conn.execute(_brief, {"ids": task_ids}):
        if row.annotator_id is not None:
            found[row.task_id][row.annotator_id] = None
    return {task_id: list(people) for task_id, people in found.items()}
