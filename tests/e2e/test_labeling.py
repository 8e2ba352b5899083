"""Labeling in a real browser: by keyboard alone, offline, in two tabs, with a tab that is closed too early."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from projects import MakeProject, NewContext, Project

pytestmark = pytest.mark.browser

SENTIMENT = """<View>
  <Text name="text" value="$review_text"/>
  <Choices name="sentiment" toName="text" choice="single">
    <Choice value="Positive"/><Choice value="Negative"/><Choice value="Neutral"/>
  </Choices>
</View>"""
CATEGORY = """<View>
  <Image name="image" value="$image_url"/>
  <Choices name="category" toName="image" choice="single">
    <Choice value="Cat"/><Choice value="Dog"/><Choice value="Other"/>
  </Choices>
</View>"""
DETECTION = """<View>
  <Image name="image" value="$image_url"/>
  <RectangleLabels name="label" toName="image">
    <Label value="Car" background="red"/><Label value="Person" background="blue"/><Label value="Bicycle" background="green"/>
  </RectangleLabels>
</View>"""
ENTITIES = """<View>
  <Labels name="label" toName="text">
    <Label value="Person" background="#FF0000"/><Label value="Organization" background="#00FF00"/>
  </Labels>
  <Text name="text" value="$text"/>
</View>"""
SUMMARY = """<View>
  <Text name="document" value="$text"/>
  <TextArea name="summary" toName="document" placeholder="Write a summary..." maxSubmissions="1" rows="4"/>
</View>"""

READING = """<View>
  <Image name="image" value="$image_url"/>
  <RectangleLabels name="label" toName="image"><Label value="Line"/></RectangleLabels>
  <TextArea name="text" toName="image" perRegion="true" required="true" maxSubmissions="1"/>
</View>"""

REVIEWS = [{"review_text": f"Review {n}: it works as described."} for n in range(1, 7)]
TEXTS = [{"text": f"Angela Merkel spoke {n} times."} for n in range(1, 4)]


def start(page: Page, project: Project, text: str | None = None) -> None:
    """Opens the queue and waits until the first task can be labeled."""
    page.goto(f"/projects/{project.id}/label")
    ready(page, text)


def ready(page: Page, text: str | None = None) -> None:
    expect(page.get_by_test_id("submit")).to_be_visible()
    if text:
        expect(page.get_by_test_id("task-text")).to_contain_text(text)


def task_number(page: Page) -> str:
    return page.get_by_text(re.compile(r"^task \d+$")).inner_text()


def saved(page: Page) -> None:
    """Everything has reached the server."""
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved")
    expect(page.get_by_test_id("unsent")).to_have_count(0)


ON_THIS_DEVICE = """(words) => new Promise((done) => {
  const opening = indexedDB.open("labelwright-labeling");
  opening.onsuccess = () => {
    const all = opening.result.transaction("journal").objectStore("journal").getAll();
    all.onsuccess = () => { opening.result.close(); done(JSON.stringify(all.result).includes(words)); };
  };
})"""
"""Whether an answer in progress with these words is stored in the browser."""


def choice_of(result: list[dict[str, Any]]) -> str:
    return str(result[0]["value"]["choices"][0])


def draw_box(page: Page) -> None:
    expect(page.locator("[data-region-count='0']")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("n")


def submit_box(page: Page) -> None:
    draw_box(page)
    page.keyboard.press("Enter")


def mark_first_word(page: Page) -> None:
    expect(page.locator("[data-span-count='0']")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="leave")).to_be_visible()
    page.keyboard.press("Home")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")


def write(page: Page, words: str) -> None:
    """Types into the text field, which has the focus by itself."""
    field = page.get_by_role("textbox").first
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type(words)


def write_summary(page: Page) -> None:
    write(page, "She spoke.")
    page.keyboard.press("Control+Enter")


BY_KEYBOARD: list[tuple[str, dict[str, Any], Callable[[Page], None], Callable[[list[dict[str, Any]]], Any], Any]] = [
    (SENTIMENT, {"tasks": REVIEWS[:3]}, lambda page: page.keyboard.press("2"), choice_of, "Negative"),
    (CATEGORY, {"images": 3}, lambda page: page.keyboard.press("3"), choice_of, "Other"),
    (DETECTION, {"images": 3}, submit_box, lambda result: result[0]["value"]["rectanglelabels"], ["Car"]),
    (ENTITIES, {"tasks": TEXTS}, mark_first_word, lambda result: result[0]["value"]["text"], "Angela"),
    (SUMMARY, {"tasks": TEXTS}, write_summary, lambda result: result[0]["value"]["text"], ["She spoke."]),
]


@pytest.mark.parametrize(
    ("config", "data", "answer", "read", "wanted"),
    BY_KEYBOARD,
    ids=["sentiment", "image-classification", "detection", "entities", "summary"],
)
def test_the_keyboard_alone_labels_three_tasks(
    page: Page,
    project: MakeProject,
    config: str,
    data: dict[str, Any],
    answer: Callable[[Page], None],
    read: Callable[[Any], Any],
    wanted: Any,
) -> None:
    made = project(config, **data)
    start(page, made)
    for done in range(1, 4):
        now = task_number(page)
        answer(page)
        if done < 3:
            expect(page.get_by_text(now, exact=True)).to_have_count(0)
    expect(page.get_by_text("Nothing left to label")).to_be_visible()
    saved(page)
    assert [read(result) for result in made.results()] == [wanted] * 3


def test_the_title_shows_the_progress(page: Page, project: MakeProject) -> None:
    start(page, project(SENTIMENT, REVIEWS[:3]), "Review 1")
    page.keyboard.press("1")
    expect(page).to_have_title(re.compile("^1/3 · Labeling"))


def test_offline_answers_wait_and_are_sent_when_the_connection_is_back(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    start(page, made, "Review 1")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.keyboard.press("1")
    ready(page, "Review 2")
    page.keyboard.press("2")
    expect(page.get_by_test_id("unsent")).to_have_text("2 unsent")
    expect(page.get_by_test_id("save-state")).to_contain_text("Offline · 2 queued")
    assert made.annotations() == []
    page.context.set_offline(False)
    saved(page)
    assert [choice_of(result) for result in made.results()] == ["Positive", "Negative"]


def test_offline_answers_survive_a_reload(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    start(page, made, "Review 1")
    page.wait_for_load_state("networkidle")
    page.route("**/api/tasks/*/annotations*", lambda route: route.abort())
    page.keyboard.press("1")
    expect(page.get_by_test_id("unsent")).to_be_visible()
    page.unroute_all()
    page.reload()
    ready(page)
    saved(page)
    assert [choice_of(result) for result in made.results()] == ["Positive"]


def test_a_refused_answer_is_kept_and_opens_again(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    start(page, made, "Review 1")
    refusal = {"status": 400, "json": {"detail": "Not this one.", "status_code": 400}}
    page.route("**/api/tasks/*/annotations*", lambda route: route.fulfill(**refusal))
    page.keyboard.press("1")
    expect(page.get_by_test_id("save-state")).to_contain_text("1 not accepted")
    page.unroute_all()
    page.get_by_test_id("unsent").click()
    expect(page.get_by_text("Not this one.")).to_be_visible()
    page.get_by_role("button", name="Open", exact=True).click()
    ready(page, "Review 1")
    page.keyboard.press("Enter")
    ready(page, "Review 2")
    saved(page)
    assert [choice_of(result) for result in made.results()] == ["Positive"]


def test_a_tab_closed_at_once_keeps_its_draft(new_context: NewContext, project: MakeProject) -> None:
    made = project(SUMMARY, TEXTS)
    first = made.task_ids()[0]
    context = new_context()
    page = context.new_page()
    start(page, made, "1 times")
    write(page, "Half a sum")
    page.wait_for_function(ON_THIS_DEVICE, arg="Half a sum")
    page.close()
    again = context.new_page()
    start(again, made, "1 times")
    expect(again.get_by_role("textbox").first).to_have_value("Half a sum")
    again.keyboard.press("Control+Enter")
    saved(again)
    assert [result[0]["value"]["text"] for result in made.results()] == [["Half a sum"]]
    assert made.drafts(first) == []


def test_a_draft_is_on_the_server_a_second_later(page: Page, project: MakeProject, new_context: NewContext) -> None:
    made = project(SUMMARY, TEXTS)
    first = made.task_ids()[0]
    start(page, made, "1 times")
    with page.expect_response("**/drafts*"):
        write(page, "Half")
    saved(page)
    assert [draft["result"][0]["value"]["text"] for draft in made.drafts(first)] == [["Half"]]
    elsewhere = new_context().new_page()
    start(elsewhere, made, "1 times")
    expect(elsewhere.get_by_role("textbox").first).to_have_value("Half")


def test_undo_survives_a_reload(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT.replace('choice="single"', 'choice="multiple"'), REVIEWS)
    start(page, made, "Review 1")
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.wait_for_function(ON_THIS_DEVICE, arg="Negative")
    page.reload()
    chosen = page.locator("[aria-checked=true]")
    expect(chosen).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(chosen).to_have_count(1)


def test_two_tabs_label_different_tasks_and_send_each_answer_once(new_context: NewContext, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    context = new_context()
    one, two = context.new_page(), context.new_page()
    start(one, made, "Review 1")
    one.wait_for_load_state("networkidle")
    start(two, made)
    assert task_number(one) != task_number(two)
    context.set_offline(True)
    one.keyboard.press("1")
    two.keyboard.press("1")
    expect(one.get_by_test_id("unsent")).to_be_visible()
    expect(two.get_by_test_id("unsent")).to_be_visible()
    context.set_offline(False)
    for page in (one, two):
        saved(page)
    tasks = [each["task"] for each in made.annotations()]
    assert len(tasks) == len(set(tasks)) == 2


def test_undo_in_instant_mode_returns_to_the_task_and_takes_the_answer_back(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    start(page, made, "Review 1")
    page.keyboard.press("1")
    ready(page, "Review 2")
    expect(page.get_by_test_id("undo-chip")).to_be_visible()
    saved(page)
    assert len(made.annotations()) == 1
    page.keyboard.press("Control+z")
    ready(page, "Review 1")
    saved(page)
    assert made.annotations() == []
    page.keyboard.press("3")
    ready(page, "Review 2")
    saved(page)
    assert [choice_of(result) for result in made.results()] == ["Neutral"]


def test_a_click_on_a_choice_only_chooses(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    start(page, made, "Review 1")
    page.get_by_text("Negative").click()
    ready(page, "Review 1")
    page.get_by_test_id("submit").click()
    ready(page, "Review 2")
    saved(page)
    assert [choice_of(result) for result in made.results()] == ["Negative"]


def test_enter_accepts_a_suggestion(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS[:2])
    item = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": ["Negative"]}}
    body = {"task": made.task_ids()[0], "result": [item], "score": 0.9, "model_version": "v3"}
    prediction = made.api.post("/api/predictions", json=body).json()
    made.api.patch(f"/api/projects/{made.id}", json={"model_version": "v3"})
    start(page, made, "Review 1")
    expect(page.get_by_test_id("submit")).to_contain_text("Accept")
    page.keyboard.press("Enter")
    ready(page, "Review 2")
    saved(page)
    [stored] = made.annotations()
    assert (stored["parent_prediction"], choice_of(stored["result"]), stored["result"][0]["origin"]) == (
        prediction["id"],
        "Negative",
        "prediction",
    )


def test_skip_goes_on_and_can_be_taken_back(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    start(page, made, "Review 1")
    page.keyboard.press("s")
    ready(page, "Review 2")
    saved(page)
    assert [each["was_cancelled"] for each in made.annotations()] == [True]
    page.keyboard.press("Control+z")
    ready(page, "Review 1")
    saved(page)
    assert made.annotations() == []


def test_previous_and_update(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    start(page, made, "Review 1")
    page.keyboard.press("1")
    ready(page, "Review 2")
    saved(page)
    page.keyboard.press("[")
    ready(page, "Review 1")
    page.keyboard.press("2")
    ready(page, "Review 2")
    saved(page)
    assert [choice_of(result) for result in made.results()] == ["Negative"]


def test_a_required_answer_is_asked_for_in_words(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT.replace('choice="single"', 'choice="multiple" required="true"'), REVIEWS)
    start(page, made, "Review 1")
    expect(page.get_by_test_id("submit")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
    ready(page, "Review 1")
    expect(page.get_by_test_id("reason")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    ready(page, "Review 2")


def test_a_box_without_its_text_is_selected_on_submit(page: Page, project: MakeProject) -> None:
    made = project(READING, images=1)
    start(page, made)
    draw_box(page)
    expect(page.get_by_test_id("reason")).to_contain_text("1 box needs a text")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    write(page, "Total")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nothing left to label")).to_be_visible()
    saved(page)
    [result] = made.results()
    assert {item["type"]: item["value"].get("text") for item in result} == {"rectanglelabels": None, "textarea": ["Total"]}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("config", "data"), [(SENTIMENT, {"tasks": REVIEWS}), (READING, {"images": 1})], ids=["text", "picture"])
def test_axe_finds_nothing_serious(
    new_context: NewContext, project: MakeProject, theme: str, config: str, data: dict[str, Any]
) -> None:
    made = project(config, **data, expert_instruction="<p>Read it all.</p>", show_instruction=True)
    context = new_context(reduced_motion="reduce")
    context.add_init_script(f"localStorage.setItem('labelwright.appearance', JSON.stringify({{ theme: '{theme}' }}))")
    page = context.new_page()
    start(page, made)
    expect(page.get_by_test_id("instructions")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == []


def test_a_task_opens_from_the_data_view(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    ids = made.task_ids()
    page.goto(f"/projects/{made.id}/data?task={ids[2]}")
    ready(page, "Review 3")
    page.keyboard.press("1")
    ready(page, "Review 4")
    page.keyboard.press("[")
    ready(page, "Review 3")
    page.keyboard.press("[")
    ready(page, "Review 2")


def test_instructions_are_shown_once_and_cannot_act(page: Page, project: MakeProject) -> None:
    text = '<p>Read it all.</p><img src=x onerror="window.acted=1">'
    made = project(SENTIMENT, REVIEWS, expert_instruction=text, show_instruction=True)
    start(page, made, "Review 1")
    expect(page.get_by_test_id("instructions")).to_contain_text("Read it all.")
    assert page.evaluate("window.acted") is None
    page.get_by_role("button", name="Got it").click()
    page.reload()
    ready(page, "Review 1")
    expect(page.get_by_test_id("instructions")).to_have_count(0)


def test_the_phone_shows_text_choices_and_submit(new_context: NewContext, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).new_page()
    start(page, made, "Review 1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_text("Neutral").tap()
    submit = page.get_by_test_id("submit")
    box = submit.bounding_box()
    assert box
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= 844
    submit.tap()
    ready(page, "Review 2")
    saved(page)
    assert [choice_of(result) for result in made.results()] == ["Neutral"]


def test_what_was_left_unsent_is_sent_from_any_page(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    start(page, made, "Review 1")
    page.route("**/api/tasks/*/annotations*", lambda route: route.abort())
    page.keyboard.press("1")
    expect(page.get_by_test_id("unsent")).to_be_visible()
    page.unroute_all()
    with page.expect_response("**/annotations*"):
        page.goto("/projects")
    assert [choice_of(result) for result in made.results()] == ["Positive"]


def test_the_address_follows_the_task_of_the_data_view(page: Page, project: MakeProject) -> None:
    made = project(SENTIMENT, REVIEWS)
    ids = made.task_ids()
    page.goto(f"/projects/{made.id}/data?task={ids[0]}")
    ready(page, "Review 1")
    for number in range(2, 6):
        page.keyboard.press("1")
        ready(page, f"Review {number}")
    expect(page).to_have_url(re.compile(rf"task={ids[4]}$"))
    ready(page, "Review 5")
    page.get_by_role("button", name="Back to the data").click()
    expect(page).to_have_url(re.compile(r"/data$"))
