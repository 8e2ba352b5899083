"""The protocol, asked of a real process as Label Studio asks: health, setup, predict, webhook, versions, and the older routes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from live_backend import LiveBackend
from ml.conftest import Serve

CONFIG = """<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices></View>"""
OTHER = CONFIG.replace("Bad", "Awful")
PATIENT = ("--fit-wait", "60")
TASKS = [
    {"id": number, "data": {"text": text}, "annotations": [], "predictions": []} for number, text in ((7, "fine"), (8, "broke"))
]

MOOD = """
from labelwright.ml import LabelStudioMLBase

class Mood(LabelStudioMLBase):
    def setup(self):
        self.set("setups", (self.get("setups") or 0) + 1)

    def predict(self, tasks, context=None, **kwargs):
        self.set("seen", [context, kwargs, self.extra_params, self.project_id, self.get("setups")])
        bad = self.parsed_label_config["mood"]["labels"][1]
        return [self.prediction([self.label(bad if "broke" in task["data"]["text"] else "Good")], score=0.75) for task in tasks]

    def fit(self, event, data, **kwargs):
        if event == "START_TRAINING":
            self.model_version = "trained"
            return {"accuracy": 0.9}
"""


def choices(answer: dict[str, Any]) -> list[str]:
    return [result["result"][0]["value"]["choices"][0] for result in answer["results"]]


def test_a_day_in_the_life(serve: Serve) -> None:
    backend = serve(MOOD, options=PATIENT)
    status, health = backend.ask("GET", "/")
    assert (status, health["status"], health["model_class"]) == (200, "UP", "Mood")
    assert backend.setup(CONFIG) == (200, {"model_version": "0.0.1"})
    status, answer = backend.predict(TASKS, CONFIG)
    assert status == 200
    assert choices(answer) == ["Good", "Bad"]
    assert [(item["score"], item["model_version"]) for item in answer["results"]] == [(0.75, "0.0.1")] * 2
    assert answer["model_version"] == "0.0.1"
    status, answer = backend.event("START_TRAINING", CONFIG)
    assert (status, answer["status"], answer["result"]) == (201, "ok", {"accuracy": 0.9})
    assert backend.setup(CONFIG) == (200, {"model_version": "trained"})
    assert backend.ask("GET", "/versions") == (200, {"versions": ["trained"]})
    assert backend.predict(TASKS, CONFIG)[1]["results"][0]["model_version"] == "trained"
    assert backend.event("PROJECT_UPDATED", CONFIG) == (200, {"status": "Unknown event"})


def test_what_is_told_survives_a_restart(serve: Serve) -> None:
    backend = serve(MOOD)
    backend.setup(CONFIG)
    backend.train("START_TRAINING", CONFIG)
    backend.stop()
    assert backend.process is not None
    assert backend.process.returncode == 0
    backend.start()
    status, answer = backend.ask("POST", "/predict", {"tasks": TASKS, "project": backend.uid})
    assert (status, choices(answer), answer["model_version"]) == (200, ["Good", "Bad"], "trained")


ECHO = """
from labelwright.ml import LabelwrightMLBase

class Echo(LabelwrightMLBase):
    made = 0

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        Echo.made += 1

    def setup(self):
        self.setups = getattr(self, "setups", 0) + 1

    def predict(self, tasks, context=None, **kwargs):
        labels = self.parsed_label_config["mood"]["labels"]
        said = {"context": context, "kwargs": kwargs, "extra": self.extra_params, "setups": self.setups, "made": Echo.made,
                "project": self.project_id, "labels": labels}
        return [{"result": [], "said": said}] * len(tasks)
"""


def said(backend: LiveBackend, config: str = CONFIG, **params: Any) -> dict[str, Any]:
    status, answer = backend.predict(TASKS[:1], config, **params)
    assert status == 200, answer
    return dict(answer["results"][0]["said"])


def test_the_context_and_other_parameters_arrive(serve: Serve) -> None:
    backend = serve(ECHO)
    context = {"result": [{"type": "keypointlabels", "value": {"x": 1, "y": 2}}]}
    answer = said(backend, context=context, threshold=0.5)
    assert (answer["context"], answer["kwargs"], answer["project"]) == (context, {"threshold": 0.5}, "1")


def test_an_instance_is_kept_until_the_config_changes(serve: Serve) -> None:
    backend = serve(ECHO)
    backend.setup(CONFIG)
    assert [said(backend)["made"] for _ in range(3)] == [1, 1, 1]
    changed = said(backend, OTHER)
    assert (changed["made"], changed["labels"]) == (2, ["Good", "Awful"])
    assert said(backend, OTHER)["made"] == 2


def test_a_backend_as_authors_write_it_for_2x(serve: Serve) -> None:
    backend = serve(
        """
        import json
        import os
        from typing import Dict, List, Optional
        from labelwright.ml import LabelStudioMLBase, ModelResponse

        class Classifier(LabelStudioMLBase):
            _model = None

            def setup(self):
                self.set("model_version", f"{self.__class__.__name__}-v0.0.1")

            def _lazy_init(self):
                if not self._model:
                    self._model = lambda texts: [{"label": "Bad" if "broke" in text else "Good", "score": 0.5} for text in texts]

            def predict(self, tasks: List[Dict], context: Optional[Dict] = None, **kwargs) -> ModelResponse:
                self._lazy_init()
                li = self.label_interface
                from_name, to_name, value = li.get_first_tag_occurence("Choices", "Text")
                texts = [self.preload_task_data(task, task["data"][value]) for task in tasks]
                predictions = []
                for answer in self._model(texts):
                    region = li.get_tag(from_name).label(answer["label"])
                    predictions.append({"score": answer["score"], "result": [region], "model_version": self.get("model_version")})
                return ModelResponse(predictions=predictions)

            def fit(self, event, data, **kwargs):
                old_data = self.get("my_data")
                old_model_version = self.get("model_version")
                self.set("my_data", json.dumps([event, old_data]))
                self.set("model_version", "my_new_model_version")
                return {"old": old_model_version, "had": self.has("my_data"), "label_config": self.label_config}
        """,
        options=PATIENT,
    )
    assert backend.setup(CONFIG)[1] == {"model_version": "Classifier-v0.0.1"}
    status, answer = backend.predict(TASKS, CONFIG)
    assert (status, choices(answer)) == (200, ["Good", "Bad"])
    assert {prediction["model_version"] for prediction in answer["results"]} == {"Classifier-v0.0.1"}
    result = backend.event("ANNOTATION_UPDATED", CONFIG, annotation={"id": 1, "result": []})[1]["result"]
    assert result == {"old": "Classifier-v0.0.1", "had": True, "label_config": CONFIG}
    assert backend.setup(CONFIG)[1] == {"model_version": "my_new_model_version"}


@pytest.mark.parametrize("params", ['{"threshold": 0.3}', {"threshold": 0.3}])
def test_changed_extra_parameters_set_up_again(serve: Serve, params: Any) -> None:
    backend = serve(ECHO)
    backend.setup(CONFIG)
    assert said(backend)["extra"] == {}
    backend.setup(CONFIG, extra_params=params)
    backend.setup(CONFIG, extra_params=params)
    answer = said(backend)
    assert (answer["extra"], answer["setups"], answer["made"]) == ({"threshold": 0.3}, 2, 1)


def test_projects_are_kept_apart(serve: Serve) -> None:
    backend = serve(ECHO)
    backend.setup(CONFIG, extra_params={"a": 1})
    first = said(backend)
    backend.uid = "2.1700000001"
    second = said(backend, OTHER)
    backend.uid = "1.1700000000"
    assert (first["project"], second["project"], second["extra"]) == ("1", "2", {})
    assert said(backend)["made"] == second["made"] == 2


RAISES = """
from labelwright.ml import LabelwrightMLBase

class Raises(LabelwrightMLBase):
    def predict(self, tasks, **kwargs):
        return [{"result": []} for task in tasks if task["data"]["review"]]

    def fit(self, event, data, **kwargs):
        raise OSError("the disk is full")
"""


def test_an_error_of_the_author_is_told_with_its_place(serve: Serve) -> None:
    backend = serve(RAISES, options=PATIENT)
    status, answer = backend.predict(TASKS, CONFIG)
    assert (status, answer) == (500, {"error": "KeyError: 'review' (ml_backend.py, line 6, in <listcomp>)"})
    assert "Traceback" in backend.log
    status, answer = backend.event("ANNOTATION_CREATED", CONFIG, annotation={"id": 1, "result": []}, task=TASKS[0])
    assert (status, answer) == (500, {"error": "fit failed: OSError: the disk is full (ml_backend.py, line 9, in fit)"})
    assert backend.ask("GET", "/health")[0] == 200


def test_an_exit_in_the_author_s_code_does_not_end_the_server(serve: Serve) -> None:
    backend = serve(
        """
        from labelwright.ml import LabelwrightMLBase

        class Exits(LabelwrightMLBase):
            def predict(self, tasks, **kwargs):
                raise SystemExit(3)

            def fit(self, event, data, **kwargs):
                if event == "START_TRAINING":
                    return {(1, 2): object}
                raise SystemExit(3)
        """,
        options=PATIENT,
    )
    status, answer = backend.predict(TASKS, CONFIG)
    assert (status, answer) == (500, {"error": "RuntimeError: exit(3) was called (ml_backend.py, line 6, in predict)"})
    assert backend.event("ANNOTATION_CREATED", CONFIG)[0] == 500
    assert backend.event("START_TRAINING", CONFIG)[1]["state"] == "done"
    assert backend.process is not None
    assert backend.process.poll() is None


def test_a_model_that_cannot_be_made_says_why_and_is_tried_again(serve: Serve) -> None:
    backend = serve("""
        from pathlib import Path
        from labelwright.ml import LabelwrightMLBase

        class Needs(LabelwrightMLBase):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.weights = (Path(__file__).parent / "weights").read_text()

            def predict(self, tasks, **kwargs):
                return None
        """)
    status, answer = backend.setup(CONFIG)
    assert status == 500
    assert "FileNotFoundError" in answer["error"]
    (backend.file.parent / "weights").write_text("x")
    assert backend.setup(CONFIG)[0] == 200
    assert backend.predict(TASKS, CONFIG) == (200, {"results": [[], []], "model_version": "0.0.1"})


@pytest.mark.parametrize(
    ("path", "raw", "status", "reason"),
    [
        ("/predict", b"{", 400, "no JSON"),
        ("/predict", b"[]", 400, "a JSON object"),
        ("/predict", b"", 400, "empty"),
        ("/predict", b'{"tasks": 5, "project": "1.0"}', 400, "tasks"),
        ("/predict", b'{"tasks": [5], "project": "1.0"}', 400, "tasks"),
        ("/predict", b'{"tasks": [], "project": null}', 400, "project"),
        ("/predict", b'{"tasks": [], "project": "1", "params": 5}', 400, "params"),
        ("/setup", b'{"project": {}}', 400, "project"),
        ("/setup", b'{"project": "1.0", "schema": 5}', 400, "schema"),
        ("/webhook", b"{}", 400, "action"),
        ("/webhook", b'{"action": "START_TRAINING"}', 400, "project"),
        ("/webhook", b'{"action": "START_TRAINING", "project": {}}', 400, "project"),
        ("/nowhere", b"{}", 404, "/nowhere"),
        ("/health", b"{}", 405, "POST"),
    ],
)
def test_nonsense_is_refused_with_a_reason(mood: LiveBackend, path: str, raw: bytes, status: int, reason: str) -> None:
    given, answer = mood.ask("POST", path, raw=raw)
    assert given == status
    assert reason in answer["error"]


@pytest.mark.parametrize("path", ["/validate", "/delete", "/duplicate_model", "/job_status"])
def test_older_routes_answer_harmlessly(mood: LiveBackend, path: str) -> None:
    assert mood.ask("POST", path, {"project": "1.0"})[0] == 200


def test_a_path_before_the_route_is_fine(mood: LiveBackend) -> None:
    assert mood.ask("GET", "/models/mood/health")[1]["status"] == "UP"


def test_train_as_it_was(mood: LiveBackend) -> None:
    status, answer = mood.ask("POST", "/train", {"project": "44.5", "label_config": CONFIG, "annotations": []})
    assert (status, answer["result"]) == (201, {"accuracy": 0.9})


@pytest.fixture(scope="module")
def mood(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("mood")
    (folder / "ml_backend.py").write_text(MOOD)
    backend = LiveBackend(folder / "ml_backend.py", folder, PATIENT).start()
    yield backend
    backend.kill()


def test_basic_auth(serve: Serve) -> None:
    backend = serve(MOOD, options=("--basic-auth", "ann:s:cret"))
    assert backend.ask("GET", "/health") == (200, {"status": "UP"})
    for auth in (None, "ann:wrong", "ann", ""):
        status, answer = backend.ask("GET", "/versions", auth=auth)
        assert (status, "password" in answer["error"]) == (401, True)
    assert backend.ask("GET", "/versions", auth="ann:s:cret")[0] == 200
    assert backend.ask("GET", "/health", auth="ann:s:cret")[1]["model_class"] == "Mood"


def test_setup_does_not_wait_for_a_slow_model_but_predict_does(serve: Serve) -> None:
    backend = serve("""
        import threading, time
        from pathlib import Path
        from labelwright.ml import LabelwrightMLBase

        class Slow(LabelwrightMLBase):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                while not (Path(__file__).parent / "go").exists():
                    time.sleep(0.02)
                self.loaded = True

            def predict(self, tasks, **kwargs):
                return [{"result": [], "loaded": self.loaded} for _ in tasks]
        """)
    assert backend.setup(CONFIG) == (200, {"model_version": "0.0.1", "state": "loading"})
    answers: list[Any] = []
    asking = threading.Thread(target=lambda: answers.append(backend.predict(TASKS, CONFIG)))
    asking.start()
    assert backend.ask("GET", "/health")[0] == 200
    (backend.file.parent / "go").touch()
    asking.join(30)
    assert answers[0][0] == 200
    assert answers[0][1]["results"][1]["loaded"] is True


def test_a_request_at_work_is_answered_before_the_end(serve: Serve) -> None:
    backend = serve("""
        import time
        from pathlib import Path
        from labelwright.ml import LabelwrightMLBase

        class Slow(LabelwrightMLBase):
            def predict(self, tasks, **kwargs):
                (Path(__file__).parent / "begun").touch()
                time.sleep(1)
                return None
        """)
    answers: list[Any] = []
    asking = threading.Thread(target=lambda: answers.append(backend.predict(TASKS, CONFIG)))
    asking.start()
    while asking.is_alive() and not (backend.file.parent / "begun").exists():
        time.sleep(0.02)
    backend.stop()
    asking.join(30)
    assert answers == [(200, {"results": [[], []], "model_version": "0.0.1"})]
    assert backend.process is not None
    assert backend.process.returncode == 0


def test_several_workers_share_what_they_know(serve: Serve) -> None:
    backend = serve(
        """
        import os
        from labelwright.ml import LabelwrightMLBase

        class Shared(LabelwrightMLBase):
            def setup(self):
                self.weights = self.store.load() if self.store.latest else 0

            def predict(self, tasks, **kwargs):
                return [{"result": [], "by": os.getpid(), "weights": self.weights} for _ in tasks]

            def fit(self, event, data, **kwargs):
                self.weights += 1
                self.store.save(f"v{self.weights}", self.weights)
        """,
        options=("--workers", "2"),
    )
    backend.setup(CONFIG)

    def asked() -> dict[int, int]:
        """What each process answers, when both have."""
        found: dict[int, int] = {}
        deadline_s = time.monotonic() + 30
        while len(found) < 2 and time.monotonic() < deadline_s:
            threads = [threading.Thread(target=one, args=(found,)) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return found

    def one(found: dict[int, int]) -> None:
        answer = backend.predict(TASKS[:1], CONFIG)[1]["results"][0]
        found[answer["by"]] = answer["weights"]

    assert list(asked().values()) == [0, 0]
    assert backend.train("START_TRAINING", CONFIG)["model_version"] == "v1"
    assert list(asked().values()) == [1, 1]
    assert backend.setup(CONFIG)[1]["model_version"] == "v1"
    assert backend.ask("GET", "/versions")[1] == {"versions": ["v1"]}
    backend.kill()
    assert is_gone(backend), "the workers end with the process that started them"


def is_gone(backend: LiveBackend) -> bool:
    """Whether nobody answers any more, within half a minute."""
    deadline_s = time.monotonic() + 30
    while (answers := backend.ask("GET", "/health")[0] != 0) and time.monotonic() < deadline_s:
        time.sleep(0.1)
    return not answers


def test_reload_serves_the_changed_file(serve: Serve) -> None:
    backend = serve(MOOD, options=("--reload",))
    backend.file.write_text(MOOD.replace("class Mood", "class Mode"))
    deadline_s = time.monotonic() + 30
    while time.monotonic() < deadline_s and (backend.ask("GET", "/health")[1] or {}).get("model_class") != "Mode":
        time.sleep(0.1)
    assert backend.ask("GET", "/health")[1]["model_class"] == "Mode"
    backend.kill()
    assert is_gone(backend), "the server ends with the process that watches the files"
    backend.start().stop()
    assert is_gone(backend)


def test_the_labeling_server_is_not_imported() -> None:
    code = (
        "import sys, labelwright.ml, labelwright.ml.serve; print([n for n in sys.modules if n.startswith('labelwright.server')])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
