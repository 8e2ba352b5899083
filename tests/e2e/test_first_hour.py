"""The first hour of a new user: an account, the tutorial's five projects from files, three tasks each, the export.

Clicks are counted against the click table of the design: file to first task 3, list to first task 1, next task 1 key.
"""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from projects import picture

from live import LiveServer, free_port

pytestmark = pytest.mark.browser

TIMEOUT_MS = 20_000
EMAIL, PASSWORD = "new@example.com", "a-long-password"

SENTIMENT = """<View>
  <Text name="text" value="$review_text"/>
  <Choices name="sentiment" toName="text" choice="single">
    <Choice value="Positive"/>
    <Choice value="Negative"/>
    <Choice value="Neutral"/>
  </Choices>
</View>"""
CATEGORY = """<View>
  <Image name="image" value="$image_url"/>
  <Choices name="category" toName="image" choice="single">
    <Choice value="Cat"/>
    <Choice value="Dog"/>
    <Choice value="Other"/>
  </Choices>
</View>"""
DETECTION = """<View>
  <Image name="image" value="$image_url"/>
  <RectangleLabels name="label" toName="image">
    <Label value="Car" background="red"/>
    <Label value="Person" background="blue"/>
    <Label value="Bicycle" background="green"/>
  </RectangleLabels>
</View>"""
ENTITIES = """<View>
  <Labels name="label" toName="text">
    <Label value="Person" background="#FF0000"/>
    <Label value="Organization" background="#00FF00"/>
    <Label value="Location" background="#0000FF"/>
    <Label value="Date" background="#FFA500"/>
  </Labels>
  <Text name="text" value="$text"/>
</View>"""
SUMMARY = """<View>
  <Text name="document" value="$text"/>
  <TextArea name="summary" toName="document"
    placeholder="Write a summary..."
    maxSubmissions="1" rows="4"/>
</View>"""

REVIEWS = [
    "This product exceeded my expectations!",
    "Terrible quality, broke after one day.",
    "It works as described. Nothing special.",
]
SENTENCES = ["Marie worked in Paris.", "Oscar worked in Berlin.", "Anton worked in Warsaw."]

COUNT_CLICKS = """addEventListener("pointerdown", () =>
  sessionStorage.setItem("clicks", String(Number(sessionStorage.getItem("clicks") ?? 0) + 1)), true)"""

Files = list[dict[str, Any]]
"""Files as Playwright hands them to a file chooser."""


@pytest.fixture(scope="module")
def empty_server(tmp_path_factory: pytest.TempPathFactory, new_database_url: Callable[[], str | None]) -> Iterator[LiveServer]:
    """A server on which nobody has an account yet."""
    database = new_database_url()
    options = ("--database", database) if database else ()
    server = LiveServer(tmp_path_factory.mktemp("first-hour"), free_port(), options=options, email="").start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def page(browser: Browser, empty_server: LiveServer) -> Iterator[Page]:
    """The new user's browser, which stays open for the whole hour; the first test makes the account."""
    context = browser.new_context(base_url=empty_server.url, viewport={"width": 1280, "height": 800}, accept_downloads=True)
    context.set_default_timeout(TIMEOUT_MS)
    context.add_init_script(COUNT_CLICKS)
    expect.set_options(timeout=TIMEOUT_MS)
    page = context.new_page()
    sign_up(page)
    yield page
    context.close()


@pytest.fixture(scope="module")
def picture_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of another server, with `0.png` to `2.png`."""
    folder = tmp_path_factory.mktemp("pictures")
    for n in range(3):
        (folder / f"{n}.png").write_bytes(picture(n))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def sign_up(page: Page) -> None:
    """The first visit leads to the form that makes the administrator."""
    page.goto("/")
    expect(page.get_by_role("heading", name="Create the admin account")).to_be_visible()
    expect(page).to_have_title("Create the admin account · Labelwright")
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()


def json_file(name: str, rows: list[dict[str, Any]]) -> Files:
    return [{"name": name, "mimeType": "application/json", "buffer": json.dumps(rows).encode()}]


def csv_file(name: str, rows: list[dict[str, Any]]) -> Files:
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return [{"name": name, "mimeType": "text/csv", "buffer": out.getvalue().encode()}]


def png_files() -> Files:
    return [{"name": f"{n}.png", "mimeType": "image/png", "buffer": picture(n)} for n in range(3)]


def clicks(page: Page) -> int:
    return int(page.evaluate("Number(sessionStorage.getItem('clicks') ?? 0)"))


def choose(page: Page, files: Files) -> None:
    """Browses for the data of a new project."""
    with page.expect_file_chooser() as chooser:
        page.get_by_text("Drop files or click to browse").click()
    chooser.value.set_files(files)
    expect(page.get_by_role("list", name="Data of the project").get_by_role("listitem")).to_have_count(1)


def paste_config(page: Page, config: str) -> None:
    page.get_by_role("tab", name="XML").click()
    page.get_by_role("textbox", name="Label config (XML)").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(config)
    expect(page.get_by_role("list", name="Problems of the interface")).to_have_count(0)


def create(page: Page, title: str, files: Files, config: str) -> int:
    """The New project page from the list to the first task; the project's id."""
    page.goto("/projects/new")
    choose(page, files)
    page.get_by_label("Title of the project").fill(title)
    paste_config(page, config)
    page.get_by_role("button", name="Create & label").click()
    page.wait_for_url("**/label")
    expect(page.get_by_test_id("submit")).to_be_visible()
    found = re.search(r"/projects/(\d+)/label", page.url)
    assert found
    return int(found[1])


def task_number(page: Page) -> str:
    return page.get_by_text(re.compile(r"^task \d+$")).inner_text()


def label_three(page: Page, answer: Callable[[int], None]) -> None:
    """Three tasks by keyboard: not one press of the mouse."""
    before = clicks(page)
    for n in range(3):
        now = task_number(page)
        answer(n)
        if n < 2:
            expect(page.get_by_text(now, exact=True)).to_have_count(0)
    expect(page.get_by_text("Nothing left to label")).to_be_visible()
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved")
    expect(page.get_by_test_id("unsent")).to_have_count(0)
    assert clicks(page) == before


def export(page: Page, project: int) -> list[dict[str, Any]]:
    """The JSON that the export dialog downloads, tasks in the order of the file."""
    page.goto(f"/projects/{project}/data")
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export")
    expect(dialog.get_by_role("radio", name="JSON", exact=False).first).to_be_checked()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download").click()
    path = download.value.path()
    tasks: list[dict[str, Any]] = json.loads(Path(path).read_text())
    return sorted(tasks, key=lambda task: int(task["id"]))


def results(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The one result of the one annotation of each task, without its random id, which must be there."""
    found = []
    for task in tasks:
        [annotation] = task["annotations"]
        assert (annotation["was_cancelled"], annotation["task"], annotation["project"]) == (False, task["id"], task["project"])
        assert annotation["lead_time"] > 0
        [item] = annotation["result"]
        assert len(item["id"]) >= 10
        found.append({key: value for key, value in item.items() if key != "id"})
    return found


def choice(from_name: str, to_name: str, value: str) -> dict[str, Any]:
    named = {"from_name": from_name, "to_name": to_name, "type": "choices", "origin": "manual"}
    return {**named, "value": {"choices": [value]}}


def test_the_first_visit_makes_the_administrator_and_asks_for_data(page: Page) -> None:
    page.goto("/projects/")
    expect(page.get_by_text("Drop your data here to start a project")).to_be_visible()


def test_sentiment(page: Page) -> None:
    files = json_file("reviews.json", [{"data": {"review_text": text}} for text in REVIEWS])
    project = create(page, "Product Review Sentiment", files, SENTIMENT)
    expect(page.get_by_test_id("task-text")).to_contain_text(REVIEWS[0])
    label_three(page, lambda n: page.keyboard.press(str(n + 1)))
    tasks = export(page, project)
    assert [task["data"] for task in tasks] == [{"review_text": text} for text in REVIEWS]
    assert results(tasks) == [choice("sentiment", "text", value) for value in ("Positive", "Negative", "Neutral")]


def test_image_classification(page: Page) -> None:
    project = create(page, "Animals", png_files(), CATEGORY)
    label_three(page, lambda n: page.keyboard.press(str(3 - n)))
    tasks = export(page, project)
    assert [list(task["data"]) for task in tasks] == [["image_url"]] * 3
    assert all(re.fullmatch(rf"/data/upload/{project}/[\w-]*{n}\.png", task["data"]["image_url"]) for n, task in enumerate(tasks))
    assert results(tasks) == [choice("category", "image", value) for value in ("Other", "Dog", "Cat")]


def test_object_detection(page: Page, picture_server: str) -> None:
    urls = [f"{picture_server}/{n}.png" for n in range(3)]
    project = create(page, "Street scenes", json_file("street.json", [{"image_url": url} for url in urls]), DETECTION)

    def draw(n: int) -> None:
        expect(page.locator("[data-region-count='0']")).to_be_visible()
        page.keyboard.press(str(n + 1))
        page.keyboard.press("n")
        expect(page.locator("[data-region-count='1']")).to_be_visible()
        page.keyboard.press("Enter")

    label_three(page, draw)
    tasks = export(page, project)
    assert [task["data"]["image_url"] for task in tasks] == urls
    size = {"original_width": 640, "original_height": 480, "image_rotation": 0}
    named = {"from_name": "label", "to_name": "image", "type": "rectanglelabels", "origin": "manual"}
    for item, label in zip(results(tasks), ("Car", "Person", "Bicycle"), strict=True):
        value = item.pop("value")
        assert item == {**named, **size}
        assert (value["rectanglelabels"], value["rotation"]) == ([label], 0)
        for at, size_of in (("x", "width"), ("y", "height")):
            assert 0 <= value[at] < value[at] + value[size_of] <= 100


def test_each_further_box_is_one_drag(page: Page) -> None:
    page.goto("/projects/")
    page.get_by_role("link", name="Data of Street scenes").click()
    page.locator("[data-row='0']").click()
    regions = page.locator("[data-region-count]")
    expect(regions).to_have_attribute("data-region-count", "1")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    stage = regions.bounding_box()
    assert stage
    middle_x, middle_y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    before = clicks(page)
    for done, (dx, dy) in enumerate([(-150, -150), (150, 150)], start=1):
        page.mouse.move(middle_x + dx - 20, middle_y + dy - 20)
        page.mouse.down()
        page.mouse.move(middle_x + dx + 20, middle_y + dy + 20, steps=4)
        page.mouse.up()
        expect(regions).to_have_attribute("data-region-count", str(1 + done))
        assert clicks(page) - before == done
    boxes = page.evaluate("labelwright.editor.serialize().map((item) => item.value.rectanglelabels)")
    assert boxes == [["Car"], ["Person"], ["Person"]]


def test_named_entities(page: Page) -> None:
    project = create(page, "Names", csv_file("sentences.csv", [{"text": text} for text in SENTENCES]), ENTITIES)

    def mark(n: int) -> None:
        expect(page.locator("[data-span-count='0']")).to_be_visible()
        page.keyboard.press("c")
        expect(page.get_by_role("button", name="leave")).to_be_visible()
        page.keyboard.press("Home")
        for _ in range(5):
            page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press(str(n + 1))
        expect(page.locator("[data-span-count='1']")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")

    label_three(page, mark)
    named = {"from_name": "label", "to_name": "text", "type": "labels", "origin": "manual"}
    assert results(export(page, project)) == [
        {**named, "value": {"start": 0, "end": 5, "text": text[:5], "labels": [label]}}
        for text, label in zip(SENTENCES, ("Person", "Organization", "Location"), strict=True)
    ]


def test_summarisation(page: Page) -> None:
    project = create(
        page, "Summaries", csv_file("texts.csv", [{"id": n, "text": text} for n, text in enumerate(SENTENCES)]), SUMMARY
    )

    def write(n: int) -> None:
        field = page.get_by_role("textbox").first
        expect(field).to_be_focused()
        expect(field).to_have_value("")
        page.keyboard.type(f"Summary {n}.")
        page.keyboard.press("Control+Enter")

    label_three(page, write)
    named = {"from_name": "summary", "to_name": "document", "type": "textarea", "origin": "manual"}
    assert results(export(page, project)) == [{**named, "value": {"text": [f"Summary {n}."]}} for n in range(3)]


def test_the_click_table_holds(page: Page) -> None:
    page.goto("/projects/")
    before = clicks(page)
    page.get_by_role("link", name="New project").click()
    choose(page, csv_file("support_mails.csv", [{"mail": text} for text in REVIEWS]))
    page.get_by_role("button", name="Create & label").click()
    expect(page.get_by_test_id("task-text")).to_contain_text(REVIEWS[0])
    assert clicks(page) - before == 3, "from a file to the first task"

    page.goto("/projects/")
    before = clicks(page)
    page.get_by_role("link", name="Label Support mails").click()
    expect(page.get_by_test_id("task-text")).to_contain_text(REVIEWS[0])
    assert clicks(page) - before == 1, "from the list to the first task"

    page.keyboard.press("1")
    expect(page.get_by_test_id("task-text")).to_contain_text(REVIEWS[1])
    page.keyboard.press("[")
    expect(page.get_by_test_id("task-text")).to_contain_text(REVIEWS[0])
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert clicks(page) - before == 1, "next task, previous task and all keys need no mouse"
