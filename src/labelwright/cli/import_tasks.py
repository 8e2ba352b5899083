"""`labelwright import PROJECT FILE…`: tasks from files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labelwright.cli.remote import TOKEN, URL, connect


def import_tasks(
    project: Annotated[int, typer.Argument(help="Project id (the number in its address).")],
    files: Annotated[list[Path], typer.Argument(help="JSON, JSONL, CSV, TSV, TXT or media files.", exists=True, dir_okay=False)],
    url: Annotated[str, URL] = "http://localhost:8080",
    token: Annotated[str | None, TOKEN] = None,
) -> None:
    """Add the tasks in files to a project: each file whole, or not at all with the reason for each bad row."""
    with connect(url, token) as client:
        target = client.get_project(project)
        for file in files:
            typer.echo(f"{file}: {len(target.import_tasks(file)):,} tasks")
