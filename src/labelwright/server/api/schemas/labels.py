"""Labels added to projects, and their links."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct

from labelwright.server.api.schemas.parts import Opt


class NewLabel(Struct):
    title: str
    value: Any
    from_name: str
    project: int
    description: str | Opt | None = UNSET


class Label(Struct):
    id: int
    created_at: str
    updated_at: str
    value: Any
    title: str
    description: str | None
    approved: bool
    created_by: int | None
    approved_by: int | None
    organization: int
    projects: list[int]
    links: list[int] | Opt = UNSET


class LabelPage(Struct):
    count: int
    next: str | None
    previous: str | None
    results: list[Label]


class LabelChange(Struct):
    title: str | Opt = UNSET
    value: Any = UNSET
    description: str | Opt | None = UNSET
    approved: bool | Opt = UNSET


class LabelRename(Struct):
    """`["Cat"]` → `["Lion"]`; without `project` in all projects of the organization."""

    old_label: Any
    new_label: Any
    project: int | Opt | None = UNSET


class AnnotationsUpdated(Struct):
    annotations_updated: int


class NewLabelLink(Struct):
    project: int
    label: int
    from_name: str


class LabelLinkChange(Struct):
    from_name: str | Opt = UNSET


class LabelLink(NewLabelLink):
    id: int
    annotations_count: int


class LabelLinkPage(Struct):
    count: int
    next: str | None
    previous: str | None
    results: list[LabelLink]
