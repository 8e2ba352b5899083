"""Whether a backend's answers fit the project, in words: for `labelwright ml test`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_LABELS = 20


@dataclass(frozen=True)
class Verdict:
    """What there is to say about the answer for one task."""

    task_id: Any
    problems: tuple[str, ...]
    summary: str


def check_answers(label_config: str, tasks: Sequence[Mapping[str, Any]], results: Any) -> list[Verdict]:
    """A verdict per task. `results`: of a /predict answer."""
    from labelwright.labelconfig import ResultChecker

    checker = ResultChecker(label_config)
    if not isinstance(results, list):
        return [Verdict(None, ("the answer has no list of results",), "")]
    if len(results) != len(tasks):
        return [Verdict(None, (f"{len(results)} results for {len(tasks)} tasks: there must be one for each",), "")]
    return [_verdict(checker, task, result) for task, result in zip(tasks, results, strict=True)]


def _verdict(checker: Any, task: Mapping[str, Any], answer: Any) -> Verdict:
    predictions = answer if isinstance(answer, list) else [answer]
    problems: list[str] = []
    said: list[str] = []
    for prediction in predictions:
        if not isinstance(prediction, dict) or not isinstance(prediction.get("result"), list):
            problems.append("the prediction has no list in `result`")
            continue
        problems += [problem.message for problem in checker.check(prediction["result"])]
        problems += _numbers(prediction["result"])
        score = prediction.get("score")
        if score is not None and (isinstance(score, bool) or not isinstance(score, int | float)):
            problems.append(f"score {score!r} is no number")
        shown = ", ".join(_said(item) for item in prediction["result"][:5]) or "nothing"
        more = f" and {len(prediction['result']) - 5} more" if len(prediction["result"]) > 5 else ""
        said.append(shown + more + (f" ({score:.2f})" if isinstance(score, int | float) else ""))
    return Verdict(task.get("id"), tuple(problems), "; ".join(said) or "no prediction")


def _numbers(result: Sequence[Any]) -> Iterator[str]:
    """Regions that no screen can show: the usual mistake is pixels where percent are meant."""
    for index, item in enumerate(result):
        value = item.get("value") if isinstance(item, dict) else None
        if not isinstance(value, dict) or not str(item.get("type", "")).lower().startswith(("rectangle", "ellipse", "keypoint")):
            continue
        for key in ("x", "y", "width", "height"):
            number = value.get(key)
            if isinstance(number, int | float) and not -0.5 <= number <= 100.5:
                yield f"region {index}: {key} is {number:g}, but boxes are in percent of the image (0 to 100)"


def _said(item: Any) -> str:
    if not isinstance(item, dict) or not isinstance(item.get("value"), dict):
        return repr(item)[:40]
    kind = str(item.get("type", ""))
    value = item["value"]
    shown = value.get(kind.lower(), value.get("text", value.get("rating", value.get("number"))))
    listed = ", ".join(map(str, shown)) if isinstance(shown, list) else str(shown)
    marked = f" {value['text'][:30]!r}" if isinstance(value.get("text"), str) else ""
    return f"{item.get('from_name')}: {listed[:60]}{marked}"


def describe_config(label_config: str) -> list[str]:
    """What an answer may say, a line per control: `from_name "sentiment" (type choices), to_name "text": Positive, Negative`."""
    from labelwright.labelconfig import parsed_label_config

    lines = []
    for name, control in parsed_label_config(label_config).items():
        labels = control["labels"][:MOST_LABELS]
        more = f" and {len(control['labels']) - MOST_LABELS} more" if len(control["labels"]) > MOST_LABELS else ""
        about = " or ".join(f'"{target.strip()}"' for target in control["to_name"])
        said = f": {', '.join(labels)}{more}" if labels else ""
        lines.append(f'from_name "{name}" (type {control["type"].lower()}), to_name {about}{said}')
    return lines
