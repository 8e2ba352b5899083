"""Labels that people add to a project without touching its config, and renaming a label in answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.server.access import Record, find_project, signed_in
from labelwright.server.actions.record_event import record_link_gone, record_links
from labelwright.server.actions.rename_label import rename_label
from labelwright.server.api import fields as f
from labelwright.server.api.paging import page_answer, page_number
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.labels import AnnotationsUpdated, Label, LabelChange, LabelPage, LabelRename, NewLabel
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import labels as queries
from labelwright.server.db.queries.labels import AddedLabel
from labelwright.server.errors import Invalid, NotFound
from labelwright.server.wire import raw

PAGE_SIZE = 100
LONGEST_TITLE, LONGEST_NAME = 600, 2048
MOST_AT_ONCE = 1000
REQUIRED = "This field is required."


def label_of_organization(call: Call, conn: Connection) -> Record:
    """The label named by `label_id`, if the caller's organization keeps it."""
    row = queries.label_row(conn, call.user.organization_id, call.params["label_id"])
    if row is None:
        raise NotFound("Label")
    return row


# ---------------------------------------------------------------- the list
@route("GET", "/api/labels", allow=signed_in, query={"page": "from 1"}, answer=LabelPage)
def list_labels(call: Call, user: User) -> Answer:
    """The organization's own labels, a hundred a page."""
    total = queries.count_labels_of(call.conn, user.organization_id)
    page = page_number(call, total, PAGE_SIZE)
    rows = queries.page_of_labels(call.conn, user.organization_id, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    return page_answer(call, _wire(call.conn, rows), total=total, page=page, size=PAGE_SIZE)


@route("POST", "/api/labels", allow=signed_in, body=list[NewLabel], answer=list[Label])
def create(call: Call, user: User) -> Answer:
    """Add labels, a list of them, to one project. A title that the organization has already is used again."""
    items = call.body.value
    if not isinstance(items, list) or not items:
        kind = "an empty list" if items == [] else f'type "{type(items).__name__}"'
        raise Invalid.general(f"Expected a list of items but got {kind}.")
    if len(items) > MOST_AT_ONCE:
        raise Invalid.general(f"At most {MOST_AT_ONCE} labels at once.")
    given, project_ids = _read_items(items)
    if len(set(project_ids)) > 1:
        raise Invalid.general("Creating labels for different projects in one request not allowed")
    project = find_project(call, call.conn, project_ids[0])
    rows, links = queries.add_labels(call.conn, user.organization_id, user.id, project.id, given)
    record_links(call.conn, project, links)
    values = _wire(call.conn, rows)
    for value, one in zip(values, given, strict=True):
        del value["links"]
        value |= {"project": project.id, "from_name": one.control}
    return json_answer(values, status=201)


def _read_items(items: list[Any]) -> tuple[list[AddedLabel], list[int]]:
    """Labels and their projects' ids. Raises Invalid with one entry per item, {} for good ones."""
    problems: list[dict[str, Any]] = []
    labels, project_ids = [], []
    for item in items:
        try:
            label, project_id = _read_item(item)
        except Invalid as error:
            problems.append(error.fields)
            continue
        problems.append({})
        labels.append(label)
        project_ids.append(project_id)
    if any(problems):
        raise Invalid.general(*problems)
    return labels, project_ids


def _read_item(item: Any) -> tuple[AddedLabel, int]:
    if not isinstance(item, dict):
        raise Invalid.general(f"Invalid data. Expected a dictionary, but got {type(item).__name__}.")
    missing = {name: [REQUIRED] for name in ("project", "from_name", "title", "value") if item.get(name) in (None, "")}
    if missing:
        raise Invalid(**missing)
    label = AddedLabel(
        title=f.text(item, "title", longest=LONGEST_TITLE),
        value=item["value"],
        description=f.text(item, "description", None, null=True),
        control=f.text(item, "from_name", longest=LONGEST_NAME),
    )
    return label, f.integer(item, "project", null=False)


# ---------------------------------------------------------------- one label
@route("GET", "/api/labels/{label_id:int}", allow=label_of_organization, answer=Label)
def read(call: Call, row: Record) -> Answer:
    """One label and the projects it is linked to."""
    (value,) = _wire(call.conn, [row])
    return json_answer(value)


def _update(call: Call, row: Record) -> Answer:
    """Change a label's title, value, description or approval: what the body names."""
    fields = call.body.fields
    values: dict[str, Any] = {}
    if "title" in fields:
        values["title"] = f.text(fields, "title", longest=LONGEST_TITLE)
        if not values["title"]:
            raise Invalid.field("title", "This field may not be blank.")
        if any(one.id != row.id for one in queries.titled(call.conn, row.organization_id, [values["title"]])):
            raise Invalid.general("The fields title, organization must make a unique set.")
    if "value" in fields:
        if fields["value"] is None:
            raise Invalid.field("value", "This field may not be null.")
        values["value"] = JSONText.of(fields["value"])
    if "description" in fields:
        values["description"] = f.text(fields, "description", null=True)
    if "approved" in fields:
        values["is_approved"] = f.boolean(fields, "approved")
        values["approved_by_id"] = call.user.id if values["is_approved"] else None
    (value,) = _wire(call.conn, [queries.update_label(call.conn, row.id, values)])
    return json_answer(value)


update = route("PATCH", "/api/labels/{label_id:int}", allow=label_of_organization, body=LabelChange, answer=Label)(_update)
replace = route("PUT", "/api/labels/{label_id:int}", allow=label_of_organization, body=LabelChange, answer=Label)(_update)


@route("DELETE", "/api/labels/{label_id:int}", allow=label_of_organization)
def delete(call: Call, row: Record) -> Answer:
    """Delete a label with its links. Answers that hold it stay as they are."""
    links = queries.links_of_labels(call.conn, [row.id])[row.id]
    queries.delete_label(call.conn, row.id)
    for link in links:
        record_link_gone(call.conn, find_project(call, call.conn, link.project_id), link.id)
    return nothing()


# ---------------------------------------------------------------- in answers
@route("POST", "/api/labels/bulk", allow=signed_in, status=200, body=LabelRename, answer=AnnotationsUpdated)
def rename(call: Call, user: User) -> Answer:
    """Rename a label in the answers of a project, or of all projects: regions whose value is `old_label` get `new_label`."""
    fields = call.body.fields
    missing = {name: [REQUIRED] for name in ("old_label", "new_label") if fields.get(name) is None}
    if missing:
        raise Invalid(**missing)
    project_id = f.integer(fields, "project", None)
    if project_id is not None:
        find_project(call, call.conn, project_id)
    old, new = fields["old_label"], fields["new_label"]
    return json_answer({"annotations_updated": rename_label(call.conn, user.organization_id, project_id, user.id, old, new)})


# ---------------------------------------------------------------- spelling
def _wire(conn: Connection, rows: Sequence[Record]) -> list[dict[str, Any]]:
    links = queries.links_of_labels(conn, [row.id for row in rows])
    return [
        {
            "id": row.id,
            "links": [link.id for link in links[row.id]],
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "value": raw(row.value),
            "title": row.title,
            "description": row.description,
            "approved": row.is_approved,
            "created_by": row.created_by_id,
            "approved_by": row.approved_by_id,
            "organization": row.organization_id,
            "projects": [link.project_id for link in links[row.id]],
        }
        for row in rows
    ]


routes: list[Route[Any]] = [list_labels, create, rename, read, update, replace, delete]
