"""The list of commands. Each command imports what it needs when it runs, so that `labelwright version` is instant."""

from __future__ import annotations

import typer

from labelwright.cli.start import start
from labelwright.cli.version import version

app = typer.Typer(name="labelwright", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(start)
app.command()(version)
