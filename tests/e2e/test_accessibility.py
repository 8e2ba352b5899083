"""Every screen for everybody: no serious finding of axe in light and dark, and everything by keyboard, focus always in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from projects import NewContext
from screens import DOORS, GENERAL, SETTLED, Samples, make_samples, project_screens

from live import LiveServer

pytestmark = pytest.mark.browser

NewStranger = Callable[..., Page]

SERIOUS = {"serious", "critical"}
STILL = "*, *::before, *::after { animation: none !important; transition: none !important; }"


@pytest.fixture(scope="module")
def samples(live_server: LiveServer) -> Iterator[Samples]:
    with httpx.Client(
        base_url=live_server.url, headers={"Authorization": f"Token {live_server.token}"}, trust_env=False, timeout=30
    ) as client:
        yield make_samples(client)


@pytest.fixture
def new_stranger(browser: Browser, live_server: LiveServer) -> Iterator[NewStranger]:
    """A page of somebody who is not logged in."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        opened.append(browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800}, **options))
        return opened[-1].new_page()

    yield make
    for context in opened:
        context.close()


def screens_of(samples: Samples) -> dict[str, str]:
    labels = {
        f"label-{name}": f"/projects/{project.id}/label"
        for name, project in vars(samples).items()
        if name in ("boxes", "entities", "everything", "empty", "long_labels")
    }
    models = {f"models-{section}": f"/projects/{samples.models.id}/settings/{section}" for section in ("model", "webhooks")}
    return {**GENERAL, **project_screens(samples.choices), **labels, **models}


def settle(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function(SETTLED)
    page.wait_for_load_state("networkidle")


def findings(page: Page, where: str) -> list[str]:
    """What axe calls serious, in words."""
    page.add_style_tag(content=STILL)
    answer: dict[str, Any] = Axe().run(page).response
    return [
        f"{where}: {rule['id']} {node['target']} {node['failureSummary']}"
        for rule in answer["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(new_context: NewContext, new_stranger: NewStranger, samples: Samples, theme: str) -> None:
    page = new_context(color_scheme=theme, bypass_csp=True).new_page()
    found: list[str] = []
    for name, address in screens_of(samples).items():
        settle(page, address)
        found += findings(page, f"{name} ({theme})")
    stranger = new_stranger(color_scheme=theme, bypass_csp=True)
    for name, address in DOORS.items():
        settle(stranger, address)
        found += findings(stranger, f"{name} ({theme})")
    assert not found, "\n".join(found)


def open_export(page: Page) -> None:
    page.keyboard.press("e")


def open_import(page: Page) -> None:
    page.keyboard.press("i")


def open_help(page: Page) -> None:
    page.keyboard.press("?")


def open_switcher(page: Page) -> None:
    page.keyboard.press("Control+k")


def open_paste(page: Page) -> None:
    page.get_by_role("button", name="Paste text").click()


def open_delete(page: Page) -> None:
    page.get_by_role("button", name="Delete", exact=False).first.click()


def open_doctor(page: Page) -> None:
    page.get_by_role("button", name="Doctor").first.click()


def open_model(page: Page) -> None:
    page.get_by_role("button", name="More of Topics").click()
    page.get_by_role("menuitem", name="Edit").click()


def open_removal(page: Page) -> None:
    page.get_by_role("button", name="More of Topics").click()
    page.get_by_role("menuitem", name="Remove").click()


def open_connect(page: Page) -> None:
    page.get_by_role("button", name="Connect another model").click()
    page.get_by_text("More options").click()


def open_webhook(page: Page) -> None:
    page.get_by_role("button", name="Add a webhook").click()
    page.get_by_label("All events").uncheck()


def open_delivery(page: Page) -> None:
    page.get_by_role("button", name="Deliveries").last.click()
    page.get_by_role("button", name="Show").first.click()


DIALOGS: list[tuple[str, Callable[[Page], None]]] = [
    ("data", open_export),
    ("data", open_import),
    ("data", open_help),
    ("data", open_switcher),
    ("new-project", open_paste),
    ("label", open_help),
    ("settings-danger", open_delete),
    ("models-model", open_doctor),
    ("models-model", open_model),
    ("models-model", open_removal),
    ("models-model", open_connect),
    ("models-webhooks", open_webhook),
    ("models-webhooks", open_delivery),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_dialogs_and_they_give_the_focus_back(
    new_context: NewContext, samples: Samples, theme: str
) -> None:
    page = new_context(color_scheme=theme, bypass_csp=True).new_page()
    addresses = screens_of(samples)
    found: list[str] = []
    for name, opened in DIALOGS:
        where = f"{opened.__name__} on {name} ({theme})"
        settle(page, addresses[name])
        opened(page)
        dialog = page.get_by_role("dialog")
        expect(dialog, where).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert dialog.evaluate("(dialog) => dialog.contains(document.activeElement)"), f"{where}: the focus is not in it"
        found += findings(page, where)
        page.keyboard.press("Escape")
        expect(dialog, where).to_have_count(0)
    assert not found, "\n".join(found)


TABBABLE = """() => {
  const groups = new Set();
  const kinds = "a[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable=true]";
  const able = [...document.querySelectorAll(kinds)]
    .filter((element) => element.tabIndex >= 0 && !element.disabled && element.type !== "hidden")
    .filter((element) => !element.closest("[inert]") && element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => {
      if (element.type !== "radio") return true;
      const first = !groups.has(element.name);
      groups.add(element.name);
      return first;
    });
  window.keyboardTour = { seen: new Set(), able };
  document.activeElement?.blur();
}"""
"""Notes everything that Tab should reach; the radio buttons of a group are one."""

STEP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const { seen } = window.keyboardTour;
  if (seen.has(at)) return { again: at !== window.keyboardTour.last, ring: true };
  window.keyboardTour.last = at;
  seen.add(at);
  const isRing = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || false;
  const hasRing = (node) => [null, "::before", "::after"].some((part) => isRing(getComputedStyle(node, part)));
  let ring = getComputedStyle(at).boxShadow !== "none" || [...(at.labels ?? [])].some(hasRing);
  for (let node = at, up = 0; !ring && node && up < 4; node = node.parentElement, up++)
    ring = hasRing(node) || (up < 2 && [...node.children].some(hasRing));
  return { again: false, ring: Boolean(ring), html: at.outerHTML.slice(0, 160) };
}"""
"""Notes where the focus is (a date field has several stops) and whether it can be seen: a ring on it, its frame or its label."""

MISSED = """() => {
  const { able, seen } = window.keyboardTour;
  const name = (element) => element.type === "radio" && element.name;
  const groups = new Set([...seen].map(name).filter(Boolean));
  return able
    .filter((element) => element.isConnected && !seen.has(element) && !groups.has(name(element)))
    .map((element) => element.outerHTML.slice(0, 160));
}"""


def tour(page: Page, where: str) -> list[str]:
    """Goes round with Tab: what is not reached, where the focus cannot be seen, and where there is no way on."""
    page.evaluate(TABBABLE)
    wrong: list[str] = []
    ends = 0
    while ends < 2:
        page.keyboard.press("Tab")
        step = page.evaluate(STEP)
        if step is None:
            ends += 1
        elif step["again"]:
            break
        elif not step["ring"]:
            wrong.append(f"{where}: no focus ring on {step['html']}")
    return wrong + [f"{where}: Tab does not reach {html}" for html in page.evaluate(MISSED)]


def test_tab_reaches_every_control_and_the_focus_is_visible(
    new_context: NewContext, new_stranger: NewStranger, samples: Samples
) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    wrong: list[str] = []
    for name, address in screens_of(samples).items():
        settle(page, address)
        wrong += tour(page, name)
    stranger = new_stranger()
    for name, address in DOORS.items():
        settle(stranger, address)
        wrong += tour(stranger, name)
    assert not wrong, "\n".join(wrong)


def tab_to(page: Page, wanted: Locator, most: int = 80) -> None:
    for _ in range(most):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


def test_log_in_by_keyboard(new_stranger: NewStranger, live_server: LiveServer) -> None:
    page = new_stranger()
    page.goto("/user/login/")
    tab_to(page, page.get_by_label("Email"))
    page.keyboard.type(live_server.email)
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type(live_server.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()


def test_a_project_is_made_by_keyboard(page: Page) -> None:
    page.goto("/projects/")
    page.wait_for_function(SETTLED)
    page.keyboard.press("n")
    page.wait_for_url("**/projects/new")
    tab_to(page, page.get_by_role("button", name="Sample data"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Customer reviews")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Data of the project")).to_be_visible()
    tab_to(page, page.get_by_role("tab", name="Labels"))
    page.keyboard.press("ArrowRight")
    editor = page.get_by_role("textbox", name="Label config (XML)")
    tab_to(page, editor)
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("submit")).to_be_visible()


def test_the_data_view_by_keyboard(page: Page, samples: Samples) -> None:
    settle(page, f"/projects/{samples.choices.id}/data")
    rows = page.locator("[data-row]")
    tab_to(page, rows.first)
    page.keyboard.press("j")
    expect(page.locator("[data-row='1']")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-row='1']")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog", name="Export")
    expect(dialog.get_by_label("Only the 1 selected task")).to_be_checked()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("[data-row='1']")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("state:done")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(4)
    tab_to(page, page.locator("[data-row][tabindex='0']"))
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("submit")).to_contain_text("Next")


def test_settings_by_keyboard(page: Page, samples: Samples) -> None:
    settle(page, f"/projects/{samples.everything.id}/settings/general")
    title = page.get_by_label("Title")
    tab_to(page, title)
    page.keyboard.press("Control+a")
    page.keyboard.type("Everything, renamed")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    link = page.get_by_role("link", name="Danger zone")
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Danger zone")).to_be_visible()


def test_model_settings_by_keyboard(page: Page, samples: Samples) -> None:
    settle(page, f"/projects/{samples.models.id}/settings/model")
    tab_to(page, page.get_by_role("button", name="Doctor").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("Fails:")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Doctor").first).to_be_focused()
    shown = page.get_by_role("switch", name="Show predictions")
    tab_to(page, shown)
    page.keyboard.press("Space")
    expect(shown).not_to_be_checked()
    page.keyboard.press("Space")
    expect(shown).to_be_checked()


def test_account_by_keyboard(page: Page) -> None:
    settle(page, "/user/account/appearance")
    tab_to(page, page.get_by_role("radio", name="As the system"))
    page.keyboard.press("ArrowUp")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("ArrowDown")
    expect(page.locator("html")).to_have_attribute("data-theme", "auto")


def test_skip_link(page: Page) -> None:
    settle(page, "/projects/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
