"""Each kind of control learns a planted signal."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from planted import CHOICES, as_address, choice, picture, run, share_right, topic_text, topics, value

from labelwright.geometry.spans import OffsetMap
from labelwright.suggest import Report, features, plan
from labelwright.suggest.features import FeatureStore


def only(report: Report) -> Any:
    (control,) = report.controls
    return control


def test_one_choice_from_text(tmp_path: Path) -> None:
    tasks = topics(260)
    report, predictions = run(tmp_path, CHOICES, tasks[:60], tasks[60:])
    assert len(predictions) == report.n_predicted == 200
    assert share_right(predictions, tasks, value("choices")) > 0.95
    control = only(report)
    assert control.is_learned
    assert control.metrics[0].metric == "accuracy"
    assert control.metrics[0].low > control.baseline.value
    assert predictions[0].result[0]["to_name"] == "t"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("质量非常好，我很满意", "太差了，完全不能用"),
        ("Lieferverzögerung ärgerlich", "Kundenfreundlichkeit großartig"),
        ("👍🎉", "😡💔"),
        ("отличный товар", "ужасная покупка"),
        ("サービスがとても良い", "二度と買いません"),
    ],
)
def test_every_script_is_read(tmp_path: Path, first: str, second: str) -> None:
    generator = random.Random(3)

    def task(task_id: int) -> tuple[int, Any, Any]:
        label, clue = generator.choice((("Sports", first), ("Food", second)))
        return task_id, {"text": f"{''.join(generator.choices('我们今日地上xyz ', k=8))} {clue} {task_id}"}, [choice(label)]

    tasks = [task(task_id) for task_id in range(1, 121)]
    _, predictions = run(tmp_path, CHOICES, tasks[:60], tasks[60:])
    assert share_right(predictions, tasks, value("choices")) > 0.9


def test_several_choices_from_text(tmp_path: Path) -> None:
    config = (
        '<View><Text name="t" value="$text"/><Choices name="topic" toName="t" choice="multiple">'
        '<Choice value="Sports"/><Choice value="Food" alias="eat"/><Choice value="Never"/></Choices></View>'
    )
    generator = random.Random(5)

    def task(task_id: int) -> tuple[int, Any, Any]:
        chosen = [topic for topic in ("Sports", "Food") if generator.random() < 0.5]
        text = " ".join([topic_text(generator, topic) for topic in chosen] or ["nothing to see in the old market"])
        labels = ["eat" if topic == "Food" else topic for topic in chosen]
        item = {"from_name": "topic", "to_name": "t", "type": "choices", "value": {"choices": labels}}
        return task_id, {"text": text}, [item] if labels else []

    tasks = [task(task_id) for task_id in range(1, 241)]
    report, predictions = run(tmp_path, config, tasks[:140], tasks[140:])
    assert share_right(predictions, tasks, value("choices")) > 0.85
    control = only(report)
    assert [each.metric for each in control.metrics] == ["micro_f1", "accuracy"]
    assert control.unseen_labels == ("Never",)
    assert control.method == "held_out"


def test_stars_and_numbers_from_one_text(tmp_path: Path) -> None:
    config = (
        '<View><Text name="t" value="$text"/><Rating name="stars" toName="t" maxRating="3"/>'
        '<Number name="size" toName="t" min="0" max="100"/></View>'
    )
    generator = random.Random(8)

    def task(task_id: int) -> tuple[int, Any, Any]:
        stars = generator.randint(1, 3)
        word = ("awful", "decent", "splendid")[stars - 1]
        size, clue = generator.choice(((10, "tiny"), (50, "medium"), (90, "huge")))
        text = f"{word} {clue} {' '.join(generator.choices(['it', 'is', 'was', 'very', 'shop'], k=6))}"
        return (
            task_id,
            {"text": text},
            [
                {"from_name": "stars", "to_name": "t", "type": "rating", "value": {"rating": stars}},
                {"from_name": "size", "to_name": "t", "type": "number", "value": {"number": size}},
            ],
        )

    tasks = [task(task_id) for task_id in range(1, 201)]
    report, predictions = run(tmp_path, config, tasks[:120], tasks[120:])
    assert share_right(predictions, tasks, lambda result: result[0]["value"]["rating"]) > 0.95
    errors = [abs(each.result[1]["value"]["number"] - tasks[each.id - 1][2][1]["value"]["number"]) for each in predictions]
    assert sum(errors) / len(errors) < 12
    stars, size = report.controls
    assert [each.metric for each in stars.metrics] == ["accuracy", "macro_f1", "mae"]
    assert [each.metric for each in size.metrics] == ["closeness", "mae"]
    assert size.metrics[0].value > size.baseline.value
    assert all(isinstance(each.result[0]["value"]["rating"], int) for each in predictions)


PEOPLE, PLACES = ["Ada", "Grace Hopper", "José", "王伟", "Zoë Müller"], ["Paris", "New York", "北京", "São Paulo"]
SPANS = (
    '<View><Labels name="ner" toName="t"><Label value="PER"/><Label value="LOC"/></Labels><Text name="t" value="$text"/></View>'
)


def sentence(task_id: int, generator: random.Random) -> tuple[int, Any, Any]:
    """Half of them start with an emoji, so that offsets of UTF-16 and of code points differ."""
    parts = [generator.choice(("", "🎉🎉 ", "well, ")), generator.choice(PEOPLE), " met ", generator.choice(PEOPLE), " in "]
    parts += [generator.choice(PLACES), generator.choice((" yesterday.", ".", "!"))]
    text = "".join(parts)
    offsets = OffsetMap(text)
    result = []
    for index, label in ((1, "PER"), (3, "PER"), (5, "LOC")):
        start = len("".join(parts[:index]))
        end = start + len(parts[index])
        place = {"start": offsets.to_utf16(start), "end": offsets.to_utf16(end), "text": text[start:end], "labels": [label]}
        result.append({"id": f"r{index}", "from_name": "ner", "to_name": "t", "type": "labels", "value": place})
    return task_id, {"text": text}, result


def marked(result: Any) -> list[tuple[int, int, str, str]]:
    values = [item["value"] for item in result]
    return sorted((each["start"], each["end"], each["text"], each["labels"][0]) for each in values)


def test_spans_of_text(tmp_path: Path) -> None:
    generator = random.Random(2)
    tasks = [sentence(task_id, generator) for task_id in range(1, 161)]
    report, predictions = run(tmp_path, SPANS, tasks[:100], tasks[100:])
    assert share_right(predictions, tasks, marked) > 0.9
    control = only(report)
    assert control.metrics[0].metric == "span_f1"
    assert control.metrics[0].value > 0.9
    texts = {task_id: data["text"] for task_id, data, _ in tasks}
    for prediction in predictions:
        units = texts[prediction.id].encode("utf-16-le")
        for item in prediction.result:
            start, end = item["value"]["start"], item["value"]["end"]
            assert units[2 * start : 2 * end].decode("utf-16-le") == item["value"]["text"]


def test_spans_go_beyond_the_dictionary(tmp_path: Path) -> None:
    """People who were never marked are found by what stands around them."""
    generator = random.Random(4)
    tasks = [sentence(task_id, generator) for task_id in range(1, 81)]
    unseen = [
        (1000 + index, {"text": f"{name} met Ada in Paris."}, None) for index, name in enumerate(["Linus", "Barbara", "Edsger"])
    ]
    _, predictions = run(tmp_path, SPANS, tasks, unseen)
    found = [
        item["value"]["text"] for prediction in predictions for item in prediction.result if item["value"]["labels"] == ["PER"]
    ]
    assert {"Linus", "Barbara", "Edsger"} <= set(found)


def test_choices_from_pictures(tmp_path: Path) -> None:
    config = (
        '<View><Image name="i" value="$photo"/><Choices name="c" toName="i">'
        '<Choice value="red"/><Choice value="green"/><Choice value="blue"/></Choices></View>'
    )
    generator = random.Random(6)
    colours = {"red": (180, 60, 60), "green": (60, 170, 60), "blue": (60, 60, 180)}
    tasks, media = [], {}
    for task_id in range(1, 121):
        label = generator.choice(sorted(colours))
        content = picture(colours[label], generator)
        address = f"/data/upload/1/{task_id}.png"
        if task_id % 2:
            (tmp_path / f"{task_id}.png").write_bytes(content)
            media[address] = str(tmp_path / f"{task_id}.png")
        else:
            address = as_address(content)
        tasks.append((task_id, {"photo": address}, [choice(label, "c", "i")]))
    broken = [
        (200, {"photo": "/data/upload/1/none.png"}, None),
        (201, {"photo": as_address(b"no picture")}, None),
        (202, {}, None),
    ]
    cache = tmp_path / "cache" / "features.npz"
    folder = tmp_path / "run"
    report, predictions = run(folder, config, tasks[:60], [*tasks[60:], *broken], media=media, cache=str(cache))
    assert share_right(predictions, tasks, value("choices")) > 0.9
    assert len(predictions) == 60
    assert {(each.reason.split(" (")[0], each.count) for each in report.skipped} == {
        ("the picture is not on this server", 1),
        ("the picture cannot be decoded", 1),
        ("the task has no picture", 1),
    }
    assert cache.exists()
    _, same = run(folder, config, tasks[:60], tasks[60:], media=media, cache=str(cache))
    assert same == predictions
    cache.write_bytes(b"broken")
    _, same = run(folder, config, tasks[:60], tasks[60:], media=media, cache=str(cache))
    assert same == predictions


@pytest.mark.parametrize("shown", ['<Table name="t" value="$row"/>', '<Text name="t" value="$amount"/>'])
def test_choices_from_plain_fields(tmp_path: Path, shown: str) -> None:
    config = f'<View>{shown}<Choices name="c" toName="t"><Choice value="low"/><Choice value="mid"/></Choices></View>'
    generator = random.Random(9)

    def task(task_id: int) -> tuple[int, Any, Any]:
        amount, country = generator.uniform(-50, 50), generator.choice(["FR", "DE", "PL"])
        # not linear: the middle of the range, and only in two countries
        label = "mid" if abs(amount) < 20 and country != "PL" else "low"
        row = {"amount": round(amount, 2), "country": country, "name": f"n{task_id}"}
        return task_id, {"row": row, "amount": row["amount"], "country": country}, [choice(label, "c")]

    tasks = [task(task_id) for task_id in range(1, 301)]
    report, predictions = run(tmp_path, config, tasks[:200], tasks[200:])
    assert only(report).features == "fields"
    assert share_right(predictions, tasks, value("choices")) > 0.85


def test_controls_are_learned_apart_and_joined(tmp_path: Path) -> None:
    config = (
        '<View><Text name="t" value="$text"/><Choices name="topic" toName="t" required="true">'
        '<Choice value="Sports"/><Choice value="Food"/></Choices>'
        '<Choices name="why" toName="t" visibleWhen="choice-selected" whenTagName="topic" whenChoiceValue="Food">'
        '<Choice value="sweet"/><Choice value="sour"/></Choices><TextArea name="note" toName="t"/></View>'
    )
    generator = random.Random(7)

    def task(task_id: int) -> tuple[int, Any, Any]:
        topic, taste = generator.choice(sorted(["Sports", "Food"])), generator.choice(["sweet", "sour"])
        clue = {"sweet": "sugar honey", "sour": "lemon vinegar"}[taste]
        result = [choice(topic), *([choice(taste, "why")] if topic == "Food" else [])]
        return task_id, {"text": f"{topic_text(generator, topic)} {clue}"}, result

    tasks = [task(task_id) for task_id in range(1, 301)]
    report, predictions = run(tmp_path, config, tasks[:200], tasks[200:])

    def said(result: Any) -> Any:
        return {item["from_name"]: item["value"]["choices"] for item in result}

    assert share_right(predictions, tasks, said) > 0.85
    assert [each.control for each in report.left_out] == ["note"]
    assert all("why" not in said(each.result) for each in predictions if said(each.result)["topic"] == ["Sports"])


def test_nested_choices_are_paths(tmp_path: Path) -> None:
    config = (
        '<View><Text name="t" value="$text"/><Choices name="topic" toName="t" allowNested="true" required="true">'
        '<Choice value="Fun"><Choice value="Sports"/></Choice><Choice value="Life"><Choice value="Food"/></Choice>'
        "</Choices></View>"
    )
    paths = {"Sports": ["Fun", "Sports"], "Food": ["Life", "Food"]}
    tasks = [
        (task_id, data, [{**result[0], "value": {"choices": [paths[result[0]["value"]["choices"][0]]]}}])
        for task_id, data, result in topics(120)
    ]
    _, predictions = run(tmp_path, config, tasks[:60], tasks[60:])
    assert share_right(predictions, tasks, value("choices")) > 0.9


def test_more_tasks_than_memory_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Features of tasks beyond the kept ones are made when they are asked for, and say the same."""
    tasks = topics(240)
    monkeypatch.setattr(features, "MOST_KEPT", 80)
    _, predictions = run(tmp_path, CHOICES, tasks[:60], tasks[60:])
    assert len(predictions) == 180
    assert share_right(predictions, tasks, value("choices")) > 0.95
    (control,) = getattr(plan(CHOICES), "controls", ())
    data = [data for _, data, _ in tasks]
    lazy = FeatureStore(data, {}, None, 0, 60).of(control, lambda done, total: None)
    kept, made = lazy.take(np.arange(60)), lazy.take(np.arange(240))
    assert abs(kept - made[:60]).max() < 1e-6
