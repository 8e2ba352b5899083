"""The folder between the server and the worker.

The server writes (`write_folder`):

- `config.xml`: the label config
- `labeled.jsonl`: a line per answered task, `{"id", "data", "result", "is_holdout"?}`. Without `is_holdout` the id decides
  (`holdout.is_holdout` at the options' share)
- `unlabeled.jsonl`: a line per task that wants a suggestion, `{"id", "data"}`
- `options.json`: `Options`

The worker (`python -m labelwright.suggest FOLDER`) removes what an earlier run left, writes `predictions.jsonl` (`Prediction` per
line, in the order of `unlabeled.jsonl`) and then `report.json` (`Report`), each whole or not at all. A folder with a report is
finished. While it works it prints a line of JSON per step: `{"phase", "done", "total"}`. It ends with 0, also when there is
nothing to learn yet (the report says so); otherwise with 1 and a last line `{"phase": "failed", "reason"}`.
The worker stops by itself when the process that started it is gone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from labelwright.suggest.holdout import SHARE_PERCENT
from labelwright.suggest.plan import LeftOut

CONFIG, LABELED, UNLABELED, OPTIONS = "config.xml", "labeled.jsonl", "unlabeled.jsonl", "options.json"
PREDICTIONS, REPORT = "predictions.jsonl", "report.json"
MIN_LABELS = 20


class Answered(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A task with the answer to learn from."""

    id: int
    data: Any
    result: Any
    is_holdout: bool | None = None


class Unanswered(Struct, frozen=True, kw_only=True):
    """A task that wants a suggestion."""

    id: int
    data: Any


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to learn."""

    seed: int = 0
    holdout_percent: float = SHARE_PERCENT
    min_labels: int = MIN_LABELS
    """Answered tasks, held-out ones included, below which a control is not learned."""
    media: Mapping[str, str] = {}
    """Local file of a picture, by its address exactly as the task's data has it (`/data/upload/1/a.png`)."""
    cache: str | None = None
    """File in which features of pictures are kept from one run to the next; None keeps nothing."""
    max_labeled: int = 10_000
    """Of more answered tasks a stable sample is used."""
    max_unlabeled: int = 100_000
    """Further tasks get no suggestion in this run."""
    with_curve: bool = True
    """Whether to draw a learning curve: it costs about as much again as learning."""


class Estimate(Struct, frozen=True, kw_only=True):
    """A figure from tasks that did not train the model, with its 95 % interval."""

    metric: str
    """In [0, 1]: `accuracy`, `macro_f1`, `micro_f1`, `span_f1` (exact), `closeness` (of numbers: 1 - error over the spread of the
    answers); `mae`: mean absolute error in the control's unit, less is better."""
    value: float
    low: float
    high: float
    n: int
    """Tasks it was measured on."""
    interval: Literal["wilson", "bootstrap"]


class CurvePoint(Struct, frozen=True, kw_only=True):
    """How good the model is after this many training labels; all points of a curve are measured on the same tasks."""

    labels: int
    value: float
    low: float
    high: float


class ControlReport(Struct, frozen=True, kw_only=True):
    """What became of one control."""

    control: str
    answer: str
    source: str
    features: str = ""
    """What it was learned from, in words."""
    is_learned: bool
    reason: str = ""
    """Why not, in words, if it is not learned."""
    n_train: int = 0
    n_test: int = 0
    method: Literal["held_out", "cross_validation", "none"] = "none"
    """`held_out`: on held-out tasks alone. `cross_validation`: too few of them, so training tasks are tested as well, each by a
    model that did not see it."""
    metrics: tuple[Estimate, ...] = ()
    """The main one first."""
    baseline: Estimate | None = None
    """The main metric of always giving the most frequent answer (for numbers: the median)."""
    curve: tuple[CurvePoint, ...] = ()
    """Of the main metric."""
    should_stop: bool = False
    """Whether more labels of this kind are unlikely to help."""
    advice: str = ""
    """One or two sentences about the curve."""
    unseen_labels: tuple[str, ...] = ()
    """Labels of the config that no training answer uses: they are never suggested."""


class Skipped(Struct, frozen=True, kw_only=True):
    """Tasks without a suggestion."""

    reason: str
    count: int


class Report(Struct, frozen=True, kw_only=True):
    """What a run learned."""

    controls: tuple[ControlReport, ...]
    left_out: tuple[LeftOut, ...] = ()
    n_labeled: int
    """Answered tasks that were read."""
    n_train: int
    n_held_out: int
    n_predicted: int
    skipped: tuple[Skipped, ...] = ()
    should_stop: bool = False
    """Whether it says so for every learned control."""
    advice: str = ""
    """What to tell the team, in words; never empty."""
    warnings: tuple[str, ...] = ()
    seconds: float
    seed: int


class Prediction(Struct, frozen=True, kw_only=True):
    """A suggestion for a task."""

    id: int
    result: list[dict[str, Any]]
    """As Label Studio spells results; may be empty: the model suggests to leave the task without marks."""
    score: float
    """Probability in [0, 1] that the whole answer is right, as far as the labels could tell."""
    uncertainty: float
    """In [0, 1]; label the greatest first to teach the model most."""


def write_folder(
    folder: Path, config: str, labeled: Iterable[Answered], unlabeled: Iterable[Unanswered], options: Options
) -> tuple[int, int]:
    """Writes what a worker reads; gives the numbers of answered and other tasks. The folder is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).write_text(config, encoding="utf-8")
    (folder / OPTIONS).write_bytes(msgspec.json.encode(options))
    return _write_lines(folder / LABELED, labeled), _write_lines(folder / UNLABELED, unlabeled)


def read_report(folder: Path) -> Report | None:
    """What the worker learned; None if it has not finished."""
    file = folder / REPORT
    return msgspec.json.decode(file.read_bytes(), type=Report) if file.exists() else None


def read_predictions(folder: Path) -> Iterator[Prediction]:
    """The suggestions, one by one; FileNotFoundError if the worker has not finished."""
    decoder = msgspec.json.Decoder(Prediction)
    with (folder / PREDICTIONS).open("rb") as file:
        for line in file:
            yield decoder.decode(line)


def write_whole(file: Path, lines: Iterable[bytes]) -> None:
    """The file with these lines, or as it was before: a reader never sees half of it."""
    part = file.with_name(file.name + ".part")
    with part.open("wb") as out:
        for line in lines:
            out.write(line)
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, file)


def _write_lines(file: Path, items: Iterable[Struct]) -> int:
    encoder, count = msgspec.json.Encoder(), 0
    with file.open("wb") as out:
        for item in items:
            out.write(encoder.encode(item) + b"\n")
            count += 1
    return count
