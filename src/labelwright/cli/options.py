"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from labelwright.server.db.engine import Database
    from labelwright.server.settings import Settings

DATA_DIR = typer.Option(help="Where the database and media live.")
DATABASE = typer.Option(help="Database URL; without it a SQLite file in the data directory.")


def settings_or_exit(
    *, data_dir: Path | None = None, database_url: str | None = None, host: str | None = None, port: int | None = None
) -> Settings:
    """The settings; exits with a sentence when the data directory can't be used."""
    from labelwright.server.settings import read_settings

    try:
        return read_settings(data_dir=data_dir, database_url=database_url, host=host, port=port)
    except (OSError, ValueError) as error:
        typer.echo(f"Can't start: {error}", err=True)
        raise typer.Exit(1) from None


def open_database(settings: Settings) -> Database:
    """The database at its newest schema."""
    from labelwright.server.db.engine import Database
    from labelwright.server.db.migrate import SchemaTooNew, upgrade

    db = Database(settings.database_url)
    try:
        upgrade(db.engine)
    except SchemaTooNew as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    return db
