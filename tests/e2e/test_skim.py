"""Skim by keyboard alone: accept, send to full labeling, accept all above a score with a preview, take back."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from projects import MakeProject, NewContext, Project

pytestmark = pytest.mark.browser

MOODS = """<View>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices>
</View>"""
IMAGES = """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image"><Label value="Cat"/><Label value="Dog"/></RectangleLabels>
</View>"""


def said(place: int) -> dict[str, Any]:
    """The n-th task from 0, less confident from one to the next: 0.95, 0.94, …; every third is bad."""
    label = "Bad" if place % 3 == 2 else "Good"
    result = [{"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]
    prediction = {"model_version": "moods-1", "score": round(0.95 - place / 100, 2), "result": result}
    return {"data": {"text": f"Review number {place}"}, "predictions": [prediction]}


@pytest.fixture
def moods(project: MakeProject) -> Project:
    return project(MOODS, [said(place) for place in range(90)])


def answers(project: Project) -> dict[str, str]:
    """Text of the task → the label it was given."""
    tasks = project.api.get(f"/api/projects/{project.id}/tasks", params={"page_size": -1}).json()
    return {
        task["data"]["text"].removeprefix("Review number "): annotation["result"][0]["value"]["choices"][0]
        for task in tasks
        for annotation in task["annotations"]
    }


def cards(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def card(page: Page, place: int) -> Locator:
    return cards(page).filter(has_text=re.compile(rf"Review number {place}(Good|Bad)"))


def open_skim(page: Page, project: Project) -> None:
    page.goto(f"/projects/{project.id}/data")
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Skim").focus()
    page.keyboard.press("Enter")
    expect(cards(page).first).to_be_focused()


def test_the_whole_walk_by_keyboard(page: Page, moods: Project) -> None:
    open_skim(page, moods)
    expect(card(page, 0)).to_be_focused()
    expect(card(page, 0)).to_contain_text("95 %")

    page.keyboard.press("Enter")
    expect(card(page, 0)).to_have_count(0)
    expect(card(page, 1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(card(page, 2)).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("a")
    expect(page.get_by_text("2 accepted")).to_be_visible()
    assert answers(moods) == {"0": "Good", "3": "Good"}

    page.keyboard.press("Control+z")
    expect(page.get_by_text("1 accepted")).to_be_visible()
    expect(card(page, 3)).to_be_focused()
    assert answers(moods) == {"0": "Good"}

    page.keyboard.press("e")
    page.wait_for_url("**task=*")
    expect(page.get_by_test_id("submit")).to_be_visible()
    expect(page.get_by_text("Review number 3")).to_be_visible()
    page.go_back()
    expect(card(page, 1)).to_be_focused()
    expect(card(page, 2)).to_have_count(0)  # left out, also after the way back

    page.keyboard.press("Shift+A")
    dialog = page.get_by_role("dialog", name="Accept all above a score")
    number = dialog.get_by_role("spinbutton")
    expect(number).to_be_focused()
    expect(dialog.get_by_role("button", name="Accept 5")).to_be_enabled()  # 0.95 is accepted, what is left out counts
    page.keyboard.press("Control+a")
    page.keyboard.type("0.8")
    expect(dialog.get_by_role("button", name="Accept 15")).to_be_enabled()
    expect(dialog.get_by_text("15 suggestions become annotations of yours.")).to_be_visible()
    expect(dialog).to_contain_text("Review number 15")
    expect(dialog).not_to_contain_text("Review number 16")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(cards(page).first).to_be_focused()
    expect(card(page, 16)).to_be_focused()
    assert sorted(map(int, answers(moods))) == list(range(16))
    assert Counter(answers(moods).values()) == {"Good": 11, "Bad": 5}

    page.reload()
    expect(card(page, 16)).to_be_focused()
    expect(page.get_by_role("button", name="Undo last 15")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(card(page, 1)).to_be_focused()
    assert answers(moods) == {"0": "Good"}


def test_far_down_more_is_loaded(page: Page, moods: Project) -> None:
    """60 come at first; End goes to the last there is, and accepting one there keeps the place."""
    open_skim(page, moods)
    for _ in range(3):
        page.keyboard.press("End")
        page.wait_for_load_state("networkidle")
    expect(card(page, 89)).to_be_focused()
    page.keyboard.press("a")
    expect(card(page, 88)).to_be_focused()
    page.keyboard.press("Home")
    expect(card(page, 0)).to_be_focused()


def test_by_label_and_order(page: Page, moods: Project) -> None:
    open_skim(page, moods)
    page.get_by_label("Suggested label").select_option(label="Bad (30)")
    expect(card(page, 2)).to_be_visible()
    expect(card(page, 0)).to_have_count(0)
    page.get_by_label("Order").select_option(label="Least confident first")
    expect(cards(page).first).to_contain_text("Review number 89")
    page.get_by_label("Suggested label").select_option(label="All labels")
    expect(cards(page).nth(1)).to_contain_text("Review number 88")


def test_what_somebody_else_took_meanwhile_is_told(page: Page, moods: Project) -> None:
    open_skim(page, moods)
    first = moods.api.get(f"/api/projects/{moods.id}/skim").json()["tasks"][0]["id"]
    result = said(2)["predictions"][0]["result"]
    assert moods.api.post(f"/api/tasks/{first}/annotations", json={"result": result}).status_code == 201
    page.keyboard.press("Enter")
    expect(page.get_by_text("Somebody has answered this task or is at it.")).to_be_visible()
    expect(card(page, 1)).to_be_focused()
    assert answers(moods) == {"0": "Bad"}


def test_without_a_server_nothing_is_lost_or_claimed(page: Page, moods: Project) -> None:
    open_skim(page, moods)
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The server cannot be reached", exact=False)).to_be_visible()
    expect(card(page, 0)).to_be_visible()
    page.context.set_offline(False)
    cards(page).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 accepted")).to_be_visible()
    assert answers(moods) == {"0": "Good"}


def test_boxes_are_drawn_on_thumbnails(page: Page, project: MakeProject) -> None:
    made = project(IMAGES, images=2)
    tasks = made.api.get(f"/api/projects/{made.id}/tasks").json()
    box = {"x": 25, "y": 50, "width": 50, "height": 25, "rotation": 0, "rectanglelabels": ["Cat"]}
    item = {"id": "b", "from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": box}
    body = {"task": tasks[0]["id"], "result": [item], "model_version": "boxes", "score": 0.5}
    assert made.api.post("/api/predictions", json=body).status_code == 201
    made.api.patch(f"/api/projects/{made.id}", json={"model_version": "boxes"})
    page.goto(f"/projects/{made.id}/skim")
    option = cards(page)
    expect(option).to_have_count(1)
    expect(option).to_contain_text("Cat")
    picture, drawn = option.locator("img"), option.locator("rect")
    page.wait_for_function("document.querySelector('[data-card] img').naturalWidth > 0")
    frame, mark = picture.bounding_box(), drawn.bounding_box()
    assert frame is not None
    assert mark is not None
    assert mark["x"] == pytest.approx(frame["x"] + frame["width"] / 4, abs=3)
    assert mark["y"] == pytest.approx(frame["y"] + frame["height"] / 2, abs=3)
    assert mark["width"] == pytest.approx(frame["width"] / 2, abs=4)


def test_nothing_to_skim_says_why_and_where_to_go(page: Page, project: MakeProject) -> None:
    made = project(MOODS, [{"text": "a"}])
    page.goto(f"/projects/{made.id}/skim")
    expect(page.get_by_role("heading", name="No suggestions yet")).to_be_visible()
    expect(page.get_by_role("link", name="Set up a model")).to_be_visible()
    page.goto(f"/projects/{made.id}/data")
    expect(page.get_by_role("navigation", name="Project").get_by_role("link", name="Skim")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_and_phones(new_context: NewContext, moods: Project, theme: str) -> None:
    """No serious finding on the screen and its dialog, and nothing wider than a phone."""
    page = new_context(color_scheme=theme, bypass_csp=True, viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"/projects/{moods.id}/skim")
    expect(cards(page).first).to_be_focused()
    found = serious(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(
        page.get_by_role("button", name="Accept A", exact=True).or_(page.get_by_role("button", name="Accept", exact=True))
    ).to_be_in_viewport()
    page.keyboard.press("Shift+A")
    expect(page.get_by_role("button", name="Accept 6")).to_be_enabled()
    found += serious(page)
    assert not found, "\n".join(found)


def serious(page: Page) -> list[str]:
    page.add_style_tag(content="*, *::before, *::after { animation: none !important; transition: none !important; }")
    rules = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} {node['target']}" for rule in rules if rule["impact"] in ("serious", "critical") for node in rule["nodes"]
    ]
