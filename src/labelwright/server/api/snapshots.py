"""Export snapshots: the state of a project's answers kept as a file, to be downloaded in any format at any time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.formats.json_format import JSON
from labelwright.server.access import Record, find_project, project_for_members
from labelwright.server.actions import snapshots as actions
from labelwright.server.api import fields as f
from labelwright.server.api.errors import PlainError
from labelwright.server.api.exports import context_of, file_answer, find_format
from labelwright.server.api.media import send_file
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.exports import ConversionRequest, ConversionStarted, NewSnapshot, Snapshot
from labelwright.server.api.snapshot_options import OPTION_OBJECTS, read_filters, read_options, read_spelling
from labelwright.server.db.queries import projects as project_queries
from labelwright.server.db.queries import snapshots as queries
from labelwright.server.db.queries.filters import BadFilter
from labelwright.server.errors import Invalid, NotFound
from labelwright.server.storage import media
from labelwright.server.wire import raw
from labelwright.server.wire_projects import simple_user

LONGEST_TITLE = 2048
ALL = "/api/projects/{project_id:int}/exports"
ONE = f"{ALL}/{{export_id:int}}"


def snapshot_for_members(call: Call, conn: Connection) -> tuple[Record, Record]:
    """The project and its snapshot that the path names."""
    project = find_project(call, conn, call.params["project_id"])
    row = queries.snapshot_row(conn, project.id, call.params["export_id"])
    if row is None:
        raise NotFound("Export")
    return project, row


# ---------------------------------------------------------------- the list
@route("GET", ALL, allow=project_for_members, answer=list[Snapshot])
def list_snapshots(call: Call, project: Record) -> Answer:
    """The newest hundred snapshots of a project."""
    return json_answer(_wire(call.conn, queries.snapshots_of(call.conn, project.id)))


@route("POST", ALL, allow=project_for_members, mode="work", body=NewSnapshot, answer=Snapshot)
def create(call: Call, project: Record) -> Answer:
    """Keep the answers as they are now. Filters choose tasks and answers; without any, everything is kept."""
    fields = call.body.fields
    title = f.text(fields, "title", "", longest=LONGEST_TITLE)
    options = read_options(fields)
    filters, spelling = read_filters(options), read_spelling(options)
    try:
        chosen = call.db.read(
            lambda conn: queries.selection(conn, project.id, filters, whole_predictions=spelling.expands_predictions)
        )
    except BadFilter as error:
        raise Invalid.field("task_filter_options", f"view: {error}") from None
    context = context_of(
        call,
        project,
        JSON,
        expands_drafts=spelling.expands_drafts,
        expands_predictions=spelling.expands_predictions,
        expands_annotators=spelling.expands_annotators,
        interpolates_key_frames=spelling.interpolates_key_frames,
    )
    row = actions.make_snapshot(
        call.db, call.settings.upload_dir, project, call.user.id, chosen, context, title=title, options=options
    )
    (value,) = call.db.read(lambda conn: _wire(conn, [row]))
    return json_answer(value | dict.fromkeys(OPTION_OBJECTS), status=201)


# ---------------------------------------------------------------- one snapshot
@route("GET", ONE, allow=snapshot_for_members, answer=Snapshot)
def read(call: Call, found: tuple[Record, Record]) -> Answer:
    """A snapshot: when it was made, how many tasks it holds, which conversions there are."""
    (value,) = _wire(call.conn, [found[1]])
    return json_answer(value)


@route("DELETE", ONE, allow=snapshot_for_members, mode="work")
def delete(call: Call, found: tuple[Record, Record]) -> Answer:
    """Delete a snapshot, its file and its conversions."""
    actions.delete_snapshot(call.db, call.settings.upload_dir, found[1])
    return nothing()


@route(
    "GET",
    f"{ONE}/download",
    allow=snapshot_for_members,
    mode="work",
    query={"exportType": "format name (the snapshot's JSON as it is)", "raw": "CSV, TSV: leave formula-like strings as they are"},
)
def download(call: Call, found: tuple[Record, Record]) -> Answer:
    """The snapshot as a file: its JSON, a kept conversion, or converted on the way."""
    project, row = found
    root = call.settings.upload_dir
    if row.status != "completed":
        raise PlainError(404, "Export is not completed")
    written = find_format(call.text("exportType") or call.text("export_type") or JSON.name)
    name = _file_name(row, written.extension)
    if written.name == JSON.name:
        return _sent(call, actions.snapshot_file(root, row), row.key, JSON.content_type, name)
    is_plain = not call.flag("raw")
    kept = call.db.read(lambda conn: queries.find_conversion(conn, row.id, written.name)) if is_plain else None
    if kept is not None and (path := media.path_of(root, kept.key or "")) is not None:
        return _sent(call, path, kept.key, written.content_type, name)
    actions.snapshot_file(root, row)
    context = context_of(call, project, written, expands_annotators=_shows_annotators(row), raw=not is_plain)
    return file_answer(actions.convert(root, row, written, context), name, written)


def _sent(call: Call, path: Any, key: str, content_type: str, name: str) -> Answer:
    answer = send_file(call, path, content_type, key)
    answer.headers |= {"content-disposition": f'attachment; filename="{name}"', "filename": name}
    return answer


@route(
    "POST",
    f"{ONE}/convert",
    allow=snapshot_for_members,
    mode="work",
    status=200,
    body=ConversionRequest,
    answer=ConversionStarted,
)
def convert(call: Call, found: tuple[Record, Record]) -> Answer:
    """Convert a snapshot and keep the result for downloads."""
    project, row = found
    fields = call.body.fields
    name = f.text(fields, "export_type", None)
    if name is None:
        raise Invalid.field("export_type", "This field is required.")
    try:
        written = find_format(name)
    except Invalid:
        raise Invalid.field("export_type", f"{name} is not supported export format") from None
    with_media = f.boolean(fields, "download_resources", True)
    context = context_of(call, project, written, with_media=with_media, expands_annotators=_shows_annotators(row))
    conversion_id = actions.keep_conversion(call.db, call.settings.upload_dir, row, written, context)
    return json_answer({"export_type": name, "converted_format": conversion_id})


# ---------------------------------------------------------------- spelling
def _wire(conn: Connection, rows: Sequence[Record]) -> list[dict[str, Any]]:
    creators = project_queries.people(conn, [row.created_by_id for row in rows])
    conversions: dict[int, list[dict[str, Any]]] = {row.id: [] for row in rows}
    for one in queries.conversions_of(conn, list(conversions)):
        card = {"id": one.id, "status": one.status, "export_type": one.format, "traceback": one.traceback}
        conversions[one.export_id].append(card)
    return [
        {
            "title": row.title,
            "id": row.id,
            "created_by": simple_user(creators[row.created_by_id]) if row.created_by_id in creators else None,
            "created_at": row.created_at,
            "finished_at": row.finished_at,
            "status": row.status,
            "md5": row.md5,
            "counters": raw(row.counters),
            "converted_formats": conversions[row.id],
        }
        for row in rows
    ]


def _file_name(row: Record, extension: str) -> str:
    minute = row.created_at[:16].replace("T", "-").replace(":", "-")
    return f"project-{row.project_id}-at-{minute}-{row.md5[:8]}{extension}"


def _shows_annotators(row: Record) -> bool:
    return read_spelling(JSONText(row.options).load()).expands_annotators


routes: list[Route[Any]] = [list_snapshots, create, read, delete, download, convert]
