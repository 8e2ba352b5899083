"""Export formats and snapshots."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct

from labelwright.server.api.schemas.parts import Opt
from labelwright.server.api.schemas.people import Person


class FormatCard(Struct):
    name: str
    title: str
    description: str
    link: str
    tags: list[str] | Opt = UNSET
    disabled: bool | Opt = UNSET


class TaskFilterOptions(Struct):
    view: int | Opt | None = UNSET
    skipped: Literal["only", "exclude"] | Opt | None = UNSET
    finished: Literal["only", "exclude"] | Opt | None = UNSET
    annotated: Literal["only", "exclude"] | Opt | None = UNSET
    only_with_annotations: bool | Opt | None = UNSET


class AnnotationFilterOptions(Struct):
    usual: bool | Opt | None = UNSET
    ground_truth: bool | Opt | None = UNSET
    skipped: bool | Opt | None = UNSET


class OnlyId(Struct):
    only_id: bool | Opt = UNSET


class SerializationOptions(Struct):
    drafts: OnlyId | Opt | None = UNSET
    predictions: OnlyId | Opt | None = UNSET
    annotations__completed_by: OnlyId | Opt | None = UNSET
    interpolate_key_frames: bool | Opt | None = UNSET


class NewSnapshot(Struct):
    title: str | Opt = UNSET
    task_filter_options: TaskFilterOptions | Opt | None = UNSET
    annotation_filter_options: AnnotationFilterOptions | Opt | None = UNSET
    serialization_options: SerializationOptions | Opt | None = UNSET


class SnapshotCounters(Struct):
    task_number: int


class Conversion(Struct):
    id: int
    status: str
    export_type: str
    traceback: str | None


class Snapshot(Struct):
    title: str
    id: int
    created_by: Person | None
    created_at: str
    finished_at: str | None
    status: str
    md5: str | None
    counters: SnapshotCounters
    converted_formats: list[Conversion]


class ConversionRequest(Struct):
    export_type: str
    download_resources: bool | Opt = UNSET


class ConversionStarted(Struct):
    export_type: str
    converted_format: int
