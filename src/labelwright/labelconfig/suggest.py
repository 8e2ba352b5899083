"""Which templates fit the data someone brings: columns are matched to template fields by content and by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from labelwright.labelconfig.template import Template, load_templates

Kind = Literal[
    "image",
    "audio",
    "video",
    "pdf",
    "html",
    "text",
    "word",
    "number",
    "dialogue",
    "chat",
    "items",
    "options",
    "pages",
    "series",
    "record",
]

SAMPLE_ROWS = 20
_MEDIA: Mapping[str, Kind] = {
    **dict.fromkeys(["jpg", "jpeg", "png", "gif", "bmp", "svg", "webp", "tif", "tiff", "avif"], "image"),
    **dict.fromkeys(["wav", "mp3", "flac", "ogg", "m4a", "aac", "opus"], "audio"),
    **dict.fromkeys(["mp4", "webm", "mov", "avi", "mkv", "m4v"], "video"),
    "pdf": "pdf",
    "html": "html",
    "htm": "html",
    "csv": "series",
}
_HINTS: Sequence[tuple[str, Kind]] = (
    ("image", "image"),
    ("img", "image"),
    ("photo", "image"),
    ("picture", "image"),
    ("audio", "audio"),
    ("sound", "audio"),
    ("video", "video"),
    ("pdf", "pdf"),
)
_MOST_USED = (
    "text-classification",
    "named-entity-recognition",
    "image-classification",
    "object-detection-with-bounding-boxes",
    "text-summarization",
    "semantic-segmentation-with-polygons",
    "automatic-speech-recognition",
    "automatic-speech-recognition-using-segments",
    "video-classification",
    "video-object-tracking",
    "activity-recognition",
    "pdf-classification",
    "html-entity-recognition",
    "intent-classification-and-slot-filling",
    "chat_llm_eval",
    "llm-ranker",
    "tabular-data",
    "question-answering",
    "relation-extraction",
    "image-captioning",
    "semantic-segmentation-with-masks",
    "keypoints",
)
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|/|\./|data:)\S*|\S+\.\w{2,5}", re.IGNORECASE)
_TEXTUAL: frozenset[Kind] = frozenset({"text", "word", "number"})


class Fit(NamedTuple):
    """How a template's fields are filled from columns."""

    columns: dict[str, str]
    """Column per template field."""
    score: int


def suggest_templates(columns: Sequence[str], sample_rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Ids of all templates whose fields the columns can fill, the best first; [] when there is nothing to fill them with.

    First come templates that use the pictures, sounds, dialogues … that are there, then those whose fields are called
    like the columns, then the most used ones.

    >>> suggest_templates(["review"], [{"review": "The room was clean."}])[:2]
    ['text-classification', 'named-entity-recognition']
    """
    kinds = column_kinds(columns, sample_rows)
    fits = [(fit.score, template.id) for template in load_templates() if (fit := fit_template(template, kinds)) is not None]
    return [template_id for _, template_id in sorted(fits, key=lambda pair: (-pair[0], _rank(pair[1]), pair[1]))]


def fitted_config(template: Template, columns: Sequence[str], sample_rows: Sequence[Mapping[str, Any]]) -> str:
    """The template's config with its `$fields` renamed to the columns; as it is where the columns do not fit."""
    fit = fit_template(template, column_kinds(columns, sample_rows))
    if fit is None:
        return template.config
    pattern = re.compile(r"\$(" + "|".join(map(re.escape, sorted(fit.columns, key=len, reverse=True))) + r")(?!\w)")
    return pattern.sub(lambda match: "$" + _escaped(fit.columns[match[1]]), template.config)


def column_kinds(columns: Sequence[str], sample_rows: Sequence[Mapping[str, Any]]) -> dict[str, Kind]:
    """What each column mostly holds in the first rows; columns without values are left out."""
    found = {}
    for column in columns:
        counts = Counter(kind for row in sample_rows[:SAMPLE_ROWS] if (kind := kind_of(row.get(column), column)) is not None)
        if counts:
            found[column] = counts.most_common(1)[0][0]
    return found


def kind_of(value: Any, column: str = "") -> Kind | None:
    """What a value is to a labeler; None for nothing.

    >>> kind_of("s3://bucket/cat.jpg"), kind_of("A long story."), kind_of([{"role": "user", "content": "hi"}])
    ('image', 'text', 'chat')
    """
    match value:
        case None | "" | [] | bool():
            return None
        case int() | float():
            return "number"
        case str():
            return _kind_of_text(value.strip(), column.lower())
        case list():
            return _kind_of_list(value)
        case dict():
            if not value:
                return None
            return "series" if all(isinstance(each, list) for each in value.values()) else "record"
        case _:
            return None


def _kind_of_text(text: str, column: str) -> Kind | None:
    if not text:
        return None
    if text.startswith("<") and "</" in text:
        return "html"
    if _ADDRESS.fullmatch(text):
        extension = re.split(r"[?#]", text, maxsplit=1)[0].rpartition(".")[2].lower()
        if extension in _MEDIA:
            return _MEDIA[extension]
        if "://" in text or text.startswith("/"):
            return next((kind for word, kind in _HINTS if word in column), "word")
    return "text" if " " in text or len(text) > 40 else "word"


def _kind_of_list(values: list[Any]) -> Kind | None:
    first = values[0]
    if isinstance(first, str):
        return "pages" if _kind_of_text(first.strip(), "") == "image" else "options"
    if not isinstance(first, dict):
        return None
    keys = first.keys()
    if {"role", "content"} <= keys:
        return "chat"
    if "id" in keys and keys & {"title", "body", "html"}:
        return "items"
    if keys & {"text", "author"}:
        return "dialogue"
    return "options" if "value" in keys else None


def fit_template(template: Template, kinds: Mapping[str, Kind]) -> Fit | None:
    """Columns for the template's fields, or None when one field finds none. Each column is used once."""
    chosen: dict[str, str] = {}
    score = 0
    wanted = {field: kind_of(value, field) for field, value in template.data.items()}
    for field, kind in sorted(wanted.items(), key=lambda pair: pair[0] not in kinds):
        free = [column for column, have in kinds.items() if column not in chosen.values() and _serves(have, kind)]
        if not free:
            return None
        is_named = field in free
        chosen[field] = field if is_named else _best(free, kinds)
        score += _gain(kind, is_named)
    return Fit(chosen, score)


def _serves(have: Kind, wanted: Kind | None) -> bool:
    return have == wanted or (wanted in _TEXTUAL and have in _TEXTUAL)


def _best(columns: Sequence[str], kinds: Mapping[str, Kind]) -> str:
    order = ("text", "word", "number")
    return min(columns, key=lambda column: order.index(kinds[column]) if kinds[column] in order else 0)


def _gain(kind: Kind | None, is_named: bool) -> int:
    if kind in _TEXTUAL:
        return 2 if is_named else -1
    return 10 + (1 if is_named else 0)


def _rank(template_id: str) -> int:
    return _MOST_USED.index(template_id) if template_id in _MOST_USED else len(_MOST_USED)


def _escaped(column: str) -> str:
    return column.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
