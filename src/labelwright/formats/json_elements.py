"""Cuts a big JSON file into its elements without decoding it and without holding more than one element and a chunk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from labelwright.domain.strictjson import InvalidJSON, line_and_column

CHUNK_BYTES = 1 << 18
MAX_ELEMENT_BYTES = 100 << 20

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_NEXT_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|' + _STRING + rb")*+[{}\[\]]", re.DOTALL)
_WHOLE_STRING = re.compile(_STRING, re.DOTALL)
_BARE_WORD = re.compile(rb'[^\s,\[\]{}"]+')
_BLANKS = re.compile(rb"[ \t\n\r]*")
_OPENING = b"{["
_UTF8_BOM = b"\xef\xbb\xbf"


class Element(Struct, frozen=True):
    """The text of one element, and the line it starts on (from 1)."""

    text: bytes
    line: int


def split_elements(file: BinaryIO) -> Iterator[Element]:
    """The elements of the list a file holds; a file of one or several values in a row (JSON Lines) gives these.

    Elements are cut at their brackets, not checked: decode them. Raises InvalidJSON where the text between elements is not JSON,
    where the file ends inside one, and for elements over 100 MiB. Reads a chunk at a time.

    >>> import io
    >>> [element.text for element in split_elements(io.BytesIO(b'[{"a": "]"}, [1]]'))]
    [b'{"a": "]"}', b'[1]']
    """
    window = _Window(file)
    if window.buffer.startswith(_UTF8_BOM):
        window.position = 3
    if window.peek() == b"[":
        window.position += 1
        yield from _list_elements(window)
        if window.peek():
            raise window.error("unexpected text after the list")
    else:
        while window.peek():
            yield window.take_element()


def _list_elements(window: _Window) -> Iterator[Element]:
    if window.peek() == b"]":
        window.position += 1
        return
    while True:
        following = window.peek()
        if following in (b",", b"]", b""):
            raise window.error("expected a value" if following else "the text ends too early")
        yield window.take_element()
        separator = window.peek()
        window.position += 1
        if separator == b"]":
            return
        if separator != b",":
            window.position -= 1
            raise window.error("expected a comma or the end of the list" if separator else "the text ends too early")


class _Window:
    """The part of the file in memory; `position` is where to go on in it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lines_before = 0
        """Newlines that left the buffer."""
        self._lines = 0
        """Newlines in the buffer up to `_counted_to`."""
        self._counted_to = 0
        self._is_at_end = False
        self._is_untouched = True
        """Nothing has left the buffer."""
        self.position = 0
        self.buffer = file.read(CHUNK_BYTES)

    def peek(self) -> bytes:
        """The next byte that is not blank, and moves there; b"" at the end of the file."""
        while True:
            match = _BLANKS.match(self.buffer, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.buffer) or not self._read_more():
                return self.buffer[self.position : self.position + 1]

    def take_element(self) -> Element:
        """The element that starts at the position, and moves behind it."""
        while True:
            end = _element_end(self.buffer, self.position, self._is_at_end)
            if end is not None:
                break
            if len(self.buffer) - self.position > MAX_ELEMENT_BYTES:
                raise self.error(f"an element is larger than {MAX_ELEMENT_BYTES >> 20} MiB")
            if not self._read_more():
                raise self.error("the text ends inside the value that starts here")
        start, self.position = self.position, end
        return Element(self.buffer[start:end], self._lines_before + self._lines_up_to(start) + 1)

    def error(self, reason: str) -> InvalidJSON:
        """What is wrong at the position; without column where the line's start has left the buffer."""
        place = line_and_column(self.buffer, self.position, self._lines_before)
        knows_line_start = self._is_untouched or self.buffer.rfind(b"\n", 0, self.position) >= 0
        return InvalidJSON(reason, place if knows_line_start else place.partition(",")[0])

    def _lines_up_to(self, position: int) -> int:
        """Newlines between the start of the buffer and a position that only grows until more is read."""
        self._lines += self.buffer.count(b"\n", self._counted_to, position)
        self._counted_to = position
        return self._lines

    def _read_more(self) -> bool:
        """Drops what was taken and doubles the rest, so that long elements are not scanned over and over."""
        if self._is_at_end:
            return False
        self._lines_before += self._lines_up_to(self.position)
        self._is_untouched = self._is_untouched and self.position == 0
        rest = self.buffer[self.position :]
        more = self._file.read(max(CHUNK_BYTES, len(rest)))
        self.buffer, self.position = rest + more, 0
        self._lines = self._counted_to = 0
        self._is_at_end = not more
        return True


def _element_end(buffer: bytes, start: int, is_whole: bool) -> int | None:
    """Where the element that starts at `start` ends; None if the buffer ends before that is sure."""
    first = buffer[start]
    if first in _OPENING:
        depth, position = 0, start
        next_bracket = _NEXT_BRACKET.match
        while match := next_bracket(buffer, position):
            position = match.end()
            if buffer[position - 1] in _OPENING:
                depth += 1
            else:
                depth -= 1
                if depth == 0:
                    return position
        return None
    if match := (_WHOLE_STRING if first == ord('"') else _BARE_WORD).match(buffer, start):
        return match.end() if is_whole or match.end() < len(buffer) else None
    return None if first == ord('"') else start + 1
