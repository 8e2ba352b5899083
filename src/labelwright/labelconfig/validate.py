"""Whether a config may be saved.

Order and texts are those of Label Studio 1.23 (design: HTTP contract, "Label config validation"): XML, required attributes
of the tags under Views, unique names, `toName`, attribute values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from labelwright.labelconfig.config import ConfigNode, ConfigProblem, LabelConfig
from labelwright.labelconfig.parse import as_config
from labelwright.labelconfig.spelling import nearest

_OPTION_OF = {"Choices": "Choice", "Labels": "Label"}
_SLOWEST, _FASTEST = 0.05, 10


class Finding(NamedTuple):
    """A reason not to save a config: as the contract words it, and as we do."""

    node: ConfigNode
    contract: Callable[[], str]
    """Made when asked for: it may list all names of the config."""
    plain: str
    fix: str
    attribute: str = ""
    """Which attribute is meant, lower-cased."""


def validate_config(config: LabelConfig | str) -> list[ConfigProblem]:
    """The first reason not to save this config, as a list of one; empty when it is fine.

    The problem's message is what the API answers. Unknown tags and attributes are no reason.

    >>> validate_config('<View><Text name="t"/></View>')[0].message
    "Validation failed on : 'value' is a required property"
    """
    config = as_config(config)
    for problem in config.problems:
        return [problem]
    for node, contract, _, fix, _ in findings(config):
        return [ConfigProblem(message=contract(), fix=fix, tag=node.tag, place=node.place)]
    return []


def findings(config: LabelConfig) -> Iterator[Finding]:
    """All reasons not to save it in the contract's order, but for those of reading it (`config.problems`)."""
    if config.root.written_tag == "View":
        yield from _missing_attributes(config.root, is_root=True)
    yield from _repeated_names(config.root)
    yield from _unknown_targets(config.root)
    yield from _wrong_speeds(config.root)


def _missing_attributes(view: ConfigNode, *, is_root: bool = False) -> Iterator[Finding]:
    """Required attributes of tags directly under a View, Views inside first, then tags by name from Z to A.

    The path in the message (`1/Choice/0`) counts siblings of one name, as Label Studio's schema checker does.
    """
    groups: dict[str, list[ConfigNode]] = {}
    for child in view.children:
        groups.setdefault(child.written_tag, []).append(child)
    for tag in sorted(groups, reverse=True):
        if is_root and tag in ("Label", "Choice"):
            continue
        for index, node in enumerate(groups[tag]):
            path = str(index) if len(groups[tag]) > 1 and (tag not in ("TextArea", "Number") or index == 0) else ""
            yield from _missing_in(node, path)


def _missing_in(node: ConfigNode, path: str) -> Iterator[Finding]:
    match node.written_tag:
        case "View":
            yield from _missing_attributes(node)
        case "Choices" | "Labels":
            yield from _missing_in_options(node, path)
        case "Choice" | "Label":
            yield from _missing(node, path, "value")
        case "Text" | "Image" | "HyperText":
            yield from _missing_in_object(node, path)
        case "TextArea" | "Number":
            yield from _missing(node, path, "name", "toName")


def _missing_in_options(node: ConfigNode, path: str) -> Iterator[Finding]:
    option = _OPTION_OF[node.written_tag]
    yield from _missing(node, path, "name", "toName")
    options = [child for child in node.children if child.written_tag == option]
    views = [child for child in node.children if child.written_tag == "View"]
    if not options and not views and "value" not in node.raw:
        fix = f'Add <{option} value="…"/> inside, or take the options from the task: value="$field".'
        yield _problem(node, path, option, fix)
    for index, child in enumerate(options):
        if option == "Choice":
            where = "/".join(part for part in (path, "Choice", str(index)) if part)
        else:
            where = str(index) if len(options) > 1 else ""
        yield from _missing(child, where, "value")
    for view in views:
        yield from _missing_attributes(view)


def _missing_in_object(node: ConfigNode, path: str) -> Iterator[Finding]:
    yield from _missing(node, path, "name")
    has_content = node.tag == "HyperText" and node.text.strip() != ""
    if "value" not in node.raw and "valuelist" not in node.raw and not has_content:
        yield _problem(node, path, "value", f'Add value="$field", the field of the task that holds the {node.tag.lower()}.')
    if "value" in node.raw and "valuelist" in node.raw:
        message = f"Validation failed on {path}: 'value' and 'valueList' exclude each other"
        fix = "Keep one of them: value for one picture, valueList for several pages."
        yield Finding(node, lambda: message, "value and valueList exclude each other", fix, "valuelist")


def _missing(node: ConfigNode, path: str, *attributes: str) -> Iterator[Finding]:
    for attribute in attributes:
        if attribute.lower() not in node.raw:
            yield _problem(node, path, attribute, f'Add {attribute}="…" to <{node.written_tag}>.')


def _repeated_names(root: ConfigNode) -> Iterator[Finding]:
    first: dict[str, ConfigNode] = {}
    for node in root.walk():
        name = node.raw.get("name")
        if name is None:
            continue
        if name in first:
            plain = f'name="{name}" is also the name of <{first[name].written_tag}> in line {first[name].place.line}'
            yield Finding(node, lambda: "Label config contains non-unique names", plain, "Give each tag its own name.", "name")
        first.setdefault(name, node)


def _unknown_targets(root: ConfigNode) -> Iterator[Finding]:
    nodes = list(root.walk())
    names = {node.raw["name"] for node in nodes if "name" in node.raw}
    for node in nodes:
        for target in node.raw["toname"].split(",") if "toname" in node.raw else ():
            if target not in names:
                near = target.strip() if target.strip() in names else nearest(target, names)
                advice = f'Give a tag name="{target}", or point toName to one that is there.'
                fix = f'Did you mean toName="{near}"?' if near else advice
                yield Finding(node, partial(_not_found, target, names), f'toName="{target}" names no tag', fix, "toname")


def _not_found(target: str, names: set[str]) -> str:
    return f'toName="{target}" not found in names: {sorted(names)}'


def _wrong_speeds(root: ConfigNode) -> Iterator[Finding]:
    for node in root.walk():
        if (
            node.tag == "Video"
            and node.name
            and "toname" not in node.raw
            and (node.raw.get("value") or node.raw.get("valuelist"))
        ):
            message = "\n".join(_speed_messages(node))
            if message:
                fix = f"Speeds go from {_SLOWEST} to {_FASTEST}; 1 is as recorded."
                yield Finding(node, partial(str, message), message, fix)


def _speed_messages(video: ConfigNode) -> Iterator[str]:
    speeds: dict[str, float] = {}
    for name in ("defaultPlaybackSpeed", "minPlaybackSpeed"):
        text = video.raw.get(name.lower())
        if text is None:
            continue
        try:
            speeds[name] = float(text)
        except ValueError:
            yield f'Video tag "{video.name}": {name} must be a number, got "{text}"'
    for name, speed in speeds.items():
        if not _SLOWEST <= speed <= _FASTEST:
            yield f'Video tag "{video.name}": {name} must be between {_SLOWEST} and {_FASTEST}, got {speed}'
    usual, least = speeds.get("defaultPlaybackSpeed"), speeds.get("minPlaybackSpeed")
    if usual is not None and least is not None and least > usual:
        yield f'Video tag "{video.name}": minPlaybackSpeed ({least}) must not exceed defaultPlaybackSpeed ({usual})'


def _problem(node: ConfigNode, path: str, missing: str, fix: str) -> Finding:
    plain = f"<{node.written_tag}> needs " + (f"<{missing}> inside" if missing in _OPTION_OF.values() else missing)
    return Finding(node, lambda: f"Validation failed on {path}: '{missing}' is a required property", plain, fix)
