"""Store what models say about tasks, singly and in bulk."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.server import clock
from labelwright.server.actions.check_prediction import NewPrediction, check_prediction, is_number, to_number
from labelwright.server.db.queries import counters
from labelwright.server.db.queries.insert import insert_rows
from labelwright.server.db.queries.tasks import lock_task, lock_tasks
from labelwright.server.db.tables import predictions, projects, tasks
from labelwright.server.errors import Invalid


def read_prediction(project: Any, fields: dict[str, Any], default_version: str = "") -> NewPrediction:
    """A prediction from its JSON. Raises Invalid with the reason."""
    if "result" not in fields:
        raise Invalid.field("result", "This field is required.")
    for name in ("score", "mislabeling"):
        if not is_number(fields.get(name)):
            raise Invalid.field(name, "A valid number is required.")
    made = check_prediction(project.label_config, fields, default_version)
    if isinstance(made, NewPrediction):
        return made
    raise Invalid.general(*[reason[:1].upper() + reason[1:] for reason in made])


def _read_result(project: Any, result: Any) -> list[Any]:
    """The full result list for any of the short forms. Raises Invalid where it does not fit the label config."""
    return read_prediction(project, {"result": result}).result


def describe(what: str, reason: str) -> str:
    """`Prediction 3, region 2: …`: which prediction, and what of it.

    >>> describe("Prediction 3", "it has no result")
    'Prediction 3: it has no result'
    """
    return f"{what}, {reason}" if reason.startswith("region ") else f"{what}: {reason}"


def row_of(project_id: int, task_id: int, given: NewPrediction, moment: str) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "task_id": task_id,
        "result": JSONText.of(given.result),
        "score": given.score,
        "model_version": given.model_version,
        "cluster": given.cluster,
        "neighbors": None if given.neighbors is None else JSONText.of(given.neighbors),
        "mislabeling": given.mislabeling,
        "created_at": moment,
        "updated_at": moment,
    }


def create(conn: Connection, project: Any, task: Any, user_id: int, given: NewPrediction) -> int:
    """Store one; its id."""
    prediction_id: int = conn.execute(
        sa.insert(predictions).values(row_of(project.id, task.id, given, clock.now())).returning(predictions.c.id)
    ).scalar_one()
    counters.count_predictions(conn, project.id, {task.id: 1})
    conn.execute(sa.update(tasks).where(tasks.c.id == task.id).values(updated_by_id=user_id))
    return prediction_id


def create_many(conn: Connection, project: Any, items: list[Any]) -> int:
    """Store all or none; how many. Every item names its task. Raises Invalid with the first reasons."""
    problems, rows = [], []
    moment = clock.now()
    for place, item in enumerate(items):
        if not isinstance(item, dict) or isinstance(item.get("task"), bool) or not isinstance(item.get("task"), int):
            problems.append(f'Prediction {place}: "task" must be the id of a task of this project')
            continue
        made = check_prediction(project.label_config, item, "undefined")
        if isinstance(made, NewPrediction):
            rows.append(row_of(project.id, item["task"], made, moment))
        else:
            problems += [describe(f"Prediction {place}", reason) for reason in made]
    unknown = {row["task_id"] for row in rows}
    unknown -= _tasks_of(conn, project.id, unknown)
    problems += [
        f'{item} contains invalid "task" field: corresponding task ID couldn\'t be retrieved '
        f"from project {project.title} (id {project.id}) tasks"
        for item in items
        if unknown and isinstance(item, dict) and isinstance(item.get("task"), int) and item["task"] in unknown
    ]
    if problems:
        raise Invalid.general(*problems[:100])
    if rows:
        insert_rows(conn, predictions, rows)
        counters.count_predictions(conn, project.id, dict(Counter(row["task_id"] for row in rows)))
    return len(rows)


def _tasks_of(conn: Connection, project_id: int, ids: set[int]) -> set[int]:
    """Those of the tasks that are there, held."""
    ordered, known = sorted(i for i in ids if 0 <= i < 2**63), set()
    chosen = sa.select(tasks.c.id).where(tasks.c.project_id == project_id).order_by(tasks.c.id).with_for_update(key_share=True)
    for start in range(0, len(ordered), 5000):
        part = ordered[start : start + 5000]
        known |= set(conn.execute(chosen.where(tasks.c.id.in_(part))).scalars())
    return known


def update(conn: Connection, project: Any, row: Any, fields: dict[str, Any]) -> None:
    values: dict[str, Any] = {"updated_at": clock.now()}
    if "result" in fields:
        values["result"] = JSONText.of(_read_result(project, fields["result"]))
    if "score" in fields:
        if not is_number(fields["score"]):
            raise Invalid.field("score", "A valid number is required.")
        values["score"] = to_number(fields["score"])
    if "model_version" in fields:
        values["model_version"] = None if fields["model_version"] is None else str(fields["model_version"])
    conn.execute(sa.update(predictions).where(predictions.c.id == row.id).values(values))


def delete(conn: Connection, row: Any) -> None:
    lock_task(conn, row.task_id)
    if conn.execute(sa.delete(predictions).where(predictions.c.id == row.id)).rowcount:
        counters.count_predictions(conn, row.project_id, {row.task_id: -1})


def delete_version(conn: Connection, project_id: int, version: str) -> int:
    """Delete all predictions of a model version; how many."""
    mine = sa.and_(predictions.c.project_id == project_id, predictions.c.model_version == version)
    lock_tasks(conn, project_id, conn.execute(sa.select(predictions.c.task_id).where(mine).distinct()).scalars().all())
    by_task = Counter(conn.execute(sa.delete(predictions).where(mine).returning(predictions.c.task_id)).scalars())
    if by_task:
        counters.count_predictions(conn, project_id, {task_id: -count for task_id, count in by_task.items()})
    conn.execute(
        sa.update(projects).where(projects.c.id == project_id, projects.c.model_version == version).values(model_version=None)
    )
    return by_task.total()
