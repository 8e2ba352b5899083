"""The built-in model of a project: "Suggest labels as I work"."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from labelwright.server.access import Record, find_project, project_for_members
from labelwright.server.actions import builtin_model as actions
from labelwright.server.actions.next_task import UNCERTAINTY
from labelwright.server.api import fields as f
from labelwright.server.api.routing import Answer, Call, Route, json_answer, route
from labelwright.server.api.schemas.builtin_model import BuiltinModel, BuiltinModelSettings
from labelwright.server.db.queries.builtin_models import builtin_row
from labelwright.server.db.tables import jobs
from labelwright.server.wire import raw


@route("GET", "/api/projects/{project_id:int}/builtin-model", allow=project_for_members, answer=BuiltinModel)
def read(call: Call, project: Record) -> Answer:
    """Whether it is on, what it has learned, and how good it is on labels it did not learn from."""
    return _state(call, project)


@route(
    "PUT",
    "/api/projects/{project_id:int}/builtin-model",
    allow=project_for_members,
    body=BuiltinModelSettings,
    answer=BuiltinModel,
)
def switch(call: Call, project: Record) -> Answer:
    """Switch it on or off, and the order of the queue with it."""
    is_on = f.boolean(call.body.fields, "is_on", None)
    if is_on is not None:
        actions.switch(call.conn, project, is_on, call.user.id)
    orders_queue = f.boolean(call.body.fields, "orders_queue", None)
    if orders_queue is not None:
        actions.order_queue(call.conn, project, orders_queue)
    return _state(call, find_project(call, call.conn, project.id))


@route("POST", "/api/projects/{project_id:int}/builtin-model/train", allow=project_for_members, answer=BuiltinModel)
def train(call: Call, project: Record) -> Answer:
    """Have it learn now."""
    actions.learn_now(call.conn, project, call.user.id)
    answer = _state(call, project)
    answer.status = 201
    return answer


def _state(call: Call, project: Record) -> Answer:
    row = builtin_row(call.conn, project.id)
    reason = actions.hindrance(project)
    newest = sa.select(jobs.c.id).where(jobs.c.project_id == project.id, jobs.c.kind == "learn").order_by(jobs.c.id.desc())
    is_on = row is not None and row.is_on
    return json_answer(
        {
            "is_on": is_on,
            "orders_queue": project.sampling == UNCERTAINTY,
            "can_learn": reason is None,
            "reason": reason,
            "version": row.version if row else 0,
            "trained_label_count": row.trained_label_count if row else 0,
            "label_count": project.answered_task_count,
            "needs": max(0, (row.learns_at if row else actions.FIRST_LABELS) - project.answered_task_count),
            "report": raw(row.report) if row and row.version else None,
            "message": row.message if row else "",
            "updated_at": row.updated_at if row else None,
            "job": call.conn.execute(newest.limit(1)).scalar(),
        }
    )


routes: list[Route[Any]] = [read, switch, train]
