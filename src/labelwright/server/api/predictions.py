"""Predictions: what models say about tasks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from labelwright.server import wire
from labelwright.server.access import Record, find_project, find_task, prediction_for_members, project_for_members, signed_in
from labelwright.server.actions import save_predictions
from labelwright.server.api import fields as f
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.tasks import Created, NewPrediction, Prediction, PredictionChange
from labelwright.server.auth.credentials import User
from labelwright.server.db.tables import predictions, projects
from labelwright.server.errors import Invalid, NotFound


@route("GET", "/api/predictions", allow=signed_in, query={"task": "task id", "project": "project id"}, answer=list[Prediction])
def list_predictions(call: Call, user: User) -> Answer:
    """Predictions of a task or a project."""
    query = (
        sa.select(predictions)
        .join(projects, projects.c.id == predictions.c.project_id)
        .where(projects.c.organization_id == user.organization_id, projects.c.deleted_at.is_(None))
        .order_by(predictions.c.id)
    )
    if (task_id := call.integer("task")) is not None:
        query = query.where(predictions.c.task_id == task_id)
    if (project_id := call.integer("project") or call.integer("task__project")) is not None:
        query = query.where(predictions.c.project_id == project_id)
    return json_answer([wire.prediction(row) for row in call.conn.execute(query)])


@route("POST", "/api/predictions", allow=signed_in, body=NewPrediction, answer=Prediction)
def create(call: Call, user: User) -> Answer:
    """Add a prediction to a task. A short result (`"Positive"`, `{"choices": […]}`) is spelled out by the label config."""
    fields = call.body.fields
    task_id = f.integer(fields, "task", None)
    if task_id is None:
        raise Invalid.field("task", "This field is required.")
    try:
        task = find_task(call, call.conn, task_id)
    except NotFound:
        raise Invalid.field("task", f'Invalid pk "{task_id}" - object does not exist.') from None
    project = find_project(call, call.conn, task.project_id)
    prediction_id = save_predictions.create(call.conn, project, task, user.id, save_predictions.read_prediction(project, fields))
    return json_answer(wire.prediction(_again(call, prediction_id)), status=201)


@route("GET", "/api/predictions/{prediction_id:int}", allow=prediction_for_members, answer=Prediction)
def read(call: Call, row: Record) -> Answer:
    """One prediction."""
    return json_answer(wire.prediction(row))


def _update(call: Call, row: Record) -> Answer:
    """Change a prediction: what the body names; the rest stays."""
    project = find_project(call, call.conn, row.project_id)
    save_predictions.update(call.conn, project, row, call.body.fields)
    return json_answer(wire.prediction(_again(call, row.id)))


update = route(
    "PATCH", "/api/predictions/{prediction_id:int}", allow=prediction_for_members, body=PredictionChange, answer=Prediction
)(_update)
replace = route(
    "PUT", "/api/predictions/{prediction_id:int}", allow=prediction_for_members, body=PredictionChange, answer=Prediction
)(_update)


@route("DELETE", "/api/predictions/{prediction_id:int}", allow=prediction_for_members)
def delete(call: Call, row: Record) -> Answer:
    """Delete a prediction."""
    save_predictions.delete(call.conn, row)
    return nothing()


@route(
    "POST",
    "/api/projects/{project_id:int}/import/predictions",
    allow=project_for_members,
    body=list[NewPrediction],
    answer=Created,
)
def import_predictions(call: Call, project: Record) -> Answer:
    """Add many predictions at once: all of them, or none with the reasons."""
    items = call.body.value
    if not isinstance(items, list):
        raise Invalid.general("A list of predictions is expected.")
    return json_answer({"created": save_predictions.create_many(call.conn, project, items)}, status=201)


def _again(call: Call, prediction_id: int) -> Any:
    row = call.conn.execute(sa.select(predictions).where(predictions.c.id == prediction_id)).first()
    if row is None:  # deleted at the same moment
        raise NotFound("Prediction")
    return row


routes: list[Route[Any]] = [list_predictions, create, read, update, replace, delete, import_predictions]
