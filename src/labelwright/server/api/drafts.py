"""Drafts: answers in progress, each its author's own."""

from __future__ import annotations

from typing import Any

from labelwright.server import wire
from labelwright.server.access import Record, annotation_for_members, draft_for_its_author, find_task, task_for_members
from labelwright.server.actions import save_draft
from labelwright.server.api import fields as f
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.tasks import Draft, NewDraft
from labelwright.server.db.queries import answers
from labelwright.server.errors import Invalid, NotFound


@route("GET", "/api/tasks/{task_id:int}/drafts", allow=task_for_members, answer=list[Draft])
def list_drafts(call: Call, task: Record) -> Answer:
    """All drafts on the task."""
    rows = answers.drafts_of(call.conn, [task.id])[task.id]
    return json_answer([wire.draft(row) for row in rows])


@route("POST", "/api/tasks/{task_id:int}/drafts", allow=task_for_members, body=NewDraft, answer=Draft)
def create_draft(call: Call, task: Record) -> Answer:
    """Save a new draft."""
    return _create(call, task, None)


def _annotation_of_task(call: Call, conn: Any) -> Record:
    row = annotation_for_members(call, conn)
    if row.task_id != call.params["task_id"]:
        raise NotFound("Annotation")
    return row


@route("GET", "/api/tasks/{task_id:int}/annotations/{annotation_id:int}/drafts", allow=_annotation_of_task, answer=list[Draft])
def list_annotation_drafts(call: Call, annotation: Record) -> Answer:
    """The caller's drafts on one annotation."""
    rows = answers.drafts_of(call.conn, [annotation.task_id], call.user.id)[annotation.task_id]
    return json_answer([wire.draft(row) for row in rows if row.annotation_id == annotation.id])


@route(
    "POST",
    "/api/tasks/{task_id:int}/annotations/{annotation_id:int}/drafts",
    allow=_annotation_of_task,
    body=NewDraft,
    answer=Draft,
)
def create_annotation_draft(call: Call, annotation: Record) -> Answer:
    """Save a draft of changes to a submitted annotation."""
    return _create(call, find_task(call, call.conn, annotation.task_id), annotation.id)


def _create(call: Call, task: Record, annotation_id: int | None) -> Answer:
    fields = call.body.fields
    if "result" not in fields:
        raise Invalid.field("result", "This field is required.")
    draft_id = save_draft.create(
        call.conn,
        task,
        call.user.id,
        result=f.result_list(fields, default=[]) or [],
        lead_time_s=f.number(fields, "lead_time", None),
        is_postponed=f.boolean(fields, "was_postponed", False),
        annotation_id=annotation_id,
    )
    return json_answer(wire.draft(answers.draft_row(call.conn, draft_id)), status=201)


@route("GET", "/api/drafts/{draft_id:int}", allow=draft_for_its_author, answer=Draft)
def read_draft(call: Call, row: Record) -> Answer:
    """One of the caller's drafts."""
    return json_answer(wire.draft(answers.draft_row(call.conn, row.id)))


def _update(call: Call, row: Record) -> Answer:
    """Change a draft: what the body names; the rest stays."""
    fields = call.body.fields
    save_draft.update(
        call.conn,
        row,
        result=f.result_list(fields, default=None),
        lead_time_s=f.number(fields, "lead_time", None),
        is_postponed=f.boolean(fields, "was_postponed", None),
    )
    return json_answer(wire.draft(_again(call, row.id)))


def _again(call: Call, draft_id: int) -> Record:
    row = answers.draft_row(call.conn, draft_id)
    if row is None:  # submitted or thrown away at the same moment
        raise NotFound("AnnotationDraft")
    return row


update = route("PATCH", "/api/drafts/{draft_id:int}", allow=draft_for_its_author, body=NewDraft, answer=Draft)(_update)
replace = route("PUT", "/api/drafts/{draft_id:int}", allow=draft_for_its_author, body=NewDraft, answer=Draft)(_update)


@route("DELETE", "/api/drafts/{draft_id:int}", allow=draft_for_its_author)
def delete(call: Call, row: Record) -> Answer:
    """Throw a draft away."""
    answers.delete_draft(call.conn, row.id)
    return nothing()


routes: list[Route[Any]] = [
    list_drafts,
    create_draft,
    list_annotation_drafts,
    create_annotation_draft,
    read_draft,
    update,
    replace,
    delete,
]
