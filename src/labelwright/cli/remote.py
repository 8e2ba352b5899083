"""Options of the commands that speak to a running server through the SDK."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from labelwright.sdk import Client

URL = typer.Option(envvar="LABELWRIGHT_URL", help="Where the server is.")
TOKEN = typer.Option("--token", envvar="LABELWRIGHT_API_KEY", help="Your API token (Account → Tokens).")


@contextmanager
def connect(url: str, token: str | None) -> Iterator[Client]:
    """A client; errors of the server end the command with their reason."""
    from labelwright.sdk import Client
    from labelwright.sdk.errors import LabelwrightError

    if not token:
        typer.echo("An API token is needed: --token, or LABELWRIGHT_API_KEY. Copy yours from Account → Tokens.", err=True)
        raise typer.Exit(2)
    try:
        with Client(url=url, api_key=token) as client:
            yield client
    except (LabelwrightError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
