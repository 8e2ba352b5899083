"""How long it takes from accepting a suggestion by key to the next task and its suggestion on the screen.

Works against a running server, of which it needs the administrator:

    python benchmarks/ui_suggestions.py --url http://localhost:8080 --token … --email admin@example.com --password …

Makes a project per kind of task, opens its queue in the system's Chromium and presses Enter on one suggestion after the other.
A time runs from the key press to the frame in which the next task is painted with its suggestion, ms. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
from dataclasses import dataclass
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

CHROMIUM_ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SENTENCE = "The parcel came two days late, but the support was friendly and quick to answer. "
MOOD = """<View><Text name="text" value="$text"/>
  <Choices name="mood" toName="text" choice="single"><Choice value="Good"/><Choice value="Bad"/></Choices></View>"""
SPANS = """<View><Labels name="label" toName="text"><Label value="Thing"/><Label value="Time"/></Labels>
  <Text name="text" value="$text"/></View>"""

CLOCK = """
window.__down = 0;
addEventListener("keydown", () => { window.__down = performance.now(); }, { capture: true });
window.__until = (test) => new Promise((done, failed) => {
  const late = performance.now() + 20000;
  const look = () => {
    if (test()) requestAnimationFrame(() => setTimeout(() => done(performance.now() - window.__down), 0));
    else if (performance.now() > late) failed(new Error("the next task never came"));
    else requestAnimationFrame(look);
  };
  look();
});
"""
SHOWN = """(number) => document.querySelector("[data-testid=task-text]")?.textContent.startsWith(`${number}. `)
  && Number(document.querySelector("[data-testid=suggestion-bar]")?.dataset.left) > 0
  && document.querySelector("[data-testid=submit]")?.dataset.kind === "accept\""""


@dataclass(frozen=True)
class Kind:
    """A kind of task: its config, and the suggestion for each."""

    config: str
    result: list[dict[str, Any]]


def span(start: int, end: int, label: str) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label]}
    return {"id": f"s{start}", "from_name": "label", "to_name": "text", "type": "labels", "value": value}


KINDS = {
    "choice": Kind(MOOD, [{"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Bad"]}}]),
    "spans of 40 sentences": Kind(SPANS, [span(8 + n * len(SENTENCE), 14 + n * len(SENTENCE), "Thing") for n in range(40)]),
}


def make_project(api: httpx.Client, name: str, kind: Kind, tasks: int) -> int:
    project = int(api.post("/api/projects", json={"title": name, "label_config": kind.config}).raise_for_status().json()["id"])
    items = [
        {
            "data": {"text": f"{n}. {SENTENCE * 40}"},
            "predictions": [{"result": kind.result, "score": 0.8, "model_version": "m1"}],
        }
        for n in range(1, tasks + 1)
    ]
    api.post(f"/api/projects/{project}/import", json=items).raise_for_status()
    return project


def accept_all(page: Page, project: int, tasks: int) -> list[float]:
    """Times of all accepts but the first two, for the first tasks are fetched while the screen is still loading."""
    page.goto(f"/projects/{project}/label")
    page.wait_for_function(SHOWN, arg=1)
    times = []
    for number in range(2, tasks + 1):
        page.wait_for_timeout(250)  # a person looks at the task
        page.evaluate(f"() => {{ window.__next = window.__until(() => ({SHOWN})({number})); }}")
        page.keyboard.press("Enter")
        times.append(page.evaluate("window.__next"))
    return times[2:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("url", "token", "email", "password"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--tasks", type=int, default=30)
    given = parser.parse_args()
    headers = {"Authorization": f"Token {given.token}"}
    found: dict[str, Any] = {}
    with httpx.Client(base_url=given.url, headers=headers, trust_env=False) as api, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS)
        page = browser.new_context(base_url=given.url, viewport={"width": 1280, "height": 800}).new_page()
        page.add_init_script(CLOCK)
        page.goto("/user/login/")
        page.fill("input[name=email]", given.email)
        page.fill("input[name=password]", given.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/projects**")
        for name, kind in KINDS.items():
            times = sorted(accept_all(page, make_project(api, f"Accept: {name}", kind, given.tasks), given.tasks))
            p90 = times[int(len(times) * 0.9)]
            found[name] = {"median": round(statistics.median(times), 1), "p90": round(p90, 1), "worst": round(times[-1], 1)}
        found["load1"] = round(os.getloadavg()[0], 2)
        browser.close()
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
