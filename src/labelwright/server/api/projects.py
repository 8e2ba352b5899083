"""Projects: list, create, read, change, delete, and what they know about their answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from labelwright.domain.strictjson import MAX_INT
from labelwright.labelconfig import essential_change, validate_config
from labelwright.server import wire, wire_ml_backends, wire_projects
from labelwright.server.access import Record, find_project, project_for_members, public, signed_in
from labelwright.server.actions import save_predictions, save_project
from labelwright.server.api import fields as f
from labelwright.server.api.errors import PlainError
from labelwright.server.api.project_fields import read_settings
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.projects import LabelConfig, Project, ProjectPage, ProjectSettings, ProjectSummary
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import projects as queries
from labelwright.server.db.queries.ml_backends import backends_of
from labelwright.server.db.queries.tasks import columns_of
from labelwright.server.errors import Invalid, NotFound

PAGE_SIZE, LARGEST_PAGE = 30, 100


@route(
    "GET",
    "/api/projects",
    allow=signed_in,
    query={"ids": "comma list", "title": "part of the title", "page_size": "at most 100"},
    answer=ProjectPage,
)
def list_projects(call: Call, user: User) -> Answer:
    """The organization's projects: pinned first, then newest."""
    return _page(call, user, full=True)


@route("GET", "/api/projects/counts", allow=signed_in)
def list_counts(call: Call, user: User) -> Answer:
    """Only the counters of the projects."""
    return _page(call, user, full=False)


def _page(call: Call, user: User, *, full: bool) -> Answer:
    size = min(max(1, call.integer("page_size", PAGE_SIZE) or PAGE_SIZE), LARGEST_PAGE)
    page = call.integer("page")
    page = 1 if page is None else page
    ids = call.integers("ids", "A comma list of project ids is expected.") if "ids" in call.query else None
    total, rows = queries.list_projects(
        call.conn,
        user.organization_id,
        ids=ids,
        title=call.text("title"),
        pinned={"pinned_only": True, "exclude_pinned": False}.get(call.text("filter")),
        order=call.text("ordering"),
        limit=size,
        offset=max(0, min((page - 1) * size, MAX_INT)),
    )
    if page < 1 or (page > 1 and not rows):
        raise NotFound("Invalid page.")
    if full:
        creators = queries.people(call.conn, [row.created_by_id for row in rows])
        queue = queries.queue_of(call.conn, [row.id for row in rows], user.id)
        values = [wire_projects.project(row, creators.get(row.created_by_id), queue=queue.get(row.id)) for row in rows]
    else:
        values = [wire_projects.counts(row) for row in rows]
    include = call.texts("include")
    return json_answer(
        {
            "count": total,
            "next": _page_url(call, page + 1) if page * size < total else None,
            "previous": _page_url(call, page - 1) if page > 1 else None,
            "results": [wire.select_fields(value, include) for value in values],
        }
    )


def _page_url(call: Call, page: int) -> str:
    parts = [(name, value) for name, values in call.query.items() for value in values if name != "page"]
    if page > 1:
        parts.append(("page", str(page)))
    return f"{call.base_url}{call.path}?{urlencode(parts)}".rstrip("?")


@route("POST", "/api/projects", allow=signed_in, body=ProjectSettings, answer=Project)
def create(call: Call, user: User) -> Answer:
    """Create a project. All fields are optional."""
    project_id = save_project.create_project(call.conn, user, read_settings(call.body))
    row = queries.project_row(call.conn, project_id)
    return json_answer(
        wire_projects.project(row, queries.people(call.conn, [user.id])[user.id], counted=False, queue=(0, 0)), status=201
    )


@route("GET", "/api/projects/{project_id:int}", allow=project_for_members, answer=Project)
def read(call: Call, project: Record) -> Answer:
    """One project with its counters."""
    return json_answer(wire.select_fields(_wire(call, project), call.texts("include")))


def _wire(call: Call, project: Record) -> wire.Wire:
    creator = queries.people(call.conn, [project.created_by_id]).get(project.created_by_id)
    queue = queries.queue_of(call.conn, [project.id], call.user.id).get(project.id)
    return wire_projects.project(project, creator, queue=queue)


def _update(call: Call, project: Record) -> Answer:
    """Change settings: what the body names; the rest stays."""
    save_project.update_project(call.conn, project, read_settings(call.body, current=project))
    return json_answer(_wire(call, find_project(call, call.conn, project.id)))


update = route("PATCH", "/api/projects/{project_id:int}", allow=project_for_members, body=ProjectSettings, answer=Project)(
    _update
)
replace = route("PUT", "/api/projects/{project_id:int}", allow=project_for_members, body=ProjectSettings, answer=Project)(_update)


@route("DELETE", "/api/projects/{project_id:int}", allow=project_for_members)
def delete(call: Call, project: Record) -> Answer:
    """Delete a project. It is gone at once; its rows are removed behind the answer."""
    save_project.delete_project(call.conn, project)
    call.after_commit.append(lambda: call.services.purge(project.id))
    return nothing()


@route("POST", "/api/projects/validate", allow=public, mode="read", body=LabelConfig)
def validate_any(call: Call, _: None) -> Answer:
    """Whether a label config is right: 204, or 400 with the first fault."""
    text = call.body.fields.get("label_config")
    if text is None:
        raise PlainError(400, {"label_config": ["This field is required."]})
    if text == "":
        raise PlainError(400, {"label_config": ["This field may not be blank."]})
    problems = validate_config(str(text))
    if problems:
        raise PlainError(400, {"label_config": [problems[0].message]})
    return nothing()


@route("POST", "/api/projects/{project_id:int}/validate", allow=project_for_members, mode="read", status=200, body=LabelConfig)
def validate(call: Call, project: Record) -> Answer:
    """Whether a label config fits this project's answers; strict: labels in use must stay."""
    text = f.text(call.body.fields, "label_config", None)
    if text is None:
        raise Invalid.field("label_config", "This field is required.")
    save_project.check_config(text)
    save_project.check_config_against_data(call.conn, project, text, strict=True)
    changed = essential_change(text, project.label_config) and project.task_count > 0
    return json_answer({"config_essential_data_has_changed": True if changed else None})


@route("GET", "/api/projects/{project_id:int}/summary", allow=project_for_members, answer=ProjectSummary)
def summary(call: Call, project: Record) -> Answer:
    """Which data columns and which answers the project holds."""
    return json_answer(_summary(call, project))


def _summary(call: Call, project: Record) -> wire.Wire:
    items, labels = queries.summary_of(call.conn, project.id)
    columns = columns_of(call.conn, project.id)
    return {
        "project": project.id,
        "created_at": project.created_at,
        "all_data_columns": columns,
        "common_data_columns": [name for name, count in columns.items() if count == project.task_count],
        "created_annotations": items,
        "created_labels": labels,
        "created_labels_drafts": queries.draft_labels(call.conn, project.id),
    }


@route("POST", "/api/projects/{project_id:int}/summary/reset", allow=project_for_members, status=200)
def reset_summary(call: Call, project: Record) -> Answer:
    """Count the summary anew; imported answers join it."""
    queries.include_all_in_summary(call.conn, project.id)
    return json_answer(None)


@route("GET", "/api/projects/{project_id:int}/model-versions", allow=project_for_members)
def list_model_versions(call: Call, project: Record) -> Answer:
    """Prediction versions with their numbers, newest first."""
    rows = queries.model_versions(call.conn, project.id)
    if limit := call.integer("limit"):
        rows = rows[:limit]
    if call.flag("extended"):
        static = [{"model_version": name, "count": count, "latest": at} for name, count, at in rows]
        models = backends_of(call.conn, project.id) if call.flag("include_live_models") else []
        return json_answer({"static": static, "live": [wire_ml_backends.ml_backend(row) for row in models]})
    counts = {name or "": count for name, count, _ in rows}
    if project.model_version:
        counts.setdefault(project.model_version, 0)
    return json_answer(counts)


@route("DELETE", "/api/projects/{project_id:int}/model-versions", allow=project_for_members, status=200)
def delete_model_version(call: Call, project: Record) -> Answer:
    """Delete all predictions of a version."""
    version = f.text(call.body.fields, "model_version", None)
    if version is None:
        raise Invalid.field("model_version", "This field is required.")
    return json_answer({"deleted_predictions": save_predictions.delete_version(call.conn, project.id, version)})


@route("GET", "/api/projects/{project_id:int}/annotators", allow=project_for_members)
def list_annotators(call: Call, project: Record) -> Answer:
    """People who have answered something here."""
    return json_answer([wire_projects.simple_user(row) for row in queries.annotators_of(call.conn, project.id)])


routes: list[Route[Any]] = [
    list_projects,
    list_counts,
    create,
    read,
    update,
    replace,
    delete,
    validate_any,
    validate,
    summary,
    reset_summary,
    list_model_versions,
    delete_model_version,
    list_annotators,
]
