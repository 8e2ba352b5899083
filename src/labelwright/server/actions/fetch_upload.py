"""Get the file behind an address and keep it as an upload."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from labelwright.server.actions.save_uploads import Upload, save_upload
from labelwright.server.db.engine import Database
from labelwright.server.errors import Invalid
from labelwright.server.outgoing import Fetched, Gate, Limits, OutgoingError, fetch
from labelwright.server.storage import media

SPOOL_BYTES = 4 << 20
TOTAL_S = 120.0
EXTENSIONS = {kind: ending for ending, kind in reversed(media.CONTENT_TYPES.items())}
"""Content type → extension, for addresses whose path names no file."""


def fetch_upload(db: Database, gate: Gate, root: Path, project_id: int, user_id: int, url: str, most_bytes: int) -> Upload:
    """The upload, named by the address's path (after redirects). Raises Invalid; the reason tells nothing of the far side."""
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES, dir=str(root)) as spool:
        try:
            got = fetch(gate, url, spool, Limits(total_s=TOTAL_S, most_bytes=most_bytes))
        except OutgoingError as error:
            raise Invalid.general(str(error)) from None
        spool.seek(0)
        return save_upload(db, root, project_id, user_id, file_name(got), spool)


def file_name(got: Fetched) -> str:
    """The last part of the path; where it is no file name we know, an extension by the content type.

    >>> file_name(Fetched("https://x.example/a/t%201.csv?v=2", "text/plain", 1))
    't 1.csv'
    >>> file_name(Fetched("https://x.example/", "text/csv", 1))
    'tasks.csv'
    """
    name = unquote(urlsplit(got.url).path).rsplit("/", 1)[-1] or "tasks"
    has_extension = "." in name
    return f"{name}.{EXTENSIONS[got.content_type]}" if not has_extension and got.content_type in EXTENSIONS else name
