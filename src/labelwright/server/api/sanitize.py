"""Cleaning HTML that people write for people (instructions)."""

from __future__ import annotations

import nh3


def clean_html(text: str) -> str:
    """The text with only harmless HTML left.

    >>> clean_html('<b onclick="x()">hi</b><script>alert(1)</script>')
    '<b>hi</b>'
    """
    return nh3.clean(text) if "<" in text else text
