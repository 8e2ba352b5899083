"""The Python of the README and the how-tos runs against a live server and prints what the page says.

`labelwright ml start FILE --port 9090` in a page starts that file; what the page calls http://localhost:9090 is where it listens.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from docs.pages import HOWTOS, blocks
from labelwright import Client
from live import LiveServer
from live_backend import LiveBackend

StartServer = Callable[..., LiveServer]
MOVE = "docs/howto/move-from-label-studio.md"

START_MODEL = re.compile(r"labelwright ml start (\S+\.py) --port 9090")

ELSEWHERE = {
    "docs/howto/add-a-format.md": "tests/unit/test_howto.py",
    "docs/howto/add-a-tag.md": "web/app/docs/addATag.test.tsx",
    "docs/howto/use-the-official-sdk.md": "tests/compat/test_docs.py",
    "docs/howto/write-a-backend.md": "tests/unit/docs/test_write_a_backend.py",
}
"""Pages whose code is run by another test, and which."""
RUN_HERE = ["README.md", *(page for page in HOWTOS if page not in ELSEWHERE and page != MOVE and blocks(page, "python"))]


@pytest.mark.parametrize("page", RUN_HERE)
def test_a_page_runs_and_prints_what_it_says(
    page: str, start_server: StartServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start_server()
    monkeypatch.chdir(tmp_path)
    with ExitStack() as ending:
        _run(page, server, tmp_path, ending)


def _run(page: str, server: LiveServer, folder: Path, ending: ExitStack) -> None:
    names: dict[str, Any] = {}
    printed, model_url = None, "http://localhost:9090"
    for block in blocks(page):
        if block.file:
            Path(block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "sh" and (start := START_MODEL.search(block.text)) and (folder / start[1]).exists():
            backend = LiveBackend(folder / start[1], folder).start()
            ending.callback(backend.kill)
            model_url = backend.url
        elif block.language == "python":
            code = re.sub(r"http://(localhost|label-studio):8080", server.url, block.text)
            code = code.replace("http://localhost:9090", model_url)
            code = re.sub(r"your-api-key|key-of-label-studio", server.token, code)
            code = code.replace("/var/lib/labelwright", str(server.folder / "data"))
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(compile(code, str(block), "exec"), names)
            printed = output.getvalue()
        elif block.language == "text" and printed is not None:
            assert printed == block.text, str(block)
            printed = None


def test_moving_keeps_people_answers_and_predictions(start_server: StartServer, capsys: pytest.CaptureFixture[str]) -> None:
    theirs, ours = start_server(), start_server()
    there = Client(theirs.url, theirs.token, progress=False)
    config = (
        '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices></View>'
    )
    project = there.start_project("Letters", config, maximum_annotations=2)
    ada = there.create_user(email="ada@example.com", password="a long passphrase")
    assert ada is not None
    answer = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}
    answers = [{"completed_by": "ada@example.com", "result": [answer]}, {"result": [], "was_cancelled": True}]
    project.import_tasks([{"data": {"t": "x"}, "meta": {"n": 1}, "annotations": answers, "predictions": [{"result": "B"}]}])
    for block in blocks(MOVE, "python"):
        code = block.text.replace("http://label-studio:8080", theirs.url).replace("http://localhost:8080", ours.url)
        code = code.replace("key-of-label-studio", theirs.token).replace("your-api-key", ours.token)
        exec(compile(code, str(block), "exec"), {})
    assert capsys.readouterr().out == "Letters: 1 tasks, now project 1\n"
    copy = Client(ours.url, ours.token, progress=False).get_project(1)
    (task,) = copy.get_tasks()
    assert (copy.maximum_annotations, task["data"], task["meta"]) == (2, {"t": "x"}, {"n": 1})
    people = {user.id: user.email for user in copy.client.get_users()}
    assert [(people[one["completed_by"]], one["was_cancelled"]) for one in task["annotations"]] == [
        ("ada@example.com", False),
        ("admin@example.com", True),
    ]
    assert [one["result"][0]["value"] for one in task["predictions"]] == [{"choices": ["B"]}]


def test_pages_that_run_elsewhere_name_their_test() -> None:
    for page, test in ELSEWHERE.items():
        assert (Path(__file__).parents[3] / page).exists()
        assert (Path(__file__).parents[3] / test).exists()
