"""A parsed label config as frozen values: a tree of tags, indexes by name, and the problems found while reading it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

AttrValue = bool | int | float | str | tuple[str, ...]


class Place(Struct, frozen=True):
    """Where something stands in the document; line and column count from 1, columns in characters."""

    line: int
    column: int


START = Place(1, 1)


class ConfigProblem(Struct, frozen=True, kw_only=True):
    """Something wrong with a config. An `error` stops it from being saved; a `warning` does not."""

    severity: Literal["error", "warning"] = "error"
    message: str
    fix: str | None = None
    """What to do about it."""
    tag: str = ""
    place: Place = START


class ConfigNode(Struct, frozen=True, kw_only=True):
    """One tag of the document."""

    tag: str
    """Usual spelling (`RectangleLabels`), whatever the document says; unknown tags as written."""
    written_tag: str
    """As the document spells it. An old name (`AudioPlus`) is kept here."""
    name: str = ""
    to_name: tuple[str, ...] = ()
    """`toName` split at commas and stripped."""
    attrs: Mapping[str, AttrValue] = {}
    """By lower-cased name, typed by the tag's schema, defaults filled in; unknown attributes stay strings."""
    raw: Mapping[str, str] = {}
    """By lower-cased name, as written."""
    written: Mapping[str, str] = {}
    """By the name as written."""
    text: str = ""
    """Text inside the tag; for Style, Markdown, HyperText and ReactCode all that stands inside, markup included."""
    children: tuple[ConfigNode, ...] = ()
    place: Place = START
    offset: int = 0
    """Where the tag starts in the document, in characters."""

    def walk(self) -> Iterator[ConfigNode]:
        """This node and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


class LabelConfig(Struct, frozen=True, kw_only=True):
    """A config. `problems` are those of reading (XML, size, depth); `lint_config` finds the others.

    A document that cannot be read gives an empty View as `root`.
    """

    source: str
    root: ConfigNode
    by_name: Mapping[str, ConfigNode] = {}
    objects: tuple[ConfigNode, ...] = ()
    """Tags that show something, with a name."""
    controls: tuple[ConfigNode, ...] = ()
    """Tags that ask something, with a name. Chat and ReactCode that point to themselves are in both."""
    comments: tuple[str, ...] = ()
    problems: tuple[ConfigProblem, ...] = ()
    makes_regions: bool = False

    def controls_of(self, object_name: str) -> tuple[ConfigNode, ...]:
        """Controls that point to this object, in document order."""
        return tuple(control for control in self.controls if object_name in control.to_name)
