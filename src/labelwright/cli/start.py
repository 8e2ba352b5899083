"""`labelwright start`: create what is missing, then serve until stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer


def start(
    port: Annotated[int | None, typer.Option(help="Port to listen on (8080).")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (127.0.0.1: this machine only).")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where the database and media live.")] = None,
    database: Annotated[str | None, typer.Option(help="Database URL; without it a SQLite file in the data directory.")] = None,
    username: Annotated[str | None, typer.Option(help="Create this administrator (e-mail) if it does not exist.")] = None,
    password: Annotated[str | None, typer.Option(help="Password of --username.")] = None,
    user_token: Annotated[str | None, typer.Option(help="API token of --username.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
) -> None:
    """Start the server. Creates what is missing; safe to run again."""
    from labelwright.server.settings import read_settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    settings = read_settings(data_dir=data_dir, database_url=database, host=host, port=port)

    from labelwright.server.app import create_app

    app = create_app(settings)
    if username:
        from labelwright.server.actions.create_user import ensure_admin

        ensure_admin(app.state.services.db, settings, username, password, user_token)
    address = f"http://{'localhost' if settings.host in ('127.0.0.1', '0.0.0.0', '::') else settings.host}:{settings.port}"  # noqa: S104
    typer.echo(f"Labelwright is at {address}  (data: {settings.data_dir})", err=True)
    if browser:
        threading.Timer(0.6, webbrowser.open, [address]).start()
    _serve(app, settings.host, settings.port)


def _serve(app: object, host: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    logging.getLogger("_granian").setLevel(logging.WARNING)
    server = Server(app, address=host, port=port, interface=Interfaces.ASGI, log_access=False)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, server.stop)
        await server.serve()

    asyncio.run(run())
