"""`labelwright ml test`: send real tasks through a backend's real server, and check its answers against the label config."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from labelwright.cli.ml.start import CLASS, FILE, WITH, complain
from labelwright.cli.remote import TOKEN, URL, connect

START_S = 120
ANSWER_S = 600


def try_out(
    file: Annotated[Path, FILE] = Path("ml_backend.py"),
    project: Annotated[int | None, typer.Option(help="Project id: its config and its first tasks are used.")] = None,
    config: Annotated[Path | None, typer.Option(help="Instead of a project: a file with a label config.")] = None,
    data: Annotated[Path | None, typer.Option(help="With --config: a JSON file with tasks (without it a made-up one).")] = None,
    tasks: Annotated[int, typer.Option(min=1, max=1000, help="How many tasks to send.")] = 5,
    train: Annotated[bool, typer.Option(help="Also send START_TRAINING and wait for `fit`.")] = False,
    url: Annotated[str, URL] = "http://localhost:8080",
    token: Annotated[str | None, TOKEN] = None,
    class_name: Annotated[str | None, CLASS] = None,
    with_: Annotated[list[str] | None, WITH] = None,
) -> None:
    """Send tasks through a backend and say what in its answers does not fit. Exit code 1 when something does not."""
    if (project is None) == (config is None):
        raise typer.Exit(complain("Say which tasks: --project 1, or --config label_config.xml."))
    if project is not None:
        with connect(url, token) as client:
            found = client.get_project(project)
            params = found.get_params()
            label_config = str(params["label_config"])
            sent: list[Any] = [dict(task) for task in found.get_paginated_tasks(page_size=tasks)["tasks"]]
        if not sent:
            raise typer.Exit(complain(f"Project {project} has no tasks."))
    else:
        assert config is not None
        label_config, sent = _from_files(config, data, tasks)
        params = {"id": 1, "label_config": label_config}
    extra = ["--class", class_name] if class_name else []
    extra += [word for item in with_ or [] for word in ("--with", item)]
    with _running(file, extra) as address:
        is_good = _talk(address, params, label_config, sent, {"hostname": url, "access_token": token or ""}, train=train)
    if not is_good:
        raise typer.Exit(1)


def _from_files(config: Path, data: Path | None, count: int) -> tuple[str, list[Any]]:
    from labelwright.labelconfig import sample_task, validate_config

    try:
        label_config = config.read_text(encoding="utf-8")
        loaded = [sample_task(label_config)] if data is None else json.loads(data.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise typer.Exit(complain(f"Can't read it: {error}")) from None
    if problems := validate_config(label_config):
        raise typer.Exit(complain(f"{config}: {problems[0]}"))
    items = loaded if isinstance(loaded, list) else [loaded]
    whole = [item if isinstance(item, dict) and isinstance(item.get("data"), dict) else {"data": item} for item in items[:count]]
    return label_config, [
        {"id": index, "annotations": [], "predictions": [], **item} for index, item in enumerate(whole, start=1)
    ]


@contextmanager
def _running(file: Path, extra: list[str]) -> Iterator[str]:
    """The backend's server as a process of its own; its address. What it has logged is shown when it does not come up."""
    from labelwright.ml.serve import SUPERVISED_VARIABLE

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-c", "from labelwright.cli import main; main()", "ml", "start", str(file)]
        command += ["--port", str(port), "--model-dir", str(Path(folder) / "model"), *extra]
        with log.open("wb") as output:
            environment = {**os.environ, SUPERVISED_VARIABLE: "1"}
            process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        address = f"http://127.0.0.1:{port}"
        try:
            deadline_s = time.monotonic() + START_S
            while _ask(f"{address}/health", None, 1)[0] != 200:
                if process.poll() is not None or time.monotonic() > deadline_s:
                    typer.echo(log.read_text(errors="replace").strip(), err=True)
                    raise typer.Exit(complain("The backend does not start."))
                time.sleep(0.05)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _talk(
    address: str, project: dict[str, Any], label_config: str, tasks: list[Any], server: dict[str, str], *, train: bool
) -> bool:
    """Speaks to the backend as a labeling server does; whether all is well."""
    from labelwright.ml.check import check_answers, describe_config

    uid = f"{project['id']}.0"
    status, answer = _ask(f"{address}/setup", {"project": uid, "schema": label_config, "extra_params": None, **server})
    if status != 200:
        return _bad("setup", answer)
    typer.echo(f"ok   setup       version {answer.get('model_version')}")
    if train:
        status, answer = _ask(f"{address}/webhook", {"action": "START_TRAINING", "project": project})
        if status >= 300:
            return _bad("fit", answer)
        job = answer.get("job")
        while answer.get("state") == "running" or answer.get("job_status") in {"queued", "running"}:
            time.sleep(0.2)
            _, answer = _ask(f"{address}/job_status", {"job": job})
        if answer.get("error"):
            return _bad("fit", answer)
        typer.echo("ok   fit         START_TRAINING")
    body = {"tasks": tasks, "project": uid, "label_config": label_config, "params": {"context": None}}
    started_s = time.monotonic()
    status, answer = _ask(f"{address}/predict", body)
    spent_ms = (time.monotonic() - started_s) * 1000
    if status != 200:
        return _bad("predict", answer)
    counted = "1 task" if len(tasks) == 1 else f"{len(tasks)} tasks"
    typer.echo(f"ok   predict     {counted} in {spent_ms:.0f} ms")
    verdicts = check_answers(label_config, tasks, answer.get("results"))
    for verdict in verdicts:
        place = "answer" if verdict.task_id is None else f"task {verdict.task_id}"
        for problem in verdict.problems:
            typer.echo(f"bad  {place:<11} {problem}")
        if not verdict.problems:
            typer.echo(f"ok   {place:<11} {verdict.summary}")
    if any(verdict.problems for verdict in verdicts):
        typer.echo("The config takes:")
        for line in describe_config(label_config):
            typer.echo(f"     {line}")
        return False
    return True


def _bad(what: str, answer: Any) -> bool:
    reason = answer.get("error", answer) if isinstance(answer, dict) else answer
    typer.echo(f"bad  {what:<11} {reason}")
    return False


def _ask(address: str, body: Any, timeout_s: float = ANSWER_S) -> tuple[int, Any]:
    """Status and JSON; status 0 when nobody answers."""
    import urllib.error
    import urllib.request

    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, content, {"Content-Type": "application/json"})  # noqa: S310 (our own address)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout_s) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        text = error.read().decode(errors="replace")
        try:
            return error.code, json.loads(text)
        except ValueError:
            return error.code, {"error": text}
    except (OSError, ValueError) as error:
        return 0, {"error": f"no answer: {error}"}
