"""Tasks whose answers can be foreseen: a signal is planted in each, with noise around it."""

from __future__ import annotations

import base64
import io
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from labelwright.labelconfig import check_result
from labelwright.suggest import Answered, Options, Prediction, Report, Unanswered, read_predictions, read_report, write_folder
from labelwright.suggest.learn import learn

NOISE = ("the", "a", "of", "report", "said", "we", "they", "on", "market", "time", "was", "old", "new", "year", "people", "and")
TOPICS = {
    "Sports": ("goal", "match", "team", "player", "league", "cup"),
    "Food": ("soup", "bread", "cheese", "oven", "taste", "salt"),
}
CHOICES = (
    '<View><Text name="t" value="$text"/><Choices name="topic" toName="t" required="true">'
    '<Choice value="Sports"/><Choice value="Food"/></Choices></View>'
)


def choice(label: str, control: str = "topic", target: str = "t") -> dict[str, Any]:
    return {"id": "r", "from_name": control, "to_name": target, "type": "choices", "value": {"choices": [label]}}


def topic_text(generator: random.Random, topic: str) -> str:
    words = [*generator.sample(TOPICS[topic], 3), *generator.choices(NOISE, k=12)]
    generator.shuffle(words)
    return " ".join(words)


def topics(n: int, seed: int = 1, first_id: int = 1) -> list[tuple[int, dict[str, Any], list[Any]]]:
    """(id, data, result) of tasks on one of two topics."""
    generator = random.Random(seed)
    tasks = []
    for task_id in range(first_id, first_id + n):
        topic = generator.choice(sorted(TOPICS))
        tasks.append((task_id, {"text": topic_text(generator, topic)}, [choice(topic)]))
    return tasks


Tasks = Sequence[tuple[int, Any, Any]]


def write(folder: Path, config: str, labeled: Tasks, unlabeled: Tasks = (), **options: Any) -> Path:
    """The folder for a worker; `unlabeled` tasks' answers are not written."""
    write_folder(
        folder,
        config,
        (Answered(id=task_id, data=data, result=result) for task_id, data, result in labeled),
        (Unanswered(id=task_id, data=data) for task_id, data, _ in unlabeled),
        Options(**{"with_curve": False, **options}),
    )
    return folder


def run(folder: Path, config: str, labeled: Tasks, unlabeled: Tasks = (), **options: Any) -> tuple[Report, list[Prediction]]:
    """What a run in this process learned and suggested; every suggestion fits the config."""
    write(folder, config, labeled, unlabeled, **options)
    report = learn(folder, lambda phase, done, total: None)
    predictions = list(read_predictions(folder))
    assert read_report(folder) == report
    for prediction in predictions:
        assert not check_result(config, prediction.result)
        assert 0 <= prediction.score <= 1
        assert 0 <= prediction.uncertainty <= 1
    return report, predictions


def share_right(predictions: Sequence[Prediction], tasks: Tasks, read: Callable[[Any], Any]) -> float:
    """Of predictions for tasks whose answers are known. read: from a result to what is compared."""
    right = {task_id: read(result) for task_id, _, result in tasks}
    return sum(read(prediction.result) == right[prediction.id] for prediction in predictions) / len(predictions)


def value(key: str) -> Callable[[Any], Any]:
    """From a result to what its first item says under the key; None without item."""
    return lambda result: result[0]["value"][key] if result else None


def worker(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "labelwright.suggest", str(folder)], capture_output=True, text=True, timeout=300)


def picture(colour: tuple[int, int, int], generator: random.Random) -> bytes:
    from PIL import Image

    noisy = [tuple(max(0, min(255, part + generator.randint(-60, 60))) for part in colour) for _ in range(256)]
    image = Image.new("RGB", (16, 16))
    image.putdata(noisy)
    out = io.BytesIO()
    image.resize((80, 60)).save(out, "PNG")
    return out.getvalue()


def as_address(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()
