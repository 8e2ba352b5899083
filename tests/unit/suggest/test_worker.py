"""What a run keeps, promises and survives."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from planted import CHOICES, Tasks, choice, run, topic_text, topics, worker, write

from labelwright.suggest import Options, is_holdout, read_predictions, read_report
from labelwright.suggest.estimate import curve_sizes, read_curve
from labelwright.suggest.folder import CurvePoint
from labelwright.suggest.learn import CannotLearn, learn


def quiet(phase: str, done: int, total: int) -> None:
    pass


def flipped(result: Any) -> Any:
    return [choice("Food" if result[0]["value"]["choices"] == ["Sports"] else "Sports")]


SPANS = '<View><Labels name="ner" toName="t"><Label value="A"/><Label value="B"/></Labels><Text name="t" value="$text"/></View>'


def span(start: int, end: int, label: str) -> dict[str, Any]:
    return {"from_name": "ner", "to_name": "t", "type": "labels", "value": {"start": start, "end": end, "labels": [label]}}


@pytest.mark.parametrize("kind", ["choices", "spans"])
def test_labels_of_held_out_tasks_train_nothing(tmp_path: Path, kind: str) -> None:
    tasks: list[tuple[int, Any, Any]] = topics(150)
    others: list[Any] = [flipped(result) for _, _, result in tasks]
    config = CHOICES
    if kind == "spans":
        config = SPANS
        tasks = [(task_id, data, [span(0, data["text"].index(" "), "A")]) for task_id, data, _ in tasks]
        others = [[span(5, 9, "B"), span(12, 15, "B")] for _ in tasks]
    labeled, unlabeled = tasks[:120], tasks[120:]
    changed = [(task[0], task[1], others[index] if is_holdout(task[0]) else task[2]) for index, task in enumerate(labeled)]
    assert sum(is_holdout(task_id) for task_id, _, _ in labeled) >= 20
    report, predictions = run(tmp_path / "a", config, labeled, unlabeled)
    other_report, same = run(tmp_path / "b", config, changed, unlabeled)
    assert same == predictions
    # but they test: the estimate sees that the held-out answers are all wrong now
    assert report.controls[0].method == "held_out"
    assert report.controls[0].metrics[0].value > 0.9 > 0.1 > other_report.controls[0].metrics[0].value
    trained = [(*task[:2], flipped(task[2]) if kind == "choices" else []) for task in labeled[:40]]
    assert run(tmp_path / "c", config, [*trained, *labeled[40:]], unlabeled)[1] != predictions


def test_who_is_held_out_can_be_said(tmp_path: Path) -> None:
    write(tmp_path, CHOICES, topics(40))
    lines = [json.loads(line) for line in (tmp_path / "labeled.jsonl").read_text().splitlines()]
    for index, line in enumerate(lines):
        line["is_holdout"] = index < 10
    (tmp_path / "labeled.jsonl").write_text("\n".join(map(json.dumps, lines)))
    report = learn(tmp_path, quiet)
    assert (report.n_train, report.n_held_out, report.controls[0].n_train) == (30, 10, 30)
    # few labels: the training tasks are tested as well, by models that did not see them
    assert (report.controls[0].method, report.controls[0].n_test) == ("cross_validation", 40)


def test_the_same_folder_gives_the_same(tmp_path: Path) -> None:
    """Whatever the order of the answers, in this process or another."""
    tasks = topics(120)
    report, predictions = run(tmp_path / "a", CHOICES, tasks[:60], tasks[60:], with_curve=True)
    write(tmp_path / "b", CHOICES, tasks[:60], tasks[60:], with_curve=True)
    done = worker(tmp_path / "b")
    assert done.returncode == 0, done.stderr
    other = read_report(tmp_path / "b")
    assert other is not None
    assert [each.curve for each in other.controls] == [each.curve for each in report.controls]
    assert [each.metrics for each in other.controls] == [each.metrics for each in report.controls]
    assert list(read_predictions(tmp_path / "b")) == predictions
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(line.keys() == {"phase", "done", "total"} for line in lines)
    assert lines[-1] == {"phase": "done", "done": 1, "total": 1}
    assert {"reading", "learning topic", "testing topic", "suggesting"} <= {line["phase"] for line in lines}


def test_scores_mean_what_they_say(tmp_path: Path) -> None:
    """A third of the answers are coin throws, told by a word: their suggestions are wrong half of the time, and say so."""
    generator = random.Random(11)
    tasks: list[tuple[int, Any, Any]] = []
    for task_id in range(1, 901):
        topic = generator.choice(["Sports", "Food"])
        text = topic_text(generator, topic)
        if generator.random() < 1 / 3:
            text, topic = (
                "unclear " + " ".join(generator.choices(["hm", "well", "who", "knows"], k=9)),
                generator.choice(["Sports", "Food"]),
            )
        tasks.append((task_id, {"text": text}, [choice(topic)]))
    _, predictions = run(tmp_path, CHOICES, tasks[:400], tasks[400:])
    right = {task_id: result[0]["value"]["choices"] for task_id, _, result in tasks}
    ranked = sorted(predictions, key=lambda each: each.score)
    parts = [ranked[:150], ranked[-150:]]
    shares = [sum(each.result[0]["value"]["choices"] == right[each.id] for each in part) / 150 for part in parts]
    scores = [sum(each.score for each in part) / 150 for part in parts]
    assert shares[0] < 0.7 < 0.95 < shares[1]
    assert all(abs(score - share) < 0.1 for score, share in zip(scores, shares, strict=True))
    # the most uncertain are the coin throws
    unsure = sorted(predictions, key=lambda each: -each.uncertainty)[:100]
    texts = {task_id: data["text"] for task_id, data, _ in tasks}
    assert sum(texts[each.id].startswith("unclear") for each in unsure) > 95


@pytest.mark.parametrize(
    ("labeled", "words"),
    [
        ([], "0 labels so far; suggestions start at 20"),
        (topics(3), "3 labels so far; suggestions start at 20"),
        ([(task_id, data, [choice("Food")]) for task_id, data, _ in topics(40)], 'every answer so far is "Food"'),
        ([(task_id, {}, result) for task_id, _, result in topics(40)], "the task has no text"),
        ([(task_id, data, None) for task_id, data, _ in topics(40)], "0 labels so far"),
        ([(task_id, data, [choice("Gone")]) for task_id, data, _ in topics(40)], "0 labels so far"),
    ],
)
def test_nothing_to_learn_is_said_in_words(tmp_path: Path, labeled: Tasks, words: str) -> None:
    report, predictions = run(tmp_path, CHOICES, labeled, topics(5, first_id=500))
    assert not predictions
    assert not report.controls[0].is_learned
    assert words in report.controls[0].reason
    assert words in report.advice


def test_hostile_tasks_do_no_harm(tmp_path: Path) -> None:
    """Tasks from outside may hold anything: they get a suggestion or a reason, and the others get theirs."""
    wild: list[Any] = [
        {"text": ""},
        {"text": "  \n\t "},
        {"text": None},
        {"text": 3.5},
        {"text": ["a", {"b": [None, True, 1]}]},
        {"text": "x" * 3_000_000},
        {"text": "goal " * 400_000},
        {"text": "\x00\u202e\ufeff👩‍👩‍👧‍👦\ud83d"},
        {"text": {"deep": {"deep": {}}}},
        {},
        [],
        None,
        "text",
        7,
    ]
    tasks = topics(60)
    labeled = [*tasks[:40], *((100 + index, data, [choice("Food")]) for index, data in enumerate(wild))]
    unlabeled = [*tasks[40:], *((200 + index, data, None) for index, data in enumerate(wild))]
    folder = write(tmp_path, CHOICES, [], [])
    for name, rows in (("labeled", labeled), ("unlabeled", unlabeled)):
        lines = [json.dumps({"id": task_id, "data": data, "result": result}) for task_id, data, result in rows]
        # half a character cannot be said in UTF-8, but JSON's escapes can say it; readers refuse it, so the server cannot have it
        (folder / f"{name}.jsonl").write_text("\n".join(lines).replace('\\ud83d"}', '"}'))
    report = learn(folder, quiet)
    predictions = list(read_predictions(folder))
    assert {each.id for each in predictions} >= {task_id for task_id, _, _ in tasks[40:]}
    assert report.n_predicted + sum(each.count for each in report.skipped) == len(unlabeled)
    assert {each.reason for each in report.skipped} == {"the task has no text"}


def test_hostile_spans_do_no_harm(tmp_path: Path) -> None:
    texts = ["Ada met Bob", "", "👍👍 Ada", "no one", "Ada " * 5_000]
    wild = [
        [span(0, 3, "A")],
        [span(-1, 3, "A")],
        [span(3, 3, "A")],
        [span(5, 2, "A")],
        [span(0, 10**9, "A")],
        [span(1, 2, "A"), span(0, 3, "B"), span(2, 7, "A")],
        [span(0, 3, "gone")],
        [{**span(0, 3, "A"), "value": {"start": "0", "end": None, "labels": ["A"]}}],
        [{**span(0, 3, "A"), "value": {"start": 0, "end": 3, "labels": [["A"], 3]}}],
        [],
        None,
    ]
    tasks: Tasks = [
        (index, {"text": text}, result)
        for index, (text, result) in enumerate((text, result) for text in texts for result in wild)
    ]
    _, predictions = run(tmp_path, SPANS, tasks, [(1000 + task_id, data, None) for task_id, data, _ in tasks])
    assert predictions


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("config.xml", b"<View/>", "asks nothing yet"),
        ("config.xml", b"\xff\xfe", "cannot be read"),
        ("labeled.jsonl", b'{"id": 1, "data": {}, "result": []}\n{"id": "x"', "labeled.jsonl, line 2"),
        ("labeled.jsonl", b"[" * 100_000, "labeled.jsonl, line 1"),
        ("options.json", b'{"sed": 3}', "unknown field"),
    ],
)
def test_a_folder_that_cannot_be_read_says_why(tmp_path: Path, file: str, content: bytes, words: str) -> None:
    write(tmp_path, CHOICES, topics(30))
    (tmp_path / file).write_bytes(content)
    with pytest.raises(CannotLearn, match=words):
        learn(tmp_path, quiet)
    assert read_report(tmp_path) is None


def test_the_worker_says_why_it_failed(tmp_path: Path) -> None:
    write(tmp_path, "<View/>", topics(30))
    done = worker(tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1]) == {"phase": "failed", "reason": "The config asks nothing yet."}
    assert worker(tmp_path / "nowhere").returncode == 2


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "labelwright.suggest", str(folder)], stdout=subprocess.PIPE, text=True)


def test_a_killed_worker_leaves_nothing_half_done(tmp_path: Path) -> None:
    tasks = topics(60)
    write(tmp_path, CHOICES, tasks[:40], topics(1_500, first_id=1000))
    for left in ("report.json", "predictions.jsonl"):
        (tmp_path / left).write_text("{}")
    process = start(tmp_path)
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["phase"] == "suggesting":
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    # neither what it had begun nor what an earlier run had left
    assert read_report(tmp_path) is None
    assert not (tmp_path / "predictions.jsonl").exists()
    write(tmp_path, CHOICES, tasks[:40], tasks[40:])
    learn(tmp_path, quiet)
    assert len(list(read_predictions(tmp_path))) == 20


def test_a_worker_ends_with_its_parent(tmp_path: Path) -> None:
    """The parent is killed while the worker reads; the worker notices, and leaves no report."""
    write(tmp_path, CHOICES, topics(40), topics(8_000, first_id=1000))
    code = (
        "import subprocess, sys, time\n"
        f"p = subprocess.Popen([sys.executable, '-m', 'labelwright.suggest', {str(tmp_path)!r}], stdout=subprocess.PIPE)\n"
        "p.stdout.readline(); print(p.pid, flush=True); time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker_id = int(parent.stdout.readline())
    ended = os.pidfd_open(worker_id)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    import select

    assert select.select([ended], [], [], 120)[0], "the worker still runs"
    os.close(ended)
    assert read_report(tmp_path) is None


def test_bounds(tmp_path: Path) -> None:
    tasks = topics(120)
    report, predictions = run(tmp_path, CHOICES, tasks[:80], tasks[80:], max_labeled=50, max_unlabeled=10)
    assert (report.n_labeled, report.n_train + report.n_held_out, report.n_predicted, len(predictions)) == (80, 50, 10, 10)
    assert report.warnings == ("50 of 80 answered tasks are used.", "10 of 40 other tasks get suggestions in one run.")


def test_a_learning_curve_says_when_to_stop(tmp_path: Path) -> None:
    tasks = topics(420)
    report, _ = run(tmp_path, CHOICES, tasks, with_curve=True)
    (control,) = report.controls
    assert [point.labels for point in control.curve] == curve_sizes(control.n_train)
    assert all(point.low <= point.value <= point.high for point in control.curve)
    assert control.curve[-1].value == control.metrics[0].value
    assert control.should_stop
    assert report.should_stop
    assert "unlikely to help" in report.advice


@pytest.mark.parametrize(
    ("before", "now", "sizes", "stops", "words"),
    [
        (0.70, 0.80, (160, 320), False, "more labels still help"),
        (0.80, 0.80, (160, 320), True, "unlikely to help"),
        (0.80, 0.80, (20, 40), False, "too early"),
        (0.80, 0.79, (160, 320), True, "unlikely to help"),
    ],
)
def test_reading_a_curve(before: float, now: float, sizes: tuple[int, int], stops: bool, words: str) -> None:
    def ratios(share: float) -> tuple[list[float], list[float]]:
        return [float(index < share * 300) for index in range(300)], [1.0] * 300

    points = [
        CurvePoint(labels=size, value=value, low=value - 0.05, high=value + 0.05)
        for size, value in zip(sizes, (before, now), strict=True)
    ]
    assert read_curve(points, ratios(before), ratios(now), 0, "accuracy")[0] is stops
    assert words in read_curve(points, ratios(before), ratios(now), 0, "accuracy")[1]


def test_options_refuse_what_they_do_not_know() -> None:
    with pytest.raises(TypeError):
        Options(sed=1)  # type: ignore[call-arg]
