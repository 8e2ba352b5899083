"""Tasks from a file, by its extension: the door of the import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, BinaryIO

from labelwright.domain.strictjson import InvalidJSON, decode_json, line_and_column
from labelwright.formats.json_elements import split_elements
from labelwright.formats.rows import Bad, Good, Row
from labelwright.formats.table_reader import read_table
from labelwright.formats.task_items import read_item
from labelwright.formats.undefined_key import UNDEFINED_KEY

MAX_LINE_BYTES = 100 << 20
MEDIA_EXTENSIONS = frozenset({
    ".bmp", ".flac", ".gif", ".jpg", ".jpeg", ".m4a", ".mp3", ".mp4", ".ogg", ".pdf", ".png", ".svg", ".wav", ".webm", ".webp",
})  # fmt: skip
LIST_EXTENSIONS = frozenset({".csv", ".tsv", ".txt"})
"""Files that hold a task a line, or are one task: whoever imports says which."""
MARKUP_EXTENSIONS = frozenset({".htm", ".html", ".xml"})
JSON_LINES_EXTENSIONS = frozenset({".jsonl", ".ndjson"})
EXTENSIONS = MEDIA_EXTENSIONS | LIST_EXTENSIONS | MARKUP_EXTENSIONS | JSON_LINES_EXTENSIONS | {".json"}


def extension_of(filename: str) -> str:
    """`.csv` for `Data.CSV`; "" without one."""
    return PurePath(filename).suffix.lower()


def read_tasks(file: BinaryIO, filename: str, *, media_url: str = "", is_single_asset: bool = False) -> Iterator[Row]:
    """The rows of a file, good and bad, in order, as they are read: memory holds the largest task, not the file.

    file: binary and seekable, at its start. filename: says the format by its extension. media_url: where the file is served, for
    files that are one task by being shown. is_single_asset: take csv, tsv and txt as such files too.
    Nothing is raised for what is in the file; a file that cannot be read further ends with a bad row that says why.

    >>> import io
    >>> for row in read_tasks(io.BytesIO(b'[{"text": "a"}, 5]'), "x.json"): print(row.place, getattr(row, "reason", "is good"))
    row 1 is good
    row 2 Task item should be dict
    """
    extension = extension_of(filename)
    if extension == ".json":
        yield from _read_json(file)
    elif extension in JSON_LINES_EXTENSIONS:
        yield from _read_json_lines(file)
    elif extension not in EXTENSIONS:
        yield Bad(index=0, place=filename, reason=f"{extension} extension is not supported")
    elif extension in MEDIA_EXTENSIONS or (extension in LIST_EXTENSIONS and is_single_asset):
        yield _single_task(media_url)
    elif extension in MARKUP_EXTENSIONS:
        yield _read_whole(file)
    elif extension == ".txt":
        yield from _read_lines(file)
    else:
        yield from read_table(file, "\t" if extension == ".tsv" else None)


def _read_json(file: BinaryIO) -> Iterator[Row]:
    index = 0
    try:
        for element in split_elements(file):
            try:
                row = read_item(decode_json(element.text), index, is_from_file=True)
            except InvalidJSON as error:
                row = Bad(index=index, place=f"row {index + 1}", reason=_in_row(error, element.text, element.line))
            yield row
            index += 1
    except InvalidJSON as error:
        yield Bad(index=index, place=f"row {index + 1}", reason=str(error))


def _in_row(error: InvalidJSON, text: bytes, line: int) -> str:
    """The error's message with its place in the file, if lines help to find it, else in the row. line: where the row starts."""
    if error.offset_bytes is None:
        return str(error)
    if b"\n" in text[: error.offset_bytes]:
        return f"{line_and_column(text, error.offset_bytes, line - 1)}: {error.reason}"
    return f"character {len(text[: error.offset_bytes].decode(errors='replace')) + 1}: {error.reason}"


def _read_json_lines(file: BinaryIO) -> Iterator[Row]:
    index = 0
    for line in iter(lambda: file.readline(MAX_LINE_BYTES), b""):
        if not line.strip(b" \t\r\n\xef\xbb\xbf"):
            continue
        try:
            yield read_item(decode_json(line), index, is_from_file=True)
        except InvalidJSON as error:
            yield Bad(index=index, place=f"row {index + 1}", reason=_in_row(error, line.rstrip(), 1))
        index += 1


def _read_lines(file: BinaryIO) -> Iterator[Row]:
    """A task per line that is not blank."""
    index = 0
    for line in iter(lambda: file.readline(MAX_LINE_BYTES), b""):
        try:
            texts: list[Any] = line.removeprefix(b"\xef\xbb\xbf" if index == 0 else b"").decode().splitlines()
        except UnicodeDecodeError:
            yield Bad(index=index, place=f"row {index + 1}", reason="the text is not UTF-8")
            index += 1
            continue
        for text in texts:
            if text.strip():
                yield _text_task(text, index)
                index += 1


def _read_whole(file: BinaryIO) -> Row:
    try:
        return _text_task(file.read().decode("utf-8-sig"), 0)
    except UnicodeDecodeError:
        return Bad(index=0, place="row 1", reason="the text is not UTF-8")


def _text_task(text: str, index: int) -> Row:
    place = f"row {index + 1}"
    if "\x00" in text:
        return Bad(index=index, place=place, reason="a NUL character is not text")
    return Good(index=index, place=place, data={UNDEFINED_KEY: text})


def _single_task(media_url: str) -> Row:
    return Good(index=0, place="row 1", data={UNDEFINED_KEY: media_url})
