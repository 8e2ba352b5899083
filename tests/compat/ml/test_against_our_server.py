"""A backend and our server, both real: media are fetched with the token, training reads what was labeled."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from labelwright import Client, Project
from live import LiveServer
from live_backend import LiveBackend

CONFIG = """
<View>
  <Image name="image" value="$image"/>
  <Choices name="light" toName="image"><Choice value="Bright"/><Choice value="Dark"/></Choices>
</View>
"""
BACKEND = """
from PIL import Image
from labelwright.ml import LabelwrightMLBase

class Light(LabelwrightMLBase):
    def predict(self, tasks, context=None, **kwargs):
        threshold = self.get("threshold") or 128
        answers = [Image.open(self.download(task["data"]["image"], task)).convert("L").getpixel((0, 0)) for task in tasks]
        return [self.prediction([self.label("Bright" if answer >= threshold else "Dark")]) for answer in answers]

    def fit(self, event, data, **kwargs):
        dark = [
            Image.open(self.get_local_path(task["data"]["image"], task_id=task["id"])).convert("L").getpixel((0, 0))
            for task in self.annotated_tasks()
            if task["annotations"][0]["result"][0]["value"]["choices"] == ["Dark"]
        ]
        self.set("threshold", max(dark) + 1)
        return {"dark": dark}
"""


@pytest.fixture
def project(live_server: LiveServer, tmp_path: Path) -> Project:
    """A project with a grey image of each of three brightnesses."""
    project = Client(live_server.url, live_server.token, progress=False).start_project("Light", CONFIG)
    for grey in (20, 140, 250):
        buffer = io.BytesIO()
        Image.new("L", (8, 8), grey).save(buffer, "PNG")
        (tmp_path / f"grey {grey}.png").write_bytes(buffer.getvalue())
        project.import_tasks(tmp_path / f"grey {grey}.png")
    return project


@pytest.fixture
def backend(tmp_path: Path, project: Project) -> Iterator[LiveBackend]:
    (tmp_path / "ml_backend.py").write_text(BACKEND, encoding="utf-8")
    backend = LiveBackend(tmp_path / "ml_backend.py", tmp_path, uid=f"{project.id}.0").start()
    yield backend
    backend.kill()


def choices(answer: dict[str, Any]) -> list[str]:
    return [prediction["result"][0]["value"]["choices"][0] for prediction in answer["results"]]


def test_images_come_and_labels_teach(live_server: LiveServer, project: Project, backend: LiveBackend) -> None:
    tasks = sorted(project.get_tasks(), key=lambda task: task["id"])
    assert all(task["data"]["image"].startswith("/data/upload/") for task in tasks)
    server = {"hostname": live_server.url, "access_token": live_server.token}
    assert backend.setup(CONFIG, **server)[0] == 200
    status, answer = backend.predict(tasks, CONFIG)
    assert status == 200, answer
    assert choices(answer) == ["Dark", "Bright", "Bright"]
    dark = {"from_name": "light", "to_name": "image", "type": "choices", "value": {"choices": ["Dark"]}}
    project.create_annotation(tasks[1]["id"], [dark])
    assert backend.train("START_TRAINING", CONFIG)["result"] == {"dark": [140]}
    assert choices(backend.predict(tasks, CONFIG)[1]) == ["Dark", "Dark", "Bright"]


def test_a_wrong_token_is_told(live_server: LiveServer, project: Project, backend: LiveBackend) -> None:
    backend.setup(CONFIG, hostname=live_server.url, access_token="0" * 40)
    status, answer = backend.predict(project.get_tasks(), CONFIG)
    assert status == 500
    assert "the token is not taken" in answer["error"]


def test_tasks_are_pre_labeled_and_annotations_reach_fit(live_server: LiveServer, project: Project, backend: LiveBackend) -> None:
    """Nobody opens a task: connecting the backend is all."""
    project.client.post("/api/ml", {"url": backend.url, "project": project.id, "title": "Light"})
    project.import_tasks([{"image": task["data"]["image"]} for task in project.get_tasks()])

    def predicted() -> int:
        return sum(bool(task["predictions"]) for task in project.get_tasks())

    assert eventually(lambda: predicted() >= 3), backend.log
    task = next(task for task in project.get_tasks() if task["predictions"])
    (prediction,) = task["predictions"]
    assert (prediction["model_version"], prediction["result"][0]["from_name"]) == ("0.0.1", "light")
    dark = {"from_name": "light", "to_name": "image", "type": "choices", "value": {"choices": ["Dark"]}}
    project.create_annotation(task["id"], [dark])
    assert eventually(lambda: "fit on ANNOTATION_CREATED" in backend.log), backend.log


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it comes true within a minute."""
    deadline_s = time.monotonic() + 60
    while not (done := holds()) and time.monotonic() < deadline_s:
        time.sleep(0.1)
    return done
