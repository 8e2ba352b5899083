"""Whether a config still fits the answers a project has: asked before a changed config is saved.

Rules and texts: Label Studio 1.23 (design: HTTP contract, "Label config validation").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from labelwright.labelconfig.config import ConfigProblem, LabelConfig
from labelwright.labelconfig.facts import data_types, parsed_label_config
from labelwright.labelconfig.parse import as_config
from labelwright.labelconfig.repeater import index_flags, matches_name
from labelwright.labelconfig.variables import has_variable


class AnswerSummary(Struct, frozen=True, kw_only=True):
    """What the answers of a project use."""

    created_annotations: Mapping[str, int] = {}
    """How many results per `from_name|to_name|type`."""
    created_labels: Mapping[str, Mapping[str, int]] = {}
    """Per control, how many annotations' results have each label."""
    created_labels_drafts: Mapping[str, Mapping[str, int]] = {}
    custom_labels: frozenset[str] = frozenset()
    """Labels that people added to a Taxonomy themselves: always allowed."""


def check_against_answers(config: LabelConfig | str, summary: AnswerSummary, *, strict: bool = False) -> ConfigProblem | None:
    """Why this config does not fit the answers, or None.

    Every answered control must still be there (textareas and chat messages excepted). With `strict` every used label
    must be there too, unless its control takes labels from the task; without it labels may go, the answers keep them.
    Assumes a valid config; a config without objects or without controls always fits, as in Label Studio.
    """
    config = as_config(config)
    controls = _Controls(config)
    if not data_types(config) or not controls.parsed:
        return None
    return _missing_controls(controls, summary) or _missing_labels(controls, summary, strict)


class _Controls:
    """The controls of a config by the names that results may carry."""

    def __init__(self, config: LabelConfig) -> None:
        self.parsed = parsed_label_config(config)
        self.flags = index_flags(config)
        self.types = {control["type"].lower() for control in self.parsed.values()}
        self.dynamic = {
            name
            for name, control in self.parsed.items()
            if control.get("dynamic_labels") or has_variable(config.by_name[name].raw.get("value", ""))
        }

    def named(self, name: str) -> str | None:
        """The control's name in the config (`c_{{idx}}` for `c_3`)."""
        if name in self.parsed or not self.flags:
            return name if name in self.parsed else None
        return next((known for known in self.parsed if matches_name(known, name, self.flags)), None)

    def points_to(self, target: str) -> bool:
        return any(matches_name(known, target, self.flags) for control in self.parsed.values() for known in control["to_name"])

    def knows(self, from_name: str, to_name: str, kind: str) -> bool:
        return self.named(from_name) is not None and self.points_to(to_name) and kind in self.types


def _missing_controls(controls: _Controls, summary: AnswerSummary) -> ConfigProblem | None:
    lines = []
    known = {"|".join((name, ",".join(each["to_name"]), each["type"].lower())) for name, each in controls.parsed.items()}
    for key, count in summary.created_annotations.items():
        from_name, to_name, kind = key.rsplit("|", 2)
        is_free = kind.lower() == "textarea" or (kind.lower() == "chatmessage" and from_name == to_name)
        if key not in known and not is_free and not controls.knows(from_name, to_name, kind):
            lines.append(f"{count} with from_name={from_name}, to_name={to_name}, type={kind}")
    if not lines:
        return None
    message = "\n".join(["Created annotations are incompatible with provided labeling schema, we found:", *lines])
    return ConfigProblem(message=message, fix="Keep these tags and names, or delete the annotations first.")


def _missing_labels(controls: _Controls, summary: AnswerSummary, strict: bool) -> ConfigProblem | None:
    for control, used in _merged(summary.created_labels, summary.created_labels_drafts).items():
        name = controls.named(control)
        if name is None and used:
            message = f'There are {sum(used.values())} annotation(s) created with tag "{control}", you can\'t remove it'
            return ConfigProblem(message=message, fix=f'Keep the tag with name="{control}", or delete the annotations first.')
        known = _labels_of(controls, name, summary)
        lost = [label for label in used if label not in known]
        if strict and lost and name not in controls.dynamic:
            lines = "".join(_usage(control, label, summary) for label in lost)
            message = (
                f"These labels still exist in annotations or drafts:\n{lines}"
                + f'Please add labels to tag with name="{control}".'
            )
            return ConfigProblem(message=message, fix="Keep these labels, or relabel the annotations first.")
    return None


def _labels_of(controls: _Controls, name: str | None, summary: AnswerSummary) -> set[str]:
    labels = set(controls.parsed[name]["labels"]) if name is not None else set()
    if "videorectangle" in controls.types:
        # boxes on video carry the labels of a Labels control beside them
        labels.update(label for control in controls.parsed.values() for label in control["labels"])
    if "taxonomy" in controls.types:
        labels |= summary.custom_labels
    return labels


def _usage(control: str, label: str, summary: AnswerSummary) -> str:
    counts = (
        (summary.created_labels.get(control, {}).get(label, 0), "annotation"),
        (summary.created_labels_drafts.get(control, {}).get(label, 0), "draft"),
    )
    shown = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count]
    return f"{label} ({', '.join(shown)})\n" if shown else ""


def _merged(first: Mapping[str, Mapping[str, int]], second: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    merged: dict[str, dict[str, int]] = {}
    for counts in (first, second):
        for control, by_label in counts.items():
            into = merged.setdefault(control, {})
            for label, count in by_label.items():
                into[label] = into.get(label, 0) + count
    return merged


def essential_change(new: LabelConfig | str, old: LabelConfig | str) -> bool:
    """Whether answers to the old config may not do for the new one: a control is new, or has another type, other
    objects, or fewer labels. (The API says `null` for False.)

    >>> essential_change("<View/>", '<View><Text name="t" value="$t"/></View>')
    False
    """
    before = parsed_label_config(old)
    return any(_differs(control, before.get(name)) for name, control in parsed_label_config(new).items())


def _differs(new: Mapping[str, Any], old: Mapping[str, Any] | None) -> bool:
    return (
        old is None
        or new["type"] != old["type"]
        or new["inputs"] != old["inputs"]
        or not set(old["labels"]) <= set(new["labels"])
    )
