"""Saved views of a project's table."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from labelwright.domain.jsontext import JSONText
from labelwright.server.access import Record, find_project, signed_in, view_for_members
from labelwright.server.api import fields as f
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.tasks import NewView, View, ViewChange
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries.filters import BadFilter, UnknownColumn, column_name, compile_query
from labelwright.server.db.tables import projects, views
from labelwright.server.errors import Invalid, NotFound

ALLOWED_DUNDER = {"updated_by__active_organization"}
DUNDER = (
    '"__" is not generally allowed in filters. Consider asking your administrator to add "{name}" to '
    "DATA_MANAGER_FILTER_ALLOWLIST, but note that some filter expressions may pose a security risk"
)


def _wire(row: Any) -> dict[str, Any]:
    data = JSONText(row.data).load()
    if row.selected_items:
        data["selectedItems"] = JSONText(row.selected_items).load()
    return {"id": row.id, "data": data, "order": row.position, "user": row.user_id, "project": row.project_id}


@route("GET", "/api/dm/views", allow=signed_in, query={"project": "project id"}, answer=list[View])
def list_views(call: Call, user: User) -> Answer:
    """A project's saved views, in their order."""
    query = (
        sa.select(views)
        .join(projects, projects.c.id == views.c.project_id)
        .where(projects.c.organization_id == user.organization_id, projects.c.deleted_at.is_(None))
    )
    if (project_id := call.integer("project")) is not None:
        query = query.where(views.c.project_id == project_id)
    return json_answer([_wire(row) for row in call.conn.execute(query.order_by(views.c.position, views.c.id))])


@route("POST", "/api/dm/views", allow=signed_in, body=NewView, answer=View)
def create(call: Call, user: User) -> Answer:
    """Save a view. Filters that mean nothing are refused here, not when the view is opened."""
    fields = call.body.fields
    project = find_project(call, call.conn, _project_id(call))
    data, selected = _data(call, fields)
    row = call.conn.execute(
        sa.insert(views)
        .values(project_id=project.id, user_id=user.id, data=JSONText.of(data), selected_items=selected)
        .returning(views)
    ).one()
    return json_answer(_wire(row), status=201)


def _project_id(call: Call) -> int:
    project_id = call.integer("project") or f.integer(call.body.fields, "project", None)
    if project_id is None:
        raise Invalid.field("project", "This field is required.")
    return project_id


@route("GET", "/api/dm/views/{view_id:int}", allow=view_for_members, answer=View)
def read(call: Call, row: Record) -> Answer:
    """One saved view."""
    return json_answer(_wire(row))


def _update(call: Call, row: Record) -> Answer:
    """Change a view: its filters, ordering and selection where named; the rest of `data` is replaced."""
    fields = call.body.fields
    before = JSONText(row.data).load()
    if isinstance(fields.get("data"), dict):
        data, selected = _data(call, fields)
        kept = {name: before[name] for name in ("filters", "ordering") if name in before and name not in data}
        values: dict[str, Any] = {"data": JSONText.of(data | kept)}
        if "selectedItems" in fields["data"]:
            values["selected_items"] = selected
        call.conn.execute(sa.update(views).where(views.c.id == row.id).values(values))
    fresh = call.conn.execute(sa.select(views).where(views.c.id == row.id)).first()
    if fresh is None:
        raise NotFound("View")
    return json_answer(_wire(fresh))


update = route("PATCH", "/api/dm/views/{view_id:int}", allow=view_for_members, body=ViewChange, answer=View)(_update)
replace = route("PUT", "/api/dm/views/{view_id:int}", allow=view_for_members, body=ViewChange, answer=View)(_update)


@route("DELETE", "/api/dm/views/{view_id:int}", allow=view_for_members)
def delete(call: Call, row: Record) -> Answer:
    """Delete a view. Its tasks stay."""
    call.conn.execute(sa.delete(views).where(views.c.id == row.id))
    return nothing()


@route("DELETE", "/api/dm/views/reset", allow=signed_in)
def reset(call: Call, user: User) -> Answer:
    """Delete all views of a project."""
    project = find_project(call, call.conn, _project_id(call))
    call.conn.execute(sa.delete(views).where(views.c.project_id == project.id))
    return nothing()


@route("POST", "/api/dm/views/order", allow=signed_in, status=200)
def reorder(call: Call, user: User) -> Answer:
    """Put views in the order of `ids`."""
    project = find_project(call, call.conn, _project_id(call))
    ids = call.body.fields.get("ids")
    if not isinstance(ids, list) or not all(isinstance(i, int) and not isinstance(i, bool) for i in ids):
        raise Invalid.field("ids", "A list of view ids is expected.")
    for place, view_id in sorted(enumerate(ids), key=lambda pair: pair[1]):
        call.conn.execute(sa.update(views).where(views.c.project_id == project.id, views.c.id == view_id).values(position=place))
    return Answer(status=200)


def _data(call: Call, fields: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """(the view's data without its selection, the selection as JSON text). Raises Invalid for filters that do not compile."""
    data = dict(fields.get("data") or {}) if isinstance(fields.get("data"), (dict, type(None))) else None
    if data is None:
        raise Invalid.field("data", "An object is expected.")
    selected = data.pop("selectedItems", None)
    filters = data.get("filters")
    items = filters.get("items") if isinstance(filters, dict) else None
    problems: list[dict[str, Any]] = []
    for item in items if isinstance(items, list) else []:
        name = column_name(item) if isinstance(item, dict) else ""
        if "__" in name and not name.startswith("data.") and name not in ALLOWED_DUNDER:
            problems.append({"column": [DUNDER.format(name=name.removeprefix("-"))]})
        elif isinstance(item, dict) and not str(item.get("filter", "")).startswith("filter:tasks:"):
            problems.append({"column": [f'Filter "{item.get("filter", "")}" should start with "filter:tasks:"']})
    if problems:
        raise Invalid(filter_group={"filters": problems})  # type: ignore[arg-type]
    try:
        compile_query(call.conn, {"filters": filters, "ordering": data.get("ordering"), "selectedItems": selected})
    except UnknownColumn:
        pass  # columns come and go with the data: such a view says so when it is opened
    except BadFilter as error:
        raise Invalid.field("filters", str(error)) from None
    return data, None if selected is None else JSONText.of(selected)


routes: list[Route[Any]] = [list_views, reset, reorder, create, read, update, replace, delete]
