"""What a project tells about its config: the same answers as Label Studio 1.23 and its SDK give for the same document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from labelwright.labelconfig.config import ConfigNode, LabelConfig
from labelwright.labelconfig.parse import as_config
from labelwright.labelconfig.tag import tag_schema
from labelwright.labelconfig.variables import variables_in

DEFAULT_INDEX_FLAG = "{{idx}}"
_OPTION_TAGS = ("Label", "Choice", "Relation")
_DYNAMIC = re.compile(r"\$[A-Za-z_]+")
_PATH = re.compile(r"[^\s$]+")


def parsed_label_config(config: LabelConfig | str) -> dict[str, dict[str, Any]]:
    """The config as JSON: per control its type, objects, labels and conditions; `{}` for a document that cannot be read.

    Same shape and order as the official SDK's `parse_config`. Where the index flag of a Repeater is left to its default,
    `regex` names it nevertheless.

    >>> parsed_label_config('<View><Text name="t" value="$text"/><Rating name="r" toName="t"/></View>')["r"]["inputs"]
    [{'type': 'Text', 'valueType': None, 'value': 'text'}]
    """
    config = as_config(config)
    inputs: dict[str, dict[str, Any]] = {}
    outputs: dict[str, dict[str, Any]] = {}
    labels: dict[str, dict[str, dict[str, str]]] = {}
    for node, control, flags in _nodes_with_control(config.root):
        if is_asking(node):
            outputs[node.name] = _output(node, flags)
            labels[node.name] = {}
        elif node.name and (node.raw.get("value") or node.raw.get("valuelist")):
            inputs[node.name] = _input(node)
        if node.tag in _OPTION_TAGS and control is not None:
            stored = node.raw.get("alias") or node.raw.get("value") or node.raw.get("valuelist")
            if stored:
                labels[control.name][stored] = dict(node.written)
    for name, output in outputs.items():
        output["inputs"] = [inputs[target] for target in output["to_name"] if target in inputs]
        output["labels"] = list(labels[name])
        output["labels_attrs"] = labels[name]
    return outputs


def is_asking(node: ConfigNode) -> bool:
    """Whether answers can come from this tag: it has a name and points to something. Filter only narrows lists."""
    return bool(node.name and node.raw.get("toname")) and node.tag != "Filter"


def type_name(node: ConfigNode) -> str:
    """The tag as answers and clients name it: the usual spelling, or the old name that the document uses."""
    return node.tag if node.written_tag.lower() == node.tag.lower() else node.written_tag


def _nodes_with_control(root: ConfigNode) -> Iterator[tuple[ConfigNode, ConfigNode | None, tuple[str, ...]]]:
    """Each node in document order, with the innermost control around it and the index flags met so far."""
    flags: tuple[str, ...] = ()
    stack: list[tuple[ConfigNode, ConfigNode | None]] = [(root, None)]
    while stack:
        node, control = stack.pop()
        if node.tag == "Repeater" or "indexflag" in node.raw:
            flags = (*flags, node.raw.get("indexflag", DEFAULT_INDEX_FLAG))
        yield node, control, flags
        inner = node if is_asking(node) else control
        stack.extend((child, inner) for child in reversed(node.children))


def _output(node: ConfigNode, flags: tuple[str, ...]) -> dict[str, Any]:
    targets = node.raw["toname"].split(",")
    output: dict[str, Any] = {"type": type_name(node), "to_name": targets}
    wildcards = {flag: ".*" for flag in flags if flag and any(flag in target for target in targets)}
    if wildcards:
        output["regex"] = wildcards
    if node.raw.get("perregion") == "true":
        for kind, attribute in (("tag", "whentagname"), ("label", "whenlabelvalue"), ("choice", "whenchoicevalue")):
            if node.raw.get(attribute):
                output["conditionals"] = {"type": kind, "name": node.raw[attribute]}
                break
    if _DYNAMIC.fullmatch(node.raw.get("value", "")) or node.raw.get("apiurl"):
        output["dynamic_labels"] = True
    return output


def _input(node: ConfigNode) -> dict[str, Any]:
    source = {"value": node.raw["value"].lstrip("$")} if "value" in node.raw else {"valueList": node.raw["valuelist"].lstrip("$")}
    return {"type": type_name(node), "valueType": node.raw.get("valuetype"), **source}


def data_types(config: LabelConfig | str) -> dict[str, str]:
    """The task fields the config needs, with the tag that reads each: `{"text": "Text"}`, in document order.

    Video wins where a field has several readers. `valueList` is not looked at, as in Label Studio.
    """
    types: dict[str, str] = {}
    for node in as_config(config).root.walk():
        field = _field(node.raw.get("value", "")) if node.name else None
        if field and types.get(field) != "Video":
            types[field] = type_name(node)
    return types


def _field(value: str) -> str | None:
    if value.startswith("$") and _PATH.fullmatch(value[1:]):
        return value[1:]
    return next((path.split(".")[0].split("[")[0] for path in variables_in(value)), None)


def first_data_key(config: LabelConfig | str) -> str | None:
    """The field that a plain file's content goes into: the first one an object reads, else the first of a `valueList`."""
    config = as_config(config)
    types = data_types(config)
    lists = (node.raw.get("valuelist", "") for node in config.objects)
    return next(iter(types), None) or next((value[1:] for value in lists if value.startswith("$") and len(value) > 1), None)


def control_weights(config: LabelConfig | str, old: Mapping[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    """How much each control and label counts for agreement; weights set before (`old`) are kept, new ones are 1."""
    weights = {}
    for name, control in parsed_label_config(config).items():
        before = (old or {}).get(name) or {}
        overall, by_label = before.get("overall"), before.get("labels") or {}
        weights[name] = {
            "overall": 1.0 if overall is None else overall,
            "type": control["type"],
            "labels": {label: 1.0 if by_label.get(label) is None else by_label[label] for label in control["labels"]},
        }
    return weights


def config_has_control_tags(config: LabelConfig | str) -> bool:
    """Whether the config asks anything."""
    return any(is_asking(node) for node in as_config(config).root.walk())


def is_suitable_for_bulk_annotation(config: LabelConfig | str) -> bool:
    """Whether one answer makes sense for many tasks at once: no regions, nothing per region or page, no choices from the task.

    Label Studio also says yes to some newer region controls (TimelineLabels, Vector, Bitmask, OcrLabels); we do not.
    """
    for control in as_config(config).controls:
        schema = tag_schema(control.tag)
        if schema is not None and schema.regions:
            return False
        if control.tag == "Pairwise":
            continue
        if "true" in (control.raw.get("perregion", "").lower(), control.raw.get("peritem", "").lower()):
            return False
        if control.tag in ("Choices", "Taxonomy") and "value" in control.raw:
            return False
        if control.tag == "Taxonomy" and (control.raw.get("labeling", "").lower() == "true" or "apiurl" in control.raw):
            return False
    return True
