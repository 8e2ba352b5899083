"""Training: in order, one at a time, beside predictions, and no event lost when the process is killed."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from live_backend import LiveBackend
from ml.conftest import Serve

CONFIG = '<View><Text name="text" value="$text"/><Rating name="stars" toName="text"/></View>'
TASK = {"id": 1, "data": {"text": "fine"}}

LOGS = """
import json, time
from pathlib import Path
from labelwright.ml import LabelwrightMLBase

HERE = Path(__file__).parent

class Logs(LabelwrightMLBase):
    def predict(self, tasks, **kwargs):
        return [{"result": []} for _ in tasks]

    def fit(self, event, data, **kwargs):
        with (HERE / "log").open("a") as log:
            print(json.dumps(["start", event, data.get("number")]), file=log, flush=True)
            while (HERE / "hold").exists():
                time.sleep(0.01)
            print(json.dumps(["end", event, data.get("number")]), file=log, flush=True)
        return {"number": data.get("number")}
"""


def logged(backend: LiveBackend, count: int) -> list[Any]:
    """The first `count` lines of the log, when they are there."""
    file = backend.file.parent / "log"
    deadline_s = time.monotonic() + 30
    while time.monotonic() < deadline_s and (not file.exists() or file.read_text().count("\n") < count):
        time.sleep(0.02)
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_events_are_worked_on_in_order_while_predictions_go_on(serve: Serve) -> None:
    backend = serve(LOGS)
    hold = backend.file.parent / "hold"
    hold.touch()
    answers = [backend.event("ANNOTATION_CREATED", CONFIG, number=number) for number in range(3)]
    assert [(status, answer["status"], answer["state"]) for status, answer in answers] == [(201, "ok", "running")] * 3
    assert backend.predict([TASK], CONFIG)[0] == 200
    assert logged(backend, 1) == [["start", "ANNOTATION_CREATED", 0]]
    hold.unlink()
    lines = logged(backend, 6)
    assert lines == [[what, "ANNOTATION_CREATED", number] for number in range(3) for what in ("start", "end")]
    _, job = backend.ask("POST", "/job_status", {"job": answers[1][1]["job"]})
    assert (job["job_status"], job["result"]) == ("finished", {"number": 1})


def test_no_event_is_lost_when_the_process_is_killed(serve: Serve) -> None:
    backend = serve(LOGS)
    hold = backend.file.parent / "hold"
    hold.touch()
    for number in range(3):
        assert backend.event("ANNOTATION_CREATED", CONFIG, number=number)[0] == 201
    logged(backend, 1)
    backend.kill()
    hold.unlink()
    backend.start()
    lines = logged(backend, 7)
    # the one that was being worked on is begun again
    assert [line[2] for line in lines if line[0] == "start"] == [0, 0, 1, 2]
    assert [line[2] for line in lines if line[0] == "end"] == [0, 1, 2]


def test_an_event_that_kills_the_process_is_given_up(serve: Serve) -> None:
    backend = serve("""
        import os
        from labelwright.ml import LabelwrightMLBase

        class Dies(LabelwrightMLBase):
            def predict(self, tasks, **kwargs):
                return None

            def fit(self, event, data, **kwargs):
                if data["number"] == 0:
                    os._exit(9)
        """)
    backend.event("ANNOTATION_CREATED", CONFIG, number=0)
    for _ in range(5):
        assert backend.process is not None
        try:
            backend.process.wait(2)
        except Exception:
            break
        try:
            backend.start()
        except RuntimeError:
            continue
    _, job = backend.ask("POST", "/job_status", {"job": "1"})
    assert (job["job_status"], job["error"]) == ("failed", "the process ended while it ran")
    assert backend.train("ANNOTATION_CREATED", CONFIG, number=1)["job_status"] == "finished"


def test_a_patient_sender_sees_the_end(serve: Serve) -> None:
    backend = serve(LOGS.replace("while (HERE", "time.sleep(1.5)\n            while (HERE"), options=("--fit-wait", "60"))
    status, answer = backend.event("START_TRAINING", CONFIG, number=1)
    assert (status, answer["state"], answer["result"]) == (201, "done", {"number": 1})


def test_projects_train_beside_each_other(serve: Serve) -> None:
    backend = serve(LOGS)
    hold = backend.file.parent / "hold"
    hold.touch()
    backend.event("START_TRAINING", CONFIG, number=1)
    backend.uid = "2.0"
    backend.event("START_TRAINING", CONFIG, number=2)
    assert logged(backend, 2) == [["start", "START_TRAINING", 1], ["start", "START_TRAINING", 2]]
    hold.unlink()


@pytest.mark.parametrize("action", ["ANNOTATION_CREATED", "ANNOTATIONS_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_DELETED"])
def test_annotation_events_reach_fit(serve: Serve, action: str) -> None:
    backend = serve(LOGS)
    assert backend.train(action, CONFIG, number=4)["result"] == {"number": 4}


def test_what_a_1x_fit_returns_is_the_next_instance_s_train_output(serve: Serve) -> None:
    """Backends for label_studio_ml 1.x: fit(tasks, workdir), parsed_label_config and train_output in __init__."""
    backend = serve("""
        import json
        from pathlib import Path
        from labelwright.ml import LabelStudioMLBase

        class Old(LabelStudioMLBase):
            def __init__(self, **kwargs):
                super(Old, self).__init__(**kwargs)
                self.from_name, self.info = list(self.parsed_label_config.items())[0]
                self.to_name = self.info["to_name"][0]
                self.value = self.info["inputs"][0]["value"]
                self.stars = json.loads(Path(self.train_output["file"]).read_text()) if self.train_output else 1

            def predict(self, tasks, **kwargs):
                region = {"from_name": self.from_name, "to_name": self.to_name, "type": "rating", "value": {"rating": self.stars}}
                return [{"result": [region], "score": 0.5} for task in tasks if self.value in task["data"]]

            def fit(self, completions, workdir=None, **kwargs):
                file = Path(workdir) / "stars"
                file.write_text(json.dumps(kwargs["data"]["number"]))
                return {"file": str(file), "event": kwargs["event"]}
        """)

    def stars() -> int:
        status, answer = backend.predict([TASK], CONFIG)
        assert status == 200, answer
        return int(answer["results"][0]["result"][0]["value"]["rating"])

    backend.setup(CONFIG)
    assert stars() == 1
    job = backend.train("ANNOTATION_CREATED", CONFIG, number=5)
    assert job["result"]["event"] == "ANNOTATION_CREATED"
    assert stars() == 5
    assert backend.setup(CONFIG)[1]["model_version"] != "0.0.1"
    backend.stop()
    backend.start()
    assert stars() == 5


def test_the_model_folder_is_for_its_owner_only(serve: Serve) -> None:
    backend = serve(LOGS)
    backend.setup(CONFIG, access_token="secret-token")
    state = Path(backend.model_dir / "state.db")
    assert state.stat().st_mode & 0o077 == 0
    assert backend.model_dir.stat().st_mode & 0o077 == 0
