"""Whether a result fits a config: used for predictions. Annotations are kept whatever they say; their problems are only shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from labelwright.labelconfig.config import ConfigNode, LabelConfig
from labelwright.labelconfig.facts import is_asking, parsed_label_config
from labelwright.labelconfig.parse import as_config
from labelwright.labelconfig.repeater import index_flags, matches_name
from labelwright.labelconfig.spelling import nearest
from labelwright.labelconfig.tag import tag_schema
from labelwright.labelconfig.variables import has_variable

ResultProblemKind = Literal["shape", "from_name", "to_name", "type", "label", "value"]

NEEDED: dict[str, tuple[str, ...]] = {
    "rectangle": ("x", "y", "width", "height"),
    "rectanglelabels": ("x", "y", "width", "height"),
    "ellipse": ("x", "y", "radiusX", "radiusY"),
    "ellipselabels": ("x", "y", "radiusX", "radiusY"),
    "keypoint": ("x", "y"),
    "keypointlabels": ("x", "y"),
    "polygon": ("points",),
    "polygonlabels": ("points",),
}
"""By type: what a value without which no region can be drawn needs."""
MOST_NAMED = 10
"""Labels that a message lists."""


class ResultProblem(Struct, frozen=True, kw_only=True):
    """One item of a result that does not fit."""

    index: int
    kind: ResultProblemKind
    message: str
    """Says which region and why: `region 3: label "Cat" is not among Car, Bus of control "box"`."""
    region_id: str | None = None


class _Control(Struct, frozen=True):
    """What the answers of a control look like."""

    name: str
    targets: tuple[str, ...]
    types: tuple[str, ...]
    labels: frozenset[str] | None
    listing: str
    """The labels, for people."""
    value_key: str | None
    """The key of `value` without which there is no answer; None for regions, which may have no label."""


class ResultChecker:
    """Made once from a config, checks any number of results.

    `custom_labels`: labels that people added to a Taxonomy themselves.
    """

    def __init__(self, config: LabelConfig | str, custom_labels: Collection[str] = ()) -> None:
        config = as_config(config)
        self.config = config
        self.flags = index_flags(config)
        self.parsed = parsed_label_config(config)
        self.controls = {node.name: node for node in (*config.controls, *config.objects) if _answers(node)}
        self.labels = {name: self._labels(node, custom_labels) for name, node in self.controls.items()}
        self._known = {name: self._known_control(node) for name, node in self.controls.items()}
        self.relation_labels = _relation_labels(config)

    def check(self, result: Any) -> list[ResultProblem]:
        """Problems in the order of the items; empty when everything fits."""
        if not isinstance(result, list):
            return [ResultProblem(index=0, kind="shape", message="the result is not a list")]
        if all(map(self._fits, result)):
            return []
        regions = {item["id"] for item in result if isinstance(item, dict) and isinstance(item.get("id"), str)}
        return [
            ResultProblem(index=index, kind=kind, message=f"region {index}: {message}", region_id=_id(item))
            for index, item in enumerate(result)
            for kind, message in self._item(item, regions)
        ]

    def _fits(self, item: Any) -> bool:
        """Whether it is one of the usual answers, without a fault: a quick look, since most are."""
        if not isinstance(item, dict):
            return False
        name, to_name, kind, value = item.get("from_name"), item.get("to_name"), item.get("type"), item.get("value")
        control = self._known.get(name) if isinstance(name, str) else None
        if control is None or not isinstance(value, dict) or to_name not in control.targets or kind not in control.types:
            return False
        if kind in NEEDED and any(value.get(key) is None for key in NEEDED[kind]):
            return False
        if control.value_key is not None and control.value_key not in value:
            return False
        if control.labels is None:
            return True
        listed = value.get("labels" if kind == "videorectangle" else kind, [])
        return isinstance(listed, list) and all(isinstance(label, str) and label in control.labels for label in listed)

    def _item(self, item: Any, regions: set[str]) -> Iterator[tuple[ResultProblemKind, str]]:
        if not isinstance(item, dict):
            yield "shape", "it is not an object"
        elif item.get("type") == "relation":
            yield from self._relation(item, regions)
        else:
            missing = [key for key in ("from_name", "to_name", "type") if not isinstance(item.get(key), str)]
            if not isinstance(item.get("value"), dict):
                missing.append("value")
            if missing:
                yield "shape", f"it has no {', '.join(missing)}"
            else:
                yield from self._answer(item)

    def _answer(self, item: Mapping[str, Any]) -> Iterator[tuple[ResultProblemKind, str]]:
        control = self._control(item["from_name"])
        if control is None:
            near = nearest(item["from_name"], self.controls)
            yield "from_name", f'control "{item["from_name"]}" is not in the config' + (f'; is it "{near}"?' if near else "")
            return
        if item["to_name"] not in control.targets and not all(self._is_target(control, to) for to in item["to_name"].split(",")):
            yield "to_name", f'control "{item["from_name"]}" is about {" and ".join(control.targets)}, not "{item["to_name"]}"'
        kind, value = item["type"].lower(), item["value"]
        if kind not in control.types:
            expected = control.types[0]
            yield "type", f'type "{item["type"]}" is not what control "{item["from_name"]}" gives; it gives "{expected}"'
            return
        yield from _value_problems(control, kind, value)
        if control.labels is not None:
            for label in _labels_in(kind, value):
                if label not in control.labels:
                    near = nearest(label, sorted(control.labels))
                    yield "label", f'label "{label}" is not among {control.listing}' + (f'; is it "{near}"?' if near else "")

    def _relation(self, item: Mapping[str, Any], regions: set[str]) -> Iterator[tuple[ResultProblemKind, str]]:
        for key in ("from_id", "to_id"):
            if item.get(key) not in regions:
                yield "shape", f'{key} "{item.get(key)}" is not the id of a region'
        labels = item.get("labels")
        for label in labels if isinstance(labels, list) else ():
            if isinstance(label, str) and self.relation_labels and label not in self.relation_labels:
                yield "label", f'relation "{label}" is not in the config'

    def _control(self, name: str) -> _Control | None:
        if name in self._known:
            return self._known[name]
        if not self.flags:
            return None
        return next((control for known, control in self._known.items() if matches_name(known, name, self.flags)), None)

    def _is_target(self, control: _Control, to_name: str) -> bool:
        return any(matches_name(target, to_name, self.flags) for target in control.targets)

    def _known_control(self, node: ConfigNode) -> _Control:
        labels = self.labels[node.name]
        named = list(dict.fromkeys(label for label in self._written_labels(node) if label)) if labels else []
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        schema = tag_schema(node.tag)
        has_key = schema is not None and schema.result is not None and schema.kind == "control" and not schema.regions
        return _Control(
            name=node.name,
            targets=tuple(part.strip() for part in node.raw.get("toname", node.name).split(",")),
            types=_result_types(node),
            labels=labels,
            listing=f'{", ".join(named[:MOST_NAMED])}{more} of control "{node.name}"'
            if named
            else f'the labels of "{node.name}"',
            value_key=schema.result.value_key if has_key and schema and schema.result else None,
        )

    def _written_labels(self, node: ConfigNode) -> Iterator[str]:
        """The labels as answers name them, in order; the boxes of a video take those of the controls beside them."""
        if node.tag == "VideoRectangle":
            return (label for control in self.parsed.values() for label in control["labels"])
        return iter(self.parsed.get(node.name, {}).get("labels", []))

    def _labels(self, node: ConfigNode, custom_labels: Collection[str]) -> frozenset[str] | None:
        """None where any label will do: they come from the task or from elsewhere, or are free text."""
        if node.raw.get("apiurl") or has_variable(node.raw.get("value", "")):
            return None
        schema = tag_schema(node.tag)
        if node.tag == "VideoRectangle":
            every = [label for control in self.parsed.values() for label in control["labels"]]
            return frozenset(every)
        if schema is None or not set(schema.children) & {"Label", "Choice"}:
            return None
        labels = self.parsed.get(node.name, {}).get("labels", [])
        if any(has_variable(label) for label in labels):
            return None
        values = (child.raw["value"] for child in node.walk() if child.tag in ("Label", "Choice") and "value" in child.raw)
        empty = ("",) if node.attrs.get("allowempty") is True else ()
        return frozenset((*labels, *values, *empty, *(custom_labels if node.tag == "Taxonomy" else ())))


def check_result(config: LabelConfig | str, result: Any) -> list[ResultProblem]:
    """What in a result does not fit the config; for many results make one `ResultChecker`.

    >>> config = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="Cat"/></Choices></View>'
    >>> item = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["Dog"]}}
    >>> check_result(config, [item])[0].message
    'region 0: label "Dog" is not among Cat of control "c"'
    """
    return ResultChecker(config).check(result)


def _answers(node: ConfigNode) -> bool:
    schema = tag_schema(node.tag)
    return is_asking(node) or (schema is not None and schema.result is not None)


def _result_types(control: ConfigNode) -> tuple[str, ...]:
    schema = tag_schema(control.tag)
    own = schema.result.type if schema and schema.result else control.written_tag.lower()
    # video boxes drawn with a Labels control beside them may come as one merged item
    merged = {"labels": ("videorectangle", "videovector", "videovectorlabels"), "videovector": ("videovectorlabels",)}
    return (own, control.written_tag.lower(), *merged.get(own, ()))


def _value_problems(control: _Control, kind: str, value: Mapping[str, Any]) -> Iterator[tuple[ResultProblemKind, str]]:
    """What a value lacks without which there is no answer, or nothing to draw."""
    missing = [key for key in NEEDED.get(kind, ()) if value.get(key) is None]
    if missing:
        yield "value", f"its value has no {', '.join(missing)}"
    if control.value_key is not None and control.value_key not in value:
        yield "value", f'its value has no "{control.value_key}"'
    elif control.labels is not None and kind in value and not isinstance(value[kind], list):
        yield "value", f'"{kind}" of its value is not a list'


def _labels_in(kind: str, value: Mapping[str, Any]) -> Iterator[str]:
    """Labels of a value: a list of texts, or of paths of texts. The parts of a path are all labels."""
    listed = value.get("labels" if kind == "videorectangle" else kind)
    for label in listed if isinstance(listed, list) else ():
        if isinstance(label, list):
            yield from (part for part in label if isinstance(part, str))
        elif isinstance(label, str):
            yield label


def _relation_labels(config: LabelConfig) -> frozenset[str]:
    relations = (node for node in config.root.walk() if node.tag == "Relation")
    return frozenset(node.raw.get("alias") or node.raw.get("value", "") for node in relations)


def _id(item: Any) -> str | None:
    found = item.get("id") if isinstance(item, dict) else None
    return found if isinstance(found, str) else None
