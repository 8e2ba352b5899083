"""Counts made from the rows in plain Python, to hold the server's counters against. Shares no code with the server."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

TASK_COUNTERS = [
    "annotation_count",
    "skip_count",
    "prediction_count",
    "ground_truth_count",
    "useful_count",
    "is_labeled",
    "completed_at",
]
PROJECT_COUNTERS: dict[str, Callable[[dict[str, Any]], int]] = {
    "task_count": lambda t: 1,
    "finished_count": lambda t: t["is_labeled"],
    "annotation_count": lambda t: t["annotation_count"],
    "skip_count": lambda t: t["skip_count"],
    "ground_truth_count": lambda t: t["ground_truth_count"],
    "useful_count": lambda t: t["useful_count"],
    "answered_task_count": lambda t: t["useful_count"] > 0,
    "prediction_count": lambda t: t["prediction_count"],
}
Rows = list[dict[str, Any]]


def assert_counters_agree(engine: sa.Engine, project_id: int) -> None:
    """Every counter, data column and label row of the project is what its rows say, and no row belongs to nothing."""
    with engine.connect() as conn:
        _check(conn, project_id)


def _check(conn: sa.Connection, project_id: int) -> None:
    project = _rows(conn, "projects", "id", project_id)[0]
    tasks, annotations = _rows(conn, "tasks", "project_id", project_id), _rows(conn, "annotations", "project_id", project_id)
    answers = _by_task(annotations)
    predictions = _by_task(_rows(conn, "predictions", "project_id", project_id))
    wanted = [_counted(task, answers[task["id"]], len(predictions[task["id"]]), project["skip_queue"]) for task in tasks]
    stored = [{name: task[name] for name in ("id", *TASK_COUNTERS)} for task in tasks]
    assert stored == wanted
    sums = {name: sum(int(part(task)) for task in wanted) for name, part in PROJECT_COUNTERS.items()}
    assert {name: project[name] for name in PROJECT_COUNTERS} == sums
    names = Counter(name for task in tasks for name in json.loads(task["data"]))
    assert {row["name"]: row["task_count"] for row in _rows(conn, "data_columns", "project_id", project_id)} == dict(names)
    assert _label_rows(conn, project_id) == _labels(annotations)
    assert all(task["overlap"] >= 1 for task in tasks)
    assert not orphans(conn)


def _rows(conn: sa.Connection, table: str, column: str, value: int) -> Rows:
    order = "id" if table not in ("data_columns",) else column
    query = sa.text(f"SELECT * FROM {table} WHERE {column} = :value ORDER BY {order}")
    return [dict(row) for row in conn.execute(query, {"value": value}).mappings()]


def _by_task(rows: Rows) -> dict[int, Rows]:
    found: dict[int, Rows] = defaultdict(list)
    for row in rows:
        found[row["task_id"]].append(row)
    return found


def _counted(task: dict[str, Any], mine: Rows, prediction_count: int, skip_queue: str) -> dict[str, Any]:
    usual = [one for one in mine if not one["is_skipped"]]
    done = {one["annotator_id"] for one in (mine if skip_queue == "IGNORE_SKIPPED" else usual) if one["result"] is not None}
    is_labeled = len(done - {None}) >= task["overlap"]
    return {
        "id": task["id"],
        "annotation_count": len(usual),
        "skip_count": len(mine) - len(usual),
        "prediction_count": prediction_count,
        "ground_truth_count": sum(bool(one["is_ground_truth"]) for one in mine),
        "useful_count": sum(one["result"] is not None and not one["is_ground_truth"] for one in usual),
        "is_labeled": is_labeled,
        "completed_at": max(one["created_at"] for one in mine) if is_labeled else None,
    }


def _labels(annotations: Rows) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for annotation in annotations:
        for item in json.loads(annotation["result"] or "[]"):
            where = (annotation["id"], item["from_name"], item["to_name"], item["type"])
            found[(*where, "")] += 1
            found.update((*where, label) for label in item["value"][item["type"]])
    return found


def _label_rows(conn: sa.Connection, project_id: int) -> Counter[tuple[Any, ...]]:
    query = sa.text("SELECT annotation_id, control, object, type, label, count FROM annotation_labels WHERE project_id = :id")
    return Counter({tuple(row[:5]): row[5] for row in conn.execute(query, {"id": project_id})})


REFERENCES = [
    ("tasks", "project_id", "projects"),
    ("annotations", "task_id", "tasks"),
    ("annotations", "project_id", "projects"),
    ("predictions", "task_id", "tasks"),
    ("drafts", "task_id", "tasks"),
    ("drafts", "annotation_id", "annotations"),
    ("annotation_labels", "annotation_id", "annotations"),
    ("task_locks", "task_id", "tasks"),
    ("views", "project_id", "projects"),
    ("data_columns", "project_id", "projects"),
    ("file_uploads", "project_id", "projects"),
]


def orphans(conn: sa.Connection) -> list[str]:
    """Rows whose owner is gone; and answers that name another project than their task."""
    found = []
    for table, column, owner in REFERENCES:
        lost = f"{table} c LEFT JOIN {owner} o ON o.id = c.{column} WHERE c.{column} IS NOT NULL AND o.id IS NULL"
        if count := conn.execute(sa.text(f"SELECT COUNT(*) FROM {lost}")).scalar():
            found.append(f"{count} rows of {table} without {owner}")
    for table in ("annotations", "predictions", "drafts", "task_locks"):
        query = f"SELECT COUNT(*) FROM {table} c JOIN tasks t ON t.id = c.task_id WHERE t.project_id <> c.project_id"
        if count := conn.execute(sa.text(query)).scalar():
            found.append(f"{count} rows of {table} in another project than their task")
    return found
