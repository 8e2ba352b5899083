"""The files that people uploaded into a project."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from labelwright.server.access import Record, file_upload_for_members, project_for_members
from labelwright.server.actions.save_uploads import delete_uploads
from labelwright.server.api import fields as f
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.projects import FileUpload
from labelwright.server.db.tables import file_uploads


def _wire(row: Any) -> dict[str, Any]:
    return {"id": row.id, "file": row.key, "size": row.size}


def _mine(call: Call, project_id: int, ids: list[int] | None = None) -> Any:
    query = sa.select(file_uploads).where(file_uploads.c.project_id == project_id, file_uploads.c.user_id == call.user.id)
    if ids is not None:
        query = query.where(file_uploads.c.id.in_(ids))
    return query.order_by(file_uploads.c.id)


@route(
    "GET",
    "/api/projects/{project_id:int}/file-uploads",
    allow=project_for_members,
    query={"all": "all of the caller's", "ids": "[1,2]"},
    answer=list[FileUpload],
)
def list_uploads(call: Call, project: Record) -> Answer:
    """The caller's uploads in this project."""
    ids = call.integers("ids", "A list of ids is expected.") if call.text("ids") else None
    return json_answer([_wire(row) for row in call.conn.execute(_mine(call, project.id, ids))])


@route("DELETE", "/api/projects/{project_id:int}/file-uploads", allow=project_for_members, mode="work", status=200)
def delete_many(call: Call, project: Record) -> Answer:
    """Delete the caller's uploads: those in `file_upload_ids`, or all."""
    ids = f.integers(call.body.fields, "file_upload_ids", None)
    rows = call.db.read(lambda conn: conn.execute(_mine(call, project.id, ids)).all())
    return json_answer({"deleted": delete_uploads(call.db, call.settings.upload_dir, list(rows))})


@route("GET", "/api/import/file-upload/{file_upload_id:int}", allow=file_upload_for_members, answer=FileUpload)
def read(call: Call, row: Record) -> Answer:
    """One upload."""
    return json_answer(_wire(row))


def _rename(call: Call, row: Record) -> Answer:
    """An upload's file never changes; the body is ignored."""
    f.text(call.body.fields, "file", None, null=True)
    return json_answer(_wire(row))


update = route("PATCH", "/api/import/file-upload/{file_upload_id:int}", allow=file_upload_for_members)(_rename)


@route("DELETE", "/api/import/file-upload/{file_upload_id:int}", allow=file_upload_for_members, mode="work")
def delete(call: Call, row: Record) -> Answer:
    """Delete an upload and its file."""
    delete_uploads(call.db, call.settings.upload_dir, [row])
    return nothing()


routes: list[Route[Any]] = [list_uploads, delete_many, read, update, delete]
