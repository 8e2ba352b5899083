"""Keep the state of a project's answers as a file, turn it into other formats, forget it again.

Files are written and safe on disk before their rows say so, and removed after their rows: a crash leaves at most a file too many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labelwright.domain.jsontext import JSONText
from labelwright.domain.task import AnsweredTask
from labelwright.formats.export import ExportContext, ExportFormat
from labelwright.formats.json_format import JSON
from labelwright.formats.read_export import read_export
from labelwright.server import clock
from labelwright.server.db.engine import Database
from labelwright.server.db.queries import exporting, snapshots
from labelwright.server.db.queries.snapshots import Record
from labelwright.server.errors import Invalid, NotFound
from labelwright.server.storage import media
from labelwright.server.storage.export_files import write_export_file


class _Counted:
    """Passes tasks on and counts them."""

    def __init__(self, tasks: Iterable[AnsweredTask]) -> None:
        self._tasks = tasks
        self.count = 0

    def __iter__(self) -> Iterator[AnsweredTask]:
        for task in self._tasks:
            self.count += 1
            yield task


def make_snapshot(
    db: Database,
    root: Path,
    project: Any,
    user_id: int,
    chosen: exporting.Selection,
    context: ExportContext,
    *,
    title: str,
    options: dict[str, Any],
) -> Record:
    """Write all chosen tasks, as one moment of the database knows them, to a new JSON file; the snapshot's row."""
    created_at = clock.now()
    with db.snapshot() as conn:
        counted = _Counted(exporting.answered_tasks(conn, project.id, chosen))
        file = write_export_file(root, project.id, JSON.write(counted, context), JSON.extension)
    values = {
        "project_id": project.id,
        "title": title or f"{project.title.replace(' ', '-')}-at-{datetime.now(UTC):%Y-%m-%d-%H-%M}",
        "created_by_id": user_id,
        "status": "completed",
        "options": JSONText.of(options),
        "counters": JSONText.of({"task_number": counted.count}),
        "key": file.key,
        "md5": file.md5,
        "created_at": created_at,
        "finished_at": clock.now(),
    }
    return db.write(lambda conn: snapshots.add_snapshot(conn, values))


def convert(root: Path, snapshot: Record, written: ExportFormat, context: ExportContext) -> Iterator[bytes]:
    """The snapshot's file in another format. Raises NotFound where the file is gone."""
    with open(snapshot_file(root, snapshot), "rb") as file:
        if written.name == JSON.name:
            yield from iter(lambda: file.read(media.CHUNK), b"")
        else:
            yield from written.write(read_export(file), context)


def keep_conversion(db: Database, root: Path, snapshot: Record, written: ExportFormat, context: ExportContext) -> int:
    """Convert and keep the file; the conversion's id. Raises Invalid where it was done before."""
    already = Invalid.general(f"Conversion to {written.name} already started")
    if db.read(lambda conn: snapshots.find_conversion(conn, snapshot.id, written.name)) is not None:
        raise already
    file = write_export_file(root, snapshot.project_id, convert(root, snapshot, written, context), written.extension)
    conversion_id = db.write(lambda conn: snapshots.add_conversion(conn, snapshot.id, written.name, file.key))
    if conversion_id is None:  # somebody else was faster
        media.delete(root, file.key)
        raise already
    return conversion_id


def delete_snapshot(db: Database, root: Path, snapshot: Record) -> None:
    for key in db.write(lambda conn: snapshots.delete_snapshot(conn, snapshot.id)):
        media.delete(root, key)


def snapshot_file(root: Path, snapshot: Record) -> Path:
    """Raises NotFound."""
    path = media.path_of(root, snapshot.key or "")
    if path is None:
        raise NotFound("The snapshot's file is gone.")
    return path
