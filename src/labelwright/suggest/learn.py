"""One run of the worker: read the folder, learn each control, test it, suggest answers, write what came of it."""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from labelwright.suggest.answers import read_choice, read_choices, read_number, read_spans
from labelwright.suggest.choices import OneOf, SeveralOf
from labelwright.suggest.estimate import curve_sizes, estimate_ratio, read_curve
from labelwright.suggest.features import FeatureStore
from labelwright.suggest.folder import (
    CONFIG,
    LABELED,
    OPTIONS,
    PREDICTIONS,
    REPORT,
    UNLABELED,
    Answered,
    ControlReport,
    CurvePoint,
    Options,
    Prediction,
    Report,
    Skipped,
    Unanswered,
    write_whole,
)
from labelwright.suggest.guess import Guess, Learner, Trained
from labelwright.suggest.holdout import is_holdout, stable_position
from labelwright.suggest.numbers import ANumber
from labelwright.suggest.packages import missing_packages
from labelwright.suggest.plan import ControlPlan, Plan, Unsupported, plan
from labelwright.suggest.spans import Spans
from labelwright.suggest.texts import raw_text

Say = Callable[[str, int, int], None]

_LEAST_FOR_HELD_OUT = 100
_LEAST_HELD_OUT = 20
_BATCH = 500


class CannotLearn(Exception):
    """The folder cannot be read, or nothing in it can be learned; the message is for people."""


class _Learned(Struct):
    control: ControlPlan
    learner: Learner
    model: Trained
    report: ControlReport


def learn(folder: Path, say: Say) -> Report:
    """Does the work of a folder (see `folder`) and gives the report that it wrote. Raises CannotLearn."""
    began = time.monotonic()
    for left in (PREDICTIONS, REPORT):
        (folder / left).unlink(missing_ok=True)
    if missing := missing_packages():
        raise CannotLearn(f'{", ".join(missing)} is not installed: pip install "labelwright[suggest]"')
    options, found, warnings = _read_options(folder)
    say("reading", 0, 1)
    labeled, n_labeled = _read_labeled(folder / LABELED, options)
    unlabeled, n_unlabeled = _read_unlabeled(folder / UNLABELED, options)
    if n_labeled > len(labeled):
        warnings.append(f"{len(labeled)} of {n_labeled} answered tasks are used.")
    if n_unlabeled > len(unlabeled):
        warnings.append(f"{len(unlabeled)} of {n_unlabeled} other tasks get suggestions in one run.")
    tasks: list[Answered | Unanswered] = [*labeled, *unlabeled]
    data = [task.data if isinstance(task.data, dict) else {} for task in tasks]
    # a training order that does not depend on the order of labeling: growing parts of it draw the learning curve
    order = sorted(range(len(labeled)), key=lambda row: stable_position(labeled[row].id, "training"))
    held_out = {row for row in order if _is_held_out(labeled[row], options)}
    features = FeatureStore(data, options.media, Path(options.cache) if options.cache else None, options.seed, len(labeled))
    learned: list[_Learned] = []
    reports = []
    for control in found.controls:
        each = _learn_control(control, labeled, data, [task.id for task in tasks], order, held_out, features, options, say)
        reports.append(each.report if isinstance(each, _Learned) else each)
        if isinstance(each, _Learned):
            learned.append(each)
    skipped: Counter[str] = Counter()
    n_predicted = 0

    def lines() -> Iterator[bytes]:
        nonlocal n_predicted
        encoder = msgspec.json.Encoder()
        for start in range(len(labeled), len(tasks), _BATCH):
            say("suggesting", start - len(labeled), len(unlabeled))
            for prediction in _predict(learned, tasks, range(start, min(start + _BATCH, len(tasks))), skipped):
                n_predicted += 1
                yield encoder.encode(prediction) + b"\n"

    write_whole(folder / PREDICTIONS, lines() if learned else ())
    should_stop = bool(learned) and all(each.report.should_stop for each in learned)
    report = Report(
        controls=tuple(reports),
        left_out=found.left_out,
        n_labeled=n_labeled,
        n_train=len(labeled) - len(held_out),
        n_held_out=len(held_out),
        n_predicted=n_predicted,
        skipped=tuple(Skipped(reason=reason, count=count) for reason, count in skipped.most_common()),
        should_stop=should_stop,
        advice=_advice(reports, should_stop),
        warnings=tuple(warnings),
        seconds=round(time.monotonic() - began, 2),
        seed=options.seed,
    )
    write_whole(folder / REPORT, [msgspec.json.encode(report)])
    say("done", 1, 1)
    return report


def _read_options(folder: Path) -> tuple[Options, Plan, list[str]]:
    try:
        config = (folder / CONFIG).read_text(encoding="utf-8")
        file = folder / OPTIONS
        options = msgspec.json.decode(file.read_bytes(), type=Options) if file.exists() else Options()
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise CannotLearn(f"the folder cannot be read: {error}") from None
    found = plan(config)
    if isinstance(found, Unsupported):
        raise CannotLearn(found.reason)
    return options, found, []


def _read_labeled(file: Path, options: Options) -> tuple[list[Answered], int]:
    """At most `max_labeled` tasks in the order of the file, each id once (its last line counts), and how many there were."""
    by_id: dict[int, Answered] = {}
    for task in _lines(file, Answered):
        by_id[task.id] = task
    total = len(by_id)
    if total > options.max_labeled:
        kept = heapq.nsmallest(options.max_labeled, by_id, key=lambda task_id: stable_position(task_id, "sample"))
        chosen = set(kept)
        by_id = {task_id: task for task_id, task in by_id.items() if task_id in chosen}
    return list(by_id.values()), total


def _read_unlabeled(file: Path, options: Options) -> tuple[list[Unanswered], int]:
    kept: list[Unanswered] = []
    total = 0
    for task in _lines(file, Unanswered) if file.exists() else ():
        total += 1
        if len(kept) < options.max_unlabeled:
            kept.append(task)
    return kept, total


def _lines(file: Path, kind: type[Any]) -> Iterator[Any]:
    decoder = msgspec.json.Decoder(kind)
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    try:
                        yield decoder.decode(line)
                    except (msgspec.DecodeError, RecursionError) as error:
                        raise CannotLearn(f"{file.name}, line {number}: {error}") from None
    except OSError as error:
        raise CannotLearn(f"the folder cannot be read: {error}") from None


def _is_held_out(task: Answered, options: Options) -> bool:
    return is_holdout(task.id, options.holdout_percent) if task.is_holdout is None else task.is_holdout


def _learn_control(
    control: ControlPlan,
    labeled: Sequence[Answered],
    data: Sequence[Mapping[str, Any]],
    task_ids: Sequence[int],
    order: Sequence[int],
    held_out: set[int],
    features: FeatureStore,
    options: Options,
    say: Say,
) -> _Learned | ControlReport:
    import numpy as np

    answers = _answers(control, labeled)
    if len(answers) < options.min_labels:
        so_far = f"{len(answers)} label{'' if len(answers) == 1 else 's'} so far"
        return _not_learned(control, f"{so_far}; suggestions start at {options.min_labels}")
    phase, phase_of_test = f"learning {control.control}", f"testing {control.control}"
    say(phase, 0, 3)
    learner: Learner
    if control.answer == "spans":
        texts = [raw_text(each, control.values[0][1]) for each in data]
        learner = Spans(control, texts, answers, task_ids, options.seed)
    else:
        made = features.of(control, lambda done, total: say(f"reading for {control.control}", done, total))
        kind = {"many_labels": SeveralOf, "number": ANumber}.get(control.answer, OneOf)
        learner = kind(control, made, answers, task_ids, options.seed)
    usable = [row for row in order if row in answers and learner.failed(row) is None]
    train = np.array([row for row in usable if row not in held_out], dtype=int)
    test = np.array([row for row in usable if row in held_out], dtype=int)
    if len(train) < 2:
        reasons = Counter(learner.failed(row) for row in order if row in answers and learner.failed(row) is not None)
        why = reasons.most_common(1)[0][0] if reasons else "all answers so far are held out for testing"
        return _not_learned(control, f"nothing to learn from: {why}")
    if why_not := learner.why_not(train):
        return _not_learned(control, why_not)
    say(phase, 1, 3)
    model = learner.train(train, is_tuned=True)
    say(phase, 2, 3)
    is_held_out = len(test) >= _LEAST_HELD_OUT and len(usable) >= _LEAST_FOR_HELD_OUT
    report = _test(learner, model, train, test, is_held_out, options, lambda done, total: say(phase_of_test, done, total))
    used = {label for row in train.tolist() for label in _labels(control, answers[row])}
    described = msgspec.structs.replace(
        report,
        control=control.control,
        answer=control.answer,
        source=control.source,
        unseen_labels=tuple(path[-1] for path in control.labels if path not in used),
    )
    return _Learned(control, learner, model, described)


def _answers(control: ControlPlan, labeled: Sequence[Answered]) -> dict[int, Any]:
    """By row; answers that say nothing about the control are left out where saying nothing is no answer."""
    found: dict[int, Any] = {}
    for row, task in enumerate(labeled):
        answer: Any
        match control.answer:
            case "one_label":
                answer = read_choice(control, task.result)
                if answer is None and control.is_required:
                    continue
            case "many_labels":
                answer = read_choices(control, task.result)
                if not answer and control.is_required:
                    continue
            case "spans":
                answer = read_spans(control, task.result)
            case "stars":
                answer = read_number(control, task.result)
                if answer is None or not (answer.is_integer() and 1 <= answer <= (control.maximum or 5)):
                    continue
            case _:
                answer = read_number(control, task.result)
                if answer is None:
                    continue
        found[row] = answer
    return found


def _not_learned(control: ControlPlan, reason: str) -> ControlReport:
    return ControlReport(control=control.control, answer=control.answer, source=control.source, is_learned=False, reason=reason)


def _labels(control: ControlPlan, answer: Any) -> Iterator[tuple[str, ...]]:
    match control.answer:
        case "one_label":
            yield answer or ()
        case "many_labels":
            yield from answer
        case "spans":
            given = {value["labels"][0] for value in answer}
            yield from (path for path in control.labels if path[-1] in given)


def _test(
    learner: Learner,
    model: Trained,
    train: Any,
    test: Any,
    is_held_out: bool,
    options: Options,
    tick: Callable[[int, int], None],
) -> ControlReport:
    """On the held-out tasks alone, or, while they are few, on all: training tasks are then guessed by models without them."""
    import numpy as np

    on_test = model.guess(test) if len(test) else []
    if is_held_out or model.unseen is None:
        rows, guesses = test, on_test
    else:
        rows, guesses = np.concatenate([train, test]), [*model.unseen, *on_test]
    report = ControlReport(control="", answer="", source="", features=learner.words, is_learned=True, n_train=len(train))
    if not len(rows):
        return report
    metrics = learner.measure(rows, guesses)
    usual = [learner.baseline(train)] * len(rows)
    report = msgspec.structs.replace(
        report,
        n_test=len(rows),
        method="held_out" if is_held_out else "cross_validation",
        metrics=tuple(metrics),
        baseline=estimate_ratio(metrics[0].metric, *learner.points(rows, usual)),
    )
    if not options.with_curve:
        return report
    points: list[CurvePoint] = []
    ratios = []
    sizes = curve_sizes(len(train))
    for done, size in enumerate(sizes):
        tick(done, len(sizes))
        said = guesses if size == len(train) else _guess_with(learner, train, test, size, is_held_out, options.seed)
        ratios.append(learner.points(rows, said))
        figure = estimate_ratio(metrics[0].metric, *ratios[-1])
        points.append(CurvePoint(labels=size, value=figure.value, low=figure.low, high=figure.high))
    before = ratios[-2] if len(ratios) > 1 else None
    should_stop, advice = read_curve(points, before, ratios[-1], options.seed, metrics[0].metric)
    return msgspec.structs.replace(report, curve=tuple(points), should_stop=should_stop, advice=advice)


def _guess_with(learner: Learner, train: Any, test: Any, size: int, is_held_out: bool, seed: int) -> list[Guess]:
    """Guesses for the tested rows by models of that many training rows; no model sees a row that it guesses."""
    import numpy as np

    def guess(seen: Any, rows: Any) -> list[Guess]:
        if not len(rows):
            return []
        return [learner.baseline(seen)] * len(rows) if learner.why_not(seen) else learner.train(seen, is_tuned=False).guess(rows)

    if is_held_out:
        return guess(train[:size], test)
    folds = np.random.default_rng(seed).permutation(len(train)) % 5
    by_row: dict[int, Guess] = {}
    for fold in range(5):
        left_out = train[folds == fold]
        by_row.update(zip(left_out.tolist(), guess(train[folds != fold][:size], left_out), strict=True))
    return [*(by_row[row] for row in train.tolist()), *guess(train[:size], test)]


def _predict(
    learned: Sequence[_Learned], tasks: Sequence[Answered | Unanswered], rows: range, skipped: Counter[str]
) -> Iterator[Prediction]:
    """One suggestion per task for all controls together; tasks that no control can read are counted in `skipped`."""
    import numpy as np

    guesses: dict[int, list[tuple[_Learned, Guess]]] = {}
    for each in learned:
        readable = [row for row in rows if each.learner.failed(row) is None]
        for row, guess in zip(readable, each.model.guess(np.array(readable, dtype=int)) if readable else (), strict=True):
            guesses.setdefault(row, []).append((each, guess))
    for row in rows:
        made = guesses.get(row)
        if not made:
            skipped[learned[0].learner.failed(row) or "nothing to learn from"] += 1
            continue
        result = _joined([(each, each.learner.items(row, guess)) for each, guess in made])
        yield Prediction(
            id=tasks[row].id,
            result=result,
            score=round(min(1.0, max(0.0, float(np.prod([guess.confidence for _, guess in made])))), 4),
            uncertainty=round(min(1.0, max(0.0, float(np.mean([guess.uncertainty for _, guess in made])))), 6),
        )


def _joined(made: Sequence[tuple[_Learned, list[dict[str, Any]]]]) -> list[dict[str, Any]]:
    """The items of all controls, less those of controls that would not be shown with these choices."""
    chosen = {
        (item["from_name"], choice[-1] if isinstance(choice, list) else choice)
        for _, items in made
        for item in items
        for choice in item["value"].get("choices", ())
    }
    return [item for each, items in made if _is_shown(each.control, chosen) for item in items]


def _is_shown(control: ControlPlan, chosen: set[tuple[str, str]]) -> bool:
    if control.shown_when is None:
        return True
    controls, choices = control.shown_when
    return any((not controls or name in controls) and (not choices or choice in choices) for name, choice in chosen)


def _advice(reports: Sequence[ControlReport], should_stop: bool) -> str:
    learned = [each for each in reports if each.is_learned]
    if not learned:
        return " ".join(f'"{each.control}" is not learned yet: {each.reason}.' for each in reports)
    if len(learned) == 1:
        return learned[0].advice or "Keep labeling."
    said = [f'"{each.control}": {each.advice}' for each in learned if each.advice]
    return " ".join(["More labels of this kind are unlikely to help much."] if should_stop else said) or "Keep labeling."
