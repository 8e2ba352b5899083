"""Compares a recorded answer with a live one, field by field.

Ids differ between servers, so they are matched: wherever the recording says task 5, the live server must
always say the same task.
Times, uuids and random names are compared by their shape.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ID_KINDS: Mapping[str, str] = {
    "project": "project",
    "task": "task",
    "tasks": "task",
    "task_ids": "task",
    "taskId": "task",
    "task_id": "task",
    "annotation": "annotation",
    "annotations": "annotation",
    "annotation_id": "annotation",
    "annotationId": "annotation",
    "parent_annotation": "annotation",
    "predictions": "prediction",
    "prediction": "prediction",
    "parent_prediction": "prediction",
    "drafts": "draft",
    "completed_by": "user",
    "created_by": "user",
    "updated_by": "user",
    "last_created_by": "user",
    "user": "user",
    "users": "user",
    "user_id": "user",
    "annotator": "user",
    "annotators": "user",
    "organization": "organization",
    "active_organization": "organization",
    "file_upload": "file",
    "file_upload_id": "file",
    "file_upload_ids": "file",
    "view": "view",
    "converted_format": "converted_format",
    "converted_formats": "converted_format",
    "unique_lock_id": "lock",
    "projects": "project",
    "links": "label_link",
}
"""What the number under a key counts; `id` takes the kind of the key it stands under, else the kind the request declares."""

USER_DATA = frozenset({"data", "result", "value", "meta", "label_config", "parsed_label_config", "filters"})
"""Below these keys everything is our own data and must come back exactly."""

TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SCRUBS: Sequence[tuple[re.Pattern[str], str]] = (
    (UUID, "<uuid>"),
    (TIME, "<time>"),
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+"), "<jwt>"),
    (re.compile(r"eyJ[\w-]+\.[\w-]+"), "<jwt-without-signature>"),
    (re.compile(r"\b[0-9a-f]{40}\b"), "<token>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<md5>"),
    (re.compile(r"\b[0-9a-f]{16}\b"), "<hex16>"),
    (re.compile(r"at-\d{4}-\d\d-\d\d-\d\d-\d\d(-[0-9a-f]{8})?"), "at-<time>"),
    (re.compile(r"\b[0-9a-f]{8}(?=[-.])"), "<hex8>"),
    (re.compile(r"upload/\d+/"), "upload/<n>/"),
    (re.compile(r"export/\d+/"), "export/<n>/"),
    (re.compile(r"project-\d+-"), "project-<n>-"),
    (re.compile(r"(Error at item .*?) ::.*", re.DOTALL), r"\1 :: <row>"),
    (re.compile(r"(Failed to parse input file \S+:).*", re.DOTALL), r"\1 <reason>"),
    (re.compile(r"(You're trying to import inconsistent data:).*", re.DOTALL), r"\1 <reason>"),
    (re.compile(r"(JSON parse error -).*", re.DOTALL), r"\1 <reason>"),
    (re.compile(r"'file_upload_id': \d+"), "'file_upload_id': <n>"),
    (re.compile(r"^\d+(,\d+)*$"), "<ids>"),
    (re.compile(r"^( ?\S+@\S+, )\d+$"), r"\1<n>"),
    (re.compile(r"\b(with id|[Ii]d|pk|task|project|user) ?[=:]? ?\d+"), r"\1 <n>"),
)


@dataclass(frozen=True)
class Mismatch:
    """One place where the live answer is not the recorded one."""

    exchange: str
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.exchange}: {self.place or '(whole)'}: {self.reason}"


@dataclass
class Matching:
    """Which recorded id stands for which live id, per kind; ids that contradict an earlier match are mismatches."""

    live: dict[tuple[str, int], int] = field(default_factory=dict)
    recorded: dict[tuple[str, int], int] = field(default_factory=dict)

    def agree(self, kind: str, recorded: int, live: int) -> bool:
        return (
            self.live.setdefault((kind, recorded), live) == live and self.recorded.setdefault((kind, live), recorded) == recorded
        )


def scrub(text: str) -> str:
    """The text with times, uuids, tokens and random names replaced by their kind."""
    for pattern, mark in SCRUBS:
        text = pattern.sub(mark, text)
    return text


def shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 160 else text[:157] + "…"


@dataclass
class Comparison:
    """Compares bodies; keeps the matching of ids over a whole conversation."""

    matching: Matching = field(default_factory=Matching)
    ignore: frozenset[str] = frozenset({"version", "duration", "exc_info", "size"})

    def bodies(
        self, recorded: Any, live: Any, *, kind: str, loose: frozenset[str] = frozenset(), skip: frozenset[str] = frozenset()
    ) -> Iterator[tuple[str, str]]:
        """(place, reason) of every difference. kind: what `id` means at the top; 'exact' compares all ids as they are."""
        self._loose, self._skip, self._top = loose, skip | self.ignore, kind
        yield from self._values(recorded, live, "", kind, kind == "exact")

    def _values(self, recorded: Any, live: Any, place: str, kind: str, exact: bool) -> Iterator[tuple[str, str]]:
        if isinstance(recorded, dict) and isinstance(live, dict):
            yield from self._objects(recorded, live, place, kind, exact)
        elif isinstance(recorded, list) and isinstance(live, list):
            yield from self._lists(recorded, live, place, kind, exact)
        elif isinstance(recorded, str) and isinstance(live, str) and kind and not exact and recorded.isdigit() and live.isdigit():
            yield from self._values(int(recorded), int(live), place, kind, exact)
        elif isinstance(recorded, str) and isinstance(live, str):
            if recorded != live and (exact or scrub(recorded) != scrub(live)):
                yield place, f"said {shorten(scrub(recorded))}, now {shorten(scrub(live))}"
        elif type(recorded) is int and type(live) is int and kind and not exact:
            if not self.matching.agree(kind, recorded, live):
                yield place, f"{kind} {recorded} was another {kind} before, now {live}"
        elif isinstance(recorded, float) and isinstance(live, float):
            if not math.isclose(recorded, live, rel_tol=1e-12):
                yield place, f"said {recorded}, now {live}"
        elif recorded != live or isinstance(recorded, bool) is not isinstance(live, bool):
            yield place, f"said {shorten(recorded)}, now {shorten(live)}"

    def _objects(
        self, recorded: dict[str, Any], live: dict[str, Any], place: str, kind: str, exact: bool
    ) -> Iterator[tuple[str, str]]:
        if missing := sorted(recorded.keys() - live.keys() - self._skip):
            yield place, f"missing {', '.join(missing)}"
        if extra := sorted(live.keys() - recorded.keys() - self._skip):
            yield place, f"extra {', '.join(extra)}"
        for key in recorded.keys() & live.keys() - self._skip:
            inner = kind or self._top if key == "id" else ID_KINDS.get(key, "")
            if isinstance(recorded[key], list | dict) and not inner and key in {"results", "user", "views"}:
                inner = self._top
            yield from self._values(
                recorded[key], live[key], f"{place}.{key}" if place else key, inner, exact or key in USER_DATA
            )

    def _lists(self, recorded: list[Any], live: list[Any], place: str, kind: str, exact: bool) -> Iterator[tuple[str, str]]:
        if len(recorded) != len(live):
            yield place, f"said {len(recorded)} items, now {len(live)}: {shorten(live)}"
            return
        if place.rpartition(".")[2] in self._loose and all(isinstance(item, str | int) for item in recorded + live):
            recorded, live = sorted(recorded, key=str), sorted(live, key=str)
        for index, (old, new) in enumerate(zip(recorded, live, strict=True)):
            yield from self._values(old, new, f"{place}[{index}]", kind, exact)
