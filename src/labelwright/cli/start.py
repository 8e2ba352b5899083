"""`labelwright start`: create what is missing, then serve until stopped."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labelwright.cli.options import DATA_DIR, DATABASE, settings_or_exit

if TYPE_CHECKING:
    from labelwright.server.settings import Settings

EVERYWHERE = {"127.0.0.1", "0.0.0.0", "::", "::1"}  # noqa: S104

IDLE_MS = 120_000
"""How long an idle connection stays open: clients keep theirs for the next request."""


def start(
    port: Annotated[int | None, typer.Option(help="Port to listen on (8080).")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (127.0.0.1: this machine only).")] = None,
    data_dir: Annotated[Path | None, DATA_DIR] = None,
    database: Annotated[str | None, DATABASE] = None,
    username: Annotated[str | None, typer.Option(help="Create this administrator (e-mail) if it does not exist.")] = None,
    password: Annotated[str | None, typer.Option(help="Password of --username.")] = None,
    user_token: Annotated[str | None, typer.Option(help="API token of --username.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    enable_legacy_api_token: Annotated[
        bool, typer.Option(hidden=True, help="For Label Studio's scripts: always on here.")
    ] = False,
) -> None:
    """Start the server. Creates what is missing; safe to run again."""
    settings = settings_or_exit(data_dir=data_dir, database_url=database, host=host, port=port)
    port_or_exit(settings)

    from labelwright.server.app import create_app
    from labelwright.server.db.migrate import SchemaTooNew
    from labelwright.server.logs import configure_logs

    configure_logs(settings)
    try:
        app = create_app(settings)
    except SchemaTooNew as error:
        raise typer.Exit(_complain(str(error))) from None
    if username:
        _ensure_admin(app, settings, username, password, user_token)
    address = address_of(settings)
    _announce(settings, address)
    if browser:
        threading.Timer(0.6, _open_browser, [address]).start()
    _serve(app, settings)


def address_of(settings: Settings) -> str:
    """Where a browser on this machine finds the server."""
    name = "localhost" if settings.host in EVERYWHERE else settings.host
    return f"http://{f'[{name}]' if ':' in name else name}:{settings.port}"


def port_or_exit(settings: Settings) -> None:
    """Say at once, before any work, that the port is taken."""
    if fault := port_fault(settings.host, settings.port):
        raise typer.Exit(_complain(f"{fault} Choose another with --port."))


def port_fault(host: str, port: int) -> str | None:
    """Why we can't listen there, or None."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return f"Can't listen on {host} port {port}: {error.strerror}."
    return None


def _ensure_admin(app: object, settings: Settings, email: str, password: str | None, token: str | None) -> None:
    from labelwright.server.actions.create_user import ensure_admin
    from labelwright.server.errors import Invalid

    try:
        ensure_admin(app.state.services.db, settings, email, password, token)  # type: ignore[attr-defined]
    except Invalid as error:
        raise typer.Exit(_complain("; ".join(f"{name}: {reasons[0]}" for name, reasons in error.fields.items()))) from None


def _announce(settings: Settings, address: str) -> None:
    import logging

    say = logging.getLogger("labelwright").warning if settings.log_format == "json" else lambda text: typer.echo(text, err=True)
    say(f"Labelwright is at {address}  (data: {settings.data_dir}; stop with Ctrl-C)")
    for option in settings.unsafe_options:
        say(f"Unsafe: {option} is on.")


def _complain(text: str) -> int:
    typer.echo(text, err=True)
    return 1


def _open_browser(address: str) -> None:
    import webbrowser

    webbrowser.open(address)


def _collect_seldom() -> None:
    """Python looks for garbage in cycles after every 700 new objects, and a request's JSON has thousands, none of them in cycles.

    What the start made is never looked at again; the rest after 20,000. Bulk writes take a third less time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _serve(app: object, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests being served are finished first. A second signal does not wait for them."""
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.server.embed import Server

    _collect_seldom()
    server = Server(
        app,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        log_access=False,
        http1_settings=HTTP1Settings(header_read_timeout=IDLE_MS),
        log_dictconfig={
            "version": 1,
            "disable_existing_loggers": False,
            "incremental": False,
            "formatters": {},
            "handlers": {},
            "loggers": {"_granian": {"handlers": [], "propagate": True}},
        },
        log_level="error",  # type: ignore[arg-type]
    )

    def when_signalled(act: Callable[[], object]) -> None:
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, act)

    def stop() -> None:
        server.stop()  # type: ignore[no-untyped-call]
        when_signalled(lambda: os._exit(1))

    async def run() -> None:
        when_signalled(stop)
        await server.serve()

    asyncio.run(run())
