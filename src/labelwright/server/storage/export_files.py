"""Snapshot files below the media folder: keys `export/<project>/<16 hex><extension>`, written once and never changed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from labelwright.server.storage.durable import settle


class WrittenFile(Struct, frozen=True):
    key: str
    md5: str
    size: int


def write_export_file(root: Path, project_id: int, chunks: Iterable[bytes], extension: str) -> WrittenFile:
    """Write the chunks as they come to a new key. Nothing stays behind when they fail. extension: with its dot."""
    key = f"export/{project_id}/{secrets.token_hex(8)}{extension}"
    target = root / key
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    digest = hashlib.md5(usedforsecurity=False)
    try:
        with open(part, "xb") as out:
            for chunk in chunks:
                digest.update(chunk)
                out.write(chunk)
            size = out.tell()
            settle(out, part, target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return WrittenFile(key, digest.hexdigest(), size)
