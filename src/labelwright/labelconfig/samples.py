"""A task to show a config with when there is none yet."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from labelwright.labelconfig.config import ConfigNode, LabelConfig
from labelwright.labelconfig.facts import parsed_label_config
from labelwright.labelconfig.parse import as_config
from labelwright.labelconfig.sample_series import sample_series
from labelwright.labelconfig.tag import TagSchema, tag_schema

_INDEX = re.compile(r"\[[^\]]*\]")
_REPEATS = 2
_MOST_STEPS = 20
_MOST_LISTS = 4


class Sample(Struct, frozen=True, kw_only=True):
    """A task to try a config with; annotations and predictions only where the config brings them along."""

    data: dict[str, Any]
    annotations: list[Any] | None = None
    predictions: list[Any] | None = None


def sample_task(config: LabelConfig | str) -> dict[str, Any]:
    """Data of a task that fits the config: a value for each field it reads, addresses under `/samples/`.

    A comment `<!-- {"data": {…}} -->` in the config overrides what would be made up.

    >>> sample_task('<View><Image name="i" value="$photo"/></View>')
    {'photo': '/samples/street.svg'}
    """
    return sample_of(config).data


def sample_of(config: LabelConfig | str) -> Sample:
    """The sample task, with the annotations and predictions of the config's comment."""
    config = as_config(config)
    data: dict[str, Any] = {}
    for node in config.root.walk():
        for attribute in ("value", "valuelist", "data", "on", "audiourl"):
            path = node.raw.get(attribute, "")
            if path.startswith("$") and len(path) > 1 and not re.search(r"\s", path):
                _put(data, path[1:], _value_for(node, attribute))
    given = sample_in_comment(config)
    if given is None:
        return Sample(data=data)
    return Sample(data={**data, **given.data}, annotations=given.annotations, predictions=given.predictions)


def sample_in_comment(config: LabelConfig | str) -> Sample | None:
    """The task in the first comment of the config that starts with `{`, or None: `{"data": …, "annotations": …}` or bare data."""
    comment = next((comment for comment in as_config(config).comments if comment.lstrip().startswith("{")), None)
    if comment is None:
        return None
    try:
        body = msgspec.json.decode(comment)
    except (msgspec.DecodeError, RecursionError):
        return None
    answers = {key: value for key in ("annotations", "predictions") if isinstance(value := body.get(key), list)}
    data = body.get("data", {} if answers else body)
    return Sample(data=data if isinstance(data, dict) else {}, **answers)


def complete_sample(config: LabelConfig | str) -> dict[str, Any]:
    """The sample task with an annotation and a prediction in it: `{"id", "data", "annotations", "predictions"}`.

    They are the config's own where its comment brings some, else one made-up answer per control.
    """
    config = as_config(config)
    sample = sample_of(config)
    result = sample_result(config)
    made_up = {"id": 1, "result": result}
    annotations, predictions = sample.annotations, sample.predictions
    if annotations is None:
        annotations = [{**made_up, "completed_by": -1, "was_cancelled": False}]
    if predictions is None:
        predictions = [{**made_up, "model_version": "sample", "score": 0.95}]
    return {"id": 1, "data": sample.data, "annotations": annotations, "predictions": predictions}


def sample_result(config: LabelConfig | str) -> list[dict[str, Any]]:
    """One answer per control, as in the tag's documentation but with the config's own names and first label."""
    config = as_config(config)
    items: list[dict[str, Any]] = []
    for name, control in parsed_label_config(config).items():
        schema = tag_schema(control["type"])
        if schema is None or schema.result is None or not schema.sample_result:
            continue
        item = copy.deepcopy(schema.sample_result[0])
        item.update(id=f"sample_{len(items) + 1}", from_name=name, to_name=control["to_name"][0])
        value_key = schema.result.value_key
        if control["labels"] and isinstance(item["value"].get(value_key), list) and schema.children:
            first = control["labels"][0]
            item["value"][value_key] = [[first]] if control["type"] == "Taxonomy" else [first]
        items.append(item)
    return items


def _value_for(node: ConfigNode, attribute: str) -> Any:
    schema = tag_schema(node.tag)
    if attribute == "on":
        return []
    if attribute == "audiourl":
        return _sample_of_tag("Audio")
    if attribute == "data":
        return {"title": "Sample"} if node.tag == "ReactCode" else "Sample"
    if schema is None:
        return "Sample"
    if schema.kind == "child":
        return schema.name
    special = _SPECIAL.get(schema.name)
    value = special(node, schema) if special else _plain(node, schema)
    return [value] if attribute == "valuelist" else value


def _plain(node: ConfigNode, schema: TagSchema) -> Any:
    is_url = node.attrs.get("valuetype") == "url" and schema.sample_url is not None
    return schema.sample_url if is_url else copy.deepcopy("Sample" if schema.sample is None else schema.sample)


def _sample_of_tag(name: str) -> Any:
    schema = tag_schema(name)
    return schema.sample if schema else None


def _choices(node: ConfigNode, schema: TagSchema) -> Any:
    if node.attrs.get("allownested") is True:
        return [{"value": "First", "children": [{"value": "One"}, {"value": "Two"}]}, {"value": "Second"}]
    return _plain(node, schema)


def _paragraphs(node: ConfigNode, schema: TagSchema) -> Any:
    name_key, text_key = str(node.attrs.get("namekey")), str(node.attrs.get("textkey"))
    if node.attrs.get("valuetype") == "url":
        return f"{schema.sample_url}?{urlencode({'nameKey': name_key, 'textKey': text_key})}"
    return [{name_key: item["author"], text_key: item["text"]} for item in schema.sample]


def _time_series(node: ConfigNode, schema: TagSchema) -> Any:
    time_column, time_format = node.raw.get("timecolumn"), node.raw.get("timeformat")
    columns = [child.raw["column"] for child in node.walk() if child.tag == "Channel" and child.raw.get("column")]
    if node.attrs.get("valuetype") == "json":
        return sample_series(time_column, columns, time_format)
    query = {"time": time_column, "values": ",".join(columns), "sep": node.raw.get("sep"), "tf": time_format}
    return f"{schema.sample_url}?{urlencode({key: value for key, value in query.items() if value})}"


_SPECIAL: Mapping[str, Callable[[ConfigNode, TagSchema], Any]] = {
    "Choices": _choices,
    "Paragraphs": _paragraphs,
    "TimeSeries": _time_series,
}


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    """Sets `a.b[{{idx}}].c`: lists get two elements, several fields of one element are merged; the first one set wins."""
    steps: list[str | None] = []
    for part in path.split("."):
        name = _INDEX.sub("", part)
        steps += [name] if name else []
        steps += [None] * len(_INDEX.findall(part))
    if steps and steps[0] is not None and len(steps) <= _MOST_STEPS and steps.count(None) <= _MOST_LISTS:
        _merge(data, steps, value)


def _merge(into: dict[str, Any], steps: list[str | None], value: Any) -> None:
    key, rest = str(steps[0]), steps[1:]
    depth = 0
    while depth < len(rest) and rest[depth] is None:
        depth += 1
    below = rest[depth:]
    if depth == 0 and not below:
        into.setdefault(key, value)
    elif depth == 0:
        inner = into.setdefault(key, {})
        if isinstance(inner, dict):
            _merge(inner, below, value)
    else:
        held = into.get(key)
        into[key] = _merge_list(held if isinstance(held, list) else [], depth, below, value)


def _merge_list(held: list[Any], depth: int, below: list[str | None], value: Any) -> list[Any]:
    elements = [*held, *[None] * (_REPEATS - len(held))]
    for index, element in enumerate(elements):
        if depth > 1:
            elements[index] = _merge_list(element if isinstance(element, list) else [], depth - 1, below, value)
        elif not below:
            elements[index] = copy.deepcopy(value) if element is None else element
        else:
            inner = element if isinstance(element, dict) else {}
            _merge(inner, below, copy.deepcopy(value))
            elements[index] = inner
    return elements
