"""The list of commands. Each command imports what it needs when it runs, so that `labelwright version` is instant."""

from __future__ import annotations

import typer

from labelwright.cli.doctor import doctor
from labelwright.cli.export import export
from labelwright.cli.import_tasks import import_tasks
from labelwright.cli.init import init
from labelwright.cli.ml import ml
from labelwright.cli.start import start
from labelwright.cli.user import user
from labelwright.cli.version import version

app = typer.Typer(name="labelwright", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(start)
app.command()(init)
app.add_typer(user, name="user")
app.command("import")(import_tasks)
app.command()(export)
app.add_typer(ml, name="ml")
app.command()(doctor)
app.command()(version)
