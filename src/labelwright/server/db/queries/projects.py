"""Projects, their summary and the caller's queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.domain.result import count_labels
from labelwright.server import clock
from labelwright.server.db.tables import annotation_labels, annotation_table, drafts, predictions, projects, tasks, users

Record = Any
"""A row as the query names its columns; SQLAlchemy gives rows of each query a type of their own."""


def project_row(conn: Connection, project_id: int) -> Record | None:
    return conn.execute(sa.select(projects).where(projects.c.id == project_id, projects.c.deleted_at.is_(None))).first()


def list_projects(
    conn: Connection,
    organization_id: int,
    *,
    ids: list[int] | None = None,
    title: str = "",
    pinned: bool | None = None,
    order: str = "",
    limit: int,
    offset: int,
) -> tuple[int, Sequence[Record]]:
    """(how many in all, the page); pinned first, then newest, unless `order` names a column (`-` = descending)."""
    where = [projects.c.organization_id == organization_id, projects.c.deleted_at.is_(None)]
    if ids is not None:
        where.append(projects.c.id.in_(ids))
    if title:
        where.append(projects.c.title.icontains(title, autoescape=True))
    if pinned is not None:
        where.append(projects.c.pinned_at.is_not(None) if pinned else projects.c.pinned_at.is_(None))
    total = conn.execute(sa.select(sa.func.count()).select_from(projects).where(*where)).scalar_one()
    by: list[Any] = [projects.c.pinned_at.desc().nulls_last(), projects.c.id.desc()]
    column = order.removeprefix("-")
    if column in projects.c and column not in ("label_config", "task_data_password"):
        by = [projects.c[column].desc() if order.startswith("-") else projects.c[column].asc(), projects.c.id]
    rows = conn.execute(sa.select(projects).where(*where).order_by(*by).limit(limit).offset(offset)).all()
    return total, rows


def people(conn: Connection, ids: Sequence[int | None]) -> dict[int, Record]:
    """Users by id."""
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    rows: Any = conn.execute(
        sa.select(users.c.id, users.c.email, users.c.first_name, users.c.last_name, users.c.username).where(
            users.c.id.in_(wanted)
        )
    )
    return {row.id: row for row in rows}


def queue_of(conn: Connection, project_ids: Sequence[int], user_id: int) -> dict[int, tuple[int, int]]:
    """(tasks not labeled or answered by the user, tasks answered by the user) per project. Skips that come back to the
    skipper are not counted as answered."""
    if not project_ids:
        return {}
    a = annotation_table.c
    answered = conn.execute(
        sa.select(
            a.project_id,
            sa.func.count(sa.distinct(a.task_id)).label("done"),
            sa.func.count(sa.distinct(sa.case((tasks.c.is_labeled.is_(True), a.task_id)))).label("labeled"),
        )
        .join(projects, projects.c.id == a.project_id)
        .join(tasks, tasks.c.id == a.task_id)
        .where(a.project_id.in_(project_ids), a.annotator_id == user_id)
        .where(sa.or_(a.is_skipped.is_(False), projects.c.skip_queue != "REQUEUE_FOR_ME"))
        .group_by(a.project_id)
    ).all()
    done = {row.project_id: (row.done, row.labeled) for row in answered}
    open_tasks = conn.execute(
        sa.select(projects.c.id, (projects.c.task_count - projects.c.finished_count).label("open")).where(
            projects.c.id.in_(project_ids)
        )
    )
    return {row.id: (row.open + done.get(row.id, (0, 0))[1], done.get(row.id, (0, 0))[0]) for row in open_tasks}


def summary_of(conn: Connection, project_id: int) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """(`control|object|type` → result items, control → label → uses) of the annotations made here (imports join at a reset)."""
    rows = conn.execute(
        sa.select(
            annotation_labels.c.control,
            annotation_labels.c.object,
            annotation_labels.c.type,
            annotation_labels.c.label,
            sa.func.sum(annotation_labels.c.count).label("uses"),
        )
        .where(annotation_labels.c.project_id == project_id, annotation_labels.c.in_summary.is_(True))
        .group_by(annotation_labels.c.control, annotation_labels.c.object, annotation_labels.c.type, annotation_labels.c.label)
    )
    items: dict[str, int] = {}
    labels: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.label == "":
            items[f"{row.control}|{row.object}|{row.type}"] = int(row.uses)
        else:
            uses = labels.setdefault(row.control, {})
            uses[row.label] = uses.get(row.label, 0) + int(row.uses)
    return items, labels


def include_all_in_summary(conn: Connection, project_id: int) -> None:
    conn.execute(sa.update(annotation_labels).where(annotation_labels.c.project_id == project_id).values(in_summary=True))


def draft_labels(conn: Connection, project_id: int) -> dict[str, dict[str, int]]:
    """Control → label → uses in the project's drafts."""
    found: dict[str, dict[str, int]] = {}
    for result in conn.execute(sa.select(drafts.c.result).where(drafts.c.project_id == project_id)).scalars():
        for row in count_labels(JSONText(result).load()):
            if row.label:
                uses = found.setdefault(row.control, {})
                uses[row.label] = uses.get(row.label, 0) + row.count
    return found


def update_project(conn: Connection, project_id: int, values: dict[str, Any]) -> None:
    if values:
        conn.execute(
            sa.update(projects)
            .where(projects.c.id == project_id)
            .values(**values, updated_at=clock.now(), change_number=projects.c.change_number + 1)
        )


def model_versions(conn: Connection, project_id: int) -> list[tuple[str | None, int, str]]:
    """(version, predictions, newest prediction's time), newest version first."""
    newest = sa.func.max(predictions.c.created_at)
    rows = conn.execute(
        sa.select(predictions.c.model_version, sa.func.count(), newest)
        .where(predictions.c.project_id == project_id)
        .group_by(predictions.c.model_version)
        .order_by(newest.desc())
    )
    return [(row[0], row[1], row[2]) for row in rows]


def annotators_of(conn: Connection, project_id: int) -> Sequence[Record]:
    """People with at least one annotation in the project."""
    ids = sa.select(annotation_table.c.annotator_id).where(annotation_table.c.project_id == project_id).distinct()
    return conn.execute(
        sa.select(users.c.id, users.c.email, users.c.first_name, users.c.last_name)
        .where(users.c.id.in_(ids))
        .order_by(users.c.id)
    ).all()
