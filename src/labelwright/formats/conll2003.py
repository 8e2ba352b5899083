"""CONLL2003: one word a line with its tag, for named entities in text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from labelwright.domain.task import AnsweredTask
from labelwright.formats.answers import Outputs, read_answers
from labelwright.formats.controls import data_keys, input_types
from labelwright.formats.export import ExportContext, ExportFormat, ParsedLabelConfig
from labelwright.formats.treebank import cut_words
from labelwright.geometry.spans import OffsetMap

CHUNK_CHARACTERS = 1 << 16
_cut_words = lru_cache(maxsize=64)(cut_words)


def write_conll2003(tasks: Iterable[AnsweredTask], context: ExportContext) -> Iterator[bytes]:
    """`word -X- _ tag` lines, B- and I- before a label, O outside; an empty line after each answer.

    The first control that labels spans in an answer counts. A word takes the first label of the first span that reaches it; of
    overlapping spans a later one starts when the one before has ended. Source: Tjong Kim Sang and De Meulder (2003).
    """
    text_key = next(iter(data_keys(context.parsed_label_config)), "")
    lines = ["-DOCSTART- -X- O\n"]
    size = 0
    for answer in read_answers(tasks, context):
        value = answer.data.get(text_key, "")
        text = value if isinstance(value, str) else str(value)
        spans = _first_spans(answer.outputs)
        words = _cut_words(text)
        tags = tag_words(words, to_codepoint_spans(text, spans) if context.mends_label_studio else spans)
        block = "".join(f"{text[start:end]} -X- _ {tag}\n" for (start, end), tag in zip(words, tags, strict=True)) + "\n"
        lines.append(block)
        size += len(block)
        if size > CHUNK_CHARACTERS:
            yield "".join(lines).encode()
            lines, size = [], 0
    yield "".join(lines).encode()


def tag_words(words: list[tuple[int, int]], spans: list[dict[str, Any]]) -> list[str]:
    """One tag per word; spans are `{start, end, labels}` in the words' offsets.

    >>> tag_words([(0, 3), (4, 12), (13, 17)], [{"start": 0, "end": 12, "labels": ["PER"]}])
    ['B-PER', 'I-PER', 'O']
    """
    if not spans or not all(_has_place(span) for span in spans):
        return ["O"] * len(words)
    pending = iter(sorted(spans, key=lambda span: span["start"]))
    span = next(pending)
    prefix = "B-"
    tags = []
    for start, end in words:
        if start >= span["end"]:
            for span in pending:
                prefix = "B-"
                if start < span["end"]:
                    break
        label = _first_label(span)
        if label is not None and start < span["end"] and end > span["start"]:
            tags.append(prefix + label)
            prefix = "I-"
        else:
            tags.append("O")
    return tags


def to_codepoint_spans(text: str, spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Spans with offsets in code points. Editors count UTF-16, scripts code points: a span whose `text` fits as it is stays."""
    offsets = OffsetMap(text)
    if offsets.is_identity:
        return spans
    return [
        {**span, "start": offsets.to_codepoints(span["start"]), "end": offsets.to_codepoints(span["end"])}
        if _has_place(span) and span.get("text") != text[span["start"] : span["end"]]
        else span
        for span in spans
    ]


def _first_spans(outputs: Outputs) -> list[dict[str, Any]]:
    return next((values for values in outputs.values() if str(values[0].get("type")).lower() == "labels"), [])


def _has_place(span: dict[str, Any]) -> bool:
    return isinstance(span.get("start"), int) and isinstance(span.get("end"), int)


def _first_label(span: dict[str, Any]) -> str | None:
    labels = span.get("labels")
    return str(labels[0]) if isinstance(labels, list) and labels else None


def _is_suitable(parsed_label_config: ParsedLabelConfig) -> bool:
    has_spans = any(control.get("type") == "Labels" for control in parsed_label_config.values())
    return has_spans and "Text" in input_types(parsed_label_config) and len(data_keys(parsed_label_config)) == 1


CONLL2003 = ExportFormat(
    name="CONLL2003",
    title="CONLL2003",
    description="One word a line with its tag, as in the CoNLL-2003 shared task on named entities.",
    is_suitable=_is_suitable,
    write=write_conll2003,
    extension=".conll",
    content_type="text/plain; charset=utf-8",
    tags=("sequence labeling", "text tagging", "named entity recognition"),
)
