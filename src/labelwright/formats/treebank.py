"""Words and punctuation of English text as the Penn Treebank cuts them, with their places.

Source: Robert MacIntyre's `tokenizer.sed` of the Penn Treebank project (1995), as NLTK's `TreebankWordTokenizer` renders it; with
`/` as a word of its own, as Label Studio has it. Each rule only puts blanks into the text, or spells a quote differently, so the
words are found again in the original in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_QUOTES = re.compile(r"``|''|\"")

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Quotes that open.
        (r'^"', "``"),
        (r"``", " `` "),
        (r"([ (\[{<])(?:\"|'')", r"\1 `` "),
        # Punctuation; commas and colons stay inside numbers, periods are cut only at the end of the text.
        (r"([:,])(\D)", r" \1 \2"),
        (r"([:,])$", r" \1 "),
        (r"\.\.\.", " ... "),
        (r"[;@#$/%&]", r" \g<0> "),
        (r"([^.])(\.)([\])}>\"']*)\s*$", r"\1 \2\3 "),
        (r"[?!]", r" \g<0> "),
        (r"([^'])' ", r"\1 ' "),
        (r"[\]\[(){}<>]", r" \g<0> "),
        (r"--", " -- "),
        # A blank at both ends spares the rules below a case.
        (r"\A", " "),
        (r"\Z", " "),
        # Quotes that close, and endings.
        (r"''", " '' "),
        (r'"', " '' "),
        (r"([^' ])('[sSmMdD]|') ", r"\1 \2 "),
        (r"([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", r"\1 \2 "),
        # Words written as one.
        (r"(?i)\b(can)(not)\b", r" \1 \2 "),
        (r"(?i)\b(d)('ye)\b", r" \1 \2 "),
        (r"(?i)\b(gim)(me)\b", r" \1 \2 "),
        (r"(?i)\b(gon)(na)\b", r" \1 \2 "),
        (r"(?i)\b(got)(ta)\b", r" \1 \2 "),
        (r"(?i)\b(lem)(me)\b", r" \1 \2 "),
        (r"(?i)\b(more)('n)\b", r" \1 \2 "),
        (r"(?i)\b(wan)(na)(?=\s)", r" \1 \2 "),
        (r"(?i) ('t)(is)\b", r" \1 \2 "),
        (r"(?i) ('t)(was)\b", r" \1 \2 "),
    )
)


def cut_words(text: str) -> list[tuple[int, int]]:
    """Start and end (code points, end exclusive) of each word, in order, not overlapping.

    >>> text = "They'll go (today)."
    >>> [text[start:end] for start, end in cut_words(text)]
    ['They', "'ll", 'go', '(', 'today', ')', '.']
    """
    spaced = text
    for pattern, replacement in _RULES:
        spaced = pattern.sub(replacement, spaced)
    return list(_find_in_order(_original_quotes(spaced.split(), text), text))


def _original_quotes(words: list[str], text: str) -> list[str]:
    """The rules turn `"` into `` and ''; this turns the words back, in order."""
    if '"' not in text and "''" not in text:
        return words
    quotes = iter(_QUOTES.findall(text))
    return [next(quotes, word) if word in ('"', "``", "''") else word for word in words]


def _find_in_order(words: list[str], text: str) -> Iterator[tuple[int, int]]:
    """Where the words are. A word that is nowhere (odd runs of quotes) is passed over: its letters belong to no word."""
    end = 0
    for word in words:
        start = text.find(word, end)
        if start >= 0:
            end = start + len(word)
            yield start, end
