"""The models of a project on one page: settings, versions, connected models, their jobs; and asking them on demand."""

from __future__ import annotations

from typing import Any

from labelwright.server import wire_jobs, wire_ml_backends
from labelwright.server.access import Record, find_project, project_for_members
from labelwright.server.actions import save_project
from labelwright.server.actions.prelabel import connected_models, prelabel_all, prelabel_chosen
from labelwright.server.api import fields as f
from labelwright.server.api.data_manager import Asked
from labelwright.server.api.routing import Answer, Call, Route, json_answer, route
from labelwright.server.api.schemas.models import Job, PredictRequest, ProjectModels, ProjectModelSettings
from labelwright.server.db.queries import project_models as queries
from labelwright.server.db.queries import task_table
from labelwright.server.db.queries.jobs import job_row
from labelwright.server.db.queries.ml_backends import backends_of
from labelwright.server.db.queries.shown_version import shown_version
from labelwright.server.errors import Invalid

FLAGS = {
    "show_predictions": "show_collab_predictions",
    "prelabel_automatically": "prelabel_automatically",
    "goes_live_if_better": "goes_live_if_better",
}
"""Name here → column."""
NUMBERS = {"withheld_percent": 50, "train_every": 2**31 - 1, "train_at_least": 2**31 - 1}
"""Name → largest value."""


@route("GET", "/api/projects/{project_id:int}/models", allow=project_for_members, answer=ProjectModels)
def read(call: Call, project: Record) -> Answer:
    """Settings, versions, connected models as they were last known (none is asked), jobs and training runs."""
    return _page(call, project)


def _page(call: Call, project: Record) -> Answer:
    shown = shown_version(call.conn, project)
    counts = queries.predicted_by_model(call.conn, project.id)
    return json_answer(
        {
            **{name: getattr(project, column) for name, column in FLAGS.items()},
            **{name: getattr(project, name) for name in NUMBERS},
            "shown_version": project.model_version,
            "versions": [
                {
                    "version": row.model_version or "",
                    "count": row.count,
                    "ml_backend": row.ml_backend_id,
                    "is_shown": shown is not None and shown == row.model_version,
                }
                for row in queries.versions_of(call.conn, project.id)
            ],
            "backends": [_backend(row, counts.get(row.id, 0)) for row in backends_of(call.conn, project.id)],
            "jobs": [wire_jobs.job(row, call.services.job_titles) for row in queries.open_and_recent_jobs(call.conn, project.id)],
            "runs": [wire_jobs.training_run(row) for row in queries.recent_runs(call.conn, project.id)],
        }
    )


def _backend(row: Record, predicted: int) -> dict[str, Any]:
    return wire_ml_backends.ml_backend(row) | {
        "latency_ms": row.latency_ms,
        "checked_at": row.checked_at,
        "live_version": row.live_version,
        "predicted_count": predicted,
    }


@route(
    "PATCH",
    "/api/projects/{project_id:int}/models",
    allow=project_for_members,
    body=ProjectModelSettings,
    answer=ProjectModels,
)
def change(call: Call, project: Record) -> Answer:
    """Change what the body names. Switching pre-labeling on has the models asked about what they have not been asked."""
    fields = call.body.fields
    values: dict[str, Any] = {}
    for name, column in FLAGS.items():
        if name in fields:
            values[column] = f.boolean(fields, name)
    for name, largest in NUMBERS.items():
        if name in fields:
            values[name] = _within(f.integer(fields, name, null=False), name, largest)
    if "shown_version" in fields:
        values["model_version"] = f.text(fields, "shown_version", null=True)
    shows_again = values.get("show_collab_predictions") is True and not project.show_collab_predictions
    if shows_again and "model_version" not in values and not project.model_version:
        values["model_version"] = next((row.title for row in backends_of(call.conn, project.id)), "")
    if values:
        save_project.update_project(call.conn, project, values)
    if values.get("prelabel_automatically") and not project.prelabel_automatically:
        for backend_id in connected_models(call.conn, project.id):
            prelabel_all(call.conn, project.id, backend_id, user_id=call.user.id)
    return _page(call, find_project(call, call.conn, project.id))


def _within(number: Any, name: str, largest: int) -> int:
    if not isinstance(number, int) or not 0 <= number <= largest:
        raise Invalid.field(name, f"A whole number from 0 to {largest:,} is expected.")
    return number


@route("POST", "/api/projects/{project_id:int}/predict", allow=project_for_members, body=PredictRequest, answer=list[Job])
def predict(call: Call, project: Record) -> Answer:
    """Have the connected models asked about all tasks, a selection, or a view: the jobs that do it, one per model."""
    fields = call.body.fields
    again = bool(f.boolean(fields, "again", False))
    models = _asked_models(call, project, f.integer(fields, "ml_backend", None))
    query = Asked(call, project).query
    by, started = call.user.id, []
    chosen = None if query.is_plain else task_table.selected_ids(call.conn, project.id, query)
    for backend_id in models:
        if chosen is None:
            job_id = prelabel_all(call.conn, project.id, backend_id, user_id=by, again=again)
        else:
            job_id = prelabel_chosen(call.conn, project.id, backend_id, chosen, user_id=by, again=again)
        started.append(wire_jobs.job(job_row(call.conn, job_id), call.services.job_titles))
    return json_answer(started, status=201)


def _asked_models(call: Call, project: Record, backend_id: int | None) -> list[int]:
    """The model named, or all of the project. Raises Invalid where there is none."""
    models = list(connected_models(call.conn, project.id))
    if not models:
        raise Invalid.general("No model is connected to this project. Connect one in its settings.")
    if backend_id is not None and backend_id not in models:
        raise Invalid.field("ml_backend", "There is no such model in this project.")
    return models if backend_id is None else [backend_id]


routes: list[Route[Any]] = [read, change, predict]
