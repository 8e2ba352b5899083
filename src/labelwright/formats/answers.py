"""One row per answer: what the formats that flatten tasks (JSON_MIN, CSV, CONLL2003, COCO) have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from labelwright.domain.annotation import Annotation
from labelwright.domain.task import AnsweredTask, Task
from labelwright.formats.export import ExportContext, ParsedLabelConfig
from labelwright.formats.undefined_key import rename_undefined_key

Outputs = dict[str, list[dict[str, Any]]]
"""Control name -> the values it gave, each with `type` (the control's tag) and the item's `original_width`, `original_height`."""


class Answer(Struct, frozen=True, kw_only=True):
    """A task with one of its answers; without annotation if nobody ever answered it."""

    task: Task
    data: dict[str, Any]
    annotation: Annotation | None
    outputs: Outputs


def read_answers(tasks: Iterable[AnsweredTask], context: ExportContext) -> Iterator[Answer]:
    """The answers that are not skips, newest first within a task.

    A task without any annotation gives one row without annotation, a task with only skipped ones gives none. Results of controls
    that the config does not know are left out, except where the config knows no control at all.
    """
    control_of = control_finder(context.parsed_label_config)
    keeps_unknown = not context.parsed_label_config
    for answered in tasks:
        finished = [annotation for annotation in answered.annotations if not annotation.is_skipped]
        if answered.annotations and not finished:
            continue
        data = rename_undefined_key(answered.task.data.load(), context.first_data_key)
        if not finished:
            yield Answer(task=answered.task, data=data, annotation=None, outputs={})
        for annotation in sorted(finished, key=lambda annotation: annotation.created_at, reverse=True):
            result = annotation.result.load() if annotation.result else None
            outputs = _read_outputs(result or [], control_of, context.parsed_label_config, keeps_unknown)
            yield Answer(task=answered.task, data=data, annotation=annotation, outputs=outputs)


def control_finder(parsed_label_config: ParsedLabelConfig) -> Callable[[str], str | None]:
    """From a result's `from_name` to the control in the config; names a Repeater made (`c_0`) lead to its pattern (`c_{{idx}}`).

    >>> control_finder({"c_{{idx}}": {"type": "Choices", "regex": {"{{idx}}": ".*"}}})("c_12")
    'c_{{idx}}'
    """
    patterns = [
        (re.compile(".*".join(map(re.escape, _split_by_any(name, control["regex"])))), name)
        for name, control in parsed_label_config.items()
        if control.get("regex")
    ]
    patterns.sort(key=lambda pattern_and_name: len(pattern_and_name[1]), reverse=True)

    def find(from_name: str) -> str | None:
        if from_name in parsed_label_config:
            return from_name
        return next((name for pattern, name in patterns if pattern.fullmatch(from_name)), None)

    return find


def _split_by_any(name: str, variables: Iterable[str]) -> list[str]:
    return re.split("|".join(map(re.escape, variables)), name)


def _read_outputs(
    result: Any,
    control_of: Callable[[str], str | None],
    parsed_label_config: ParsedLabelConfig,
    keeps_unknown: bool,
) -> Outputs:
    outputs: Outputs = {}
    for item in result if isinstance(result, list) else ():
        if not isinstance(item, dict) or not isinstance(from_name := item.get("from_name"), str) or not from_name:
            continue
        value = item.get("value")
        value = dict(value) if isinstance(value, dict) else {}
        control = control_of(from_name)
        if control is not None:
            value["type"] = parsed_label_config[control].get("type")
        elif item.get("type") == "chatmessage":
            outputs.setdefault(from_name, []).append({**value, "type": "chatmessage"})
            continue
        elif keeps_unknown:
            value["type"] = item.get("type") or "unknown"
        else:
            continue
        for key in ("original_width", "original_height"):
            if key in item:
                value[key] = item[key]
        outputs.setdefault(from_name, []).append(value)
    return outputs


def shorten(values: list[dict[str, Any]]) -> Any:
    """What one control said, as short as it can be: a lone choice or text is bare, the rest is a list of values without type.

    >>> shorten([{"type": "Choices", "choices": ["yes"]}])
    'yes'
    >>> shorten([{"type": "Rating", "rating": 4}])
    [{'rating': 4}]
    """
    short = [_shorten_value(value) for value in values]
    return short[0] if len(short) == 1 and values[0].get("type") in _LONE_KEYS else short


_LONE_KEYS = {"Choices": "choices", "TextArea": "text"}


def _shorten_value(value: dict[str, Any]) -> Any:
    tag = value.get("type")
    rest = {key: part for key, part in value.items() if key != "type"}
    if is_chat(value):
        return rest.get("chatmessage", rest)
    given = rest.get(_LONE_KEYS.get(str(tag), ""))
    return given[0] if isinstance(given, list) and len(given) == 1 else rest


def is_chat(value: dict[str, Any]) -> bool:
    return value.get("type") in ("Chat", "chatmessage")


def annotator_of(answer: Answer, context: ExportContext) -> int | str | None:
    """Who gave it: the id, or the e-mail where annotators are expanded; None if nobody answered, "None" for a removed user."""
    if answer.annotation is None:
        return None
    annotator_id = answer.annotation.annotator_id
    if not context.expands_annotators:
        return "None" if annotator_id is None else annotator_id
    user = context.users.get(annotator_id) if annotator_id is not None else None
    return user.email if user else "None"
