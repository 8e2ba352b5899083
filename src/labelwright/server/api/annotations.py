"""Annotations: submit, list, change, delete."""

from __future__ import annotations

from typing import Any

from labelwright.server import wire
from labelwright.server.access import Record, annotation_for_members, find_member, may_sign_for_others, task_for_members
from labelwright.server.actions.change_annotation import KEEP, convert_to_draft, delete_annotation, update_annotation
from labelwright.server.actions.submit_annotation import Submission, submit_annotation
from labelwright.server.api import fields as f
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.tasks import Annotation, Draft, NewAnnotation
from labelwright.server.db.queries import answers
from labelwright.server.errors import Invalid, NotFound


@route("GET", "/api/tasks/{task_id:int}/annotations", allow=task_for_members, answer=list[Annotation])
def list_annotations(call: Call, task: Record) -> Answer:
    """The task's annotations that are not skips, oldest first."""
    rows = answers.annotations_of(call.conn, [task.id], skipped=False)[task.id]
    return json_answer([wire.annotation(row) for row in rows])


@route("POST", "/api/tasks/{task_id:int}/annotations", allow=task_for_members, body=NewAnnotation, answer=Annotation)
def create_annotation(call: Call, task: Record) -> Answer:
    """Submit an annotation. A repeated `unique_id` answers 409 and names the stored annotation."""
    fields = call.body.fields
    annotator = _annotator(call, fields) or call.user.id
    given = Submission(
        result=f.result_list(fields, default=None),
        is_skipped=f.boolean(fields, "was_cancelled", False) or call.flag("was_cancelled"),
        is_ground_truth=f.boolean(fields, "ground_truth", False),
        lead_time_s=f.number(fields, "lead_time", None),
        draft_id=f.integer(fields, "draft_id", None),
        unique_id=_unique_id(fields),
        parent_prediction_id=f.integer(fields, "parent_prediction", None),
        parent_annotation_id=f.integer(fields, "parent_annotation", None),
    )
    row = submit_annotation(call.conn, task, annotator, call.user.id, given)
    return json_answer(wire.annotation(_Stored(row, call, annotator)), status=201)


@route("GET", "/api/annotations/{annotation_id:int}", allow=annotation_for_members, answer=Annotation)
def read_annotation(call: Call, row: Record) -> Answer:
    """One annotation."""
    return json_answer(wire.annotation(_again(call, row.id)))


def _update(call: Call, row: Record) -> Answer:
    """Change an annotation: what the body names; the rest stays."""
    fields = call.body.fields
    skipped = f.boolean(fields, "was_cancelled", KEEP)
    update_annotation(
        call.conn,
        row,
        call.user.id,
        result=f.result_list(fields, default=KEEP),
        is_skipped=call.flag("was_cancelled") if skipped is KEEP and "was_cancelled" in call.query else skipped,
        is_ground_truth=f.boolean(fields, "ground_truth", KEEP),
        lead_time_s=f.number(fields, "lead_time", KEEP),
        annotator_id=_annotator(call, fields) or KEEP,
    )
    return json_answer(wire.annotation(_again(call, row.id)))


update = route(
    "PATCH", "/api/annotations/{annotation_id:int}", allow=annotation_for_members, body=NewAnnotation, answer=Annotation
)(_update)
replace = route(
    "PUT", "/api/annotations/{annotation_id:int}", allow=annotation_for_members, body=NewAnnotation, answer=Annotation
)(_update)


@route("DELETE", "/api/annotations/{annotation_id:int}", allow=annotation_for_members)
def delete(call: Call, row: Record) -> Answer:
    """Delete an annotation. Its history keeps the last state."""
    delete_annotation(call.conn, row, call.user.id)
    return nothing()


@route("POST", "/api/annotations/{annotation_id:int}/convert-to-draft", allow=annotation_for_members, answer=Draft)
def to_draft(call: Call, row: Record) -> Answer:
    """Take an annotation back: it becomes its author's draft."""
    draft_id = convert_to_draft(call.conn, row, call.user.id)
    return json_answer(wire.draft(answers.draft_row(call.conn, draft_id)), status=201)


def _again(call: Call, annotation_id: int) -> Record:
    row = answers.annotation_row(call.conn, annotation_id)
    if row is None:
        raise NotFound("Annotation")
    return row


def _annotator(call: Call, fields: dict[str, Any]) -> int | None:
    """Whom the body names as the annotator, if the caller may sign for others."""
    given = fields.get("completed_by")
    user_id = given.get("id") if isinstance(given, dict) else f.integer(fields, "completed_by", None)
    if user_id is None or user_id == call.user.id or not may_sign_for_others(call.user):
        return None
    if not isinstance(user_id, int) or find_member(call.conn, call.user.organization_id, user_id) is None:
        raise Invalid.field("completed_by", f'Invalid pk "{user_id}" - object does not exist.')
    return user_id


def _unique_id(fields: dict[str, Any]) -> str | None:
    return f.text(fields, "unique_id", None, null=True, longest=64) or None


class _Stored:
    """A just inserted annotation as the row that a query would give."""

    def __init__(self, values: dict[str, Any], call: Call, annotator_id: int) -> None:
        self.__dict__.update(_UNSET, **values)
        self.annotator_id = annotator_id
        person = call.user if annotator_id == call.user.id else find_member(call.conn, call.user.organization_id, annotator_id)
        self.annotator_email = person.email if person else ""
        self.annotator_first_name = person.first_name if person else ""
        self.annotator_last_name = person.last_name if person else ""


_UNSET = {"import_id": None, "last_action": None, "is_bulk_created": False, "last_created_by_id": None}

routes: list[Route[Any]] = [list_annotations, create_annotation, read_annotation, update, replace, delete, to_draft]
