"""Exports: parsed, as text, or streamed into a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from labelwright.sdk.progress import Progress, reporting
from labelwright.sdk.shapes import Snapshot
from labelwright.sdk.transport import Download

if TYPE_CHECKING:
    from labelwright.sdk.client import Client


class SavedExport(TypedDict):
    """What `Project.export` gives back. filename: within the folder asked for."""

    status: int
    filename: str
    export_id: int


@dataclass(frozen=True)
class SnapshotStatus:
    """How far a stored export is."""

    snapshot: Snapshot

    def is_created(self) -> bool:
        return self.snapshot["status"] == "created"

    def is_in_progress(self) -> bool:
        return self.snapshot["status"] == "in_progress"

    def is_completed(self) -> bool:
        return self.snapshot["status"] == "completed"

    def is_failed(self) -> bool:
        return self.snapshot["status"] == "failed"


ZIP_MAGIC = b"PK\x03\x04"


def fetch_export(client: Client, path: str, params: Mapping[str, Any], progress: Progress) -> bytes:
    """The whole export in memory."""
    with client.download(path, params=params) as download, reporting(progress, "Exporting", in_bytes=True) as report:
        content = bytearray()
        for chunk in download:
            content += chunk
            report(len(content), download.size)
    return bytes(content)


def parse_export(content: bytes, export_type: str) -> Any:
    """JSON as values, text as text, archives as bytes."""
    if "JSON" in export_type.upper() and not content.startswith(ZIP_MAGIC):
        return json.loads(content)
    return content if content.startswith(ZIP_MAGIC) else content.decode("utf-8")


def save_export(client: Client, path: str, params: Mapping[str, Any], place: Path, progress: Progress) -> Path:
    """The file written. place: a file, or a folder for a file named by the server; a broken download leaves nothing behind."""
    with client.download(path, params=params) as download, reporting(progress, "Exporting", in_bytes=True) as report:
        target = place / filename_of(download) if place.is_dir() else place
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.part")
        try:
            done = 0
            with partial.open("wb") as file:
                for chunk in download:
                    file.write(chunk)
                    done += len(chunk)
                    report(done, download.size)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    return target


def filename_of(download: Download) -> str:
    """The name the server gives the file, without any folders."""
    disposition = download.headers.get("content-disposition", "")
    named = disposition.partition("filename=")[2].partition(";")[0].strip().strip("\"'")
    return Path(named.replace("\\", "/")).name or "export"
