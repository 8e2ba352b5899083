"""Takes the pictures in `docs/images/`: `python docs/screenshots.py`. Needs the built UI, the test packages and a Chromium."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from labelwright import Client, Project

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from live import LiveServer, free_port

IMAGES = Path(__file__).resolve().parent / "images"

REVIEWS = """<View>
  <Header value="How does the customer feel?"/>
  <Text name="text" value="$review"/>
  <Choices name="mood" toName="text" choice="single" required="true">
    <Choice value="Happy"/><Choice value="Unhappy"/><Choice value="Neither"/>
  </Choices>
</View>"""
ENTITIES = """<View>
  <Labels name="entity" toName="text"><Label value="Person"/><Label value="Place"/><Label value="Date"/></Labels>
  <Text name="text" value="$text"/>
</View>"""
BOXES = """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image"><Label value="Car"/><Label value="Person"/></RectangleLabels>
</View>"""
TEXTS = (
    "Arrived a day early and works like a charm. The box was a little dented, but nothing inside was harmed.",
    "The handle came off in my hand on the first evening. I have asked for my money back.",
    "It is a blue bucket.",
)
SENTENCE = "Ada Lovelace published the first program in London in 1843; Charles Babbage had the machine in mind."


def span(start: int, end: int, label: str) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": SENTENCE[start:end], "labels": [label]}
    return {"id": label, "from_name": "entity", "to_name": "text", "type": "labels", "value": value}


def box(x: int, y: int, width: int, height: int, label: str) -> dict[str, Any]:
    value = {"x": x, "y": y, "width": width, "height": height, "rotation": 0, "rectanglelabels": [label]}
    size = {"original_width": 1280, "original_height": 853}
    return {"id": f"{label}{x}", "from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": value, **size}


def make_projects(client: Client) -> dict[str, Project]:
    """A project for each picture, with what is to be seen in it."""
    reviews = client.start_project("Product reviews", REVIEWS)
    reviews.import_tasks([{"review": text} for text in TEXTS * 20])
    entities = client.start_project("Names in old letters", ENTITIES)
    entities.import_tasks(
        [{"data": {"text": SENTENCE}, "predictions": [{"result": [span(0, 12, "Person"), span(44, 50, "Place")]}]}]
    )
    boxes = client.start_project("Street scenes", BOXES)
    seen = {"result": [box(68, 67, 25, 21, "Car"), box(41, 59, 6, 23, "Person")], "score": 0.92, "model_version": "boxes-1"}
    boxes.import_tasks([{"data": {"image": "/samples/street.svg"}, "predictions": [seen]}])
    return {"reviews": reviews, "entities": entities, "boxes": boxes}


def shoot(page: Page, server: LiveServer, projects: dict[str, Project]) -> None:
    page.goto(f"{server.url}/user/login/")
    page.fill("input[name=email]", server.email)
    page.fill("input[name=password]", server.password)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Street scenes")
    addresses = {
        "label": f"/projects/{projects['reviews'].id}/label",
        "label-text": f"/projects/{projects['entities'].id}/label",
        "label-image": f"/projects/{projects['boxes'].id}/label",
        "interface": f"/projects/{projects['reviews'].id}/settings/interface",
    }
    for name, address in addresses.items():
        page.goto(server.url + address)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(700)
        if name == "label":
            page.keyboard.press("1")
            page.wait_for_timeout(1500)
        page.screenshot(path=str(IMAGES / f"{name}.png"))
        print(f"docs/images/{name}.png")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = LiveServer(Path(folder), free_port()).start()
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic"])
        try:
            projects = make_projects(Client(server.url, server.token, progress=False))
            shoot(browser.new_page(viewport={"width": 1120, "height": 700}), server, projects)
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
