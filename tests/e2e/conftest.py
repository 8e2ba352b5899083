"""A browser on the live server: `page` is the logged-in administrator's, `project()` makes a project with tasks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright
from projects import MakeProject, NewContext, Project, picture

from live import LiveServer

CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
TIMEOUT_MS = 10_000


def _chromium() -> str | None:
    """Path of the system's Chromium; None leaves the choice to Playwright."""
    return os.environ.get("LABELWRIGHT_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=_chromium(), args=CHROMIUM_ARGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def logged_in(browser: Browser, live_server: LiveServer) -> StorageState:
    """Cookies of the administrator, by the log-in page."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{live_server.url}/user/login/")
    page.fill("input[name=email]", live_server.email)
    page.fill("input[name=password]", live_server.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects**")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def new_context(browser: Browser, live_server: LiveServer, logged_in: StorageState) -> Iterator[NewContext]:
    """A fresh browser profile of the administrator; options as of `Browser.new_context`."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        options = {"viewport": {"width": 1280, "height": 800}, **options}
        context = browser.new_context(base_url=live_server.url, storage_state=logged_in, **options)
        context.set_default_timeout(TIMEOUT_MS)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: NewContext) -> Page:
    return new_context().new_page()


@pytest.fixture
def api(live_server: LiveServer) -> Iterator[httpx.Client]:
    """The API, as the administrator's scripts see it."""
    with httpx.Client(
        base_url=live_server.url, headers={"Authorization": f"Token {live_server.token}"}, trust_env=False
    ) as client:
        yield client


@pytest.fixture
def project(api: httpx.Client) -> MakeProject:
    """`project(config, [{"text": …}])`, or `project(config, images=3)` for pictures; further fields go to the project."""

    def make(config: str, tasks: list[dict[str, Any]] | None = None, *, images: int = 0, **fields: Any) -> Project:
        made = api.post("/api/projects", json={"title": "Labeling", "label_config": config, **fields})
        assert made.status_code == 201, made.text
        found = Project(api, made.json()["id"])
        if tasks:
            assert api.post(f"/api/projects/{found.id}/import", json=tasks).status_code == 201
        if images:
            files = [(f"{n}.png", (f"{n}.png", picture(n), "image/png")) for n in range(images)]
            answer = api.post(f"/api/projects/{found.id}/import", files=files)
            assert answer.status_code == 201, answer.text
        return found

    return make
