"""`labelwright ml create`: a new backend that runs at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labelwright.cli.ml.start import complain


def create(
    name: Annotated[Path, typer.Argument(help="Folder to make.")],
    template: Annotated[str, typer.Option("--template", "-t", help="text, ner, image, boxes or audio.")] = "text",
) -> None:
    """Write a backend to start from: the model, a label config, sample tasks, a test, a Dockerfile."""
    from labelwright.ml.scaffold import TEMPLATES, write_scaffold

    if template not in TEMPLATES:
        raise typer.Exit(complain(f"There is no template {template}; there are {', '.join(TEMPLATES)}."))
    if name.exists() and (not name.is_dir() or any(name.iterdir())):
        raise typer.Exit(complain(f"{name} is there already; choose another name."))
    write_scaffold(name, template)
    typer.echo(f"Made {name}. Try it, then run it:\n")
    typer.echo(f"    labelwright ml test {name} --config {name}/label_config.xml --data {name}/tasks.json")
    typer.echo(f"    labelwright ml start {name}")
