"""CSV and TSV: one row per answer, a column per data key and per control.

The columns are known only when every task has been seen, so the rows wait in a temporary file meanwhile.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from labelwright.domain.task import AnsweredTask
from labelwright.formats.answers import Answer, annotator_of, is_chat, read_answers, shorten
from labelwright.formats.export import ExportContext, ExportFormat, suits_all

CHUNK_CHARACTERS = 1 << 16
MAX_SPOOL_IN_MEMORY_BYTES = 4 << 20
_FIXED_COLUMNS = frozenset({"annotator", "annotation_id", "created_at", "updated_at", "lead_time"})
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SMALL_EXPONENT = re.compile(r'"(?:[^"\\]|\\.)*"|e-0(\d)')


class _SpooledRow(Struct, array_like=True):
    """A row whose data columns have no final names yet."""

    own: dict[str, Any]
    """`id` and what the controls said."""
    data: dict[str, Any]
    fixed: dict[str, Any]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_SpooledRow).decode


def write_table(tasks: Iterable[AnsweredTask], context: ExportContext, delimiter: str) -> Iterator[bytes]:
    """A header of sorted column names and one row per answer; text is quoted, lines end with CR LF.

    A data key that is also a control's name moves to the column `_data_<key>`. What is neither text nor number is compact JSON.
    """
    with tempfile.SpooledTemporaryFile(MAX_SPOOL_IN_MEMORY_BYTES) as spool:
        data_keys: set[str] = set()
        controls: set[str] = set()
        own_columns: set[str] = set()
        for answer in read_answers(tasks, context):
            row = _spooled_row(answer, context)
            data_keys.update(row.data)
            controls.update(answer.outputs)
            own_columns.update(row.own)
            spool.write(_encode(row) + b"\n")
        column_of = {key: f"_data_{key}" if key in controls else key for key in data_keys}
        columns = sorted(own_columns | set(column_of.values()) | _FIXED_COLUMNS)
        spool.seek(0)
        yield from _write_rows(map(_decode, spool), columns, column_of, delimiter, context.raw)


def _spooled_row(answer: Answer, context: ExportContext) -> _SpooledRow:
    own: dict[str, Any] = {"id": answer.task.id}
    for name, values in answer.outputs.items():
        short = shorten(values)
        own[name] = short if isinstance(short, str) else compact_json(short)
        if any(map(is_chat, values)):
            own[f"{name}_transcript"] = _transcript(short)
    data = {key: compact_json(value) if isinstance(value, dict | list) else value for key, value in answer.data.items()}
    annotator = annotator_of(answer, context)
    annotation = answer.annotation
    fixed = {
        "annotator": annotator if annotator is None else str(annotator),
        "annotation_id": annotation and annotation.id,
        "created_at": annotation and annotation.created_at,
        "updated_at": annotation and annotation.updated_at,
        "lead_time": annotation and annotation.lead_time_s,
    }
    return _SpooledRow(own, data, fixed)


def _write_rows(
    rows: Iterable[_SpooledRow], columns: list[str], column_of: dict[str, str], delimiter: str, raw: bool
) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns if raw else map(neutralise, columns))
    for row in rows:
        cells = {**row.own, **{column_of[key]: value for key, value in row.data.items()}, **row.fixed}
        ordered = [cells.get(column, "") for column in columns]
        writer.writerow(ordered if raw else map(neutralise, ordered))
        if text.tell() > CHUNK_CHARACTERS:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def neutralise(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula, with `'` before it; anything else as it is.

    >>> neutralise("=1+1"), neutralise("a=1"), neutralise(-2)
    ("'=1+1", 'a=1', -2)
    """
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def compact_json(value: Any) -> str:
    """JSON without blanks as Label Studio's files spell it: `/` as `\\/`, 0.00001 as `1e-5`, other than ASCII as it is.

    >>> print(compact_json({"a/b": [1.0, 0.00001, "é"]}))
    {"a\\/b":[1.0,1e-5,"é"]}
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
    if "e-0" not in text:
        return text
    return _SMALL_EXPONENT.sub(lambda match: f"e-{match[1]}" if match[1] else match[0], text)


def _transcript(messages: Any) -> str:
    """`role: content` a line, for a chat."""
    lines = []
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, dict):
            role, content = str(message.get("role", "")), str(message.get("content", ""))
            lines.append(": ".join(filter(None, (role, content))) + (":" if role and not content else ""))
    return "\n".join(lines)


CSV = ExportFormat(
    name="CSV",
    title="CSV",
    description="One row per answer for spreadsheets and data frames: task data and what each control said in columns.",
    is_suitable=suits_all,
    write=partial(write_table, delimiter=","),
    extension=".csv",
    content_type="text/csv",
)
TSV = ExportFormat(
    name="TSV",
    title="TSV",
    description="The CSV table with tabs between the columns.",
    is_suitable=suits_all,
    write=partial(write_table, delimiter="\t"),
    extension=".tsv",
    content_type="text/tab-separated-values",
)
