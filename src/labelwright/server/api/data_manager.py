"""The data manager: pages of tasks by filters and orderings, its columns, and actions on many tasks."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import unquote

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.domain.strictjson import InvalidJSON, decode_json
from labelwright.labelconfig import data_types
from labelwright.server import wire, wire_projects
from labelwright.server.access import Record, find_project, find_view, signed_in
from labelwright.server.actions.bulk import BULK_ACTIONS, RETRIEVE, BulkAction, retrieved, run_action
from labelwright.server.actions.prelabel import connected_models, prelabel_chosen
from labelwright.server.api import wire_table
from labelwright.server.api.errors import PlainError
from labelwright.server.api.label_stream import handout
from labelwright.server.api.routing import Answer, Call, Route, Wait, json_answer, route
from labelwright.server.api.schemas.projects import Project
from labelwright.server.api.schemas.tasks import ActionRequest, TaskPage
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import answers, task_table
from labelwright.server.db.queries import projects as projects_queries
from labelwright.server.db.queries import tasks as task_queries
from labelwright.server.db.queries.filters import BadFilter, TaskQuery, compile_query
from labelwright.server.db.queries.jobs import jobs_by_id
from labelwright.server.db.queries.ml_backends import backends_of
from labelwright.server.db.tables import memberships
from labelwright.server.errors import Invalid, NotFound
from labelwright.server.ml_backends.ask_now import ask_now, hindrance, live_model

PAGE_SIZE, LARGEST_PAGE = 100, 10_000
MOST_ASKED = 50
"""Tasks of a page that a model is asked about at once while somebody waits for the page."""
LONGEST_RETRIEVE_S, LOOK_EVERY_S = 100.0, 0.05
COSTLY = {
    "completed_at",
    "predictions_score",
    "avg_lead_time",
    "draft_exists",
    "annotations_results",
    "predictions_results",
    "predictions_model_versions",
    "annotations_ids",
    "file_upload",
}
"""Columns that are computed from the answers; only where they are asked for."""


# ---------------------------------------------------------------- the table
@route(
    "GET",
    "/api/tasks",
    allow=signed_in,
    query={
        "project": "project id",
        "view": "view id",
        "page": "from 1",
        "page_size": "default 100",
        "fields": "all = with answers",
        "query": "JSON: filters, ordering, selectedItems",
    },
    answer=TaskPage,
)
def list_tasks(call: Call, user: User) -> Answer:
    """A page of tasks, by a view or by filters, ordering and selection of the request."""
    asked = Asked(call)
    answer, silent = _list(call, user, asked)
    if not asked.project.evaluate_predictions_automatically or not silent:
        return answer
    model = live_model(call.conn, asked.project) or next(iter(backends_of(call.conn, asked.project.id)), None)
    if model is None or hindrance(call.conn, model) is not None:
        return answer

    def ask() -> Answer:
        ask_now(call.db, call.settings, model.id, silent[:MOST_ASKED])

        def again(conn: Connection) -> Answer:
            call.conn = conn
            return _list(call, user, Asked(call))[0]

        return call.db.read(again)

    return Answer(later=ask)


def _list(call: Call, user: User, asked: Asked) -> tuple[Answer, list[int]]:
    """The page, and its tasks that have no predictions."""
    query = asked.query
    size = asked.integer("page_size", PAGE_SIZE)
    size = min(size if size > 0 else PAGE_SIZE, LARGEST_PAGE)
    page = asked.integer("page", 1)
    total, annotation_count, prediction_count = task_table.totals(call.conn, asked.project.id, query)
    if page < 1 or (page > 1 and (page - 1) * size >= total):
        raise NotFound("Invalid page.")
    rows = task_table.page(call.conn, asked.project.id, query, limit=size, offset=(page - 1) * size)
    is_whole = asked.text("fields") == "all"
    include = [part for text in asked.texts("include") for part in text.split(",") if part]
    if include and not set(include) - wire.PLAIN_KEYS:
        values = [wire.select_fields(wire.task(row), include) for row in rows]
    else:
        values = [
            wire.select_fields(value, include)
            for value in _values(call, user, rows, is_whole, query.columns | asked.shown, asked.project.model_version)
        ]
    body = {"total_annotations": annotation_count, "total_predictions": prediction_count, "total": total, "tasks": values}
    return json_answer(body), [row.id for row in rows if not row.prediction_count]


def _values(call: Call, user: User, rows: Any, is_whole: bool, columns: set[str], version: str | None) -> list[wire.Wire]:
    ids = [row.id for row in rows]
    names = (
        task_queries.file_names(call.conn, [row.file_upload_id for row in rows if row.file_upload_id])
        if is_whole or "file_upload" in columns
        else {}
    )
    if not is_whole and not columns & (COSTLY - {"file_upload"}):
        people = task_table.annotators(call.conn, ids)
        return [_brief(row, people.get(row.id, []), names) for row in rows]
    annotations = answers.annotations_of(call.conn, ids)
    predictions = answers.predictions_of(call.conn, ids)
    drafts = answers.drafts_of(call.conn, ids)
    values = [_brief(row, _annotators(annotations[row.id]), names) for row in rows]
    if is_whole:
        return [
            wire_table.with_answers(
                value,
                row,
                annotations[row.id],
                predictions[row.id],
                [d for d in drafts[row.id] if d.user_id == user.id],
                version,
            )
            for value, row in zip(values, rows, strict=True)
        ]
    shown = []
    for value, row in zip(values, rows, strict=True):
        extra = wire_table.computed(
            row, annotations[row.id], predictions[row.id], has_drafts=bool(drafts[row.id]), model_version=version
        )
        shown.append(value | {name: item for name, item in extra.items() if name in columns})
    return shown


def _brief(row: Record, people: list[int], file_names: dict[int, str]) -> wire.Wire:
    return wire_table.brief(row, annotators=people, file_name=file_names.get(row.file_upload_id))


def _annotators(annotations: list[Record]) -> list[int]:
    """Who has answered, in order of their first answer."""
    return list(dict.fromkeys(a.annotator_id for a in annotations if a.annotator_id is not None))


class Asked:
    """Which project and which tasks a data manager request names: in its query string, its body, or through a view.

    `project`: the one that the path names already; then a view must be of it.
    """

    def __init__(self, call: Call, project: Record | None = None) -> None:
        self._call = call
        self._body: dict[str, Any] = call.body.value if isinstance(call.body.value, dict) else {}
        view_id = self.integer("view", 0)
        project_id = self.integer("project", 0) if project is None else project.id
        view = find_view(call, call.conn, view_id) if view_id else None
        if view is not None and project is not None and view.project_id != project.id:
            raise NotFound("View")
        if view is None and not project_id:
            raise PlainError(404, {"detail": "Neither project nor view id specified"})
        self.project: Record = find_project(call, call.conn, view.project_id if view else project_id)
        self.shown: set[str] = set()
        """Computed columns that the view shows."""
        self.query = self._compile(view)

    def text(self, name: str) -> str:
        return self._call.text(name) or str(self._body.get(name) or "")

    def texts(self, name: str) -> list[str]:
        value = self._body.get(name)
        return self._call.texts(name) or ([str(value)] if value else [])

    def integer(self, name: str, default: int) -> int:
        text = self.text(name)
        try:
            number = int(text) if text else default
        except ValueError:
            raise Invalid.field(name, "A valid integer is required.") from None
        if abs(number) >= 2**63:
            raise Invalid.field(name, "This number is too large.")
        return number

    def _compile(self, view: Record | None) -> TaskQuery:
        given: dict[str, Any] = {}
        numbers: list[str] = []
        if view is not None:
            data = JSONText(view.data).load()
            given = {"filters": data.get("filters"), "ordering": data.get("ordering")}
            if isinstance(hidden := data.get("hiddenColumns"), dict):
                self.shown = COSTLY - {str(name).removeprefix("tasks:") for name in hidden.get("explore") or []}
            if view.selected_items:
                given["selectedItems"] = JSONText(view.selected_items).load()
            shown = data.get("columnsDisplayType") or {}
            numbers = (
                [name.removeprefix("tasks:") for name, kind in shown.items() if kind == "Number"]
                if isinstance(shown, dict)
                else []
            )
        else:
            given = self._from_request()
        try:
            return compile_query(self._call.conn, given, numbers)
        except BadFilter as error:
            raise Invalid.field("filters", str(error)) from None

    def _from_request(self) -> dict[str, Any]:
        given: dict[str, Any] = {
            name: self._body[name] for name in ("filters", "ordering", "selectedItems") if name in self._body
        }
        text = self._call.text("query") or self._body.get("query")
        if isinstance(text, dict):
            return given | text
        if isinstance(text, str) and text:
            try:
                value = decode_json(unquote(text) if text.startswith("%") else text)
            except InvalidJSON as error:
                raise Invalid.field("query", f"The query is not JSON: {error}") from None
            if isinstance(value, dict):
                given |= value
        return given


# ---------------------------------------------------------------- columns and project
@route("GET", "/api/dm/columns", allow=signed_in, query={"project": "project id"})
def list_columns(call: Call, user: User) -> Answer:
    """The columns a project's table can show."""
    project = find_project(call, call.conn, call.integer("project") or 0)
    members = call.conn.execute(
        sa.select(memberships.c.user_id).where(
            memberships.c.organization_id == user.organization_id, memberships.c.left_at.is_(None)
        )
    ).scalars()
    types = data_types(project.label_config)
    return json_answer({"columns": wire_table.columns(types, task_queries.columns_of(call.conn, project.id), sorted(members))})


@route("GET", "/api/dm/project", allow=signed_in, query={"project": "project id"}, answer=Project)
def read_project(call: Call, user: User) -> Answer:
    """The project with what its table needs."""
    project = find_project(call, call.conn, call.integer("project") or 0)
    creator = projects_queries.people(call.conn, [project.created_by_id]).get(project.created_by_id)
    queue = projects_queries.queue_of(call.conn, [project.id], user.id).get(project.id)
    value = wire_projects.project(project, creator, counted=False, queue=queue) | {
        "can_delete_tasks": True,
        "can_manage_annotations": True,
        "can_manage_tasks": True,
        "source_syncing": False,
        "target_syncing": False,
        "task_count": project.task_count,
        "annotation_count": project.annotation_count + project.skip_count,
    }
    return json_answer(value)


# ---------------------------------------------------------------- actions
@route("GET", "/api/dm/actions", allow=signed_in, query={"project": "project id"})
def list_actions(call: Call, user: User) -> Answer:
    """What can be done with a selection."""
    find_project(call, call.conn, call.integer("project") or 0)
    return json_answer([action.card for action in BULK_ACTIONS if action.card])


@route(
    "POST", "/api/dm/actions", allow=signed_in, status=200, query={"project": "project id", "id": "action"}, body=ActionRequest
)
def perform_action(call: Call, user: User) -> Answer:
    """Do something with all selected tasks; without a selection, with all tasks of the project (of the filters)."""
    name = call.text("id") or str(call.body.fields.get("id") or "")
    if not name:
        raise PlainError(422, {"detail": 'No action id "None", use ?id=<action-id>'})
    asked = Asked(call)
    if name == "next_task":
        fields = call.body.fields
        of_view = any(fields.get(part) for part in ("filters", "ordering", "selectedItems")) or bool(call.text("view"))
        condition = sa.and_(sa.true(), *asked.query.where) if of_view else None
        return handout(call, asked.project, exclude=[], only=condition, order=asked.query.order if of_view else ())
    action: BulkAction | None = next((one for one in BULK_ACTIONS if one.name == name), None)
    if action is None:
        raise Invalid.field("id", f"There is no action {name}. There are: {', '.join(one.name for one in BULK_ACTIONS)}.")
    ids = task_table.selected_ids(call.conn, asked.project.id, asked.query)
    if name == RETRIEVE:
        return _retrieve(call, asked.project, ids)
    return json_answer(run_action(call.conn, action, asked.project, user, ids, call.body.fields))


def _retrieve(call: Call, project: Record, ids: list[int]) -> Answer:
    """Have the connected models asked about the tasks, and wait for them: as long as they work, and not for ever."""
    backends = connected_models(call.conn, project.id)
    started = [prelabel_chosen(call.conn, project.id, one, ids, user_id=call.user.id) for one in backends]
    until = time.monotonic() + LONGEST_RETRIEVE_S

    def look() -> Answer:
        rows = call.db.read(lambda conn: jobs_by_id(conn, started))
        if any(row.state == "running" or (row.state == "queued" and not row.tries) for row in rows) and time.monotonic() < until:
            raise Wait(LOOK_EVERY_S)
        return json_answer(retrieved(len(ids), rows))

    return Answer(later=look) if started else json_answer(retrieved(len(ids), []))


routes: list[Route[Any]] = [list_tasks, list_columns, read_project, list_actions, perform_action]
