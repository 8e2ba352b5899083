"""`labelwright ml create`: what it writes runs, is tested, and learns; `labelwright ml test` says what does not fit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from labelwright.cli.app import app
from labelwright.labelconfig import lint_config
from labelwright.ml.scaffold import TEMPLATES
from live import free_port
from ml.conftest import Serve

runner = CliRunner()


def run(*words: str | Path, ok: bool = True) -> str:
    """What the command prints; its exit code must say `ok`."""
    result = runner.invoke(app, [*map(str, words)])
    assert (result.exit_code == 0) is ok, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is where the commands run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_backend_runs(folder: Path, template: str) -> None:
    assert "labelwright ml start new-model" in run("ml", "create", "new-model", "--template", template)
    folder = folder / "new-model"
    assert [problem.message for problem in lint_config((folder / "label_config.xml").read_text())] == []
    assert "class NewModel(" in (folder / "ml_backend.py").read_text()
    output = run("ml", "test", folder, "--config", folder / "label_config.xml", "--data", folder / "tasks.json")
    assert "ok   task 1" in output
    ruff = [str(Path(sys.executable).with_name("ruff")), "check", "--isolated", "--select", "E4,E7,E9,F,B", str(folder)]
    lint = subprocess.run(ruff, capture_output=True, text=True, check=False)
    assert lint.returncode == 0, lint.stdout
    left = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc" and "{{" in path.read_text()]
    assert left == []


def test_the_test_of_a_new_backend_runs(folder: Path) -> None:
    run("ml", "create", "new-model")
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "new-model"]
    done = subprocess.run(
        tests,
        env={**os.environ, "PYTHONPATH": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_new_backend_learns(folder: Path, serve: Serve) -> None:
    run("ml", "create", "reviews")
    config = (folder / "reviews" / "label_config.xml").read_text()
    backend = serve(folder / "reviews")

    def guess(text: str) -> str:
        answer = backend.predict([{"id": 1, "data": {"text": text}}], config)[1]
        return str(answer["results"][0]["result"][0]["value"]["choices"][0])

    def teach(text: str, label: str) -> None:
        region = {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
        task = {"id": 1, "data": {"text": text}}
        job = backend.train("ANNOTATION_CREATED", config, task=task, annotation={"id": 1, "result": [region]})
        assert job["job_status"] == "finished", job

    for text, label in (
        ("a lovely lamp", "Positive"),
        ("an awful lamp", "Negative"),
        ("lovely", "Positive"),
        ("awful", "Negative"),
    ):
        teach(text, label)
    assert (guess("what a lovely thing"), guess("what an awful thing")) == ("Positive", "Negative")
    assert backend.setup(config)[1]["model_version"] == "0.4.0"


def test_what_is_there_is_not_overwritten(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "file").touch()
    assert "is there already" in run("ml", "create", "mine", ok=False)
    assert "there are text, ner" in run("ml", "create", "other", "--template", "video", ok=False)


CONFIG = """<View><Image name="image" value="$image"/>
<RectangleLabels name="label" toName="image"><Label value="Car"/></RectangleLabels></View>"""
BACKEND = """
from labelwright.ml import LabelwrightMLBase

class Boxes(LabelwrightMLBase):
    def predict(self, tasks, **kwargs):
        region = {"from_name": "label", "to_name": "image", "type": "rectanglelabels",
                  "value": {"x": 1, "y": 1, "width": 10, "height": 10, "rectanglelabels": ["Car"]}}
        return [{"result": [region], "score": 0.5} for task in tasks]

    def fit(self, event, data, **kwargs):
        pass
"""


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("", "", "ok   task 1      label: Car (0.50)"),
        ('"from_name": "label"', '"from_name": "labels"', 'control "labels" is not in the config; is it "label"?'),
        ('"to_name": "image"', '"to_name": "img"', 'control "label" is about image, not "img"'),
        ('"type": "rectanglelabels"', '"type": "choices"', 'it gives "rectanglelabels"'),
        ('["Car"]', '["Cat"]', 'label "Cat" is not among Car of control "label"'),
        ('"width": 10', '"width": 640', "width is 640, but boxes are in percent of the image"),
        ('"score": 0.5', '"score": "high"', "score 'high' is no number"),
        ('[{"result": [region], "score": 0.5} for', "[5 for", "entry 0 is 5"),
        ("return [", "return 1 / 0 or [", "ZeroDivisionError: division by zero (ml_backend.py, line 8, in predict)"),
        ("for task in tasks]", "for task in tasks] * 2", "predict gave 2 entries"),
        ("        pass", "        raise ValueError('no data')", "fit failed: ValueError: no data"),
    ],
)
def test_what_does_not_fit_is_told_with_what_would(folder: Path, right: str, wrong: str, told: str) -> None:
    assert right in BACKEND
    (folder / "ml_backend.py").write_text(BACKEND.replace(right, wrong) if right else BACKEND)
    (folder / "config.xml").write_text(CONFIG)
    (folder / "tasks.json").write_text('[{"image": "a.png"}, {"data": {"image": "b.png"}}]')
    if "* 2" in wrong:
        (folder / "tasks.json").write_text('[{"image": "a.png"}, {"image": "b.png"}, {"image": "c.png"}]')
        told = told.replace("2", "6")
    output = run("ml", "test", "--config", "config.xml", "--data", "tasks.json", "--train", ok=not right)
    assert told in output
    if "region 0" in output:
        assert 'from_name "label" (type rectanglelabels), to_name "image": Car' in output


@pytest.mark.parametrize(
    ("code", "words", "told"),
    [
        (None, ("start",), "ml_backend.py does not exist"),
        ("x = 1", ("start",), "has no model: write a class that extends LabelwrightMLBase"),
        ("import nosuchpackage", ("start",), "pip install nosuchpackage"),
        ("from label_studio_ml.model import LabelStudioMLBase", ("start",), "from labelwright.ml import LabelStudioMLBase"),
        (BACKEND, ("start", "--class", "Other"), "has no model class Other; it has Boxes"),
        (BACKEND + BACKEND.replace("Boxes", "More"), ("start",), "several models (Boxes, More); name one with --class"),
        (BACKEND, ("start", "--basic-auth", "secret"), "user:password"),
        (BACKEND, ("start", "--with", "5"), "name=value"),
        (BACKEND, ("start", "--reload", "--workers", "2"), "one worker"),
        (BACKEND, ("test",), "--project 1, or --config"),
        (BACKEND, ("test", "--project", "1"), "API token"),
        (BACKEND, ("test", "--config", "missing.xml"), "Can't read"),
    ],
)
def test_what_cannot_start_says_why(folder: Path, code: str | None, words: tuple[str, ...], told: str) -> None:
    if code is not None:
        (folder / "ml_backend.py").write_text(code)
    port = ("--port", str(free_port())) if words[0] == "start" else ()
    assert told in run("ml", *words, *port, ok=False)
