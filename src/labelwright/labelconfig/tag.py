"""What each tag of the config language is: one file of `tags/` per tag, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
from msgspec import Struct

AttrType = Literal[
    "string", "boolean", "number", "integer", "enum", "color", "variable", "name", "names", "hotkey", "css", "list"
]
TagKind = Literal["object", "control", "visual", "child"]


class AttrSchema(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One attribute of a tag. `names` and `list` are comma lists; `variable` is a text that may hold `$field`."""

    type: AttrType
    doc: str
    default: bool | int | float | str | None = None
    required: bool = False
    values: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None


class ResultSchema(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """How a control writes an answer: the item's `type` and the key of its `value` that carries the answer."""

    type: str
    value_key: str
    shape: str | dict[str, str] | None = None


class TagSchema(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One tag. Attributes are listed by their usual spelling; `attribute()` finds them in any."""

    name: str
    kind: TagKind
    summary: str
    attributes: dict[str, AttrSchema]
    example: str
    aliases: tuple[str, ...] = ()
    content: Literal["tags", "foreign"] = "tags"
    """`foreign`: what stands inside is CSS, HTML, Markdown or code, not tags."""
    children: tuple[str, ...] = ()
    """Tags it is made to hold; `*` = any."""
    accepts: tuple[str, ...] = ()
    """Objects a control may point to; `*` = any."""
    result: ResultSchema | None = None
    regions: bool = False
    """True for controls that make regions."""
    data_types: tuple[Literal["string", "number", "list", "object", "null"], ...] = ("string",)
    """What the task may hold in the field that `value` names."""
    sample: Any = None
    """What a sample task holds in that field."""
    sample_url: str | None = None
    """The same where `valueType` asks for an address."""
    data: dict[str, Any] = {}
    """Task data that fits `example`."""
    sample_result: tuple[dict[str, Any], ...] = ()
    """A result that fits `example`."""

    def attribute(self, lower_name: str) -> AttrSchema | None:
        """The attribute of this lower-cased name."""
        return _attributes_by_lower_name(self.name).get(lower_name)


@cache
def load_tags() -> dict[str, TagSchema]:
    """All tags by their usual spelling, in alphabetical order. Takes some milliseconds once."""
    folder = files(__package__) / "tags"
    read = msgspec.json.Decoder(TagSchema).decode
    schemas = [read(file.read_bytes()) for file in folder.iterdir() if file.name.endswith(".json")]
    return {schema.name: schema for schema in sorted(schemas, key=lambda schema: schema.name)}


@cache
def _tags_by_lower_name() -> dict[str, TagSchema]:
    tags = load_tags().values()
    return {name.lower(): schema for schema in tags for name in (schema.name, *schema.aliases)}


@cache
def _attributes_by_lower_name(tag: str) -> dict[str, AttrSchema]:
    return {name.lower(): attribute for name, attribute in load_tags()[tag].attributes.items()}


def tag_schema(name: str) -> TagSchema | None:
    """The schema of a tag in any spelling, or by an old name of it; None for unknown tags.

    >>> tag_schema("audioplus").name
    'Audio'
    """
    return _tags_by_lower_name().get(name.lower())
