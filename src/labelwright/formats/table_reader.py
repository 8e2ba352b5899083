"""Rows of a CSV or TSV file as task data. Read twice, a line at a time: first for the columns' types, then for the rows.

Source: as `pandas.read_csv` types columns, but nothing is lost: only a column whose every cell is a plain number becomes numbers
(`007` and `+49…` stay text), whole numbers stay whole beside empty cells, and `NA` or `None` in a column of text are text.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Literal

from msgspec import Struct

from labelwright.domain.strictjson import MAX_INT, MIN_INT
from labelwright.formats.rows import Bad, Good, Row

MAX_CELL_CHARACTERS = 16 << 20

ColumnType = Literal["int", "float", "bool", "text"]

_INT = re.compile(r"0|-?[1-9][0-9]{0,18}")
_FLOAT = re.compile(r"-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BOOL = {"True": True, "true": True, "TRUE": True, "False": False, "false": False, "FALSE": False}
_EMPTY_AMONG_NUMBERS = frozenset({"", "NA", "N/A", "NaN", "nan", "NULL", "null", "None"})
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_END = "\uffffend of file\uffff"
"""Fed to the parser as a last line of its own: if it turns up inside a cell, a quote was never closed."""


class _Table(Struct, frozen=True):
    """What is known before the rows are read."""

    delimiter: str
    columns: list[str]


def read_table(file: BinaryIO, delimiter: str | None = None) -> Iterator[Row]:
    """One row per record; empty cells are "", records that are too long or cannot be text are bad.

    file: seekable, UTF-8 with or without a byte order mark. delimiter: None for CSV takes `;` if the first line has more of them
    than commas.

    >>> import io
    >>> [row.data for row in read_table(io.BytesIO(b"text;n\\na, b;1\\nc;\\n"))]
    [{'text': 'a, b', 'n': 1}, {'text': 'c', 'n': ''}]
    """
    start = file.tell()
    first_line = file.readline(MAX_CELL_CHARACTERS)
    file.seek(start)
    if not first_line.strip():
        yield Bad(index=0, place="line 1", reason="the file has no header line")
        return
    if delimiter is None:
        delimiter = ";" if first_line.count(b";") > first_line.count(b",") else ","
    records = _records(file, delimiter)
    header = next(records, None)
    if not isinstance(header, list):
        yield Bad(index=0, place="line 1", reason=f"the header cannot be read{': ' + header if header else ''}")
        return
    columns = _unique_names(header)
    types = _column_types((record for record in records if isinstance(record, list)), len(columns))
    file.seek(start)
    records = _records(file, delimiter)
    next(records)
    for index, record in enumerate(records):
        yield _read_record(record, index, columns, types)


def _records(file: BinaryIO, delimiter: str) -> Iterator[list[str] | str]:
    """Cells of each record that is not blank; as a last item a text that says why the rest cannot be read."""
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    pending: list[str] = []
    try:
        for record in csv.reader(_lines(file), delimiter=delimiter):
            if pending:
                yield pending
            pending = record
    except UnicodeDecodeError:
        fault = "the text is not UTF-8"
    except csv.Error as error:
        fault = str(error)
    else:
        if pending != [_END]:
            yield "a quote is opened and never closed"
        return
    if pending:
        yield pending
    yield fault


def _lines(file: BinaryIO) -> Iterator[str]:
    """Lines with their ends, whichever of the three kinds these are; then `_END`."""
    line = "\n"
    for number, data in enumerate(iter(lambda: file.readline(MAX_CELL_CHARACTERS), b"")):
        line = data.decode("utf-8" if number else "utf-8-sig")
        if "\r" in line[:-2]:
            yield from _LINE.findall(line)
        else:
            yield line
    if not line.endswith(("\n", "\r")):
        yield "\n"
    yield _END


def _unique_names(header: list[str]) -> list[str]:
    """Column names as pandas makes them: `Unnamed: 2` for an empty one, `a.1` for the second `a`."""
    names: dict[str, None] = {}
    repeats: dict[str, int] = {}
    for place, given in enumerate(header):
        name = unique = given or f"Unnamed: {place}"
        while unique in names:
            repeats[name] = repeats.get(name, 0) + 1
            unique = f"{name}.{repeats[name]}"
        names[unique] = None
    return list(names)


def _column_types(records: Iterable[list[str]], column_count: int) -> list[ColumnType]:
    candidates: dict[int, ColumnType | None] = dict.fromkeys(range(column_count))
    for record in records:
        for column in list(candidates):
            cell = record[column] if column < len(record) else ""
            if cell in _EMPTY_AMONG_NUMBERS:
                continue
            found = _cell_type(cell)
            known = candidates[column]
            if found == "text" or (known is not None and known != found and "bool" in (known, found)):
                del candidates[column]
            elif known != "float":
                candidates[column] = found
        if not candidates:
            break
    return [candidates.get(column) or "text" for column in range(column_count)]


def _cell_type(cell: str) -> ColumnType:
    if _INT.fullmatch(cell):
        return "int" if MIN_INT <= int(cell) <= MAX_INT else "text"
    if _FLOAT.fullmatch(cell):
        return "text" if cell.lstrip("-").isdecimal() or math.isinf(float(cell)) else "float"
    return "bool" if cell in _BOOL else "text"


def _read_record(record: list[str] | str, index: int, columns: list[str], types: list[ColumnType]) -> Row:
    place = f"row {index + 1}"
    if isinstance(record, str):
        return Bad(index=index, place=place, reason=record)
    if any(record[len(columns) :]):
        return Bad(index=index, place=place, reason=f"{len(record)} cells, but the header has {len(columns)}", item=record)
    cells = record + [""] * (len(columns) - len(record))
    data: dict[str, Any] = {}
    for name, kind, cell in zip(columns, types, cells, strict=False):
        if "\x00" in cell:
            return Bad(index=index, place=place, reason=f'a NUL character in the column "{name}" is not text', item=record)
        data[name] = _typed(cell, kind)
    return Good(index=index, place=place, data=data)


def _typed(cell: str, kind: ColumnType) -> str | int | float | bool:
    if kind == "text":
        return cell
    if cell in _EMPTY_AMONG_NUMBERS:
        return ""
    if kind == "bool":
        return _BOOL[cell]
    return int(cell) if kind == "int" else float(cell)
