"""Reading a body's fields one by one: the value, or Invalid with the field's name and the contract's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from labelwright.domain.strictjson import InvalidJSON, decode_json
from labelwright.server.errors import Invalid

Fields = dict[str, Any]
MISSING: Any = object()

TRUE = {True, "true", "True", "1", "t", "yes", "on", "y"}
FALSE = {False, "false", "False", "0", "f", "no", "off", "n", ""}


def boolean(fields: Fields, name: str, default: Any = MISSING) -> Any:
    if name not in fields:
        return default
    value = fields[name]
    try:
        if value in TRUE:
            return True
        if value in FALSE:
            return False
    except TypeError:
        pass
    raise Invalid.field(name, "Must be a valid boolean.")


def integer(fields: Fields, name: str, default: Any = MISSING, *, null: bool = True) -> Any:
    if name not in fields:
        return default
    value = fields[name]
    if value is None and null:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise Invalid.field(name, "A valid integer is required.")
    try:
        number = int(value)
    except ValueError:
        raise Invalid.field(name, "A valid integer is required.") from None
    if not -(2**63) <= number < 2**63:
        raise Invalid.field(name, "This number is too large.")
    return number


def whole_numbers(values: Iterable[Any]) -> list[int]:
    """Whole numbers (also as texts) that fit 64 bit. Raises ValueError for anything else."""
    found = []
    for value in values:
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise ValueError(f"{value!r} is not a whole number")
        number = int(value)
        if not -(2**63) <= number < 2**63:
            raise ValueError(f"{number} does not fit 64 bit")
        found.append(number)
    return found


def integers(fields: Fields, name: str, default: Any = MISSING) -> Any:
    """A list of whole numbers, or one as JSON text."""
    value = _decoded(fields, name, default)
    if value is default:
        return default
    try:
        if not isinstance(value, list):
            raise ValueError(f"{value!r} is not a list")
        return whole_numbers(value)
    except ValueError:
        raise Invalid.field(name, "A list of whole numbers is expected.") from None


def _decoded(fields: Fields, name: str, default: Any) -> Any:
    """The field's value; a text (as forms have it) is read as JSON."""
    value = fields.get(name, default)
    if not isinstance(value, str):
        return value
    try:
        return decode_json(value)
    except InvalidJSON as error:
        raise Invalid.field(name, f"This is not valid JSON: {error}") from None


def number(fields: Fields, name: str, default: Any = MISSING) -> Any:
    if name not in fields:
        return default
    value = fields[name]
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise Invalid.field(name, "A valid number is required.")
    try:
        result = float(value)
    except (ValueError, OverflowError):
        raise Invalid.field(name, "A valid number is required.") from None
    if result != result or result in (float("inf"), float("-inf")):
        raise Invalid.field(name, "A valid number is required.")
    return result


def text(fields: Fields, name: str, default: Any = MISSING, *, null: bool = False, longest: int | None = None) -> Any:
    if name not in fields:
        return default
    value = fields[name]
    if value is None:
        if null:
            return None
        raise Invalid.field(name, "This field may not be null.")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Invalid.field(name, "Not a valid string.")
    value = str(value)
    if longest is not None and len(value) > longest:
        raise Invalid.field(name, f"Ensure this field has no more than {longest} characters.")
    return value


def result_list(fields: Fields, name: str = "result", default: Any = MISSING) -> Any:
    """A result: a list, or one as JSON text."""
    if name not in fields:
        return default
    value = _decoded(fields, name, default)
    if value is None:
        raise Invalid.field(name, "This field may not be null.")
    if isinstance(value, list):
        return value
    raise Invalid.field(name, f'annotation "{name}" field in annotation must be list')
