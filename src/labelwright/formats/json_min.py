"""JSON_MIN: one flat object per answer, task data and what each control said side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from labelwright.domain.task import AnsweredTask
from labelwright.formats.answers import annotator_of, read_answers, shorten
from labelwright.formats.export import ExportContext, ExportFormat, suits_all

CHUNK_BYTES = 1 << 16
_encode = msgspec.json.Encoder().encode


def write_json_min(tasks: Iterable[AnsweredTask], context: ExportContext) -> Iterator[bytes]:
    """A JSON list with one answer a line. On equal names the task's id beats data, and controls beat both."""
    pending = bytearray(b"[")
    separator = b"\n"
    for answer in read_answers(tasks, context):
        annotation = answer.annotation
        record = {
            **answer.data,
            "id": answer.task.id,
            **{name: shorten(values) for name, values in answer.outputs.items()},
            "annotator": annotator_of(answer, context),
            "annotation_id": annotation and annotation.id,
            "created_at": annotation and annotation.created_at,
            "updated_at": annotation and annotation.updated_at,
            "lead_time": annotation and annotation.lead_time_s,
        }
        pending += separator
        pending += _encode(record)
        separator = b",\n"
        if len(pending) > CHUNK_BYTES:
            yield bytes(pending)
            pending.clear()
    yield bytes(pending + b"\n]\n")


JSON_MIN = ExportFormat(
    name="JSON_MIN",
    title="JSON-MIN",
    description="One short object per answer: the task's data, then what each control said. No skips, drafts or predictions.",
    is_suitable=suits_all,
    write=write_json_min,
    extension=".json",
    content_type="application/json",
)
