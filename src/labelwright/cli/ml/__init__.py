"""`labelwright ml`: run a model beside a labeling server, write a new one, try one."""

from __future__ import annotations

import typer

from labelwright.cli.ml.create import create
from labelwright.cli.ml.start import start
from labelwright.cli.ml.try_out import try_out

ml = typer.Typer(help="Run a model that suggests labels.", no_args_is_help=True)
ml.command()(start)
ml.command()(create)
ml.command("test")(try_out)
