"""How good predictions are, measured against answers that people gave to the same tasks. Any config, any model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from msgspec import Struct

from labelwright.labelconfig import ConfigNode, LabelConfig, index_flags, matches_name, parse_config, tag_schema
from labelwright.quality.answer_parts import AnswerParts, Mark, is_same_content, match_marks, take_apart
from labelwright.quality.intervals import ratio_interval
from labelwright.quality.text_distance import text_distance

ScoreMetric = Literal["accuracy", "micro_f1", "span_f1", "region_f1", "closeness", "similarity", "mean"]
LEAST_OVERLAP = 0.5

_Ratio = tuple[float, float]


class ControlScore(Struct, frozen=True, kw_only=True):
    """One control's figure in [0, 1] with its 95 % interval; n tasks had an answer or a prediction of it."""

    control: str
    metric: ScoreMetric
    value: float
    low: float
    high: float
    n: int


class Score(Struct, frozen=True, kw_only=True):
    """The mean of the controls' figures, in [0, 1], greater is better, with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int
    """Tasks with an answer or a prediction of at least one control."""
    metric: ScoreMetric
    """The control's, if there is one alone; otherwise `mean`."""
    interval: Literal["wilson"] = "wilson"
    controls: tuple[ControlScore, ...] = ()


def evaluate(config: LabelConfig | str, pairs: Iterable[tuple[Any, Any]]) -> Score:
    """How good predictions are: pairs of (prediction's result, annotation's result), a pair per task.

    Per control: single choices, ratings and all else that is one value → `accuracy`; several choices, taxonomies → `micro_f1`;
    spans of text → `span_f1`, where place and labels must be exact; other regions → `region_f1` at half overlap with the right
    labels; numbers → `closeness`: 1 - error over the spread of the answers, not below 0; texts → `similarity`: 1 - share to be
    typed anew. A control that neither side uses does not count. Without any pair: 0 with the interval [0, 1].

    >>> config = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
    >>> def says(label):
    ...     return [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": [label]}}]
    >>> score = evaluate(config, [(says("A"), says("A")), (says("A"), says("B"))])
    >>> score.metric, score.value, score.n
    ('accuracy', 0.5, 2)
    """
    config = parse_config(config) if isinstance(config, str) else config
    parts = [(take_apart(prediction), take_apart(annotation)) for prediction, annotation in pairs]
    ratios: list[tuple[list[float], list[float]]] = []
    controls = []
    for node in {node.name: node for node in (*config.objects, *config.controls)}.values():
        metric = _metric_of(config, node)
        if metric is None:
            continue
        names = _names(config, node, parts)
        per_task = _measure(metric, parts, names)
        answered = sum(1 for _, bottom in per_task if bottom)
        if answered:
            tops, bottoms = [top for top, _ in per_task], [bottom for _, bottom in per_task]
            ratios.append((tops, bottoms))
            value, interval = ratio_interval([(tops, bottoms)])
            controls.append(
                ControlScore(control=node.name, metric=metric, value=value, low=interval.low, high=interval.high, n=answered)
            )
    value, interval = ratio_interval(ratios)
    return Score(
        value=value,
        low=interval.low,
        high=interval.high,
        n=sum(1 for index in range(len(parts)) if any(bottoms[index] for _, bottoms in ratios)),
        metric=controls[0].metric if len(controls) == 1 else "mean",
        controls=tuple(controls),
    )


def _metric_of(config: LabelConfig, node: ConfigNode) -> ScoreMetric | None:
    schema = tag_schema(node.tag)
    if not node.to_name and (schema is None or schema.result is None):
        return None
    if schema is not None and schema.regions:
        shown = config.by_name.get(node.to_name[0]) if node.to_name else None
        return "span_f1" if shown is not None and shown.tag in ("Text", "HyperText", "RichText", "Paragraphs") else "region_f1"
    match node.tag:
        case "Choices":
            return "micro_f1" if node.attrs.get("choice") == "multiple" or node.attrs.get("perregion") is True else "accuracy"
        case "Taxonomy":
            return "micro_f1"
        case "Number":
            return "closeness"
        case "TextArea":
            return "similarity"
        case "Relations" | "Filter" | "Shortcut":
            return None
    return "accuracy"


def _names(config: LabelConfig, node: ConfigNode, parts: Sequence[tuple[AnswerParts, AnswerParts]]) -> set[str]:
    """Names that results give the control: its own, and those of its repetitions (`c_0` for `c_{{idx}}`)."""
    flags = index_flags(config)
    if not flags or "{{" not in node.name:
        return {node.name}
    used = {name for pair in parts for side in pair for name in _used(side)}
    return {name for name in used if matches_name(node.name, name, flags)}


def _used(parts: AnswerParts) -> set[str]:
    return {name for name, _ in parts.whole} | {name for mark in parts.marks for name in mark.content}


def _measure(metric: ScoreMetric, parts: Sequence[tuple[AnswerParts, AnswerParts]], names: set[str]) -> list[_Ratio]:
    """(points won, points that could be won) per task."""
    if metric in ("span_f1", "region_f1"):
        return [_region_f1(*pair, names, is_exact=metric == "span_f1") for pair in parts]
    contents = [_contents(*pair, names) for pair in parts]
    if metric == "micro_f1":
        return [_label_f1(pairs) for pairs in contents]
    if metric == "closeness":
        spread = _spread([after for pairs in contents for _, after in pairs])
        return [_sum(_closeness(before, after, spread) for before, after in pairs) for pairs in contents]
    if metric == "similarity":
        return [_sum(_similarity(before, after) for before, after in pairs) for pairs in contents]
    return [_sum(float(is_same_content(before, after)) for before, after in pairs) for pairs in contents]


def _sum(points: Iterable[float]) -> _Ratio:
    won = list(points)
    return sum(won), float(len(won))


def _contents(prediction: AnswerParts, annotation: AnswerParts, names: set[str]) -> list[tuple[Any, Any]]:
    """What both sides say with these controls, about the task and about marks that both have; None where one says nothing."""
    keys = {key for side in (prediction, annotation) for key in side.whole if key[0] in names}
    found = [(prediction.whole.get(key), annotation.whole.get(key)) for key in sorted(keys, key=repr)]
    befores, afters = ([mark for mark in side.marks if names & mark.content.keys()] for side in (prediction, annotation))
    if befores or afters:
        matched = match_marks(prediction.marks, annotation.marks, LEAST_OVERLAP)
        partner = {id(before): after for before, after in matched}
        taken = {id(after) for _, after in matched}
        for name in sorted(names):
            for mark in befores:
                other = partner.get(id(mark))
                if name in mark.content or (other is not None and name in other.content):
                    found.append((mark.content.get(name), other.content.get(name) if other is not None else None))
            before_ids = {id(mark) for mark in befores}
            for mark, other in matched:
                if id(mark) not in before_ids and name in other.content:
                    found.append((None, other.content[name]))
            found += [(None, mark.content[name]) for mark in afters if id(mark) not in taken and name in mark.content]
    return found


def _label_f1(pairs: Sequence[tuple[Any, Any]]) -> _Ratio:
    shared = total = 0
    for before, after in pairs:
        said, right = (set(side) if isinstance(side, tuple) else set() if side is None else {side} for side in (before, after))
        shared += len(said & right)
        total += len(said) + len(right)
    return 2.0 * shared, float(total)


def _region_f1(prediction: AnswerParts, annotation: AnswerParts, names: set[str], is_exact: bool) -> _Ratio:
    befores, afters = (_marks_of(side, names) for side in (prediction, annotation))
    right = 0
    for before, after in match_marks(befores, afters, LEAST_OVERLAP):
        labels_agree = all(before.content.get(name) == after.content.get(name) for name in names)
        near = before.place.is_same(after.place) if is_exact else before.place.overlap(after.place) >= LEAST_OVERLAP
        right += labels_agree and near
    return 2.0 * right, float(len(befores) + len(afters))


def _marks_of(parts: AnswerParts, names: set[str]) -> list[Mark]:
    return [mark for mark in parts.marks if names & mark.content.keys()]


def _spread(answers: Iterable[Any]) -> float:
    numbers = [float(answer) for answer in answers if _is_number(answer)]
    return max(numbers) - min(numbers) if numbers else 0.0


def _closeness(before: Any, after: Any, spread: float) -> float:
    if not (_is_number(before) and _is_number(after)):
        return float(is_same_content(before, after))
    return max(0.0, 1.0 - abs(before - after) / spread) if spread > 0 else float(is_same_content(before, after))


def _similarity(before: Any, after: Any) -> float:
    return 1.0 - text_distance(
        *("\n".join(map(str, side)) if isinstance(side, tuple) else str(side or "") for side in (before, after))
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
