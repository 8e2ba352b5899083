"""What an export format is, and what it is told besides the tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from labelwright.domain.jsontext import ProjectId, UserId
from labelwright.domain.task import AnsweredTask

ParsedLabelConfig = Mapping[str, Mapping[str, Any]]
"""Control name -> `{type, to_name, inputs, labels, labels_attrs, …}`: the project object's `parsed_label_config`."""


class UserCard(Struct, frozen=True, kw_only=True):
    """What an export says about a person."""

    id: UserId
    email: str
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, kw_only=True)
class ExportContext:
    """One export's circumstances and options."""

    project_id: ProjectId
    parsed_label_config: ParsedLabelConfig
    ago: Callable[[str], str]
    """Timestamp -> human words for the time since then (`3 hours, 2 minutes`)."""
    users: Mapping[UserId, UserCard] = field(default_factory=dict)
    """Everybody who annotated or drafted; the ones missing are exported as null."""
    first_data_key: str | None = None
    """The data key the config wants first; stands in for `$undefined$` of tasks imported before there was a config."""
    expands_drafts: bool = True
    """Whole drafts, not their ids."""
    expands_predictions: bool = False
    """Whole predictions, not their ids."""
    expands_annotators: bool = False
    """`{id, email, first_name, last_name}`, not the id (in tables: the e-mail)."""
    interpolates_key_frames: bool = False
    """JSON: video boxes get a box for every frame between two key frames."""
    raw: bool = False
    """CSV, TSV: leave strings that a spreadsheet would take for a formula as they are."""
    mends_label_studio: bool = False
    """Mend two faults that Label Studio's files have: CONLL2003 reads UTF-16 offsets as code points (wrong after an emoji), COCO
    turns boxes in percent instead of pixels (wrong bounds on images that are not square). Off: the same files as theirs."""
    open_media: Callable[[str], bytes | None] | None = None
    """The bytes behind a media address in task data, or None where it cannot be had."""


@dataclass(frozen=True, kw_only=True)
class ExportFormat:
    """A way to write answers. `write` streams: it holds neither all tasks nor the whole file in memory."""

    name: str
    """The `exportType` on the wire."""
    title: str
    description: str
    is_suitable: Callable[[ParsedLabelConfig], bool]
    write: Callable[[Iterable[AnsweredTask], ExportContext], Iterator[bytes]]
    extension: str
    content_type: str
    tags: tuple[str, ...] = ()
    includes_media: bool = False
    """Whether the file is meant to hold the media: pass `open_media` then."""


def suits_all(parsed_label_config: ParsedLabelConfig) -> bool:
    """For formats that can spell any result."""
    return True
