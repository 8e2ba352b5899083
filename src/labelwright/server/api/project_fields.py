"""Reading a project's settings from a body: checked values by column, or Invalid naming the field."""

from __future__ import annotations

from typing import Any

from labelwright.domain.jsontext import JSONText
from labelwright.server.api import fields as f
from labelwright.server.api.body import Body
from labelwright.server.api.sanitize import clean_html
from labelwright.server.errors import Invalid
from labelwright.server.wire_projects import SETTINGS

CHOICES = {
    "sampling": ("Sequential sampling", "Uniform sampling", "Uncertainty sampling"),
    "skip_queue": ("REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"),
}
BOUNDS = {
    "maximum_annotations": (1, 2**31 - 1),
    "overlap_cohort_percentage": (0, 100),
    "min_annotations_to_start_training": (0, 2**31 - 1),
}
NULLABLE = {
    "description",
    "label_config",
    "expert_instruction",
    "model_version",
    "color",
    "task_data_login",
    "task_data_password",
}
DEFAULT_OF_NULL = {"description": "", "label_config": "<View></View>", "expert_instruction": "", "color": "#FFFFFF"}
LONGEST = {"color": 16, "task_data_login": 256, "task_data_password": 256, "model_version": 2000}
FORM_FALSE = tuple(name for name, kind in SETTINGS.items() if kind is bool)
"""In a form a check box that is not ticked is not sent."""


def read_settings(body: Body, current: Any = None) -> dict[str, Any]:
    """Column → value for every setting that the body names. `current` is the project when it is changed, None when created.

    In a form a missing check box means false (only at creation). Unknown fields are ignored.
    """
    fields = body.fields
    values: dict[str, Any] = {}
    problems: dict[str, list[str]] = {}
    for name, kind in SETTINGS.items():
        if name not in fields:
            continue
        try:
            values[name] = _value(fields, name, kind)
        except Invalid as error:
            problems |= error.fields
    if body.is_form and current is None:
        values |= {name: False for name in FORM_FALSE if name not in fields}
    if "control_weights" in fields:
        weights = fields["control_weights"]
        values["control_weights"] = None if weights is None else JSONText.of(weights if isinstance(weights, dict) else {})
    if "pinned_at" in fields:
        values["pinned_at"] = f.text(fields, "pinned_at", None, null=True, longest=32)
    _training(fields, values)
    if problems:
        raise Invalid(**problems)
    return values


def _value(fields: dict[str, Any], name: str, kind: type) -> Any:
    if kind is bool:
        return f.boolean(fields, name)
    if kind is int:
        number = f.integer(fields, name, null=False)
        low, high = BOUNDS[name]
        if number < low:
            raise Invalid.field(name, f"Ensure this value is greater than or equal to {low}.")
        if number > high:
            raise Invalid.field(name, f"Ensure this value is less than or equal to {high}.")
        return number
    value = f.text(fields, name, null=name in NULLABLE, longest=LONGEST.get(name))
    if value is None:
        return DEFAULT_OF_NULL.get(name)
    if name == "title":
        return _title(value)
    if name in CHOICES and value not in CHOICES[name]:
        raise Invalid.field(name, f'"{value}" is not a valid choice.')
    if name == "expert_instruction":
        return clean_html(value)
    return value.strip()


def _title(value: str) -> str:
    title = value.strip()
    if 0 < len(title) < 3:
        raise Invalid.field("title", "Ensure this field has at least 3 characters.")
    if len(title) > 50:
        raise Invalid.field("title", "Ensure this field has no more than 50 characters.")
    return title


def _training(fields: dict[str, Any], values: dict[str, Any]) -> None:
    """`start_training_on_annotation_update` is the other spelling of `min_annotations_to_start_training` 0 or 1."""
    flag = f.boolean(fields, "start_training_on_annotation_update", None)
    if flag is not None:
        values["min_annotations_to_start_training"] = int(flag)
