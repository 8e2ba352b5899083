"""`labelwright doctor`: look at everything the server needs, and say what to do about what is wrong."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from labelwright.cli.options import DATA_DIR, DATABASE, settings_or_exit
from labelwright.cli.start import port_fault

if TYPE_CHECKING:
    from labelwright.server.settings import Settings

LOW_DISK_BYTES = 1024**3
BUILT_AFTER = datetime(2026, 1, 1, tzinfo=UTC)


class Finding(NamedTuple):
    state: Literal["ok", "warn", "bad"]
    about: str
    text: str


def doctor(
    data_dir: Annotated[Path | None, DATA_DIR] = None,
    database: Annotated[str | None, DATABASE] = None,
    port: Annotated[int | None, typer.Option(help="Port to look at (8080).")] = None,
    host: Annotated[str | None, typer.Option(help="Address to look at.")] = None,
) -> None:
    """Check data directory, database, disk, UI, clock, port and options. Exit code 1 when something is wrong."""
    settings = settings_or_exit(data_dir=data_dir, database_url=database, host=host, port=port)
    findings = list(examine(settings))
    for finding in findings:
        typer.echo(f"{finding.state:<5}{finding.about:<16}{finding.text}")
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything, one finding each, without changing anything."""
    yield _python()
    yield _data_dir(settings)
    yield _secret_key(settings)
    yield from _database(settings)
    yield _disk(settings)
    yield _web(settings)
    yield _clock()
    yield _port(settings)
    yield _options(settings)


def _python() -> Finding:
    from labelwright.version import __version__

    return Finding("ok", "version", f"Labelwright {__version__}, Python {sys.version.split()[0]}")


def _data_dir(settings: Settings) -> Finding:
    folder = settings.data_dir
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding("bad", "data directory", f"{folder} is not writable by this user.")
    if folder.stat().st_mode & 0o007:
        return Finding("warn", "data directory", f"{folder} can be read by everybody on this machine: chmod o-rwx {folder}")
    return Finding("ok", "data directory", str(folder))


def _secret_key(settings: Settings) -> Finding:
    file = settings.data_dir / "secret.key"
    if file.exists() and file.stat().st_mode & 0o077:
        return Finding("warn", "secret key", f"Others may read it: chmod 600 {file}")
    return Finding("ok", "secret key", "set" if not file.exists() else str(file))


def _database(settings: Settings) -> Iterator[Finding]:
    import sqlalchemy as sa
    from sqlalchemy.exc import SQLAlchemyError

    from labelwright.server.db.engine import engine_of
    from labelwright.server.db.migrate import newest_schema, schema_of

    shown = sa.make_url(settings.database_url).render_as_string(hide_password=True)
    try:
        engine = engine_of(settings.database_url)
        with engine.connect() as conn:
            current = schema_of(conn)
            wrong = _corruption(conn) if conn.dialect.name == "sqlite" else None
        engine.dispose()
    except SQLAlchemyError as error:
        yield Finding("bad", "database", f"{shown}: {str(getattr(error, 'orig', error)).strip()}")
        return
    yield Finding("bad", "database", f"{shown}: {wrong}") if wrong else Finding("ok", "database", shown)
    newest = newest_schema()
    if current is None:
        yield Finding("warn", "schema", "empty; `labelwright init` or `start` makes it.")
    elif current > newest:
        yield Finding("bad", "schema", f"{current} is newer than this Labelwright, which knows {newest}: install a newer one.")
    elif current < newest:
        yield Finding("warn", "schema", f"{current}; the next start brings it to {newest}. Make a backup first.")
    else:
        yield Finding("ok", "schema", current)


def _corruption(conn: object) -> str | None:
    """What SQLite finds wrong with the file, or None. Reads all of it."""
    text = str(conn.exec_driver_sql("PRAGMA quick_check(3)").scalar())  # type: ignore[attr-defined]
    return None if text == "ok" else text


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir).free
    text = f"{free / 1024**3:.1f} GB free"
    return Finding("ok", "disk", text) if free > LOW_DISK_BYTES else Finding("bad", "disk", f"{text}: too little to work safely.")


def _web(settings: Settings) -> Finding:
    if (settings.web_dir / "index.html").exists():
        return Finding("ok", "web UI", "built")
    return Finding("warn", "web UI", "not built: the API works, pages don't. In the source tree: make start")


def _clock() -> Finding:
    moment = datetime.now(UTC)
    if moment < BUILT_AFTER:
        return Finding("bad", "clock", f"says {moment:%Y-%m-%d %H:%M} UTC, which is past: sessions and tokens will not work.")
    return Finding("ok", "clock", f"{moment:%Y-%m-%d %H:%M:%S} UTC")


def _port(settings: Settings) -> Finding:
    fault = port_fault(settings.host, settings.port)
    return Finding("warn", "port", fault) if fault else Finding("ok", "port", f"{settings.host}:{settings.port} is free")


def _options(settings: Settings) -> Finding:
    if settings.unsafe_options:
        return Finding("warn", "unsafe options", ", ".join(settings.unsafe_options))
    return Finding("ok", "unsafe options", "none")
