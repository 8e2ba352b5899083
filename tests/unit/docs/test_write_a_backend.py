"""The page about writing a backend: its commands print what it says, its backend learns as it says."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from docs.pages import Block, blocks
from labelwright.cli.app import app
from live_backend import LiveBackend

PAGE = "docs/howto/write-a-backend.md"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the page's files, which is where its commands run."""
    for block in blocks(PAGE):
        if block.file:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands_with_output() -> list[tuple[Block, Block]]:
    """Each command whose output stands below it."""
    found = blocks(PAGE, "sh", "text")
    return [(one, after) for one, after in pairwise(found) if one.language == "sh" and after.text.startswith("ok ")]


def test_commands_print_what_the_page_says(files: Path) -> None:
    pairs = commands_with_output()
    assert len(pairs) == 2
    for command, output in pairs:
        result = CliRunner().invoke(app, shlex.split(command.text)[1:])
        assert re.sub(r"in \d+ ms", "in … ms", result.output) == output.text
        assert result.exit_code == ("bad " in output.text)


def test_the_first_command_makes_a_folder(files: Path) -> None:
    command = shlex.split(blocks(PAGE, "sh")[0].text)
    assert CliRunner().invoke(app, command[1:]).exit_code == 0
    assert (files / "my-model" / "ml_backend.py").exists()


def test_the_page_s_backend_learns(files: Path) -> None:
    config = (files / "label_config.xml").read_text()
    backend = LiveBackend(files / "ml_backend.py", files).start()
    task = {"id": 1, "data": {"review": "Utterly useless."}}
    try:
        before = backend.predict([task], config)[1]["results"][0]
        region = {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Unhappy"]}}
        job = backend.train("ANNOTATION_CREATED", config, task=task, annotation={"id": 1, "result": [region]})
        after = backend.predict([task], config)[1]["results"][0]
    finally:
        backend.kill()
    assert job["job_status"] == "finished", job
    assert [one["result"][0]["value"]["choices"] for one in (before, after)] == [["Happy"], ["Unhappy"]]
    assert (before["model_version"], after["model_version"]) == ("0.0.1", "0.1.0")
