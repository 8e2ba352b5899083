"""Counters on tasks and projects: kept in the transaction of the rows they count, and rebuilt by one function.

`refresh_task` after a change of one task's answers (three statements), `refresh_tasks` of many; `recount_project` from nothing.
A test proves them equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.db.queries.ids import among
from labelwright.server.db.queries.tasks import lock_project
from labelwright.server.db.tables import annotation_table, data_columns, predictions, projects, tasks

IGNORE_SKIPPED = "IGNORE_SKIPPED"

a = annotation_table.c
_useful = sa.and_(a.is_skipped.is_(False), a.is_ground_truth.is_(False), a.result.is_not(None))
_skip_queue = sa.select(projects.c.skip_queue).where(projects.c.id == sa.bindparam("project_id")).scalar_subquery()
_counts_as_done = sa.and_(a.result.is_not(None), sa.or_(a.is_skipped.is_(False), _skip_queue == IGNORE_SKIPPED))


def _count_if(condition: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


_answers_of_task = sa.select(
    _count_if(a.is_skipped.is_(False)).label("annotation_count"),
    _count_if(a.is_skipped.is_(True)).label("skip_count"),
    _count_if(a.is_ground_truth.is_(True)).label("ground_truth_count"),
    _count_if(_useful).label("useful_count"),
    sa.func.count(sa.distinct(sa.case((_counts_as_done, a.annotator_id)))).label("annotators"),
    sa.func.max(a.created_at).label("newest"),
).where(a.task_id == sa.bindparam("task_id"))

_update_task = (
    sa.update(tasks)
    .where(tasks.c.id == sa.bindparam("task_id"))
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in (
                "annotation_count",
                "skip_count",
                "ground_truth_count",
                "useful_count",
                "is_labeled",
                "completed_at",
                "updated_at",
                "updated_by_id",
            )
        }
    )
)
_update_project = (
    sa.update(projects)
    .where(projects.c.id == sa.bindparam("project_id"))
    .values(
        annotation_count=projects.c.annotation_count + sa.bindparam("d_annotation"),
        skip_count=projects.c.skip_count + sa.bindparam("d_skip"),
        ground_truth_count=projects.c.ground_truth_count + sa.bindparam("d_ground_truth"),
        useful_count=projects.c.useful_count + sa.bindparam("d_useful"),
        answered_task_count=projects.c.answered_task_count + sa.bindparam("d_answered"),
        finished_count=projects.c.finished_count + sa.bindparam("d_finished"),
        change_number=projects.c.change_number + 1,
    )
    .returning(projects)
)


def _total(column: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(column), 0)


_sums = sa.select(
    sa.func.count().label("task_count"),
    _count_if(tasks.c.is_labeled.is_(True)).label("finished_count"),
    _total(tasks.c.annotation_count).label("annotation_count"),
    _total(tasks.c.skip_count).label("skip_count"),
    _total(tasks.c.ground_truth_count).label("ground_truth_count"),
    _total(tasks.c.useful_count).label("useful_count"),
    _count_if(tasks.c.useful_count > 0).label("answered_task_count"),
    _total(tasks.c.prediction_count).label("prediction_count"),
)
"""Counters of tasks, added up."""


def refresh_task(conn: Connection, task: Any, user_id: int | None) -> Any:
    """Recount one task's answers and pass the differences on to its project. `task` is the row before the change.

    Returns the project's row as it is now: it says who is to be told.
    """
    new = conn.execute(_answers_of_task, {"task_id": task.id, "project_id": task.project_id}).one()
    is_labeled: bool = new.annotators >= task.overlap
    conn.execute(
        _update_task,
        {
            "task_id": task.id,
            "new_annotation_count": new.annotation_count,
            "new_skip_count": new.skip_count,
            "new_ground_truth_count": new.ground_truth_count,
            "new_useful_count": new.useful_count,
            "new_is_labeled": is_labeled,
            "new_completed_at": new.newest if is_labeled else None,
            "new_updated_at": clock.now(),
            "new_updated_by_id": user_id,
        },
    )
    return conn.execute(
        _update_project,
        {
            "project_id": task.project_id,
            "d_annotation": new.annotation_count - task.annotation_count,
            "d_skip": new.skip_count - task.skip_count,
            "d_ground_truth": new.ground_truth_count - task.ground_truth_count,
            "d_useful": new.useful_count - task.useful_count,
            "d_answered": (new.useful_count > 0) - (task.useful_count > 0),
            "d_finished": int(is_labeled) - int(task.is_labeled),
        },
    ).one()


def refresh_tasks(conn: Connection, project_id: int, task_ids: Sequence[int], user_id: int | None) -> None:
    """`refresh_task` of many tasks, which are held: as many statements as for one."""
    mine = among(conn, tasks.c.id, task_ids)
    before = conn.execute(_sums.where(mine)).one()
    moment = {"updated_at": clock.now(), "updated_by_id": user_id}
    _rebuild(conn, project_id, [mine], moment)
    after = conn.execute(_sums.where(mine)).one()
    change = {name: int(after._mapping[name]) - int(before._mapping[name]) for name in before._fields}
    conn.execute(
        _update_project,
        {
            "project_id": project_id,
            "d_annotation": change["annotation_count"],
            "d_skip": change["skip_count"],
            "d_ground_truth": change["ground_truth_count"],
            "d_useful": change["useful_count"],
            "d_answered": change["answered_task_count"],
            "d_finished": change["finished_count"],
        },
    )


def recount_project(conn: Connection, project_id: int, *, only_tasks: Any = None) -> None:
    """Rebuild every counter of a project and its tasks from the rows. Cost: a scan of its answers.

    `only_tasks`: a condition on `tasks` that limits which tasks' own counters are rebuilt; the project's sums always are.
    """
    _rebuild(conn, project_id, [tasks.c.project_id == project_id, *([] if only_tasks is None else [only_tasks])], {})
    sum_project(conn, project_id)


def _rebuild(conn: Connection, project_id: int, where: Sequence[Any], more: dict[str, Any]) -> None:
    """Rebuild the counters of these tasks of the project from their rows; write `more` of their columns besides."""
    skip_queue = conn.execute(sa.select(projects.c.skip_queue).where(projects.c.id == project_id)).scalar_one()
    skips_count = sa.true() if skip_queue == IGNORE_SKIPPED else sa.false()
    mine = a.task_id == tasks.c.id
    done = sa.and_(a.result.is_not(None), sa.or_(a.is_skipped.is_(False), skips_count))

    def count(condition: Any) -> Any:
        return sa.select(sa.func.count()).select_from(annotation_table).where(mine, condition).scalar_subquery()

    labeled = sa.select(sa.func.count(sa.distinct(a.annotator_id))).where(mine, done).scalar_subquery() >= tasks.c.overlap
    newest = sa.select(sa.func.max(a.created_at)).where(mine).scalar_subquery()
    conn.execute(
        sa.update(tasks)
        .where(*where)
        .values(
            annotation_count=count(a.is_skipped.is_(False)),
            skip_count=count(a.is_skipped.is_(True)),
            ground_truth_count=count(a.is_ground_truth.is_(True)),
            useful_count=count(_useful),
            prediction_count=sa.select(sa.func.count())
            .select_from(predictions)
            .where(predictions.c.task_id == tasks.c.id)
            .scalar_subquery(),
            is_labeled=labeled,
            completed_at=sa.case((labeled, newest)),
            **more,
        )
    )


def sum_project(conn: Connection, project_id: int) -> None:
    """The project's counters as the sums of its tasks' counters."""
    lock_project(conn, project_id)  # whoever counts up after this statement waits; who did before is seen by the next
    sums = conn.execute(_sums.where(tasks.c.project_id == project_id)).one()
    values = {name: int(value) for name, value in sums._mapping.items()}
    conn.execute(
        sa.update(projects).where(projects.c.id == project_id).values(**values, change_number=projects.c.change_number + 1)
    )
    if values["task_count"] == 0:
        conn.execute(sa.delete(data_columns).where(data_columns.c.project_id == project_id))


def add_to_project(conn: Connection, project_id: int, new: Sequence[dict[str, Any]]) -> None:
    """Add new tasks (their rows with counters) to the project's counters."""
    p = projects.c
    conn.execute(
        sa.update(projects)
        .where(p.id == project_id)
        .values(
            task_count=p.task_count + len(new),
            finished_count=p.finished_count + sum(row["is_labeled"] for row in new),
            annotation_count=p.annotation_count + sum(row["annotation_count"] for row in new),
            skip_count=p.skip_count + sum(row["skip_count"] for row in new),
            ground_truth_count=p.ground_truth_count + sum(row["ground_truth_count"] for row in new),
            useful_count=p.useful_count + sum(row["useful_count"] for row in new),
            answered_task_count=p.answered_task_count + sum(row["useful_count"] > 0 for row in new),
            prediction_count=p.prediction_count + sum(row["prediction_count"] for row in new),
            change_number=p.change_number + 1,
        )
    )


def count_predictions(conn: Connection, project_id: int, added_by_task: dict[int, int]) -> None:
    """Add (or, negative, take away) predictions of tasks and of their project. One statement per number, mostly one."""
    alike: dict[int, list[int]] = {}
    for task_id in sorted(added_by_task):
        alike.setdefault(added_by_task[task_id], []).append(task_id)
    for added, ids in alike.items():
        more = sa.update(tasks).values(prediction_count=tasks.c.prediction_count + added, updated_at=clock.now())
        conn.execute(more.where(among(conn, tasks.c.id, ids)))
    conn.execute(
        sa.update(projects)
        .where(projects.c.id == project_id)
        .values(
            prediction_count=projects.c.prediction_count + sum(added_by_task.values()), change_number=projects.c.change_number + 1
        )
    )
