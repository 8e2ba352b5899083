"""A real server: the `labelwright start` process on a free port with its own data folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ADMIN_EMAIL = "admin@example.com"
ADMIN_PASSWORD = "Pass-1234!"
ADMIN_TOKEN = "0123456789abcdef0123456789abcdef01234567"
START_TIMEOUT_S = 60.0


@dataclass
class LiveServer:
    """A running server and the administrator's ways in (no email: nobody has an account yet). `url` has no slash at its end."""

    folder: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    """Further options of `labelwright start`."""
    email: str = ADMIN_EMAIL
    password: str = ADMIN_PASSWORD
    token: str = ADMIN_TOKEN
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def start(self) -> LiveServer:
        """Starts the process and waits for its first answer. RuntimeError with the log if it does not come up."""
        command = [str(Path(sys.executable).with_name("labelwright")), "start", "--no-browser", "--port", str(self.port)]
        command += ["--data-dir", str(self.folder / "data"), *self.options]
        if self.email:
            command += ["--username", self.email, "--password", self.password, "--user-token", self.token]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **self.environment})
        deadline_s = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline_s:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server stopped with status {self.process.returncode}:\n{self.tail()}")
            if self.is_up():
                return self
            time.sleep(0.02)
        self.kill()
        raise RuntimeError(f"the server did not answer within {START_TIMEOUT_S:.0f} s:\n{self.tail()}")

    def is_up(self) -> bool:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{self.url}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def stop(self) -> None:
        """Asks the process to end (SIGTERM), as an administrator does; kills it after ten seconds."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the process at once (SIGKILL), as a crash does."""
        self._end(signal.SIGKILL)

    def tail(self, lines: int = 60) -> str:
        """The end of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def _end(self, how: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
