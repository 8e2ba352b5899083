"""What a result list says, without its config: its labels, its region ids.

A result is the list of items that an answer holds (see `design` of the editor: type, from_name, to_name, value).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from msgspec import Struct


class LabelCount(Struct, frozen=True):
    """How often `label` was given by a control. An empty label counts the control's result items."""

    control: str
    object: str
    type: str
    label: str
    count: int


def count_labels(result: Any) -> list[LabelCount]:
    """One row per control × label, and one per control with an empty label that counts its items.

    Items without control, object or type (relations) are left out. Labels are the list under the item's type; a taxonomy's paths
    count each of their steps; texts are not labels; video boxes carry theirs under `labels`.
    """
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for item in result if isinstance(result, list) else ():
        if not isinstance(item, dict):
            continue
        kind, control, target = item.get("type"), item.get("from_name"), item.get("to_name")
        if not (isinstance(kind, str) and isinstance(control, str) and isinstance(target, str)):
            continue
        counts[control, target, kind, ""] += 1
        for label in _labels(item, kind):
            counts[control, target, kind, label] += 1
    return [LabelCount(*key, count=count) for key, count in counts.items()]


def _labels(item: dict[str, Any], kind: str) -> list[str]:
    value = item.get("value")
    key = "labels" if kind == "videorectangle" else kind
    given = value.get(key) if isinstance(value, dict) else None
    if not isinstance(given, list) or key in ("text", "textarea"):
        return []
    if kind == "taxonomy":
        return [str(step) for path in given for step in (path if isinstance(path, list) else [path]) if str(step)]
    return [str(label) for label in given if str(label)]


def count_regions(result: Any) -> int:
    """Distinct region ids; items without an id count once together."""
    if not isinstance(result, list):
        return 0
    return len({_hashable(item.get("id")) for item in result if isinstance(item, dict)})


def _hashable(region_id: Any) -> Any:
    return repr(region_id) if isinstance(region_id, (dict, list)) else region_id
