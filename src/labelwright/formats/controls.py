"""Questions about a parsed label config that several formats ask."""

from __future__ import annotations

from labelwright.formats.export import ParsedLabelConfig


def data_keys(parsed_label_config: ParsedLabelConfig) -> list[str]:
    """The keys of task data that the controls' objects show, each once, in order.

    >>> data_keys({"ner": {"inputs": [{"type": "Text", "value": "text"}, {"type": "Image", "valueList": "pages"}]}})
    ['text', 'pages']
    """
    keys = (
        shown[attribute]
        for control in parsed_label_config.values()
        for shown in control.get("inputs", ())
        for attribute in ("value", "valueList")
        if shown.get(attribute)
    )
    return list(dict.fromkeys(keys))


def control_types(parsed_label_config: ParsedLabelConfig) -> set[str]:
    """The tags of the controls."""
    return {control.get("type", "") for control in parsed_label_config.values()}


def input_types(parsed_label_config: ParsedLabelConfig) -> set[str]:
    """The tags of the objects; a Text that holds an address does not count, its text is not in the task."""
    return {
        shown.get("type", "")
        for control in parsed_label_config.values()
        for shown in control.get("inputs", ())
        if not (shown.get("type") == "Text" and shown.get("valueType") == "url")
    }


def shows_lists(parsed_label_config: ParsedLabelConfig) -> bool:
    """Whether some object shows several pictures (`valueList`)."""
    return any(shown.get("valueList") for control in parsed_label_config.values() for shown in control.get("inputs", ()))
