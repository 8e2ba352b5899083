"""The tutorial's ML backend, with only its import line changed, asked as Label Studio asks and tried on a real project.

No model can be downloaded in tests: `transformers` is a small module of the test's own, found by the backend's unchanged import.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelwright import Client
from labelwright.labelconfig import check_result
from live import LiveServer
from live_backend import LiveBackend

SCRIPT = Path(__file__).parents[1] / "tutorial" / "ml_backend.txt"
TRANSFORMERS = """
def pipeline(task, model):
    assert (task, model) == ("sentiment-analysis", "distilbert-base-uncased-finetuned-sst-2-english")
    return lambda text: [{"label": "NEGATIVE" if "broke" in text else "POSITIVE", "score": 0.75}]
"""
CONFIG = """
<View>
  <Text name="text" value="$review_text"/>
  <Choices name="sentiment" toName="text" choice="single">
    <Choice value="Positive"/>
    <Choice value="Negative"/>
    <Choice value="Neutral"/>
  </Choices>
</View>
"""
REVIEWS = ["This product exceeded my expectations!", "Terrible quality, broke after one day."]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The tutorial's file. `transformers` lies in a folder `packages` beside it."""
    script = SCRIPT.read_text(encoding="utf-8")
    theirs, ours = "from label_studio_ml import LabelStudioMLBase", "from labelwright.ml import LabelStudioMLBase"
    assert theirs in script
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "transformers.py").write_text(TRANSFORMERS, encoding="utf-8")
    path = tmp_path / "ml_backend.py"
    path.write_text(script.replace(theirs, ours), encoding="utf-8")
    return path


@pytest.fixture
def backend(file: Path, tmp_path: Path) -> Iterator[LiveBackend]:
    backend = LiveBackend(file, tmp_path, path=(tmp_path / "packages",)).start()
    yield backend
    backend.kill()


def test_it_predicts(backend: LiveBackend) -> None:
    assert backend.setup(CONFIG)[0] == 200
    tasks = [{"id": number, "data": {"review_text": text}} for number, text in enumerate(REVIEWS)]
    status, answer = backend.predict(tasks, CONFIG)
    assert status == 200
    first, second = answer["results"]
    assert (first["result"][0]["value"], first["score"]) == ({"choices": ["Positive"]}, 0.75)
    assert (second["result"][0]["value"], second["score"]) == ({"choices": ["Negative"]}, 0.75)
    assert check_result(CONFIG, first["result"] + second["result"]) == []


def test_it_takes_events(backend: LiveBackend) -> None:
    annotation = {"id": 1, "result": []}
    task = {"id": 1, "data": {"review_text": REVIEWS[0]}}
    for action in ("ANNOTATION_CREATED", "ANNOTATION_UPDATED", "START_TRAINING"):
        assert backend.event(action, CONFIG, annotation=annotation, task=task)[0] == 201


def test_try_it_on_a_project(file: Path, live_server: LiveServer) -> None:
    project = Client(live_server.url, live_server.token, progress=False).start_project(title="Reviews", label_config=CONFIG)
    project.import_tasks([{"review_text": text} for text in REVIEWS])

    def try_it() -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("labelwright")), "ml", "test", str(file), "--project", str(project.id)]
        command += ["--url", live_server.url, "--token", live_server.token]
        environment = {"PYTHONPATH": str(file.parent / "packages"), "PATH": "/usr/bin:/bin", "HOME": str(file.parent)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    done = try_it()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sentiment: Positive (0.75)" in done.stdout
    file.write_text(file.read_text().replace('"from_name": "sentiment"', '"from_name": "sentimint"'))
    done = try_it()
    assert done.returncode == 1
    assert 'region 0: control "sentimint" is not in the config; is it "sentiment"?' in done.stdout
    assert 'from_name "sentiment" (type choices), to_name "text": Positive, Negative, Neutral' in done.stdout
