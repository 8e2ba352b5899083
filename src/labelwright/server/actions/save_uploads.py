"""Keep uploaded files: the bytes are safe on disk before the row says so."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from msgspec import Struct

from labelwright.server import clock
from labelwright.server.db.engine import Database
from labelwright.server.db.tables import file_uploads
from labelwright.server.errors import Invalid
from labelwright.server.storage import media


class Upload(Struct, frozen=True):
    id: int
    key: str
    name: str
    size: int


def save_upload(db: Database, root: Path, project_id: int, user_id: int, name: str, stream: IO[bytes]) -> Upload:
    """Store the file, then its row. Raises Invalid for extensions that are not on the list."""
    try:
        stored = media.store(root, project_id, name, stream)
    except media.UnsupportedFile as error:
        raise Invalid.general(str(error)) from None
    row = {
        "project_id": project_id,
        "user_id": user_id,
        "name": stored.name,
        "key": stored.key,
        "content_type": stored.content_type,
        "size": stored.size,
        "created_at": clock.now(),
    }
    upload_id: int = db.write(
        lambda conn: conn.execute(sa.insert(file_uploads).values(row).returning(file_uploads.c.id)).scalar_one()
    )
    return Upload(upload_id, stored.key, stored.name, stored.size)


def delete_uploads(db: Database, root: Path, rows: list[Any]) -> int:
    """Delete rows, then their files (never the other way round); how many."""
    ids = [row.id for row in rows]
    db.write(lambda conn: conn.execute(sa.delete(file_uploads).where(file_uploads.c.id.in_(ids))))
    for row in rows:
        media.delete(root, row.key)
    return len(ids)
