"""Training of connected models: asking for it, what came of it, and showing it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection

from labelwright.server.access import Record, ml_backend_for_members, sees_organization
from labelwright.server.actions.start_training import start_training, use_version
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.models import TrainingRun
from labelwright.server.db.queries import training as queries
from labelwright.server.db.queries.projects import project_row
from labelwright.server.errors import NotFound
from labelwright.server.wire_jobs import training_run


def training_run_for_members(call: Call, conn: Connection) -> Record:
    """The run named by `training_run_id`, if the caller may see its project."""
    user, row = call.user, queries.run_row(conn, call.params["training_run_id"])
    project = None if row is None else project_row(conn, row.project_id)
    if row is None or project is None or not sees_organization(user, project.organization_id):
        raise NotFound("TrainingRun")
    return row


@route("POST", "/api/ml/{ml_backend_id:int}/train", allow=ml_backend_for_members, status=200)
def train(call: Call, row: Record) -> Answer:
    """Have the model train on what is labeled. While it does or waits for it, asking again changes nothing."""
    start_training(call.conn, row, call.user.id)
    return nothing(200)


@route("GET", "/api/ml/{ml_backend_id:int}/training-runs", allow=ml_backend_for_members, answer=list[TrainingRun])
def list_runs(call: Call, row: Record) -> Answer:
    """The model's last hundred trainings, newest first."""
    return json_answer([training_run(one) for one in queries.runs_of(call.conn, row.id)])


@route("POST", "/api/training-runs/{training_run_id:int}/use", allow=training_run_for_members, status=200, answer=TrainingRun)
def use(call: Call, row: Record) -> Answer:
    """Show people the version that came of a training, also where it is worse than the one before."""
    use_version(call.conn, row)
    return json_answer(training_run(queries.run_row(call.conn, row.id)))


routes: list[Route[Any]] = [train, list_runs, use]
