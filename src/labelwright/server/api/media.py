"""Serving uploaded files: ranges, validators, and nothing that could act as a page of ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server.access import Record, find_project
from labelwright.server.api.routing import Answer, Call, Route, route
from labelwright.server.db.tables import file_uploads
from labelwright.server.errors import NotFound
from labelwright.server.storage import media

RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


def upload_for_members(call: Call, conn: Connection) -> Record:
    """The uploaded file that the path names, for members of its project's organization."""
    project_id, name = call.params["project_id"], call.params["name"]
    find_project(call, conn, project_id)
    key = f"upload/{project_id}/{name.lstrip('/')}"
    row = conn.execute(sa.select(file_uploads).where(file_uploads.c.key == key)).first()
    if row is None:
        raise NotFound("FileUpload")
    return row


@route("GET", "/data/upload/{project_id:int}/{name:str}", allow=upload_for_members, mode="work")
def read_upload(call: Call, row: Record) -> Answer:
    """An uploaded file, whole or a range of it."""
    path = media.path_of(call.settings.upload_dir, row.key)
    if path is None:
        raise NotFound("FileUpload")
    return send_file(call, path, row.content_type, row.key, immutable=True)


def send_file(call: Call, path: Path, content_type: str, tag: str, *, immutable: bool = False) -> Answer:
    """The file as an answer: 200, 206 for one range, 304 where the client's copy is right, 416 for a bad range."""
    size = path.stat().st_size
    etag = f'"{tag.rsplit("/", 1)[-1][:8]}-{size:x}-{int(path.stat().st_mtime):x}"'
    headers = {
        "accept-ranges": "bytes",
        "etag": etag,
        "cache-control": f"private, max-age={86_400 if immutable else 0}{', immutable' if immutable else ''}",
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox; default-src 'none'",
        "cross-origin-resource-policy": "same-origin",
    }
    if content_type in media.ACTIVE:
        headers["content-disposition"] = "attachment"
    if call.headers.get("if-none-match") == etag:
        return Answer(status=304, headers=headers, media_type=content_type)
    try:
        part = requested_range(call, size)
    except ValueError:
        return Answer(status=416, headers=headers | {"content-range": f"bytes */{size}"}, media_type=content_type)
    start, end = part or (0, size - 1)
    if part is not None:
        headers["content-range"] = f"bytes {start}-{end}/{size}"
    headers["content-length"] = str(end - start + 1)
    status = 206 if "content-range" in headers else 200
    if call.method == "HEAD":
        return Answer(status=status, headers=headers, media_type=content_type)
    return Answer(status=status, headers=headers, media_type=content_type, stream=media.read_range(path, start, end - start + 1))


def requested_range(call: Call, size: int) -> tuple[int, int] | None:
    """First and last byte of the one range that is asked for; None for the whole. Raises ValueError outside of `size` bytes."""
    match = RANGE.match(call.headers.get("range", ""))
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size - 1, int(last)) if first and last else size - 1
    if start > end or start >= size:
        raise ValueError(f"bytes {start}-{end} of {size}")
    return start, end


routes: list[Route[Any]] = [read_upload]
