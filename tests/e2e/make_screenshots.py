"""Makes the pictures of the README: `python tests/e2e/make_screenshots.py` writes docs/images/*.png.

It starts a server with a database of its own, fills it with content that looks like somebody's, and takes pictures in Chromium.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx
from PIL import Image, ImageDraw
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "e2e")]

from screens import make  # noqa: E402

from live import LiveServer, free_port  # noqa: E402
from prepare import find_chromium  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1280, "height": 800}
MOST_BYTES = 120_000

REVIEWS = [
    "I ordered the lamp for my daughter's desk. It arrived a day early, well packed, and the light is warm without being yellow. "
    "The only thing I would change is the cable, which could be half a metre longer.",
    "Broke after one day. The hinge is plastic although the page says steel.",
    "Does what it says. Nothing special, nothing wrong.",
    "Support answered within an hour and sent a new one. That is how it should be!",
    "The colour is nothing like the picture, and sending it back costs more than it did.",
    "Third one I have bought. The first two still work after six years.",
    "Assembly took two hours and four people.",
    "Quiet, bright, cheap. My whole team wants one now.",
    "The manual is in a language I could not identify.",
    "Fine for the price.",
    "It hums. Not loudly, but at night you hear it.",
    "Came without the screws; the shop sent them the next day.",
]
STARS = [4, 1, 3, 5, 2, 5, 2, 5, 2, 3, 2, 4]
NEWS = (
    "Marie Curie moved to Paris in 1891 to study at the Sorbonne. In 1903 she shared the Nobel Prize in Physics with her husband "
    "Pierre Curie and Henri Becquerel. The University of Paris gave her its chair of physics in 1906; she was the first woman to "
    "hold it. Her institute in Warsaw opened in 1932."
)
SPANS = [
    ("Marie Curie", "Person"),
    ("Paris", "Location"),
    ("1891", "Date"),
    ("Sorbonne", "Organization"),
    ("Pierre Curie", "Person"),
    ("Henri Becquerel", "Person"),
    ("University of Paris", "Organization"),
    ("Warsaw", "Location"),
]
SENTIMENT = """<View>
  <Text name="text" value="$review"/>
  <Choices name="sentiment" toName="text" choice="single">
    <Choice value="Positive"/>
    <Choice value="Negative"/>
    <Choice value="Neutral"/>
  </Choices>
</View>"""
BOXES = """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="label" toName="image">
    <Label value="Car"/><Label value="Person"/><Label value="Bicycle"/>
  </RectangleLabels>
</View>"""
ENTITIES = """<View>
  <Labels name="label" toName="text">
    <Label value="Person"/><Label value="Organization"/><Label value="Location"/><Label value="Date"/>
  </Labels>
  <Text name="text" value="$text"/>
</View>"""
SUMMARY = """<View>
  <Text name="document" value="$text"/>
  <TextArea name="summary" toName="document" placeholder="Write a summary…" maxSubmissions="1" rows="4"/>
</View>"""
STREET_BOXES = [
    ("Car", 130, 470, 330, 180),
    ("Car", 640, 450, 300, 170),
    ("Person", 500, 400, 70, 220),
    ("Bicycle", 980, 500, 190, 140),
]
"""Label, left, top, width, height in pixels of the street."""
STREET_SIZE = (1200, 800)


def street() -> bytes:
    """A drawn street with two cars, a person and a bicycle where `STREET_BOXES` says."""
    image = Image.new("RGB", STREET_SIZE, "#cfe3ee")
    draw = ImageDraw.Draw(image)
    for n, (color, height) in enumerate(
        zip(("#d8c3a5", "#b9a394", "#c9b79c", "#a89f91", "#d5bfae"), (330, 390, 300, 420, 350), strict=True)
    ):
        left = n * 245 - 10
        draw.rectangle((left, 540 - height, left + 235, 560), fill=color)
        for column in range(4):
            for row in range(height // 70):
                x, y = left + 24 + column * 52, 560 - height + row * 66
                draw.rectangle((x, y, x + 30, y + 40), fill="#5f7a8c" if (n + row + column) % 3 else "#f2dfa0")
    draw.rectangle((0, 560, 1200, 610), fill="#b8b5ae")
    draw.rectangle((0, 610, 1200, 800), fill="#5d6066")
    for x in range(40, 1200, 180):
        draw.rectangle((x, 700, x + 90, 708), fill="#e7e4da")
    for left, top, width, height, color in ((130, 470, 330, 180, "#b23a3a"), (640, 450, 300, 170, "#2f5f8f")):
        draw.rounded_rectangle((left + 55, top + 8, left + width - 70, top + height // 2 + 10), 40, fill=color)
        draw.rounded_rectangle((left + 80, top + 24, left + width - 95, top + height // 2), 20, fill="#dcebf2")
        draw.rounded_rectangle((left + 6, top + height // 2 - 8, left + width - 6, top + height - 28), 24, fill=color)
        for wheel in (left + 70, left + width - 80):
            draw.ellipse((wheel - 32, top + height - 66, wheel + 32, top + height - 4), fill="#23262b")
            draw.ellipse((wheel - 13, top + height - 47, wheel + 13, top + height - 21), fill="#a9adb3")
    draw.ellipse((518, 404, 552, 442), fill="#d9a87e")
    draw.rounded_rectangle((508, 442, 562, 540), 16, fill="#3f7d5c")
    draw.rectangle((514, 536, 532, 616), fill="#2d3340")
    draw.rectangle((538, 536, 556, 616), fill="#2d3340")
    for wheel in (1022, 1126):
        draw.ellipse((wheel - 40, 556, wheel + 40, 636), outline="#202329", width=6)
    draw.line([(1022, 596), (1060, 540), (1110, 540), (1126, 596), (1074, 596), (1060, 540)], fill="#c7632c", width=8)
    draw.line([(1074, 596), (1110, 540), (1104, 510), (1130, 506)], fill="#c7632c", width=8)
    draw.line([(1060, 540), (1052, 518), (1040, 518), (1068, 518)], fill="#202329", width=8)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def box_results() -> list[dict[str, Any]]:
    wide, high = STREET_SIZE
    size = {"original_width": wide, "original_height": high, "image_rotation": 0}
    return [
        {
            "id": f"box-{n}",
            "from_name": "label",
            "to_name": "image",
            "type": "rectanglelabels",
            **size,
            "value": {
                "x": 100 * x / wide,
                "y": 100 * y / high,
                "width": 100 * width / wide,
                "height": 100 * height / high,
                "rotation": 0,
                "rectanglelabels": [label],
            },
        }
        for n, (label, x, y, width, height) in enumerate(STREET_BOXES)
    ]


def span_results() -> list[dict[str, Any]]:
    named = {"from_name": "label", "to_name": "text", "type": "labels"}
    return [
        {"id": f"span-{n}", **named, "value": {"start": at, "end": at + len(words), "text": words, "labels": [label]}}
        for n, (words, label) in enumerate(SPANS)
        for at in [NEWS.index(words)]
    ]


def fill(api: httpx.Client) -> dict[str, str]:
    """Four projects; picture → address."""
    summaries = make(api, "Article summaries", SUMMARY, [{"text": text} for text in REVIEWS[:6]])
    answer_some(api, summaries.task_ids()[:5], "summary", "document", "textarea", {"text": ["A short summary."]})
    news = make(api, "Names in the news", ENTITIES, [{"text": NEWS}, *({"text": text} for text in REVIEWS)], color="#7C3AED")
    scenes = make(api, "Street scenes", BOXES, color="#D97706", description="Everything that moves, from the north camera.")
    files = [("files", (f"street-{n}.png", street(), "image/png")) for n in range(1, 9)]
    assert api.post(f"/api/projects/{scenes.id}/import", files=files).status_code == 201
    reviews = make(
        api, "Product reviews", SENTIMENT, [{"review": text, "stars": stars} for text, stars in zip(REVIEWS, STARS, strict=True)]
    )
    first_news, first_scene = news.task_ids()[0], scenes.task_ids()[0]
    for task, result in ((first_news, span_results()), (first_scene, box_results())):
        assert api.post(f"/api/tasks/{task}/annotations", json={"result": result, "lead_time": 21.4}).status_code == 201
    for n, task in enumerate(scenes.task_ids()[1:]):
        boxes = [{**box, "score": round(0.97 - 0.06 * place - 0.02 * n, 2)} for place, box in enumerate(box_results())]
        guess = {"task": task, "result": boxes, "score": round(0.95 - 0.05 * n, 2), "model_version": "street-3"}
        assert api.post("/api/predictions", json=guess).status_code == 201
    assert api.patch(f"/api/projects/{scenes.id}", json={"model_version": "street-3"}).status_code == 200
    for n, task in enumerate(reviews.task_ids()[1:6]):
        word = ("Negative", "Neutral", "Positive", "Negative", "Positive")[n]
        answer_some(api, [task], "sentiment", "text", "choices", {"choices": [word]})
    return {
        "projects": "/projects/",
        "data": f"/projects/{reviews.id}/data",
        "label": f"/projects/{reviews.id}/label",
        "boxes": f"/projects/{scenes.id}/data?task={first_scene}",
        "ner": f"/projects/{news.id}/data?task={first_news}",
        "suggestions": f"/projects/{scenes.id}/label",
        "skim": f"/projects/{scenes.id}/skim",
        "new-project": "/projects/new",
    }


def answer_some(api: httpx.Client, tasks: list[int], from_name: str, to_name: str, kind: str, value: dict[str, Any]) -> None:
    item = {"from_name": from_name, "to_name": to_name, "type": kind, "value": value}
    for task in tasks:
        assert api.post(f"/api/tasks/{task}/annotations", json={"result": [item], "lead_time": 4.2}).status_code == 201


def put_data(page: Page) -> None:
    """The file that the picture of the New project page shows."""
    lines = "\n".join(f'{n},"{text.replace(chr(34), "")}"' for n, text in enumerate(REVIEWS, start=1))
    file = {"name": "product_reviews.csv", "mimeType": "text/csv", "buffer": f"id,review\n{lines}\n".encode()}
    page.locator("input[type=file]").first.set_input_files([file])
    page.get_by_role("list", name="Data of the project").wait_for()


def save(page: Page, name: str) -> None:
    """At most 256 colours, which is enough for these and much smaller."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = IMAGES / f"{name}.png"
    picture.quantize(256, dither=Image.Dither.NONE).save(path, "PNG", optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size / 1000:.0f} kB")
    assert size <= MOST_BYTES, f"{path} is larger than {MOST_BYTES} bytes"


def take(page: Page, server: LiveServer, addresses: dict[str, str]) -> None:
    page.goto("/user/login/")
    page.fill("input[name=email]", server.email)
    page.fill("input[name=password]", server.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects**")
    for name, address in addresses.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if name == "new-project":
            put_data(page)
        page.wait_for_function("!document.querySelector('[aria-busy=true]')")
        page.wait_for_timeout(500)
        save(page, name)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = LiveServer(Path(folder), free_port(), email="ada@example.com").start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        try:
            headers = {"Authorization": f"Token {server.token}"}
            with httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=30) as api:
                addresses = fill(api)
            options: dict[str, Any] = {
                "base_url": server.url,
                "viewport": SIZE,
                "color_scheme": "light",
                "reduced_motion": "reduce",
            }
            take(browser.new_page(**options), server, addresses)
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
