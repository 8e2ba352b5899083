"""A real ML backend: the `labelwright ml start` process on a free port with its own model folder."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from live import free_port

START_TIMEOUT_S = 60.0


@dataclass
class LiveBackend:
    """A backend file and the process that serves it. Asked as a labeling server asks, about the project `uid`."""

    file: Path
    folder: Path
    """For the model folder and the log."""
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    path: tuple[Path, ...] = ()
    """Folders that the backend may import from."""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    uid: str = "1.1700000000"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def model_dir(self) -> Path:
        return self.folder / "model"

    @property
    def log(self) -> str:
        file = self.folder / "backend.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def start(self) -> LiveBackend:
        """Starts the process and waits for its first answer. RuntimeError with the log if it does not come up."""
        command = [str(Path(sys.executable).with_name("labelwright")), "ml", "start", str(self.file), "--port", str(self.port)]
        command += ["--model-dir", str(self.model_dir), *self.options]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, self.path)), **self.environment}
        with (self.folder / "backend.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        deadline_s = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline_s:
            if self.process.poll() is not None:
                raise RuntimeError(f"the backend stopped with status {self.process.returncode}:\n{self.log}")
            if self.ask("GET", "/health")[0] == 200:
                return self
            time.sleep(0.02)
        self.kill()
        raise RuntimeError(f"the backend did not answer within {START_TIMEOUT_S:.0f} s:\n{self.log}")

    def ask(self, method: str, path: str, body: Any = None, auth: str | None = None, raw: bytes | None = None) -> tuple[int, Any]:
        """Status and JSON of an answer; (0, None) if there is none."""
        content = raw if raw is not None else None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if auth:
            headers["Authorization"] = f"Basic {base64.b64encode(auth.encode()).decode()}"
        request = urllib.request.Request(f"{self.url}{path}", content, headers, method=method)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")
        except OSError:
            return 0, None

    def setup(self, config: str, **fields: Any) -> tuple[int, Any]:
        body = {
            "project": self.uid,
            "schema": config,
            "hostname": "http://localhost:8080",
            "access_token": "",
            "extra_params": None,
        }
        return self.ask("POST", "/setup", {**body, **fields})

    def predict(self, tasks: list[Any], config: str, context: Any = None, **params: Any) -> tuple[int, Any]:
        """The call as Label Studio makes it."""
        params = {"login": None, "password": None, "context": context, **params}
        body = {"tasks": tasks, "project": self.uid, "label_config": config, "params": params}
        return self.ask("POST", "/predict", body)

    def event(self, action: str, config: str, **payload: Any) -> tuple[int, Any]:
        project = {"id": int(self.uid.partition(".")[0]), "label_config": config, "title": "A project"}
        return self.ask("POST", "/webhook", {"action": action, "project": project, **payload})

    def train(self, action: str, config: str, **payload: Any) -> dict[str, Any]:
        """Sends an event and waits until `fit` is done with it: the job's last answer."""
        status, answer = self.event(action, config, **payload)
        assert status == 201, answer
        deadline_s = time.monotonic() + START_TIMEOUT_S
        while True:
            _, job = self.ask("POST", "/job_status", {"job": answer["job"]})
            if job["job_status"] in {"finished", "failed"} or time.monotonic() > deadline_s:
                return dict(job)
            time.sleep(0.05)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it at once (SIGKILL), as a crash does."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
