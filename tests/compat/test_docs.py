"""The tutorial runs and prints what it says, so does the page about the official SDKs. The other pages: `tests/unit/docs`."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compat.official import python_of
from labelwright import Client, Project
from live import LiveServer

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$|^<!-- test: (.*?) -->$", re.MULTILINE | re.DOTALL)


def steps(page: Path) -> Iterator[tuple[str, str]]:
    """('python', code), ('text', expected output) and ('test', what a person does) in the page's order."""
    for language, text, action in FENCE.findall(page.read_text(encoding="utf-8")):
        yield (language, text) if language else ("test", action)


def act(action: str, project: Project) -> None:
    """What the page asks the reader to do in the browser."""
    verb, _, values = action.partition(" ")
    assert verb == "label"
    tasks = project.get_unlabeled_tasks()
    for task, value in zip(tasks, values.split(", "), strict=True):
        result = {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [value]}}
        project.create_annotation(task["id"], [result])


@pytest.mark.parametrize("page", ["tutorial/first-labels.md"])
def test_a_page_runs_and_prints_what_it_says(
    page: str, live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    printed = ""
    for kind, text in steps(DOCS / page):
        if kind == "python":
            code = text.replace("http://localhost:8080", live_server.url).replace("your-api-key", live_server.token)
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(compile(code, page, "exec"), names)
            printed = output.getvalue()
        elif kind == "text":
            assert printed == text
        elif kind == "test":
            act(text, names["project"])
    assert os.listdir(tmp_path) == ["labels.csv"]
    assert isinstance(names["ls"], Client)


SDK_PAGE = (DOCS / "howto/use-the-official-sdk.md").read_text(encoding="utf-8")
WITH_SDK = re.compile(r"<!-- with: (\S+) -->\n```python\n(.*?)^```\n+```text\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.official_sdk
@pytest.mark.slow
@pytest.mark.parametrize(("version", "code", "expected"), WITH_SDK.findall(SDK_PAGE))
def test_the_official_sdk_runs_its_page(version: str, code: str, expected: str, live_server: LiveServer, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(code.replace("http://localhost:8080", live_server.url).replace("your-api-key", live_server.token))
    command = [str(python_of(version)), str(script)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout == expected
