"""Offsets in text. Browsers count UTF-16 code units, Python counts code points; they part after the first emoji."""

from __future__ import annotations

from bisect import bisect_left, bisect_right


class OffsetMap:
    """Converts offsets into one text both ways. Texts without characters beyond U+FFFF (most) cost one scan and nothing after.

    >>> offsets = OffsetMap("a😀b")
    >>> offsets.to_codepoints(3), offsets.to_utf16(2)
    (2, 3)
    """

    __slots__ = ("_at_codepoint", "_at_utf16")

    def __init__(self, text: str) -> None:
        has_astral = not text.isascii() and max(text, default="") > "\uffff"
        self._at_codepoint = [index for index, character in enumerate(text) if character > "\uffff"] if has_astral else []
        self._at_utf16 = [index + before for before, index in enumerate(self._at_codepoint)]

    @property
    def is_identity(self) -> bool:
        """Whether both ways of counting agree for this text."""
        return not self._at_codepoint

    def to_codepoints(self, offset_utf16: int) -> int:
        """The code point offset; an offset between the halves of one character moves to its start."""
        return offset_utf16 - bisect_left(self._at_utf16, offset_utf16)

    def to_utf16(self, offset_codepoints: int) -> int:
        """The UTF-16 offset; exact inverse of `to_codepoints` for offsets that do not split a character."""
        return offset_codepoints + bisect_left(self._at_codepoint, offset_codepoints)

    def splits_character(self, offset_utf16: int) -> bool:
        """Whether an offset lies between the two halves of one character."""
        after = bisect_right(self._at_utf16, offset_utf16 - 1)
        return after > 0 and self._at_utf16[after - 1] == offset_utf16 - 1
