"""Repeater: a part of the config that is written once and asked for each element of a list in the task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from labelwright.labelconfig.config import ConfigNode, LabelConfig
from labelwright.labelconfig.facts import DEFAULT_INDEX_FLAG
from labelwright.labelconfig.parse import index_config, make_node
from labelwright.labelconfig.variables import resolve

MOST_NODES = 20_000


def expand(config: LabelConfig, data: Mapping[str, Any]) -> LabelConfig:
    """The config as it stands for this task: each Repeater holds one View per element of its list.

    In it the index flag is replaced by 0, 1, 2, … in all attributes and texts, so names and results read `c_0`, `c_1`.
    The same object when there is no Repeater. Raises ValueError when more than 20 000 tags would come out.
    """
    if not index_flags(config):
        return config
    return index_config(config.source, _Expansion(data).node(config.root), config.comments)


class _Expansion:
    """Counts the tags it makes, so that a list of lists cannot fill the memory."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.made = 0

    def node(self, node: ConfigNode) -> ConfigNode:
        if node.tag == "Repeater":
            return msgspec.structs.replace(node, children=self.repeated(node))
        return msgspec.structs.replace(node, children=tuple(self.node(child) for child in node.children))

    def repeated(self, node: ConfigNode) -> tuple[ConfigNode, ...]:
        elements = resolve(node.raw.get("on", ""), self.data)
        flag = node.raw.get("indexflag") or DEFAULT_INDEX_FLAG
        views = []
        for index in range(len(elements) if isinstance(elements, list) else 0):
            copies = tuple(self.node(self.copy(child, flag, str(index))) for child in node.children)
            views.append(make_node("View", {}, "", copies, node.place, node.offset))
        return tuple(views)

    def copy(self, node: ConfigNode, flag: str, index: str) -> ConfigNode:
        self.made += 1
        if self.made > MOST_NODES:
            raise ValueError(f"the Repeaters of this config make more than {MOST_NODES} tags of this task")
        written = {name: value.replace(flag, index) for name, value in node.written.items()}
        children = tuple(self.copy(child, flag, index) for child in node.children)
        return make_node(node.written_tag, written, node.text.replace(flag, index), children, node.place, node.offset)


def index_flags(config: LabelConfig) -> tuple[str, ...]:
    """Texts that stand for an index in names: one per Repeater, each once, in document order."""
    repeaters = (node for node in config.root.walk() if node.tag == "Repeater" or "indexflag" in node.raw)
    flags = (node.raw.get("indexflag") or DEFAULT_INDEX_FLAG for node in repeaters)
    return tuple(dict.fromkeys(flags))


def matches_name(pattern: str, name: str, flags: tuple[str, ...]) -> bool:
    """Whether a name in a result can come from this name in the config; index flags stand for anything.

    Cost is linear in the length of `name` for each part of the pattern: no regular expression is built from the config.

    >>> matches_name("c_{{idx}}", "c_12", ("{{idx}}",)), matches_name("c_{{idx}}", "d_12", ("{{idx}}",))
    (True, False)
    """
    if pattern == name:
        return True
    parts = [pattern]
    for flag in flags:
        parts = [piece for part in parts for piece in part.split(flag)]
    if len(parts) == 1 or not name.startswith(parts[0]):
        return False
    position = len(parts[0])
    for part in parts[1:-1]:
        found = name.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return name.endswith(parts[-1]) and len(name) - len(parts[-1]) >= position
