"""Labeling with suggestions: predictions that are accepted, corrected and rejected, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from projects import MakeProject, NewContext, Project

from live_backend import LiveBackend

pytestmark = pytest.mark.browser

MOOD = """<View>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text" choice="single"><Choice value="Good"/><Choice value="Bad"/><Choice value="Mixed"/></Choices>
</View>"""
BOXES = """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="label" toName="image"><Label value="Car"/><Label value="Person"/></RectangleLabels>
</View>"""
NAMES = """<View>
  <Labels name="label" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
  <Text name="text" value="$text"/>
</View>"""
TEXTS = [{"text": f"{n}. Angela Merkel met Emmanuel Macron in Paris."} for n in range(1, 4)]


def mood(value: str) -> dict[str, Any]:
    return {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [value]}}


def span(number: int, start: int, end: int, label: str, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label]}
    return {"id": f"s{number}", "from_name": "label", "to_name": "text", "type": "labels", "value": value, **more}


def box(number: int) -> dict[str, Any]:
    value = {"x": 8 + 28 * number, "y": 20, "width": 20, "height": 30, "rotation": 0, "rectanglelabels": ["Car"]}
    size = {"original_width": 640, "original_height": 480}
    return {"id": f"b{number}", "from_name": "label", "to_name": "image", "type": "rectanglelabels", "value": value, **size}


SPANS = [span(1, 3, 16, "Person", score=0.97), span(2, 21, 36, "Person"), span(3, 40, 45, "Place", score=0.55)]


def predict(made: Project, task: int, result: list[dict[str, Any]], *, score: float = 0.8, version: str | None = "m1") -> int:
    body = {"task": task, "result": result, "score": score} | ({} if version is None else {"model_version": version})
    answer = made.api.post("/api/predictions", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def suggest_all(made: Project, result: list[dict[str, Any]]) -> list[int]:
    """A prediction of the chosen version for every task; their ids."""
    ids = [predict(made, task, result) for task in made.task_ids()]
    assert made.api.patch(f"/api/projects/{made.id}", json={"model_version": "m1"}).status_code == 200
    return ids


def start(page: Page, made: Project, left: int) -> None:
    """Opens the queue; `left` suggestions wait to be checked."""
    page.goto(f"/projects/{made.id}/label")
    to_check(page, left)


def to_check(page: Page, left: int) -> None:
    expect(page.get_by_test_id("suggestion-bar")).to_have_attribute("data-left", str(left))


def to_check_nothing(page: Page) -> None:
    expect(page.get_by_test_id("suggestion-bar")).to_have_count(0)


def saved(page: Page) -> None:
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved")
    expect(page.get_by_test_id("unsent")).to_have_count(0)


def submit(page: Page) -> None:
    page.keyboard.press("Enter")
    saved(page)


def origins(annotation: dict[str, Any]) -> dict[str, str]:
    return {item["id"]: item["origin"] for item in annotation["result"]}


def test_enter_accepts_everything_that_is_suggested(page: Page, project: MakeProject) -> None:
    made = project(NAMES, TEXTS)
    first, *_ = suggest_all(made, SPANS)
    start(page, made, 3)
    expect(page.get_by_test_id("suggestion-bar")).to_contain_text("Suggested by m1, score 0.80")
    expect(page.get_by_test_id("submit")).to_contain_text("Accept")
    submit(page)
    expect(page.get_by_test_id("task-text")).to_contain_text("2. Angela")
    [stored] = made.annotations()
    assert stored["parent_prediction"] == first
    assert origins(stored) == {"s1": "prediction", "s2": "prediction", "s3": "prediction"}
    assert [item.get("score") for item in stored["result"]] == [0.97, None, 0.55]


def test_each_region_is_accepted_corrected_or_rejected_by_key(page: Page, project: MakeProject) -> None:
    made = project(NAMES, TEXTS)
    first, *_ = suggest_all(made, SPANS)
    start(page, made, 3)
    page.keyboard.press("u")
    page.keyboard.press("y")  # yes to Angela Merkel
    to_check(page, 2)
    page.keyboard.press("x")  # no to Emmanuel Macron
    to_check(page, 1)
    page.keyboard.press("1")  # Paris is a person here
    to_check(page, 0)
    expect(page.get_by_test_id("submit")).to_contain_text("Submit")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    to_check(page, 2)
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+Shift+z")
    to_check(page, 0)
    submit(page)
    [stored] = made.annotations()
    assert (stored["parent_prediction"], origins(stored)) == (first, {"s1": "prediction", "s3": "prediction-changed"})


def test_each_region_is_accepted_or_rejected_in_the_list(page: Page, project: MakeProject) -> None:
    made = project(BOXES, images=1)
    suggest_all(made, [box(0), box(1), box(2)])
    start(page, made, 3)
    expect(page.locator("[data-region-count='3']")).to_be_visible()
    rows = page.get_by_role("row")
    rows.nth(0).get_by_role("button", name="Accept suggestion").click()
    rows.nth(1).get_by_role("button", name="Reject suggestion").click()
    to_check(page, 1)
    expect(page.locator("[data-region-count='2']")).to_be_visible()
    expect(rows.nth(0).get_by_role("button", name="Accept suggestion")).to_have_count(0)
    page.keyboard.press("Control+z")
    to_check(page, 2)
    page.get_by_role("button", name="Accept all").click()
    to_check(page, 0)
    submit(page)
    assert origins(made.annotations()[0]) == {f"b{number}": "prediction" for number in range(3)}


@pytest.mark.parametrize("config", ["boxes", "names"])
def test_the_selected_region_is_reviewed_where_it_is(page: Page, project: MakeProject, config: str) -> None:
    made = project(BOXES, images=1) if config == "boxes" else project(NAMES, TEXTS)
    suggest_all(made, [box(0), box(1), box(2)] if config == "boxes" else SPANS)
    start(page, made, 3)
    here = page.locator("[data-tag=image], [data-tag=text]")
    page.keyboard.press("u")
    here.get_by_role("button", name="Accept suggestion").click()
    to_check(page, 2)
    expect(here.get_by_role("button", name="Accept suggestion")).to_have_count(0)
    page.keyboard.press("u")
    here.get_by_role("button", name="Reject suggestion").click()
    to_check(page, 1)
    submit(page)
    assert list(origins(made.annotations()[0]).values()) == ["prediction", "prediction"]


def test_start_from_empty_clears_the_suggestion(page: Page, project: MakeProject) -> None:
    made = project(BOXES, images=1)
    first, *_ = suggest_all(made, [box(0), box(1)])
    start(page, made, 2)
    expect(page.locator("[data-region-count='2']")).to_be_visible()
    page.keyboard.press("Shift+X")
    expect(page.locator("[data-region-count='0']")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("n")
    submit(page)
    [stored] = made.annotations()
    assert ([item["origin"] for item in stored["result"]], stored["parent_prediction"]) == (["manual"], first)


@pytest.mark.parametrize(
    ("key", "value", "origin"),
    [("2", "Bad", "prediction"), ("1", "Good", "prediction-changed"), ("Enter", "Bad", "prediction"), ("y", "Bad", "prediction")],
)
def test_the_key_of_a_choice_accepts_or_corrects_it(page: Page, project: MakeProject, key: str, value: str, origin: str) -> None:
    made = project(MOOD, TEXTS)
    first, *_ = suggest_all(made, [mood("Bad")])
    start(page, made, 1)
    expect(page.get_by_role("radio", name="Bad")).to_be_checked()
    expect(page.get_by_test_id("suggested")).to_contain_text("0.80")
    page.keyboard.press(key)
    expect(page.get_by_test_id("task-text")).to_contain_text("2. Angela")
    saved(page)
    [stored] = made.annotations()
    [item] = stored["result"]
    assert (item["value"]["choices"], item["origin"], stored["parent_prediction"]) == ([value], origin, first)


def test_a_click_on_the_suggested_choice_accepts_it(page: Page, project: MakeProject) -> None:
    made = project(MOOD, TEXTS)
    suggest_all(made, [mood("Bad")])
    start(page, made, 1)
    page.get_by_role("radio", name="Bad").click()
    to_check(page, 0)
    expect(page.get_by_role("radio", name="Bad")).to_be_checked()
    expect(page.get_by_test_id("suggested")).to_have_count(0)


def test_models_are_compared_as_tabs_and_one_is_taken(page: Page, project: MakeProject) -> None:
    made = project(MOOD, TEXTS[:1])
    [task] = made.task_ids()
    predict(made, task, [mood("Mixed")], score=0.3, version=None)
    second = predict(made, task, [mood("Good")], score=0.6, version="m2")
    suggest_all(made, [mood("Bad")])
    start(page, made, 1)
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_count(4)
    expect(page.get_by_role("tablist")).not_to_contain_text("undefined")
    expect(page.get_by_role("tab", name="no version")).to_be_visible()
    page.get_by_role("tab", name="m2").click()
    expect(page.get_by_test_id("suggestion-model")).to_contain_text(re.compile(r"Answer of m2, score 0\.60 · \d of 3"))
    expect(page.get_by_role("radio", name="Good")).to_be_checked()
    expect(page.get_by_role("radio", name="Good")).to_be_disabled()
    expect(page.get_by_test_id("submit")).to_contain_text("Use this one")
    page.keyboard.press("Alt+d")
    expect(page.get_by_test_id("submit")).to_contain_text("Accept")
    expect(tabs).to_have_count(4)
    submit(page)
    [stored] = made.annotations()
    assert (stored["result"][0]["value"]["choices"], stored["parent_prediction"]) == (["Good"], second)


def test_a_correction_is_there_after_a_reload_and_what_is_open_stays_open(page: Page, project: MakeProject) -> None:
    made = project(NAMES, TEXTS)
    first, *_ = suggest_all(made, SPANS)
    start(page, made, 3)
    page.keyboard.press("u")
    page.keyboard.press("y")
    to_check(page, 2)
    saved(page)
    page.reload()
    to_check(page, 2)
    submit(page)
    [stored] = made.annotations()
    assert (stored["parent_prediction"], set(origins(stored).values())) == (first, {"prediction"})


def test_the_keys_are_in_the_cheat_sheet(page: Page, project: MakeProject) -> None:
    made = project(NAMES, TEXTS)
    suggest_all(made, SPANS)
    start(page, made, 3)
    page.keyboard.press("?")
    sheet = page.get_by_test_id("cheat-sheet")
    for title in (
        "Accept suggestion",
        "Reject suggestion",
        "Accept all suggestions",
        "Next suggestion to check",
        "Start from empty",
    ):
        expect(sheet.get_by_role("button", name=title).first).to_be_visible()


FINDER = '''
from labelwright.ml import LabelwrightMLBase


class Finder(LabelwrightMLBase):
    """Draws a tighter box into the box it is shown; knows no persons."""

    def predict(self, tasks, context=None, **kwargs):
        if not context:
            return [{"result": []} for _ in tasks]
        [prompt] = context["result"]
        value = prompt["value"]
        if value["rectanglelabels"] == ["Person"]:
            raise ValueError("I know no persons.")
        tight = {**value, "x": value["x"] + 1, "y": value["y"] + 1, "width": value["width"] - 2, "height": value["height"] - 2}
        return [{"result": [{**prompt, "id": "found", "value": tight}], "score": 0.66}]
'''


@pytest.fixture
def finder(tmp_path: Path) -> Iterator[LiveBackend]:
    """A model that answers prompts, in a process of its own."""
    file = tmp_path / "ml_backend.py"
    file.write_text(FINDER, encoding="utf-8")
    backend = LiveBackend(file, tmp_path).start()
    yield backend
    backend.kill()


def test_a_box_drawn_with_a_smart_tool_becomes_the_models_suggestion(
    page: Page, project: MakeProject, finder: LiveBackend
) -> None:
    made = project(BOXES.replace("<RectangleLabels", '<RectangleLabels smart="true"'), images=1)
    wish = {"url": finder.url, "project": made.id, "title": "Finder", "is_interactive": True}
    connected = made.api.post("/api/ml", json=wish)
    assert connected.status_code == 201, connected.text
    page.goto(f"/projects/{made.id}/label")
    smart = page.get_by_test_id("smart")
    expect(smart).to_have_attribute("aria-pressed", "true")
    expect(smart).to_have_accessible_name("Ask Finder about what I draw (on)")
    expect(page.locator("[data-region-count='0']")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("n")
    to_check(page, 1)
    expect(page.get_by_role("row", name="Car")).to_contain_text("0.66")
    page.keyboard.press("y")
    to_check_nothing(page)
    page.keyboard.press("2")
    page.keyboard.press("n")
    expect(page.get_by_text(re.compile("The model gave no answer.*I know no persons")).last).to_be_visible()
    page.keyboard.press("Alt+a")
    expect(smart).to_have_attribute("aria-pressed", "false")
    submit(page)
    [stored] = made.annotations()
    said = [(item["value"]["rectanglelabels"], item["origin"]) for item in stored["result"]]
    assert said == [(["Car"], "prediction"), (["Person"], "manual")]


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_axe_finds_nothing_serious(new_context: NewContext, project: MakeProject, look: dict[str, Any]) -> None:
    boxes, moods = project(BOXES, images=1), project(MOOD, TEXTS)
    suggest_all(boxes, [box(0), box(1)])
    suggest_all(moods, [mood("Bad")])
    page = new_context(**look).new_page()
    for made, left in ((boxes, 2), (moods, 1)):
        start(page, made, left)
        page.keyboard.press("u")
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
