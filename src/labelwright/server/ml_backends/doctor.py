"""Why does my model's prediction not show? Ask it about one task and say in words, step by step, what does not fit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from labelwright.formats.shorthand import full_result
from labelwright.labelconfig import LabelConfig, ResultChecker, parse_config, parsed_label_config
from labelwright.server.ml_backends.client import BadAnswer, Model, ModelError, ModelProblem, ModelUnreachable, said

T = TypeVar("T")

BOXES = {"rectangle", "rectanglelabels", "ellipse", "ellipselabels", "keypoint", "keypointlabels"}
POLYGONS = {"polygon", "polygonlabels", "vector", "vectorlabels"}
SPANS = {"labels", "hypertextlabels"}
MOST_PROBLEMS = 50
PERCENT = "Positions are in percent of the picture (0 to 100), not in pixels: 100 * x / width."

HINTS: Mapping[str, str] = {
    "from_name": "from_name is the name of the control tag in the label config.",
    "to_name": "to_name is the name of the object tag that the control is about.",
    "type": "type is the control's tag in lower case.",
    "label": "Labels are spelled as in the config, letter by letter.",
    "value": "The reference of the tags shows the value that each one takes.",
    "shape": 'Each region is {"from_name", "to_name", "type", "value"}.',
}


def examine(model: Model, project: Any, task: Mapping[str, Any] | None) -> dict[str, Any]:
    """`{"steps": […], "task": id, "prediction": the first one as it came, "problems": […]}`; stops at the first step that fails.

    task: as `tasks_for_model` gives it; None for a project without tasks.
    """
    steps = _Steps()
    problems: list[dict[str, str]] = []
    report = {"steps": steps.done, "task": None if task is None else task["id"], "prediction": None, "problems": problems}
    if not _is_well(model, steps) or (version := _version(model, project, steps, problems)) is None:
        return report
    if task is None:
        steps.add("predict", False, None, "The project has no tasks yet. Import one to have something to ask about.")
        return report
    try:
        answer, ms = _timed(lambda: model.ask([task], project))
    except ModelProblem as problem:
        steps.add("predict", False, None, str(problem))
        problems.append(_problem("/predict", str(problem), _advice(problem)))
        return report
    found = list(_in_answer(answer))
    if not found:
        predictions = said(answer["results"][0]).predictions
        report["prediction"] = predictions[0] if predictions else None
        found = list(_in_predictions(predictions, project.label_config, task, version))
    steps.add("predict", True, ms, f"It answered about task {task['id']}.")
    problems += [_problem(*each) for each in found[:MOST_PROBLEMS]]
    wrong = sum(1 for place, _, _ in found if place != "note")
    words = "The prediction fits the label config." if not wrong else f"{wrong} of what it says does not fit the label config."
    if not wrong and report["prediction"] is None:
        words = "The answer is right, but it holds no prediction for this task."
    steps.add("check", not wrong, None, words)
    return report


# ---------------------------------------------------------------- the way there
class _Steps:
    def __init__(self) -> None:
        self.done: list[dict[str, Any]] = []

    def add(self, name: str, is_ok: bool, ms: float | None, words: str) -> None:
        self.done.append({"name": name, "is_ok": is_ok, "ms": None if ms is None else round(ms, 1), "words": words})


def _is_well(model: Model, steps: _Steps) -> bool:
    try:
        _, ms = _timed(model.health)
    except ModelUnreachable as problem:
        steps.add("connect", False, None, str(problem))
        return False
    except ModelProblem as problem:
        steps.add("connect", True, None, "Something answers at the address.")
        steps.add("health", False, None, f"{problem} {_advice(problem)}".strip())
        return False
    steps.add("connect", True, ms, "The address answers.")
    steps.add("health", True, ms, "/health says that it is well.")
    return True


def _version(model: Model, project: Any, steps: _Steps, problems: list[dict[str, str]]) -> str | None:
    """What /setup says; None where it fails."""
    try:
        version, ms = _timed(lambda: model.setup(project))
    except ModelProblem as problem:
        steps.add("setup", False, None, str(problem))
        problems.append(_problem("/setup", str(problem), _advice(problem)))
        return None
    steps.add("setup", True, ms, f'Its version is "{version}".' if version else "It does not say which version it has.")
    if not version:
        problems.append(
            _problem("note", "/setup gives no model_version", "Give one, so that predictions of versions are told apart.")
        )
    return version


def _timed(ask: Callable[[], T]) -> tuple[T, float]:
    """What was answered, and in how many milliseconds."""
    since = time.monotonic()
    return ask(), (time.monotonic() - since) * 1000


def _advice(problem: ModelProblem) -> str:
    if isinstance(problem, ModelError):
        if problem.status in (401, 403):
            return "Check the user name and the password of the connection."
        if problem.status == 404:
            return "Is this the address of an ML backend, without a path of its own?"
        if 300 <= problem.status < 400:
            return "Connect the address that it leads to."
        return "The log of the model's own process says more."
    if isinstance(problem, ModelUnreachable) and problem.is_slow:
        return "Raise the timeout of the connection, or make the model faster."
    return "An ML backend answers with JSON." if isinstance(problem, BadAnswer) else ""


# ---------------------------------------------------------------- the answer
Found = tuple[str, str, str]
"""Place, reason, hint. The place "note" is for what works but could be better."""


def _problem(place: str, reason: str, hint: str) -> dict[str, str]:
    return {"place": place, "reason": reason, "hint": hint}


def _in_answer(answer: Any) -> Iterator[Found]:
    """What is wrong with the envelope."""
    hint = 'The answer is {"results": [one item per task]}.'
    if not isinstance(answer, dict):
        yield "answer", "it is not a JSON object", hint
    elif "results" not in answer:
        keys = ", ".join(map(str, list(answer)[:5])) or "nothing"
        yield "answer", f'it has no "results", but {keys}', hint
    elif not isinstance(answer["results"], list):
        yield "results", "it is not a list", hint
    elif len(answer["results"]) != 1:
        yield "results", f"there are {len(answer['results'])} for 1 task", "Give one item per task, in their order."
    elif (problem := said(answer["results"][0]).problem) and not said(answer["results"][0]).predictions:
        yield "results[0]", problem, 'A prediction is {"result": […], "score": 0.9, "model_version": "…"}.'


def _in_predictions(
    predictions: list[dict[str, Any]], label_config: str, task: Mapping[str, Any], version: str
) -> Iterator[Found]:
    config = parse_config(label_config)
    checker = ResultChecker(config)
    parsed = parsed_label_config(config)
    for number, prediction in enumerate(predictions):
        place = "prediction" if len(predictions) == 1 else f"prediction {number}"
        try:
            result = full_result(prediction["result"], parsed)
        except ValueError as error:
            yield place, str(error), HINTS["shape"]
            continue
        if not result:
            yield "note", f"{place} is empty: people will see nothing", ""
        for problem in checker.check(result):
            yield place, problem.message, HINTS[problem.kind]
        for index, item in enumerate(result):
            for reason, hint in _in_region(item, config, task):
                yield place, f"region {index}: {reason}", hint
        yield from _in_scores(place, prediction, version)


def _in_scores(place: str, prediction: Mapping[str, Any], version: str) -> Iterator[Found]:
    score = prediction.get("score")
    if score is None:
        yield (
            "note",
            f"{place} has no score",
            "With scores, people see how sure the model is, and the least sure tasks can come first.",
        )
    elif isinstance(score, bool) or not isinstance(score, (int, float)):
        yield place, f"score {score!r} is not a number", "A score is a number between 0 and 1."
    elif not 0 <= score <= 1:
        yield "note", f"{place} has the score {score:g}", "Scores between 0 and 1 are shown as percent."
    if not version and not prediction.get("model_version"):
        yield "note", f"{place} has no model_version", "Give one here or at /setup."


def _in_region(item: Mapping[str, Any], config: LabelConfig, task: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the config does not say: whether the region lies within what is shown."""
    value, kind = item.get("value"), str(item.get("type", "")).lower()
    if not isinstance(value, dict):
        return
    if kind in BOXES:
        given = {key: value.get(key) for key in ("x", "y", "width", "height", "radiusX", "radiusY") if key in value}
        yield from _outside(given)
    elif kind in POLYGONS and isinstance(value.get("points"), list):
        for point in value["points"]:
            if isinstance(point, list) and len(point) == 2 and any(_is_outside(each) for each in point):
                yield f"the point {point} is outside of the picture", PERCENT
                return
    elif kind in SPANS:
        yield from _in_span(value, _text_of(item, config, task))


def _outside(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    wrong = {key: number for key, number in given.items() if _is_outside(number)}
    if wrong:
        words = ", ".join(f"{key} is {number:g}" for key, number in wrong.items())
        yield f"{words}: outside of the picture", PERCENT
    elif (
        given and all(isinstance(number, (int, float)) and 0 <= number <= 1 for number in given.values()) and any(given.values())
    ):
        words = ", ".join(f"{key} {number:g}" for key, number in given.items())
        yield f"it is at most 1 percent of the picture ({words})", "Positions go from 0 to 100, not from 0 to 1."


def _is_outside(number: Any) -> bool:
    return isinstance(number, (int, float)) and not isinstance(number, bool) and not -0.5 <= number <= 100.5


def _in_span(value: Mapping[str, Any], text: str | None) -> Iterator[tuple[str, str]]:
    start, end = value.get("start"), value.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or text is None:
        return
    hint = f"start and end count characters from 0, end is not included; this text has {len(text)}."
    if not 0 <= start <= end <= len(text):
        yield f"start {start} and end {end} are not within the text", hint
    elif start == end:
        yield f"it is empty: start and end are both {start}", hint
    elif isinstance(value.get("text"), str) and value["text"] != text[start:end]:
        yield f'its text is "{_short(value["text"])}", but from {start} to {end} there is "{_short(text[start:end])}"', hint


def _text_of(item: Mapping[str, Any], config: LabelConfig, task: Mapping[str, Any]) -> str | None:
    """The plain text that the region marks; None where it is not a Text of the task's data."""
    shown = next((node for node in config.objects if node.name == item.get("to_name") and node.tag == "Text"), None)
    field = shown.raw.get("value", "") if shown is not None else ""
    data = msgspec.json.decode(msgspec.json.encode(task["data"]))  # as stored, it is text
    found = data.get(field.removeprefix("$")) if isinstance(data, dict) and field.startswith("$") else None
    is_address = shown is not None and shown.raw.get("valuetype", "text") == "url"
    return found if isinstance(found, str) and not is_address else None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
