"""Reading what a snapshot shall hold: filters and spelling, from the three option objects of the contract."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from labelwright.server.api import fields as f
from labelwright.server.db.queries.snapshots import AnswerKind, SnapshotFilters
from labelwright.server.errors import Invalid

OPTION_OBJECTS = ("task_filter_options", "annotation_filter_options", "serialization_options")


class Spelling(Struct, frozen=True, kw_only=True):
    """Whole objects or only their ids; and tracks with or without the frames between."""

    expands_drafts: bool = False
    expands_predictions: bool = False
    expands_annotators: bool = False
    interpolates_key_frames: bool = False


def read_options(fields: dict[str, Any]) -> dict[str, Any]:
    """The option objects that a body names; null counts as not named. Raises Invalid for what is no object."""
    given = {name: fields.get(name) for name in OPTION_OBJECTS}
    for name, value in given.items():
        if value is not None and not isinstance(value, dict):
            raise Invalid.field(name, f"Invalid data. Expected a dictionary, but got {type(value).__name__}.")
    return {name: value for name, value in given.items() if value is not None}


def read_filters(options: dict[str, Any]) -> SnapshotFilters:
    """Raises Invalid naming the object and the option in it."""
    name = "task_filter_options"
    tasks = options.get(name) or {}
    return SnapshotFilters(
        view_id=_within(name, f.integer, tasks, "view", None),
        skipped=_choice(tasks, "skipped"),
        finished=_choice(tasks, "finished"),
        annotated=_choice(tasks, "annotated"),
        only_with_annotations=_flag(name, tasks, "only_with_annotations", False),
        kinds=_kinds(options),
    )


def _kinds(options: dict[str, Any]) -> frozenset[AnswerKind]:
    """Usual answers come along unless they are ruled out; nothing chosen means everything."""
    name = "annotation_filter_options"
    if name not in options:
        return frozenset()
    given = options[name]
    defaults: dict[AnswerKind, bool] = {"usual": True, "ground_truth": False, "skipped": False}
    return frozenset(kind for kind, default in defaults.items() if _flag(name, given, kind, default))


def read_spelling(options: dict[str, Any]) -> Spelling:
    """Raises Invalid naming the object and the option in it."""
    name = "serialization_options"
    given = options.get(name) or {}
    return Spelling(
        expands_drafts=_is_whole(name, given, "drafts"),
        expands_predictions=_is_whole(name, given, "predictions"),
        expands_annotators=_is_whole(name, given, "annotations__completed_by"),
        interpolates_key_frames=_flag(name, given, "interpolate_key_frames", False),
    )


def _is_whole(within: str, given: dict[str, Any], name: str) -> bool:
    """`{"only_id": false}` asks for whole objects; an option that is not there, for ids."""
    option = given.get(name)
    if option is None:
        return False
    if not isinstance(option, dict):
        raise Invalid.field(within, f"{name}: Invalid data. Expected a dictionary, but got {type(option).__name__}.")
    return not _flag(within, option, "only_id", False)


def _choice(given: dict[str, Any], name: str) -> Any:
    value = given.get(name)
    if value not in (None, "only", "exclude"):
        raise Invalid.field("task_filter_options", f'{name}: "{value}" is not a valid choice: only, exclude or null.')
    return value


def _flag(within: str, given: dict[str, Any], name: str, default: bool) -> bool:
    """null counts as false."""
    return given.get(name, default) is not None and bool(_within(within, f.boolean, given, name, default))


def _within(within: str, read: Any, given: dict[str, Any], name: str, default: Any) -> Any:
    try:
        return read(given, name, default)
    except Invalid as error:
        raise Invalid.field(within, f"{name}: {error.fields[name][0]}") from None
