"""Short ways to say a prediction: one value, or a value without its envelope."""

from __future__ import annotations

from typing import Any

from labelwright.formats.export import ParsedLabelConfig

_SINGLE_VALUED: dict[str, tuple[type, ...]] = {"choices": (str,), "rating": (int,), "number": (int, float), "textarea": (str,)}
_BARE = frozenset({"rating", "number", "datetime"})
"""Types whose value is bare; the others hold a list."""


class NoControlFor(ValueError):
    """No control of the label config can take this short value."""


def full_result(result: Any, parsed_label_config: ParsedLabelConfig) -> list[dict[str, Any]]:
    """The result list that a prediction's `result` stands for; ValueError with the reason if it stands for none.

    A list of objects is one already. An object `{"choices": ["a"]}` is the value of the first control whose type is a key of it.
    A bare text or number goes to the first control that takes a single one, shaped as the editor shapes it.

    >>> full_result("Bad", {"mood": {"type": "Choices", "to_name": ["text"]}})
    [{'from_name': 'mood', 'to_name': 'text', 'type': 'choices', 'value': {'choices': ['Bad']}}]
    """
    if isinstance(result, list):
        if all(isinstance(item, dict) for item in result):
            return result
        raise ValueError("Each item in prediction result should be dict")
    if isinstance(result, dict):
        for name, control in parsed_label_config.items():
            if (kind := str(control.get("type")).lower()) in result:
                return [_item(name, control, kind, result)]
    elif isinstance(result, str | int | float):
        for name, control in parsed_label_config.items():
            kind = str(control.get("type")).lower()
            if isinstance(result, _SINGLE_VALUED.get(kind, ())):
                return [_item(name, control, kind, _value(kind, result))]
    else:
        raise ValueError(f"Incorrect format {type(result)} for prediction result {result}")
    raise NoControlFor(f"no control of the label config takes the prediction result {result!r}")


def predictions_from_fields(
    data: dict[str, Any], fields: list[str], parsed_label_config: ParsedLabelConfig
) -> list[dict[str, Any]]:
    """One prediction per named field of a flat item that has one: the field's value is what the control of that name said.

    >>> predictions_from_fields({"mood": "Bad"}, ["mood"], {"mood": {"type": "Choices", "to_name": ["text"]}})[0]["result"]
    [{'from_name': 'mood', 'to_name': 'text', 'type': 'choices', 'value': {'choices': ['Bad']}}]
    """
    predictions = []
    for field in fields:
        if data.get(field) is None:
            continue
        control = parsed_label_config.get(field, {"type": "Choices", "to_name": ["text"]})
        kind = str(control["type"]).lower()
        item = _item(field, control, kind, _value(kind, data[field])) | {"to_name": control["to_name"][0]}
        predictions.append({"result": [item], "score": 1.0, "model_version": "preannotated"})
    return predictions


def _value(kind: str, given: Any) -> dict[str, Any]:
    if isinstance(given, dict):
        return given
    key = "text" if kind == "textarea" else kind
    return {key: given if kind in _BARE or isinstance(given, list) else [given]}


def _item(name: str, control: Any, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": name, "to_name": ",".join(control["to_name"]), "type": kind, "value": value}
