"""From nothing to the first suggested label: two commands, three clicks.

The commands are `labelwright start` and `labelwright ml start ml_backend.py`. The backend is the tutorial's but for the model
behind it. What is typed is typed, what is clicked is counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from test_first_hour import COUNT_CLICKS, SENTIMENT, TIMEOUT_MS, clicks, json_file, sign_up

from live import LiveServer, free_port
from live_backend import LiveBackend

pytestmark = pytest.mark.browser

BACKEND = '''
from labelwright.ml import LabelwrightMLBase


class SentimentPreLabeler(LabelwrightMLBase):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.model = lambda text: [{"label": "NEGATIVE" if "broke" in text else "POSITIVE", "score": 0.93}]

    def predict(self, tasks, **kwargs):
        """Generate pre-annotations for new tasks."""
        predictions = []
        for task in tasks:
            result = self.model(task["data"]["review_text"])[0]
            label = "Positive" if result["label"] == "POSITIVE" else "Negative"
            choice = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
            predictions.append({"result": [choice], "score": result["score"]})
        return predictions

    def fit(self, event, data, **kwargs):
        pass
'''
REVIEWS: list[dict[str, Any]] = [
    {"data": {"review_text": "Terrible quality, broke after one day."}},
    {"data": {"review_text": "This product exceeded my expectations!"}},
]


@pytest.fixture
def seconds() -> Callable[[], float]:
    began = time.monotonic()
    return lambda: time.monotonic() - began


@pytest.fixture
def server(seconds: Callable[[], float], tmp_path: Path, new_database_url: Callable[[], str | None]) -> Iterator[LiveServer]:
    database = new_database_url()
    options = ("--database", database) if database else ()
    started = LiveServer(tmp_path, free_port(), options=options, email="").start()
    yield started
    started.stop()


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[LiveBackend]:
    (tmp_path / "ml_backend.py").write_text(BACKEND)
    started = LiveBackend(tmp_path / "ml_backend.py", tmp_path).start()
    yield started
    started.kill()


def new_project(page: Page) -> None:
    """By keyboard: a file, the tutorial's config, a title."""
    page.get_by_label("Drop your data here to start a project").set_input_files(json_file("reviews.json", REVIEWS))
    expect(page.get_by_role("list", name="Data of the project").get_by_role("listitem")).to_have_count(1)
    title = page.get_by_label("Title of the project")
    title.fill("Product Review Sentiment")
    page.get_by_role("tab", name="XML").focus()
    page.keyboard.press("Enter")
    editor = page.get_by_role("textbox", name="Label config (XML)")
    editor.focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(SENTIMENT)
    expect(page.get_by_role("list", name="Problems of the interface")).to_have_count(0)
    page.get_by_role("button", name="Create & label").press("Enter")
    expect(page.get_by_test_id("submit")).to_be_visible()
    expect(page.get_by_test_id("task-text")).to_contain_text("broke after one day")


def test_from_nothing_to_a_suggestion_that_one_key_accepts(
    browser: Browser,
    server: LiveServer,
    backend: LiveBackend,
    seconds: Callable[[], float],
    record_property: Callable[[str, object], None],
) -> None:
    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(TIMEOUT_MS)
    context.add_init_script(COUNT_CLICKS)
    page = context.new_page()
    sign_up(page)
    new_project(page)
    page.keyboard.press("Escape")
    page.goto("/projects/")
    assert clicks(page) == 0

    page.get_by_role("link", name="Model of Product Review Sentiment").click()
    page.get_by_label("Address of the model").fill(backend.url)  # http://localhost:9090 stands there already
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("article", name="default")).to_contain_text("Connected")
    page.get_by_role("main").get_by_role("link", name="Label", exact=True).click()
    suggested = page.get_by_role("radio", name="Negative")
    expect(suggested).to_be_checked()
    expect(page.get_by_text("0.93").first).to_be_visible()
    assert clicks(page) == 3
    record_property("seconds to the first suggestion", round(seconds(), 1))

    page.keyboard.press("Enter")
    expect(page.get_by_test_id("task-text")).to_contain_text("exceeded my expectations")
    expect(page.get_by_role("radio", name="Positive")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing left to label")).to_be_visible()
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved")

    tasks = page.request.get("/api/tasks", params={"project": 1, "fields": "all"}).json()["tasks"]
    answers = [task["annotations"][0] for task in sorted(tasks, key=lambda task: int(task["id"]))]
    assert [answer["result"][0]["value"]["choices"] for answer in answers] == [["Negative"], ["Positive"]]
    assert all(answer["parent_prediction"] and answer["result"][0]["origin"] == "prediction" for answer in answers)
    context.close()
