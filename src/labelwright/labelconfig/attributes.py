"""From attributes as written to typed ones, by the tag's schema."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from labelwright.labelconfig.config import AttrValue
from labelwright.labelconfig.spelling import nearest
from labelwright.labelconfig.tag import AttrSchema, TagSchema


class Misfit(NamedTuple):
    """An attribute that the schema does not know, or whose value is not of its type; the default stands in."""

    attribute: str
    """As written."""
    message: str
    fix: str | None


def type_attributes(schema: TagSchema | None, written: Mapping[str, str]) -> dict[str, AttrValue]:
    """Typed attributes by lower-cased name, defaults filled in. Unknown ones stay strings, misfits give the default."""
    attrs: dict[str, AttrValue] = {}
    if schema is None:
        return {name.lower(): text for name, text in written.items()}
    for name, attribute in schema.attributes.items():
        if attribute.default is not None:
            default = attribute.default
            attrs[name.lower()] = _split(default) if attribute.type in ("names", "list") and isinstance(default, str) else default
    for name, text in written.items():
        known = schema.attribute(name.lower())
        value = text if known is None else _typed(known, text)
        if value is not None:
            attrs[name.lower()] = value
    return attrs


def find_misfits(schema: TagSchema, written: Mapping[str, str]) -> list[Misfit]:
    """Attributes that are unknown or of the wrong type, in the order written."""
    misfits = []
    for name, text in written.items():
        attribute = schema.attribute(name.lower())
        if attribute is None:
            near = nearest(name, schema.attributes)
            message = f'{schema.name} has no attribute "{name}"; it is ignored'
            misfits.append(Misfit(name, message, f"Did you mean {near}?" if near else None))
        elif _typed(attribute, text) is None:
            wants = _wants(attribute)
            near = nearest(text, attribute.values)
            fix = f'Write {name}="{near}".' if near else f"Use {wants}."
            misfits.append(Misfit(name, f'{name}="{text}" should be {wants}', fix))
    return misfits


def _typed(attribute: AttrSchema, text: str) -> AttrValue | None:
    """None when the text does not fit. A `$field` is left for the task's data to fill."""
    match attribute.type:
        case "names" | "list":
            return _split(text)
        case _ if text.startswith("$"):
            return text
        case "boolean":
            return {"true": True, "false": False}.get(text.strip().lower())
        case "number" | "integer":
            return _number(attribute, text)
        case "enum":
            return next((value for value in attribute.values if value.lower() == text.strip().lower()), None)
        case _:
            return text


def _number(attribute: AttrSchema, text: str) -> int | float | None:
    try:
        number = float(text.strip().removesuffix("px").removesuffix("%"))
    except ValueError:
        return None
    is_whole = math.isfinite(number) and number.is_integer()
    if not math.isfinite(number) or (attribute.type == "integer" and not is_whole):
        return None
    if (attribute.min is not None and number < attribute.min) or (attribute.max is not None and number > attribute.max):
        return None
    return int(number) if is_whole else number


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _wants(attribute: AttrSchema) -> str:
    match attribute.type:
        case "enum":
            return f"one of {', '.join(attribute.values)}"
        case "boolean":
            return "true or false"
        case kind:
            return ("a whole number" if kind == "integer" else "a number") + _bounds(attribute)


def _bounds(attribute: AttrSchema) -> str:
    low, high = attribute.min, attribute.max
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    if low is not None:
        return f" of at least {low:g}"
    return "" if high is None else f" of at most {high:g}"
