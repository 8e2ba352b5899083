"""What a real Label Studio 1.23.2 asked our backend, asked again.

Recorded while a project was made, the backend added, two tasks imported and opened, predictions retrieved, an annotation made,
changed and deleted, a smart tool used, and training asked for; repeated requests are left out. Label Studio showed the
predictions and took every answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labelwright.labelconfig import check_result
from live_backend import LiveBackend

RECORDED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "recordings" / "label-studio-1.23.2.json").read_text(encoding="utf-8")
)
BACKEND = """
from labelwright.ml import LabelStudioMLBase

class Mood(LabelStudioMLBase):
    def predict(self, tasks, context=None, **kwargs):
        if context is not None:
            self.set("context", context)
        labels = ["Negative" if "broke" in task["data"]["review_text"] else "Positive" for task in tasks]
        return [self.prediction([self.label(label)], score=0.9) for label in labels]

    def fit(self, event, data, **kwargs):
        self.bump_model_version()
        about = data["annotation"]["task"] if "annotation" in data else data.get("annotations")
        return {"event": event, "about": about, "project": data["project"]["id"]}
"""


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveBackend]:
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "ml_backend.py").write_text(BACKEND, encoding="utf-8")
    backend = LiveBackend(folder / "ml_backend.py", folder, ("--fit-wait", "60")).start()
    yield backend
    backend.kill()


def test_every_request_is_answered_as_label_studio_takes_it(backend: LiveBackend) -> None:
    events: list[Any] = []
    versions: list[str] = []
    for request in RECORDED:
        status, answer = backend.ask(request["method"], request["path"], request["body"])
        assert (request["path"], status) == (request["path"], request["status"]), answer
        if request["path"] == "/setup":
            assert isinstance(answer["model_version"], str)
        elif request["path"] == "/predict":
            tasks, config = request["body"]["tasks"], request["body"]["label_config"]
            assert len(answer["results"]) == len(tasks)
            for prediction in answer["results"]:
                assert check_result(config, prediction["result"]) == []
                assert (prediction["score"], prediction["model_version"]) == (0.9, answer["model_version"])
        elif status == 201:
            assert answer["status"] == "ok"
            events.append(answer["result"]["event"])
            versions.append(backend.ask("GET", "/versions")[1]["versions"][-1])
    assert events == ["ANNOTATION_CREATED", "ANNOTATION_UPDATED", "START_TRAINING", "ANNOTATIONS_DELETED"]
    assert versions == ["0.1.0", "0.2.0", "0.3.0", "0.4.0"]


def test_the_recording_has_what_the_protocol_has() -> None:
    asked = {(request["method"], request["path"]) for request in RECORDED}
    assert asked == {("GET", "/health"), ("POST", "/setup"), ("POST", "/predict"), ("POST", "/webhook"), ("GET", "/versions")}
    contexts = [request["body"]["params"]["context"] for request in RECORDED if request["path"] == "/predict"]
    assert {"result": []} in contexts
    assert None in contexts
