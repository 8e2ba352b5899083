"""`labelwright init`: make the data directory, its key and its database, without starting the server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labelwright.cli.options import DATA_DIR, DATABASE, open_database, settings_or_exit


def init(
    data_dir: Annotated[Path | None, DATA_DIR] = None,
    database: Annotated[str | None, DATABASE] = None,
) -> None:
    """Create the data directory and the database, or bring them up to date. Safe to run again."""
    from labelwright.server.db.migrate import newest_schema

    settings = settings_or_exit(data_dir=data_dir, database_url=database)
    settings.upload_dir.mkdir(mode=0o700, exist_ok=True)
    open_database(settings).close()
    typer.echo(f"Ready: {settings.data_dir} (schema {newest_schema()}). Start with: labelwright start")
