"""The label stream: which task a person gets next, and which they had."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.suggestion import is_withheld
from labelwright.server import wire
from labelwright.server.access import Record, project_for_members
from labelwright.server.actions.next_task import next_task
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.tasks import Task
from labelwright.server.db.queries import answers
from labelwright.server.db.queries.shown_version import shown_version
from labelwright.server.db.tables import annotation_table, annotation_versions, task_locks, tasks
from labelwright.server.errors import Invalid, NotFound
from labelwright.server.ml_backends.ask_now import Outcome, Unavailable, ask_now, hindrance, live_model

LONGEST_EXCLUDE = 100


@route(
    "GET",
    "/api/projects/{project_id:int}/next",
    allow=project_for_members,
    mode="write",
    query={"exclude": "comma list of task ids the client holds already (ours: for prefetching)"},
    answer=Task,
)
def next_for_me(call: Call, project: Record) -> Answer:
    """The next task for the caller, leased to them. 404 when nothing is left."""
    exclude = call.integers("exclude", "A comma list of task ids is expected.")
    return handout(call, project, exclude=exclude[:LONGEST_EXCLUDE])


def handout(call: Call, project: Record, *, exclude: list[int], only: Any = None, order: Any = ()) -> Answer:
    """The answer for the next task of this caller, in the contract's shape."""
    found = next_task(call.conn, project, call.user.id, call.settings.task_lock_ttl_s, exclude=exclude, only=only, order=order)
    if found is None:
        raise NotFound(f"There are no tasks for {call.user.email}")
    row = found.task
    value = wire.task(row) | {
        **_suggestion(call, project, row),
        "annotations": [],
        "drafts": [wire.draft(d) for d in answers.drafts_of(call.conn, [row.id], call.user.id)[row.id]],
        "updated_by": [{"user_id": row.updated_by_id}] if row.updated_by_id else [],
        "unique_lock_id": found.lock_id,
        "queue": found.queue,
    }
    if value["predictions"] or "suggestion" in value:
        return json_answer(value)
    if is_withheld(row.id, call.user.id, project.withheld_percent) or (model := live_model(call.conn, project)) is None:
        return json_answer(value)
    if (outcome := hindrance(call.conn, model)) is not None:
        return json_answer(value | suggestion_words(outcome))

    def ask() -> Answer:
        outcome = ask_now(call.db, call.settings, model.id, [row.id])
        shown = call.db.read(lambda conn: _shown(conn, project, row.id))
        return json_answer(value | suggestion_words(outcome) | {"predictions": shown, "total_predictions": len(shown)})

    return Answer(later=ask)


def suggestion_words(outcome: Outcome) -> wire.Wire:
    """What an answer says about a suggestion that is not there."""
    if outcome is None:
        return {}
    if isinstance(outcome, Unavailable):
        return {"suggestion": "unavailable", "suggestion_reason": outcome.reason}
    return {"suggestion": "pending"}


def _suggestion(call: Call, project: Record, task: Record) -> wire.Wire:
    """`predictions`: those of the version that people are shown; and `suggestion` where there is something to say about them."""
    shown = _shown(call.conn, project, task.id) if task.prediction_count else []
    if shown and is_withheld(task.id, call.user.id, project.withheld_percent):
        return {"predictions": [], "suggestion": "withheld"}
    return {"predictions": shown}


def _shown(conn: Connection, project: Record, task_id: int) -> list[wire.Wire]:
    version = shown_version(conn, project)
    rows = answers.predictions_of(conn, [task_id])[task_id] if version is not None else []
    return [wire.prediction(row) for row in rows if (row.model_version or "") == version]


@route("DELETE", "/api/projects/{project_id:int}/leases", allow=project_for_members)
def release(call: Call, project: Record) -> Answer:
    """Give back tasks of `task_ids` that the caller holds and does not answer now (ours: what was fetched ahead)."""
    ids = call.body.fields.get("task_ids")
    if not isinstance(ids, list) or not all(isinstance(i, int) and not isinstance(i, bool) and 0 < i < 2**63 for i in ids):
        raise Invalid.field("task_ids", "A list of task ids is expected.")
    mine = [task_locks.c.project_id == project.id, task_locks.c.user_id == call.user.id, task_locks.c.task_id.in_(ids[:1000])]
    call.conn.execute(sa.delete(task_locks).where(*mine))
    return nothing()


@route("GET", "/api/projects/{project_id:int}/label-stream-history", allow=project_for_members)
def history(call: Call, project: Record) -> Answer:
    """The caller's latest tasks in this project, oldest first: answered ones, then those they hold."""
    here = annotation_table.c.project_id == project.id
    answered = sa.select(
        annotation_table.c.task_id, annotation_table.c.id.label("annotation_id"), annotation_table.c.created_at.label("at")
    )
    held = sa.select(task_locks.c.task_id, sa.null(), task_locks.c.created_at)
    undone = sa.select(annotation_versions.c.task_id, sa.null(), annotation_versions.c.created_at)
    visits = sa.union_all(
        answered.where(here, annotation_table.c.annotator_id == call.user.id),
        held.where(task_locks.c.project_id == project.id, task_locks.c.user_id == call.user.id),
        undone.where(
            annotation_versions.c.project_id == project.id,
            annotation_versions.c.user_id == call.user.id,
            annotation_versions.c.action == "deleted",
        ),
    ).subquery()
    newest = (
        sa.select(
            visits.c.task_id, sa.func.max(visits.c.annotation_id).label("annotation_id"), sa.func.max(visits.c.at).label("at")
        )
        .join(tasks, tasks.c.id == visits.c.task_id)
        .group_by(visits.c.task_id)
        .order_by(sa.desc("at"), visits.c.task_id.desc())
        .limit(call.settings.stream_history_limit)
    )
    rows = call.conn.execute(newest).all()
    return json_answer([{"taskId": row.task_id, "annotationId": row.annotation_id} for row in reversed(rows)])


routes: list[Route[Any]] = [next_for_me, release, history]
