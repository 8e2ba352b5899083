"""Running the application: one process or several, with reload where wanted."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import msgspec

from labelwright.ml.app import FIT_WAIT_S, BackendApp
from labelwright.ml.backend_file import load_model_class
from labelwright.ml.models import Models
from labelwright.ml.state import State

OPTIONS_VARIABLE = "LABELWRIGHT_ML_OPTIONS"
"""How worker processes are told what to serve."""

SUPERVISED_VARIABLE = "LABELWRIGHT_ML_SUPERVISED"
"""Set for a process that is to end with the one that started it: by `--reload`, and by `ml test`."""

WATCH_S = 0.5
GRACE_S = 8.0
IDLE_MS = 120_000
"""How long an idle connection stays open: servers keep theirs for the next request."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What to serve, and how."""

    file: str
    host: str = "127.0.0.1"
    port: int = 9090
    workers: int = 1
    basic_auth: str | None = None
    model_dir: str | None = None
    class_name: str | None = None
    model_options: dict[str, Any] = {}
    """Further arguments of the model's `__init__`."""
    fit_wait_s: float = FIT_WAIT_S
    debug: bool = False

    @property
    def folder(self) -> Path:
        """Where versions, values and downloads are kept: `--model-dir`, or one per backend file in the user's data folder."""
        return Path(self.model_dir) if self.model_dir else default_folder(Path(self.file))


def default_folder(file: Path) -> Path:
    """A folder per backend file."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "labelwright" / "ml" / f"{file.stem}-{hashlib.sha256(str(file).encode()).hexdigest()[:8]}"


def app_of(options: Options) -> BackendApp:
    """The application that serves the options' file. Raises what loading it raises."""
    configure_logs(options.debug)
    model_class = load_model_class(Path(options.file), options.class_name)
    options.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    models = Models(model_class, State(options.folder / "state.db"), options.folder, options.model_options)
    return BackendApp(models, options.basic_auth, options.fit_wait_s)


def app_from_environment() -> BackendApp:
    """The application in a worker process."""
    end_with_parent()
    return app_of(msgspec.json.decode(os.environ[OPTIONS_VARIABLE], type=Options))


def end_with_parent() -> None:
    """Ends this process when the one that started it is gone, even killed: it would keep the port."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent").start()


def configure_logs(debug: bool) -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.DEBUG if debug else logging.INFO)


def serve(app: BackendApp, options: Options) -> None:
    """Serves until SIGTERM or SIGINT; requests being answered may finish within `GRACE_S`. A second signal does not wait."""
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings

    if os.environ.get(SUPERVISED_VARIABLE):
        end_with_parent()
    if options.workers > 1:
        from granian import Granian

        os.environ[OPTIONS_VARIABLE] = msgspec.json.encode(options).decode()
        Granian(
            f"{__name__}:app_from_environment",
            address=options.host,
            port=options.port,
            interface=Interfaces.ASGI,
            workers=options.workers,
            factory=True,
            log_access=False,
            http1_settings=HTTP1Settings(header_read_timeout=IDLE_MS),
            log_level="error",  # type: ignore[arg-type]
        ).serve()
        return

    from granian.server.embed import Server

    server = Server(
        app,
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        log_access=False,
        http1_settings=HTTP1Settings(header_read_timeout=IDLE_MS),
        log_level="error",  # type: ignore[arg-type]
    )

    async def run() -> None:
        loop = asyncio.get_running_loop()

        def stop() -> None:
            server.stop()  # type: ignore[no-untyped-call]
            loop.call_later(GRACE_S, os._exit, 0)
            for sign in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(sign, lambda: os._exit(1))

        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, stop)
        await server.serve()

    asyncio.run(run())
    os._exit(0)  # a `predict` or `fit` that is still at work must not keep the process; its event is on the disk


def serve_with_reload(command: list[str], folder: Path) -> None:
    """Runs the command, and again whenever a Python file below the folder changes. A file with an error waits for its mending."""
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, stop)
    while not stopping:
        seen = _modified(folder)
        process = subprocess.Popen(command, env={**os.environ, SUPERVISED_VARIABLE: "1"})
        while not stopping and _modified(folder) == seen:
            time.sleep(WATCH_S)
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _modified(folder: Path) -> dict[str, int]:
    files = [*folder.glob("*.py"), *folder.glob("*/*.py")]
    times = {}
    for file in files:
        try:
            times[str(file)] = file.stat().st_mtime_ns
        except FileNotFoundError:
            continue
    return times
