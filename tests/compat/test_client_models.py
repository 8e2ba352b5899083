"""Models through our client: connect one, have it predict, see how far it is. Against a live server and a real model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from compat.scenarios.configs import SENTIMENT, choice
from labelwright import Client, Filters, Project
from labelwright.sdk import Column, Invalid, LabelwrightError, Operator, Type
from live import LiveServer
from ml_server import ModelServer


@pytest.fixture
def project(live_server: LiveServer) -> Project:
    ls = Client(live_server.url, live_server.token, progress=False)
    return ls.start_project(title="Models", label_config=SENTIMENT)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as made:
        yield made


def rows(*texts: str) -> list[dict[str, object]]:
    return [{"review_text": text, "n": 1} for text in texts]


def test_a_model_is_connected_and_predicts(project: Project, model: ModelServer) -> None:
    with pytest.raises(Invalid, match="No model is connected"):
        project.predict()
    ids = project.import_tasks(rows("a", "b", "c"))
    backend = project.connect_ml_backend(model.url, title="First", description="picks the first")
    assert (backend["title"], backend["state"], backend["project"]) == ("First", "CO", project.id)
    assert [one["id"] for one in project.get_ml_backends()] == [backend["id"]]
    (job,) = project.predict()
    assert (job["state"], job["failed"]) == ("done", 0)
    assert project.get_model_versions()["v1"] == 3
    assert project.get_predictions_coverage()["v1"] == 1.0
    assert {job["state"] for job in project.jobs()} == {"done"}
    seen: list[tuple[int, int | None]] = []
    (job,) = project.predict(ids[:2], again=True, progress=lambda done, total: seen.append((done, total)))
    assert job["message"] == "Predicted 2 tasks."
    assert seen[-1] == (2, 2)
    only_c = Filters.create("and", [Filters.item(Column.data("review_text"), Operator.EQUAL, Type.String, Filters.value("c"))])
    (job,) = project.predict(filters=only_c, ml_backend=backend["id"], wait=False)
    assert (job["total"], job["done"]) == (1, 0)


def test_a_model_that_is_not_there_is_told(project: Project, model: ModelServer) -> None:
    model.die()
    with pytest.raises(Invalid, match="Can't connect to ML backend"):
        project.connect_ml_backend(model.url)


def test_waiting_ends(project: Project, model: ModelServer) -> None:
    project.import_tasks(rows("a"))
    model.delay_s = 2.0
    project.connect_ml_backend(model.url)
    with pytest.raises(LabelwrightError, match=r"is not over after 0 s"):
        project.predict(timeout=0)


def test_predictions_that_do_not_fit_are_refused(project: Project) -> None:
    (task,) = project.import_tasks(rows("a"))
    with pytest.raises(Invalid, match=r'Prediction 1, region 0: label "Cat" is not among'):
        project.create_predictions([{"task": task, "result": [choice("Positive")]}, {"task": task, "result": [choice("Cat")]}])
