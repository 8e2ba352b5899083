"""Every example, in a process of its own, on data made here: its answers fit its config and are right."""

from __future__ import annotations

import base64
import io
import json
import math
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from labelwright.labelconfig import check_result, validate_config
from live_backend import LiveBackend
from ml.conftest import Serve
from ml.runs import painted

EXAMPLES = Path(__file__).parents[3] / "examples"
FOLDERS = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
TRANSFORMERS = """
def pipeline(task, model):
    assert (task, model) == ("sentiment-analysis", "distilbert-base-uncased-finetuned-sst-2-english")
    return lambda texts: [{"label": "NEGATIVE" if "broke" in text else "POSITIVE", "score": 0.75} for text in texts]
"""


def config_of(example: str) -> str:
    return (EXAMPLES / example / "label_config.xml").read_text(encoding="utf-8")


def ask(backend: LiveBackend, example: str, *data: dict[str, Any], context: Any = None) -> list[Any]:
    """The predictions for tasks of these data; they fit the config."""
    config = config_of(example)
    backend.setup(config)
    tasks = [{"id": number, "data": item, "annotations": [], "predictions": []} for number, item in enumerate(data, start=1)]
    status, answer = backend.predict(tasks, config, context)
    assert status == 200, answer
    for prediction in answer["results"]:
        assert not prediction or check_result(config, prediction["result"]) == []
    return list(answer["results"])


def url_of(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def values(prediction: Any) -> list[dict[str, Any]]:
    return [region["value"] for region in prediction["result"]]


@pytest.mark.parametrize("example", FOLDERS)
def test_an_example_has_a_config_and_says_what_it_needs(example: str) -> None:
    assert validate_config(config_of(example)) == []
    assert (EXAMPLES / example / "README.md").exists()
    assert (EXAMPLES / example / "requirements.txt").exists()
    assert f"]({example})" in (EXAMPLES / "README.md").read_text(encoding="utf-8")


REVIEWS = [task["data"] for task in json.loads((EXAMPLES / "sentiment" / "tasks.json").read_text(encoding="utf-8"))]


def test_sentiment_by_a_transformer(serve: Serve, tmp_path: Path) -> None:
    """The model itself cannot be downloaded here: `transformers` is a module of the test's own."""
    (tmp_path / "transformers.py").write_text(TRANSFORMERS, encoding="utf-8")
    backend = serve(EXAMPLES / "sentiment" / "ml_backend.py", path=(tmp_path,))
    answers = ask(backend, "sentiment", *REVIEWS)
    assert [values(answer)[0]["choices"] for answer in answers] == [["Positive"], ["Negative"], ["Positive"]]
    assert {(answer["score"], answer["model_version"]) for answer in answers} == {(0.75, "distilbert-sst-2")}


def test_sentiment_by_a_lexicon(serve: Serve) -> None:
    answers = ask(serve(EXAMPLES / "sentiment" / "lexicon_backend.py"), "sentiment", *REVIEWS)
    assert [values(answer)[0]["choices"] for answer in answers] == [["Positive"], ["Negative"], ["Neutral"]]
    assert all(0.5 < answer["score"] <= 1 for answer in answers)


TEXTS = [task["data"] for task in json.loads((EXAMPLES / "ner" / "tasks.json").read_text(encoding="utf-8"))]


def names(prediction: Any) -> list[tuple[str, str]]:
    return [(value["text"], value["labels"][0]) for value in values(prediction)] if prediction else []


def test_names_by_rules_and_by_what_was_marked(serve: Serve) -> None:
    backend = serve(EXAMPLES / "ner")
    first, second, third = ask(backend, "ner", *TEXTS)
    assert names(first) == [("3 May 2024", "Date"), ("Dr. Ada Brown", "Person"), ("Acme Corp.", "Organization")]
    assert names(second) == [("Acme Corp.", "Organization"), ("2024-06-01", "Date")]
    assert values(second)[0]["start"] == 3, "an emoji counts as two in a browser"
    assert third == []
    paris = {"start": 48, "end": 53, "text": "Paris", "labels": ["Location"]}
    region = {"id": "a", "from_name": "label", "to_name": "text", "type": "labels", "value": paris}
    task = {"id": 1, "data": TEXTS[0]}
    job = backend.train("ANNOTATION_CREATED", config_of("ner"), task=task, annotation={"id": 1, "result": [region]})
    assert job["result"] == {"names": 1, "version": "names-1"}
    answer = ask(backend, "ner", {"text": "Paris, not Parisian."})[0]
    assert (names(answer), answer["model_version"], answer["score"]) == ([("Paris", "Location")], "names-1", 1)
    for number in (2, 3):  # twice seen and not marked: a third is too little
        unmarked = {"id": number, "data": {"text": "Paris Hilton"}}
        backend.train("ANNOTATION_CREATED", config_of("ner"), task=unmarked, annotation={"id": number, "result": []})
    assert ask(backend, "ner", {"text": "Paris, not Parisian."}) == [[]]
    assert backend.ask("GET", "/versions")[1]["versions"] == ["names-1", "names-2", "names-3"]
    backend.stop()
    backend.start()
    assert ask(backend, "ner", {"text": "Paris"}) == [[]]


def test_images_by_those_that_look_alike(serve: Serve) -> None:
    backend = serve(EXAMPLES / "image-classification")
    noise = np.random.default_rng(0)

    def photo(red: int, green: int, blue: int) -> dict[str, Any]:
        pixels = noise.normal((red, green, blue), 12, (48, 48, 3)).clip(0, 255).astype("uint8")
        return {"image_url": url_of(Image.fromarray(pixels))}

    assert ask(backend, "image-classification", photo(200, 120, 60)) == [[]]
    kinds = {"Cat": (200, 120, 60), "Dog": (60, 60, 60), "Other": (40, 160, 220)}
    for number, (label, colour) in enumerate([item for item in kinds.items() for _ in range(3)], start=1):
        region = {"from_name": "category", "to_name": "image", "type": "choices", "value": {"choices": [label]}}
        task = {"id": number, "data": photo(*colour)}
        annotation = {"id": number, "result": [region]}
        job = backend.train("ANNOTATION_CREATED", config_of("image-classification"), task=task, annotation=annotation)
        assert job["result"]["examples"] == number, job
    answers = ask(backend, "image-classification", *[photo(*colour) for colour in kinds.values()])
    assert [values(answer)[0]["choices"] for answer in answers] == [["Cat"], ["Dog"], ["Other"]]
    assert all(answer["score"] > 0.5 for answer in answers)


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Intersection over union of two boxes: left, top, width, height."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(width, 0) * max(height, 0)
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def place(value: dict[str, Any]) -> tuple[float, ...]:
    return value["x"], value["y"], value["width"], value["height"]


@pytest.mark.parametrize(("paper", "ink"), [("white", "darkred"), ("black", "yellow")])
def test_boxes_by_contours(serve: Serve, paper: str, ink: str) -> None:
    image = Image.new("RGB", (400, 200), paper)
    draw = ImageDraw.Draw(image)
    draw.ellipse((40, 40, 120, 120), fill=ink)
    draw.rectangle((240, 60, 360, 100), fill=ink)
    draw.point((10, 10), fill=ink)
    answer = ask(serve(EXAMPLES / "detection"), "detection", {"image_url": url_of(image)})[0]
    found = {value["rectanglelabels"][0]: place(value) for value in values(answer)}
    assert set(found) == {"Round", "Angular"}
    assert overlap(found["Round"], (10, 20, 20, 40)) > 0.9
    assert overlap(found["Angular"], (60, 30, 30, 20)) > 0.9


@pytest.fixture
def disc() -> tuple[Image.Image, np.ndarray[Any, Any]]:
    """A noisy picture with a red disc in it, and where the disc is."""
    rows, columns = np.mgrid[:120, :160]
    inside = (columns - 100) ** 2 + (rows - 60) ** 2 <= 30**2
    pixels = np.where(inside[..., None], (200, 40, 40), (60, 120, 80)) + np.random.default_rng(0).normal(0, 8, (120, 160, 3))
    return Image.fromarray(pixels.clip(0, 255).astype("uint8")), inside


BOX = {"type": "rectanglelabels", "value": {"x": 40, "y": 18, "width": 45, "height": 65, "rectanglelabels": ["Thing"]}}
POINTS = [
    {"type": "keypointlabels", "value": {"x": 62.5, "y": 50, "width": 1, "keypointlabels": ["Thing"]}},
    {"type": "keypointlabels", "value": {"x": 20, "y": 50, "width": 1, "keypointlabels": ["Background"]}},
]


@pytest.mark.parametrize("prompt", [[BOX], POINTS], ids=["box", "points"])
def test_a_mask_for_what_was_drawn(serve: Serve, disc: tuple[Image.Image, Any], prompt: list[Any]) -> None:
    image, inside = disc
    backend = serve(EXAMPLES / "segmentation")
    task = {"image_url": url_of(image)}
    assert ask(backend, "segmentation", task) == [[]]
    answer = ask(backend, "segmentation", task, context={"result": prompt})[0]
    region = answer["result"][0]
    assert (region["from_name"], region["value"]["brushlabels"]) == ("mask", ["Thing"])
    assert (region["original_width"], region["original_height"]) == (160, 120)
    mask = np.array(painted(region["value"]["rle"])).reshape(120, 160)
    assert (mask & inside).sum() / (mask | inside).sum() > 0.9


@pytest.mark.parametrize(("bits", "channels"), [(16, 1), (8, 1), (16, 2)])
def test_speech_by_its_energy(serve: Serve, bits: int, channels: int) -> None:
    rate = 8000
    spoken = [(0.5, 1.2), (2.0, 2.6)]
    noise = np.random.default_rng(0).normal(0, 0.01, 3 * rate)
    times = np.arange(3 * rate) / rate
    sound = noise + sum(0.5 * np.sin(2 * math.pi * 220 * times) * ((times >= start) & (times < end)) for start, end in spoken)
    numbers = (sound * 100 + 128).astype("uint8") if bits == 8 else (sound * 30000).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(bits // 8)
        file.setframerate(rate)
        file.writeframes(np.repeat(numbers, channels).tobytes())
    url = f"data:audio/wav;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    answer = ask(serve(EXAMPLES / "audio-segments"), "audio-segments", {"audio": url})[0]
    found = [(value["start"], value["end"]) for value in values(answer)]
    assert np.abs(np.array(found) - np.array(spoken)).max() < 0.05


def test_digits_with_their_boxes(serve: Serve) -> None:
    image = Image.new("L", (420, 160), 255)
    draw = ImageDraw.Draw(image)
    draw.text((20, 20), "30417", font=ImageFont.load_default(size=40), fill=0)
    draw.text((220, 90), "2985", font=ImageFont.load_default(size=32), fill=0)
    backend = serve(EXAMPLES / "ocr", options=("--with", "reader=digits"))
    answer = ask(backend, "ocr", {"image": url_of(image)})[0]
    read = {region["id"]: region["value"]["text"][0] for region in answer["result"] if region["type"] == "textarea"}
    boxes = {region["id"]: place(region["value"]) for region in answer["result"] if region["type"] == "rectanglelabels"}
    assert sorted(read.values()) == ["2985", "30417"]
    assert set(read) == set(boxes)
    (left, top, width, height) = next(boxes[number] for number, text in read.items() if text == "30417")
    assert (left, top) < (10, 25)
    assert width > 15
    assert height > 10
