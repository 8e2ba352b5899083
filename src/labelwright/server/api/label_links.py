"""Which of the organization's labels a project offers, and under which control."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from labelwright.server.access import Record, find_project, sees_organization, signed_in
from labelwright.server.actions.record_event import record_link_change, record_link_gone, record_links
from labelwright.server.api import fields as f
from labelwright.server.api.labels import LONGEST_NAME, PAGE_SIZE, REQUIRED
from labelwright.server.api.paging import page_answer, page_number
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.labels import LabelLink, LabelLinkChange, LabelLinkPage, NewLabelLink
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import labels as queries
from labelwright.server.errors import Invalid, NotFound


def link_for_members(call: Call, conn: Connection) -> Record:
    """The link named by `link_id`, if the caller's organization owns its project."""
    user = call.user
    row = queries.link_row(conn, call.params["link_id"])
    if row is None or not sees_organization(user, row.organization_id):
        raise NotFound("LabelLink")
    return row


@route(
    "GET",
    "/api/label_links",
    allow=signed_in,
    query={"project": "project id", "label__created_by": "user id", "page": "from 1"},
    answer=LabelLinkPage,
)
def list_links(call: Call, user: User) -> Answer:
    """Links with the number of annotations that hold the label, a hundred a page."""
    project_id, creator_id = call.integer("project"), call.integer("label__created_by")
    where = queries.links_where(user.organization_id, project_id=project_id, creator_id=creator_id)
    total = queries.count_links(call.conn, where)
    page = page_number(call, total, PAGE_SIZE)
    rows = queries.page_of_links(call.conn, where, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    return page_answer(call, _wire(call.conn, rows), total=total, page=page, size=PAGE_SIZE)


@route("POST", "/api/label_links", allow=signed_in, body=NewLabelLink, answer=LabelLink)
def create(call: Call, user: User) -> Answer:
    """Offer a label of the organization in a project."""
    fields = call.body.fields
    missing = {name: [REQUIRED] for name in ("project", "label", "from_name") if fields.get(name) in (None, "")}
    if missing:
        raise Invalid(**missing)
    control = f.text(fields, "from_name", longest=LONGEST_NAME)
    project = find_project(call, call.conn, f.integer(fields, "project", null=False))
    label_id = f.integer(fields, "label", null=False)
    if queries.label_row(call.conn, user.organization_id, label_id) is None:
        raise Invalid.field("label", f'Invalid pk "{label_id}" - object does not exist.')
    if any(link.project_id == project.id for link in queries.links_of_labels(call.conn, [label_id])[label_id]):
        raise Invalid.general("The fields project, label must make a unique set.")
    made = queries.link_row(call.conn, queries.add_link(call.conn, project.id, label_id, control))
    record_links(call.conn, project, [made.id] if made else [])
    return json_answer(_wire(call.conn, [made] if made else [])[0], status=201)


@route("GET", "/api/label_links/{link_id:int}", allow=link_for_members, answer=LabelLink)
def read(call: Call, row: Record) -> Answer:
    """One link."""
    return json_answer(_wire(call.conn, [row])[0])


def _update(call: Call, row: Record) -> Answer:
    """Offer the label under another control (`from_name`)."""
    fields = call.body.fields
    values: dict[str, Any] = {}
    if "from_name" in fields:
        values["control"] = f.text(fields, "from_name", longest=LONGEST_NAME)
        if not values["control"]:
            raise Invalid.field("from_name", "This field may not be blank.")
    queries.update_link(call.conn, row.id, values)
    changed = queries.link_row(call.conn, row.id)
    if changed is not None:
        record_link_change(call.conn, find_project(call, call.conn, row.project_id), changed)
    return json_answer(_wire(call.conn, [changed] if changed else [])[0])


update = route("PATCH", "/api/label_links/{link_id:int}", allow=link_for_members, body=LabelLinkChange, answer=LabelLink)(_update)
replace = route("PUT", "/api/label_links/{link_id:int}", allow=link_for_members, body=LabelLinkChange, answer=LabelLink)(_update)


@route("DELETE", "/api/label_links/{link_id:int}", allow=link_for_members)
def delete(call: Call, row: Record) -> Answer:
    """Stop offering the label in this project; it stays with the organization."""
    queries.delete_link(call.conn, row.id)
    record_link_gone(call.conn, find_project(call, call.conn, row.project_id), row.id)
    return nothing()


def _wire(conn: Connection, rows: Sequence[Record]) -> list[dict[str, Any]]:
    counts = queries.annotation_counts(conn, rows)
    return [
        {
            "id": row.id,
            "annotations_count": counts[row.id],
            "from_name": row.control,
            "project": row.project_id,
            "label": row.label_id,
        }
        for row in rows
    ]


routes: list[Route[Any]] = [list_links, create, read, update, replace, delete]
