"""Removing the rows of deleted projects, a bite at a time, behind the answers."""

from __future__ import annotations

import logging
import shutil
import threading
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import sqlalchemy as sa

from labelwright.server.actions.save_project import purge_project
from labelwright.server.db.engine import Database
from labelwright.server.db.tables import projects

log = logging.getLogger("labelwright.purge")


class Purger:
    """One thread that empties deleted projects, rows first and then files; what a crash left is taken up at the next start."""

    def __init__(self, db: Database, media: Path) -> None:
        self._db = db
        self._media = media
        self._queue: SimpleQueue[int | None] = SimpleQueue()
        for project_id in db.read(
            lambda conn: conn.execute(sa.select(projects.c.id).where(projects.c.deleted_at.is_not(None))).scalars().all()
        ):
            self._queue.put(project_id)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="purge", daemon=True)
        self._thread.start()

    def purge(self, project_id: int) -> None:
        self._queue.put(project_id)

    def close(self) -> None:
        self._stopping.set()
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while (project_id := self._queue.get()) is not None:
            try:
                while not self._stopping.is_set() and self._db.write(partial(purge_project, project_id=project_id)):
                    self._stopping.wait(0.01)  # let others write in between
                if not self._stopping.is_set():
                    for folder in ("upload", "export"):  # the rows are gone, so nothing names these files any more
                        shutil.rmtree(self._media / folder / str(project_id), ignore_errors=True)
            except Exception:
                log.exception("could not purge project %s; the next start tries again", project_id)
