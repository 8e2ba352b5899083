"""Tasks: one by one and a project's plain list. The data manager's list is in `data_manager.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from labelwright.domain.suggestion import is_withheld
from labelwright.formats.rows import Bad
from labelwright.formats.task_items import read_item
from labelwright.server import wire
from labelwright.server.access import Record, find_project, find_task, project_for_members, signed_in, task_for_members
from labelwright.server.actions.change_tasks import delete_all_tasks, delete_tasks, update_task
from labelwright.server.actions.import_tasks import check_row, import_tasks, prepare
from labelwright.server.api import fields as f
from labelwright.server.api.label_stream import suggestion_words
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.tasks import NewTask, Task, TaskChange
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import answers
from labelwright.server.db.queries import tasks as queries
from labelwright.server.db.queries.ml_backends import backends_of
from labelwright.server.db.queries.projects import project_row
from labelwright.server.errors import Invalid, NotFound
from labelwright.server.ml_backends.ask_now import Outcome, ask_now, hindrance, live_model

PAGE_SIZE = 50


def whole_tasks(call: Call, rows: Sequence[Record]) -> list[wire.Wire]:
    """Plain tasks with their annotations and predictions."""
    ids = [row.id for row in rows]
    annotations = answers.annotations_of(call.conn, ids)
    predictions = answers.predictions_of(call.conn, ids)
    return [
        wire.task(row)
        | {
            "annotations": [wire.annotation(a) for a in annotations[row.id]],
            "predictions": [wire.prediction(p) for p in predictions[row.id]],
        }
        for row in rows
    ]


@route(
    "GET",
    "/api/projects/{project_id:int}/tasks",
    allow=project_for_members,
    query={"page": "from 1", "page_size": "-1 = all"},
    answer=list[Task],
)
def list_project_tasks(call: Call, project: Record) -> Answer:
    """A project's tasks with annotations and predictions, latest change first. 404 past the end."""
    size, page = call.integer("page_size"), call.integer("page")
    if page is None and call.text("start"):
        size = call.integer("length", PAGE_SIZE) or PAGE_SIZE
        page = (call.integer("start", 0) or 0) // max(1, size) + 1
    limit = project.task_count if size == -1 else max(1, size or PAGE_SIZE)
    page = 1 if page is None else page
    if page < 1 or (page - 1) * limit >= project.task_count:
        raise NotFound("Not found.")
    rows = queries.recent_tasks(call.conn, project.id, limit=limit, offset=(page - 1) * limit)
    include = call.texts("include")
    return json_answer([wire.select_fields(task, include) for task in whole_tasks(call, rows)])


@route("POST", "/api/projects/{project_id:int}/tasks", allow=project_for_members, body=NewTask, answer=Task)
def create_project_task(call: Call, project: Record) -> Answer:
    """Add one task to the project."""
    return _create(call, project)


@route("DELETE", "/api/projects/{project_id:int}/tasks", allow=project_for_members)
def delete_project_tasks(call: Call, project: Record) -> Answer:
    """Delete all tasks of the project with everything said about them."""
    delete_all_tasks(call.conn, project.id)
    return nothing()


@route("POST", "/api/tasks", allow=signed_in, body=NewTask, answer=Task)
def create_task(call: Call, _: User) -> Answer:
    """Add one task to the project named in the body."""
    project_id = f.integer(call.body.fields, "project", None)
    if project_id is None:
        raise Invalid.field("project", "This field is required.")
    return _create(call, find_project(call, call.conn, project_id))


def _create(call: Call, project: Record) -> Answer:
    fields = call.body.fields
    if "data" not in fields:
        raise Invalid.field("data", "This field is required.")
    if fields["data"] is None:
        raise Invalid.field("data", "This field may not be null.")
    item = {
        name: fields[name]
        for name in ("data", "meta", "annotations", "predictions", "allow_skip")
        if fields.get(name) is not None
    }
    row = read_item(item, 0)
    reason = row.reason if isinstance(row, Bad) else check_row(project, row)
    if reason is not None:
        raise Invalid.general(reason)
    queries.lock_growth(call.conn, project.id)
    ids = import_tasks(call.conn, project, call.user, prepare(call.conn, project, call.user, [row])).task_ids
    return json_answer(wire.task(queries.task_row(call.conn, ids[0])), status=201)


@route("GET", "/api/tasks/{task_id:int}", allow=task_for_members, answer=Task)
def read_task(call: Call, row: Record) -> Answer:
    """A task with its annotations (their authors as objects), predictions and the caller's drafts.

    A task without predictions has the model asked that people are shown, for a moment.
    """
    model = None if row.prediction_count else _model_to_ask(call.conn, row)
    if model is None:
        return json_answer(_whole(call, row))
    if (outcome := hindrance(call.conn, model)) is not None:
        return json_answer(_whole(call, row, outcome))

    def ask() -> Answer:
        outcome = ask_now(call.db, call.settings, model.id, [row.id])

        def again(conn: Connection) -> Answer:
            call.conn = conn
            return json_answer(_whole(call, find_task(call, conn, row.id), outcome))

        return call.db.read(again)

    return Answer(later=ask)


def _model_to_ask(conn: Connection, row: Record) -> Record | None:
    """The model that is asked when the task is opened; costs nothing where the project shows no model's predictions."""
    if not (row.evaluate_predictions_automatically or (row.show_collab_predictions and row.project_model_version)):
        return None
    project = project_row(conn, row.project_id)
    if project is None:
        return None
    chosen = live_model(conn, project)
    if chosen is None and row.evaluate_predictions_automatically:
        return next(iter(backends_of(conn, project.id)), None)
    return chosen


def _whole(call: Call, row: Record, outcome: Outcome = None) -> wire.Wire:
    annotations = answers.annotations_of(call.conn, [row.id])[row.id]
    predictions = answers.predictions_of(call.conn, [row.id])[row.id]
    begun = answers.drafts_of(call.conn, [row.id])[row.id]
    drafts = [draft for draft in begun if draft.user_id == call.user.id]
    scores = [p.score for p in predictions if p.score is not None and p.model_version == row.project_model_version]
    times = [a.lead_time_s for a in annotations if a.lead_time_s is not None]
    value = wire.task(row) | {
        "predictions": [wire.prediction(p) for p in predictions],
        "annotations": [wire.annotation(a, annotator=wire.annotator(a)) for a in annotations],
        "drafts": [wire.draft(d) for d in drafts],
        "annotators": sorted({a.annotator_id for a in annotations if a.annotator_id is not None}),
        "completed_at": row.completed_at,
        "annotations_results": "",
        "predictions_results": "",
        "predictions_score": sum(scores) / len(scores) if scores else None,
        "file_upload": _file_name(call, row),
        "storage_filename": None,
        "annotations_ids": ",".join(str(a.id) for a in annotations),
        "predictions_model_versions": ",".join(dict.fromkeys(p.model_version or "" for p in predictions)),
        "avg_lead_time": sum(times) / len(times) if times else None,
        "draft_exists": bool(begun),
        "updated_by": [{"user_id": row.updated_by_id}] if row.updated_by_id else [],
    }
    if not predictions:
        value |= suggestion_words(outcome)
    elif call.credentials.by_cookie and _is_withheld(row, annotations, call.user.id):
        value |= {"predictions": [], "suggestion": "withheld"}
    return wire.select_fields(value, call.texts("include"))


def _is_withheld(row: Record, annotations: Sequence[Record], user_id: int) -> bool:
    """Whether this person, who may open the task to label it, is to do so without its suggestion. Scripts see it anyway."""
    is_open = not row.is_labeled and all(a.annotator_id != user_id for a in annotations)
    return is_open and is_withheld(row.id, user_id, row.withheld_percent)


def _file_name(call: Call, row: Record) -> str | None:
    if row.file_upload_id is None:
        return None
    return queries.file_names(call.conn, [row.file_upload_id]).get(row.file_upload_id)


def _update(call: Call, row: Record) -> Answer:
    """Change a task's data, meta or overlap; other fields are ignored."""
    fields = call.body.fields
    project = find_project(call, call.conn, row.project_id)
    update_task(
        call.conn,
        row,
        project,
        call.user,
        data=fields.get("data"),
        meta=fields.get("meta", f.MISSING),
        overlap=f.integer(fields, "overlap", None),
    )
    return json_answer(whole_tasks(call, [find_task(call, call.conn, row.id)])[0])


update = route("PATCH", "/api/tasks/{task_id:int}", allow=task_for_members, body=TaskChange, answer=Task)(_update)
replace = route("PUT", "/api/tasks/{task_id:int}", allow=task_for_members, body=TaskChange, answer=Task)(_update)


@route("DELETE", "/api/tasks/{task_id:int}", allow=task_for_members)
def delete(call: Call, row: Record) -> Answer:
    """Delete a task with everything said about it."""
    delete_tasks(call.conn, row.project_id, [row.id])
    return nothing()


routes: list[Route[Any]] = [
    list_project_tasks,
    create_project_task,
    delete_project_tasks,
    create_task,
    read_task,
    update,
    replace,
    delete,
]
