"""Uploaded files: written so that a crash leaves either the whole file or nothing, read back as a stream.

Keys look like `upload/<project>/<8 hex>-<name>`; a key's file never changes.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from msgspec import Struct

from labelwright.server.storage.durable import settle

CHUNK = 256 * 1024
UNSAFE = re.compile(r"[^\w.\- ]+", re.UNICODE)

CONTENT_TYPES = {
    "bmp": "image/bmp",
    "csv": "text/csv",
    "flac": "audio/flac",
    "gif": "image/gif",
    "htm": "text/html",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "xml": "text/xml",
}
"""What may be uploaded, and what it is served as: by our list, never by what the uploader said."""

ACTIVE = {"text/html", "image/svg+xml", "text/xml"}
"""Types that a browser could run as a page: sent as a download in a sandbox."""


class StoredFile(Struct, frozen=True):
    key: str
    name: str
    content_type: str
    size: int


class UnsupportedFile(ValueError):
    """The file's extension is not on the list."""


def extension(name: str) -> str:
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def clean_name(name: str) -> str:
    """A file name without folders, control characters or surprises; at most 100 characters."""
    base = UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .") or "file"
    base = re.sub(r"\s+", "_", base)
    return base if len(base) <= 100 else base[:60] + base[-40:]


def content_type_of(name: str) -> str:
    """Raises UnsupportedFile for extensions that are not on the list."""
    ending = extension(name)
    if ending not in CONTENT_TYPES:
        raise UnsupportedFile(f"{'.' + ending if ending else ''} extension is not supported")
    return CONTENT_TYPES[ending]


def store(root: Path, project_id: int, name: str, stream: IO[bytes]) -> StoredFile:
    """Write the stream to a new key: temporary file, fsync, rename, fsync of the folder. Raises UnsupportedFile, OSError."""
    content_type = content_type_of(name)
    name = clean_name(name)
    key = f"upload/{project_id}/{secrets.token_hex(4)}-{name}"
    target = root / key
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    with open(part, "xb") as out:
        shutil.copyfileobj(stream, out, CHUNK)
        size = out.tell()
        settle(out, part, target)
    return StoredFile(key, name, content_type, size)


def path_of(root: Path, key: str) -> Path | None:
    """The file of a key, or None when there is none (or the key tries to leave the folder)."""
    path = (root / key).resolve()
    return path if path.is_relative_to(root.resolve()) and path.is_file() else None


def delete(root: Path, key: str) -> None:
    path = path_of(root, key)
    if path is not None:
        path.unlink(missing_ok=True)


def read_range(path: Path, start: int, length: int) -> Iterator[bytes]:
    """`length` bytes from `start`, in chunks."""
    with open(path, "rb") as file:
        file.seek(start)
        left = length
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
