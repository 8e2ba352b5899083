"""`labelwright export PROJECT`: a project's answers as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labelwright.cli.remote import TOKEN, URL, connect


def export(
    project: Annotated[int, typer.Argument(help="Project id (the number in its address).")],
    format: Annotated[str, typer.Option("--format", "-f", help="JSON, JSON_MIN, CSV, TSV, COCO, CONLL2003 …")] = "JSON",
    output: Annotated[Path, typer.Option("--output", "-o", help="File or folder to write to.")] = Path("."),
    all_tasks: Annotated[bool, typer.Option(help="Also tasks without annotations.")] = False,
    url: Annotated[str, URL] = "http://localhost:8080",
    token: Annotated[str | None, TOKEN] = None,
) -> None:
    """Write a project's answers to a file."""
    with connect(url, token) as client:
        written = client.get_project(project).export_tasks(
            export_type=format, download_all_tasks=all_tasks, export_location=output
        )
    typer.echo(f"Wrote {written}")
