"""Settings → Model and Webhooks in a browser: a real backend is connected, examined, asked, stopped, removed; a receiver hears.

Clicks are counted against the promise: from the list of projects to a connected model and the first suggestion in three.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from projects import Project

from live import LiveServer
from live_backend import LiveBackend

StartServer = Callable[..., LiveServer]

pytestmark = pytest.mark.browser

TIMEOUT_MS = 20_000
CONFIG = """<View>
  <Text name="text" value="$text"/>
  <Choices name="sentiment" toName="text">
    <Choice value="Positive"/><Choice value="Negative"/>
  </Choices>
</View>"""
BACKEND = '''
import time
from pathlib import Path

from labelwright.ml import LabelwrightMLBase

HERE = Path(__file__).parent


class Mood(LabelwrightMLBase):
    """Its name for the control, its answer and the seconds that a task takes stand in files beside it."""

    INITIAL_MODEL_VERSION = "mood-1"

    def predict(self, tasks, **kwargs):
        time.sleep(float((HERE / "pace").read_text()) * len(tasks))
        value = {"choices": ["Positive" if self.model_version == "mood-1" else "Negative"]}
        answer = {"from_name": (HERE / "control").read_text(), "to_name": "text", "type": "choices", "value": value}
        return [{"result": [answer], "score": 0.9} for _ in tasks]

    def fit(self, event, data, **kwargs):
        if event == "START_TRAINING":
            print("learned the wrong thing")
            self.model_version = "mood-2"
'''
COUNT_CLICKS = """addEventListener("pointerdown", () =>
  sessionStorage.setItem("clicks", String(Number(sessionStorage.getItem("clicks") ?? 0) + 1)), true)"""


class Mood:
    """The backend's process, and what it does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "ml_backend.py").write_text(BACKEND)
        self.answer("sentiment")
        self.take(0)
        self.process = LiveBackend(folder / "ml_backend.py", folder)

    def answer(self, control: str) -> None:
        (self.folder / "control").write_text(control)

    def take(self, seconds: float) -> None:
        (self.folder / "pace").write_text(str(seconds))


@pytest.fixture
def mood(tmp_path: Path) -> Iterator[Mood]:
    made = Mood(tmp_path)
    yield made
    made.process.kill()


@pytest.fixture
def server(start_server: StartServer) -> LiveServer:
    """A server that may call webhooks on this machine."""
    return start_server(LABELWRIGHT_ALLOWED_HOSTS="127.0.0.1")


@pytest.fixture
def page(browser: Browser, server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(TIMEOUT_MS)
    made = context.new_page()
    made.goto("/user/login/")
    made.get_by_label("Email").fill(server.email)
    made.get_by_label("Password", exact=True).fill(server.password)
    made.keyboard.press("Enter")
    made.wait_for_url("**/projects**")
    yield made
    context.close()


@pytest.fixture
def reviews(server: LiveServer) -> Iterator[Project]:
    headers = {"Authorization": f"Token {server.token}"}
    with httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=30) as api:
        made = api.post("/api/projects", json={"title": "Reviews", "label_config": CONFIG})
        project = Project(api, made.json()["id"])
        add_tasks(project, 20)
        yield project


def add_tasks(project: Project, count: int) -> None:
    tasks = [{"text": f"Review {n} of {count}"} for n in range(count)]
    assert project.api.post(f"/api/projects/{project.id}/import", json=tasks).status_code == 201


def model_page(page: Page, project: Project) -> None:
    page.goto(f"/projects/{project.id}/settings/model")


def connect(project: Project, url: str) -> None:
    answer = project.api.post("/api/ml", json={"project": project.id, "url": url})
    assert answer.status_code == 201, answer.text


def test_three_clicks_from_the_projects_to_a_suggestion(page: Page, reviews: Project, mood: Mood) -> None:
    mood.process.start()
    page.add_init_script(COUNT_CLICKS)
    page.goto("/projects/")
    page.get_by_role("link", name="Model of Reviews").click()
    expect(page.get_by_text("labelwright ml start ml_backend.py --port 9090")).to_be_visible()
    address = page.get_by_label("Address of the model")
    expect(address).to_have_value("http://localhost:9090")
    # Nothing is typed where the backend runs at the usual port.
    address.fill(mood.process.url)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("article", name="default")).to_contain_text("Connected")
    page.get_by_role("main").get_by_role("link", name="Label", exact=True).click()
    expect(page.get_by_text("mood-1").first).to_be_visible()
    assert page.evaluate("() => sessionStorage.getItem('clicks')") == "3"


def test_a_model_that_does_not_run_is_told_at_the_address(page: Page, reviews: Project, mood: Mood) -> None:
    model_page(page, reviews)
    address = page.get_by_label("Address of the model")
    address.fill(mood.process.url)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text(re.compile(f"labelwright ml start ml_backend.py --port {mood.process.port}"))).to_be_visible()
    page.get_by_text("More options").click()
    page.get_by_label("Extra parameters (JSON)").fill("{threshold: 1}")
    expect(page.get_by_text("This is not JSON")).to_be_visible()


def test_a_model_from_connected_to_removed(page: Page, reviews: Project, mood: Mood) -> None:
    mood.process.start()
    connect(reviews, mood.process.url)
    model_page(page, reviews)
    card = page.get_by_role("article", name="default")
    expect(card).to_contain_text("20 tasks")
    expect(card).to_contain_text("mood-1")

    card.get_by_role("button", name="Test").click()
    expect(page.get_by_text(re.compile(r"default answers in .* ms"))).to_be_visible()

    # The doctor finds nothing, and then what was broken on purpose.
    card.get_by_role("button", name="Doctor").click()
    doctor = page.get_by_role("dialog")
    expect(doctor.get_by_text("All is well")).to_be_visible()
    mood.answer("mood")
    doctor.get_by_role("button", name="Examine again").click()
    expect(doctor.get_by_text("What does not fit")).to_be_visible()
    expect(doctor.get_by_text("from_name is the name of the control tag")).to_be_visible()
    page.keyboard.press("Escape")
    mood.answer("sentiment")

    # A job that is long enough to be seen and stopped.
    mood.take(0.05)
    add_tasks(reviews, 400)
    page.reload()
    jobs = page.locator("section", has=page.get_by_role("heading", name="Jobs"))
    bar = jobs.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuetext", re.compile(r"^[1-9]\d* of 4\d\d"))
    jobs.get_by_role("button", name=re.compile("^Cancel")).click()
    expect(bar).to_have_count(0)
    jobs.get_by_text("earlier job").click()
    expect(jobs.get_by_text("Cancelled").first).to_be_visible()
    mood.take(0)
    jobs.get_by_role("button", name=re.compile("^Try again")).first.click()
    expect(card).to_contain_text("420 tasks")

    card.get_by_role("button", name="More of default").click()
    page.get_by_role("menuitem", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Mood")
    dialog.get_by_role("button", name="Save").click()
    card = page.get_by_role("article", name="Mood")
    expect(card).to_be_visible()
    expect(page.get_by_label("Shown version")).to_have_value("Mood")

    card.get_by_role("button", name="More of Mood").click()
    page.get_by_role("menuitem", name="Remove").click()
    expect(dialog).to_contain_text("420 predictions stay")
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="Connect a model")).to_be_visible()
    versions = reviews.api.get(f"/api/projects/{reviews.id}/model-versions").json()
    assert versions == {"mood-1": 420}


def test_a_dead_model_says_so_and_labeling_goes_on(page: Page, reviews: Project, mood: Mood) -> None:
    mood.process.start()
    connect(reviews, mood.process.url)
    mood.process.kill()
    model_page(page, reviews)
    card = page.get_by_role("article", name="default")
    card.get_by_role("button", name="Test").click()
    expect(card).to_contain_text("Not connected")
    expect(card).to_contain_text("Labeling goes on without it.")
    page.goto(f"/projects/{reviews.id}/label")
    page.get_by_text("Negative").click()
    page.get_by_test_id("submit").click()
    expect(page.get_by_text("19 left")).to_be_visible()


def test_settings_are_kept(page: Page, reviews: Project, mood: Mood) -> None:
    mood.process.start()
    connect(reviews, mood.process.url)
    model_page(page, reviews)
    page.get_by_role("switch", name="Pre-label new tasks automatically").click()
    page.get_by_label("Tasks without a suggestion").select_option("10")
    page.get_by_label("Train after so many new answers").fill("50")
    page.get_by_label("But not before there are").fill("100")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("switch", name="Pre-label new tasks automatically")).not_to_be_checked()
    expect(page.get_by_label("Tasks without a suggestion")).to_have_value("10")
    expect(page.get_by_label("But not before there are")).to_have_value("100")
    settings = reviews.api.get(f"/api/projects/{reviews.id}/models").json()
    assert (settings["withheld_percent"], settings["train_every"], settings["prelabel_automatically"]) == (10, 50, False)


def test_a_worse_version_is_shown_only_when_asked_for(page: Page, reviews: Project, mood: Mood) -> None:
    mood.process.start()
    add_tasks(reviews, 40)
    item = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": ["Positive"]}}
    for task in reviews.task_ids():
        assert reviews.api.post(f"/api/tasks/{task}/annotations", json={"result": [item]}).status_code == 201
    connect(reviews, mood.process.url)
    model_page(page, reviews)
    page.get_by_role("article", name="default").get_by_role("button", name="Train").click()
    trainings = page.locator("section", has=page.get_by_role("heading", name="Trainings"))
    run = trainings.get_by_role("listitem")
    expect(run).to_contain_text("mood-1 → mood-2", timeout=60_000)
    expect(run).to_contain_text("100.0 % → 0.0 %")
    expect(run).to_contain_text("60 answers, asked for")
    assert shown_version(reviews) == ["mood-1"]
    run.get_by_role("button", name="Use mood-2 anyway").click()
    expect(run.get_by_text("Live", exact=True)).to_be_visible()
    page.get_by_label("Live version").select_option("mood-1")
    expect(page.get_by_label("Live version")).to_be_enabled()
    assert shown_version(reviews) == ["mood-1"]


def shown_version(project: Project) -> list[str]:
    models = project.api.get(f"/api/projects/{project.id}/models").json()
    return [each["version"] for each in models["versions"] if each["is_shown"]]


def test_what_suggestions_save_is_told_with_what_it_rests_on(page: Page, reviews: Project, mood: Mood) -> None:
    mood.process.start()
    connect(reviews, mood.process.url)
    model_page(page, reviews)
    expect(page.get_by_role("article", name="default")).to_contain_text("20 tasks")
    expect(page.get_by_text("Nothing to measure yet")).to_be_visible()
    for task, choice in zip(reviews.task_ids()[:2], ("Positive", "Negative"), strict=True):
        prediction = reviews.api.get(f"/api/tasks/{task}").json()["predictions"][0]["id"]
        item = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": [choice]}}
        body = {"result": [item], "parent_prediction": prediction, "lead_time": 4.0}
        assert reviews.api.post(f"/api/tasks/{task}/annotations", json=body).status_code == 201
    page.reload()
    expect(page.get_by_text("of 2 suggestions")).to_be_visible()
    expect(page.get_by_text("50 %", exact=True)).to_be_visible()
    expect(page.get_by_text("there are 2 and 0. To measure it, leave a share")).to_be_visible()


def test_a_selection_is_predicted_and_the_bar_over_the_table_shows_it(page: Page, reviews: Project, mood: Mood) -> None:
    mood.process.start()
    reviews.api.patch(f"/api/projects/{reviews.id}/models", json={"prelabel_automatically": False})
    connect(reviews, mood.process.url)
    add_tasks(reviews, 280)
    mood.take(0.05)
    page.goto(f"/projects/{reviews.id}/data")
    page.get_by_role("checkbox", name="Select all").check()
    page.get_by_role("button", name="Predict").click()
    bar = page.get_by_role("region", name="Jobs")
    expect(bar).to_contain_text(re.compile(r"\d+ of 300"))
    bar.get_by_role("button", name="Cancel").click()
    expect(bar).to_have_count(0)
    assert reviews.api.get(f"/api/projects/{reviews.id}/jobs").json()[0]["state"] == "cancelled"


def test_the_built_in_model_by_one_switch(page: Page, reviews: Project) -> None:
    model_page(page, reviews)
    page.get_by_role("switch", name="Suggest labels as I work").click()
    expect(page.get_by_text("0 of 20 labels")).to_be_visible()
    page.get_by_role("switch", name="Least certain tasks first").click()
    expect(page.get_by_role("switch", name="Least certain tasks first")).to_be_checked()
    assert reviews.api.get(f"/api/projects/{reviews.id}").json()["sampling"] == "Uncertainty sampling"
    page.get_by_role("switch", name="On", exact=True).click()
    expect(page.get_by_role("heading", name="Suggest as I work")).to_be_visible()


# ---------------------------------------------------------------- webhooks
class Receiver:
    """Remembers what it got; answers with `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[dict[str, Any]] = []
        self.change = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.change:
                    receiver.got.append({**json.loads(body), "headers": dict(self.headers)})
                    receiver.change.notify_all()
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/labels"

    def wait(self, count: int) -> None:
        """Until it has got so many; AssertionError if they do not come."""
        with self.change:
            assert self.change.wait_for(lambda: len(self.got) >= count, TIMEOUT_MS / 1000), self.got


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_webhook_is_made_tested_and_replayed(page: Page, reviews: Project, receiver: Receiver) -> None:
    page.goto(f"/projects/{reviews.id}/settings/webhooks")
    page.get_by_role("button", name="Add a webhook").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address").fill(receiver.url)
    dialog.get_by_label("All events").uncheck()
    dialog.get_by_role("button", name="Add webhook").click()
    expect(dialog.get_by_text("Choose at least one event.")).to_be_visible()
    dialog.get_by_label("Annotation created", exact=True).check()
    dialog.get_by_label("Secret").fill("a secret")
    dialog.get_by_label("Headers").fill("X-Team labels")
    expect(dialog.get_by_text("Line 1: write “Name: value”.")).to_be_visible()
    dialog.get_by_label("Headers").fill("X-Team: labels")
    dialog.get_by_role("button", name="Add webhook").click()
    card = page.get_by_role("article", name=receiver.url)
    expect(card).to_contain_text("Annotation created, with the objects, 1 header, signed.")

    card.get_by_role("button", name="Test").click()
    expect(page.get_by_text(re.compile("^Received in"))).to_be_visible()
    rows = card.get_by_role("listitem")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Delivered")
    assert receiver.got[0]["headers"]["X-Team"] == "labels"

    task = reviews.task_ids()[0]
    item = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": ["Positive"]}}
    reviews.api.post(f"/api/tasks/{task}/annotations", json={"result": [item]})
    card.get_by_role("button", name="Hide deliveries").click()
    card.get_by_role("button", name="Deliveries").click()
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Annotation created")
    rows.first.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Body")).to_contain_text(f'"id": {task}')
    page.keyboard.press("Escape")
    rows.first.get_by_role("button", name="Replay").click()
    receiver.wait(3)
    assert [each["action"] for each in receiver.got] == ["TEST", "ANNOTATION_CREATED", "ANNOTATION_CREATED"]
    expect(rows.first).to_contain_text("Delivered")


def test_a_refused_delivery_is_told_in_words(page: Page, reviews: Project, receiver: Receiver) -> None:
    receiver.status = 500
    reviews.api.post("/api/webhooks", json={"project": reviews.id, "url": receiver.url})
    page.goto(f"/projects/{reviews.id}/settings/webhooks")
    card = page.get_by_role("article", name=receiver.url)
    card.get_by_role("button", name="Test").click()
    row = card.get_by_role("listitem")
    expect(row).to_contain_text("Failed")
    expect(row).to_contain_text("500")
    card.get_by_label("Only failed").check()
    expect(row).to_have_count(1)
    card.get_by_role("button", name=re.compile("^More of")).click()
    page.get_by_role("menuitem", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No webhooks yet")).to_be_visible()
