"""Exports: one file at once, and the formats there are. Snapshots have their own module."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from labelwright.formats import FORMATS, export_formats
from labelwright.formats.export import ExportContext, ExportFormat
from labelwright.labelconfig import first_data_key, parsed_label_config
from labelwright.server import clock
from labelwright.server.access import Record, project_for_members
from labelwright.server.api.routing import Answer, Call, Route, json_answer, route
from labelwright.server.api.schemas.exports import FormatCard
from labelwright.server.db.queries import exporting
from labelwright.server.db.queries.ids import among
from labelwright.server.db.tables import file_uploads, tasks
from labelwright.server.errors import Invalid
from labelwright.server.storage import media


@route("GET", "/api/projects/{project_id:int}/export/formats", allow=project_for_members, answer=list[FormatCard])
def list_formats(call: Call, project: Record) -> Answer:
    """Formats that suit this project's label config."""
    return json_answer(export_formats(parsed_label_config(project.label_config)))


@route(
    "GET",
    "/api/projects/{project_id:int}/export",
    allow=project_for_members,
    mode="work",
    query={
        "exportType": "format name (JSON)",
        "download_all_tasks": "also tasks without annotations",
        "ids[]": "only these tasks; may be repeated",
        "raw": "CSV, TSV: leave formula-like strings as they are",
    },
)
def export(call: Call, project: Record) -> Answer:
    """The project's answers as a file."""
    written = find_format(call.text("exportType") or call.text("export_type") or "JSON")
    where = [] if call.flag("download_all_tasks") else [exporting.with_answers()]
    ids = call.integers("ids[]", "Task ids are whole numbers.")
    if ids:
        where.append(among(call.db.engine, tasks.c.id, ids))
    chosen = exporting.Selection(tasks=tuple(where))
    context = context_of(
        call, project, written, interpolates_key_frames=call.flag("interpolate_key_frames"), raw=call.flag("raw")
    )
    stream = write_stream(call, project, written, context, chosen)
    return file_answer(stream, file_name(project.id, written), written)


def find_format(name: str) -> ExportFormat:
    """Raises Invalid naming the formats there are."""
    found = next((one for one in FORMATS if one.name == name), None)
    if found is None:
        raise Invalid.field(
            "exportType", f"{name} is not an export format here. There are: {', '.join(one.name for one in FORMATS)}."
        )
    return found


def context_of(call: Call, project: Record, written: ExportFormat, *, with_media: bool = True, **options: Any) -> ExportContext:
    """What a format is told besides the tasks. Media come along where the format holds them, unless somebody says no."""
    config = project.label_config
    with_media = with_media and call.flag("download_resources", True)
    return ExportContext(
        project_id=project.id,
        parsed_label_config=parsed_label_config(config),
        ago=clock.ago,
        users=call.db.read(lambda conn: exporting.user_cards(conn, project.organization_id)),
        first_data_key=first_data_key(config),
        open_media=_media_opener(call, project) if written.includes_media and with_media else None,
        **options,
    )


def _media_opener(call: Call, project: Record) -> Any:
    """Reads media that are this project's uploads; anything else stays an address in the file."""
    prefix = f"/data/upload/{project.id}/"

    def open_media(address: str) -> bytes | None:
        at = address.find(prefix)
        if at < 0:
            return None
        key = f"upload/{project.id}/{address[at + len(prefix) :]}"
        known = call.db.read(lambda conn: conn.execute(sa.select(file_uploads.c.id).where(file_uploads.c.key == key)).first())
        path = media.path_of(call.settings.upload_dir, key) if known else None
        return path.read_bytes() if path else None

    return open_media


def write_stream(
    call: Call, project: Record, written: ExportFormat, context: ExportContext, chosen: exporting.Selection
) -> Iterator[bytes]:
    """The file's bytes, from one snapshot of the database."""
    with call.db.snapshot() as conn:
        yield from written.write(exporting.answered_tasks(conn, project.id, chosen), context)


def file_name(project_id: int, written: ExportFormat) -> str:
    return f"project-{project_id}-at-{datetime.now(UTC):%Y-%m-%d-%H-%M}-{secrets.token_hex(4)}{written.extension}"


def file_answer(stream: Iterator[bytes], name: str, written: ExportFormat) -> Answer:
    headers = {"content-disposition": f'attachment; filename="{name}"', "filename": name}
    return Answer(stream=stream, media_type=written.content_type, headers=headers)


routes: list[Route[Any]] = [list_formats, export]
