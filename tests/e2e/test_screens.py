"""Every screen, wide and on a phone, light and dark: empty, loading, failed, overfull. Nothing is cut or throws."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from projects import NewContext
from screens import DOORS, GENERAL, SETTLED, Samples, make_samples, project_screens

from live import LiveServer

pytestmark = pytest.mark.browser

WIDTHS_PX = {1440: 900, 390: 844}
"""Width → height of the window."""
PICTURES = os.environ.get("LABELWRIGHT_SCREENSHOTS")
"""A folder for pictures of everything that is looked at; none are taken without it."""


FAULTS = """() => {
  const found = [];
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) {
    const isOut = (element) => element.getBoundingClientRect().right > innerWidth + 1;
    const wide = [...document.body.querySelectorAll("*")].filter(isOut).at(-1);
    found.push(`the page is ${page.scrollWidth} px wide: ${wide?.outerHTML.slice(0, 120)}`);
  }
  if (!document.title) found.push("no title");
  const isHidden = (element) => !element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = words.nextNode(); text; text = words.nextNode()) {
    const owner = text.parentElement;
    if (!text.data.trim() || isHidden(owner) || owner.closest(".visually-hidden, [aria-hidden=true], option, svg")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    const start = text.data.trim().slice(0, 40);
    for (let node = owner; node && node !== document.body; node = node.parentElement) {
      const style = getComputedStyle(node);
      if (/(auto|scroll)/.test(style.overflowX + style.overflowY)) {
        const mayScroll = owner.closest("[role=grid], pre, nav");
        if (box.right > innerWidth + 1 && !mayScroll) found.push(`“${start}” runs out of the window`);
        break;
      }
      if (style.position === "fixed") break;
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") break;
      if (!/(hidden|clip)/.test(style.overflowX)) continue;
      const frame = node.getBoundingClientRect();
      if (frame.width <= 2 || frame.height <= 2) break;
      if (box.right > frame.right + 1.5 || box.left < frame.left - 1.5 || box.bottom > frame.bottom + 4)
        found.push(`“${start}” is cut by ${node.cloneNode().outerHTML.slice(0, 100)}`);
      break;
    }
  }
  return found;
}"""
"""What a designer would send back: sideways scroll, no title, words cut off without an ellipsis."""


@pytest.fixture(scope="module")
def samples(live_server: LiveServer) -> Iterator[Samples]:
    with httpx.Client(
        base_url=live_server.url, headers={"Authorization": f"Token {live_server.token}"}, trust_env=False, timeout=30
    ) as client:
        yield make_samples(client)


class Watch:
    """A page and everything that went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.where = ""
        page.on("pageerror", lambda error: self.faults.append(f"{self.where}: threw {error}"))
        page.on("console", self._listen)

    def _listen(self, message: Any) -> None:
        # The browser itself reports each failed request.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"{self.where}: console: {message.text[:300]}")

    def look(self) -> None:
        """At both widths and in both themes."""
        for width, height in WIDTHS_PX.items():
            self.page.set_viewport_size({"width": width, "height": height})
            for theme in ("light", "dark"):
                self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
                self.faults += [f"{self.where} ({width} px, {theme}): {fault}" for fault in self.page.evaluate(FAULTS)]
                if PICTURES:
                    Path(PICTURES).mkdir(parents=True, exist_ok=True)
                    self.page.screenshot(path=f"{PICTURES}/{self.where.replace(' ', '-')}-{width}-{theme}.png")

    def visit(self, where: str, address: str, wait: Callable[[Page], None]) -> None:
        self.where = where
        self.page.goto(address)
        wait(self.page)
        self.look()


def settled(page: Page) -> None:
    page.wait_for_function(SETTLED)
    page.wait_for_load_state("networkidle")


@pytest.fixture
def watch(new_context: NewContext) -> Watch:
    return Watch(new_context(reduced_motion="reduce").new_page())


@contextmanager
def answers(page: Page, answer: Callable[[Route], None]) -> Iterator[None]:
    """Another answer to every request for data but who we are."""

    def handle(route: Route) -> None:
        if "/boot" in route.request.url:
            route.continue_()
        else:
            answer(route)

    page.route("**/api/**", handle)
    yield
    page.unroute_all(behavior="ignoreErrors")


def labels_of(samples: Samples) -> dict[str, str]:
    return {f"label {name}": f"/projects/{project.id}/label" for name, project in vars(samples).items()}


BAD_PAGES: list[tuple[str, list[str]]] = [
    ("<title>t</title><h1>Fine</h1>", []),
    ("<h1>Fine</h1>", ["no title"]),
    ("<title>t</title><p style='width: 2000px'>Wide</p>", ["the page is"]),
    ("<title>t</title><p style='width: 20px; overflow: hidden'>Unbreakable</p>", ["“Unbreakable” is cut"]),
    ("<title>t</title><p style='width: 20px; overflow: hidden; text-overflow: ellipsis'>Unbreakable</p>", []),
    (f"<title>t</title><div style='overflow: auto'>{'x' * 900}</div>", ["runs out of the window"]),
]


@pytest.mark.parametrize(("html", "wanted"), BAD_PAGES)
def test_the_look_finds_what_is_wrong(page: Page, html: str, wanted: list[str]) -> None:
    page.set_content(html)
    found = page.evaluate(FAULTS)
    assert len(found) == len(wanted), found
    assert all(word in fault for word, fault in zip(wanted, found, strict=True)), found


def test_screens_with_content(watch: Watch, samples: Samples) -> None:
    for name, address in {**GENERAL, **project_screens(samples.choices), **labels_of(samples)}.items():
        watch.visit(name, address, settled)
    assert not watch.faults, "\n".join(watch.faults)


def open_deliveries(page: Page) -> None:
    page.get_by_role("button", name="Deliveries").last.click()
    expect(page.get_by_text("Failed").first).to_be_visible()


def open_problems(page: Page) -> None:
    page.get_by_text("earlier job").click()
    page.get_by_text("problem").first.click()


def open_options(page: Page) -> None:
    page.get_by_text("More options").click()


FOLDED: list[tuple[str, str, Callable[[Page], None]]] = [
    ("models", "webhooks", open_deliveries),
    ("models", "model", open_problems),
    ("empty", "model", open_options),
]


def test_screens_of_models_and_webhooks(watch: Watch, samples: Samples) -> None:
    for section in ("model", "webhooks", "general"):
        watch.visit(f"models {section}", f"/projects/{samples.models.id}/settings/{section}", settled)
    for name, section, unfold in FOLDED:
        watch.visit(f"{unfold.__name__} {name}", f"/projects/{getattr(samples, name).id}/settings/{section}", settled)
        unfold(watch.page)
        watch.look()
    assert not watch.faults, "\n".join(watch.faults)


def test_settings_of_a_project_that_fails_keep_the_other_sections_at_hand(page: Page, samples: Samples) -> None:
    page.route(f"**/api/projects/{samples.choices.id}", lambda route: route.fulfill(status=500, json=SORRY))
    page.goto(f"/projects/{samples.choices.id}/settings/model")
    expect(page.get_by_role("alert")).to_contain_text("broke here")
    expect(page.get_by_role("navigation", name="Settings").get_by_role("link", name="Webhooks")).to_be_visible()


def test_screens_with_more_than_fits(watch: Watch, samples: Samples) -> None:
    for project in (samples.long, samples.long_labels):
        for name, address in project_screens(project).items():
            if project is samples.long or name == "settings-interface":
                watch.visit(f"long {name} {project.id}", address, settled)
    watch.visit("long data of one task", f"/projects/{samples.long.id}/data?task={samples.long.task_ids()[1]}", settled)
    assert not watch.faults, "\n".join(watch.faults)


def test_screens_with_nothing_in_them(watch: Watch, samples: Samples) -> None:
    for name, address in project_screens(samples.empty).items():
        watch.visit(f"empty {name}", address, settled)
    none = {"count": 0, "next": None, "previous": None, "results": []}
    watch.page.route("**/api/projects?*", lambda route: route.fulfill(json=none))
    watch.visit("empty projects", "/projects/", settled)
    expect(watch.page.get_by_text("Drop your data here")).to_be_visible()
    watch.page.unroute_all()
    watch.visit("empty filter", f"/projects/{samples.choices.id}/data?q=nosuchword", settled)
    expect(watch.page.get_by_text("No task fits this filter")).to_be_visible()
    assert not watch.faults, "\n".join(watch.faults)


ASKING = ("projects", "account-profile", "account-tokens", "account-hotkeys", "organization")
"""General screens that ask the server for something."""


def asking(samples: Samples) -> dict[str, str]:
    return {**{name: GENERAL[name] for name in ASKING}, **project_screens(samples.choices)}


def test_screens_while_they_load(watch: Watch, samples: Samples) -> None:
    with answers(watch.page, lambda route: None):
        for name, address in asking(samples).items():
            watch.visit(f"loading {name}", address, lambda page: expect(page.locator("#main")).to_be_visible())
    assert not watch.faults, "\n".join(watch.faults)


SORRY = {"id": "e1", "status_code": 500, "version": "1", "detail": "Something broke here.", "exc_info": None}
FAILURES: dict[str, Callable[[Route], None]] = {
    "error": lambda route: route.fulfill(status=500, json=SORRY),
    "offline": lambda route: route.abort(),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_screens_that_could_not_load_say_so(watch: Watch, samples: Samples, failure: str) -> None:
    def said(page: Page) -> None:
        expect(
            page.get_by_text("broke here").or_(page.get_by_text("annot be")).or_(page.get_by_text("could not")).first
        ).to_be_visible()

    with answers(watch.page, FAILURES[failure]):
        for name, address in asking(samples).items():
            watch.visit(f"{failure} {name}", address, said)
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture
def stranger(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=live_server.url)
    yield context
    context.close()


def test_doors(stranger: BrowserContext) -> None:
    watch = Watch(stranger.new_page())
    for name, address in DOORS.items():
        watch.visit(name, address, settled)
        watch.page.get_by_label("Email").fill("nobody@example.com")
        watch.page.get_by_label("Password", exact=True).fill("not-the-password")
        watch.where = f"{name} refused"
        watch.page.route("**/user/**", lambda route: route.fulfill(status=500, json=SORRY))
        watch.page.keyboard.press("Enter")
        expect(watch.page.get_by_role("alert")).to_be_visible()
        watch.look()
        watch.page.unroute_all()
    assert not watch.faults, "\n".join(watch.faults)
