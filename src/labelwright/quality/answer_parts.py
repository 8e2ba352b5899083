"""A result taken apart into what a person would count: marks (regions), answers about the whole task, relations.

How a result is spelled (ids, order, `origin`, scores, sizes of pictures) does not matter here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from labelwright.geometry.boxes import Box, iou
from labelwright.geometry.polygons import bounds

Content = Mapping[str, Any]
"""Per control: a tuple of labels in order of the alphabet, or the plain value."""

_UNORDERED = frozenset({"choices", "taxonomy", "labels"})
_PLACE_KEYS = ("start", "end", "startOffset", "endOffset", "globalOffsets", "channel", "x", "y", "width", "height", "rotation")
_SHAPE_KEYS = (
    "points",
    "vertices",
    "closed",
    "radiusX",
    "radiusY",
    "format",
    "rle",
    "imageDataURL",
    "sequence",
    "ranges",
    "instant",
)
_DERIVED_KEYS = ("framesCount", "duration", "score")
_PERCENT_NOISE = 0.05
"""In percent of a picture, seconds or characters: what rounding in scripts and browsers moves, and no person does."""
_KEYPOINT_REACH_PERCENT = 5.0


class Place(Struct, frozen=True, kw_only=True):
    """Where a mark is. Exactly one of box, stretch and other says how it is compared."""

    box: Box | None = None
    """Percent of the picture; the bounds, for other shapes than boxes."""
    stretch: tuple[float, float] | None = None
    """Offsets in text, seconds, or frames."""
    detail: Any = None
    """What else tells places apart: the points of a polygon, a channel, the path in a page."""

    def is_same(self, other: Place) -> bool:
        """Whether nobody moved it; noise of rounding does not count."""
        return _is_close(self.numbers(), other.numbers()) and _is_close(self.detail, other.detail)

    def numbers(self) -> list[float]:
        if self.box is not None:
            box = self.box
            return [box.x, box.y, box.width, box.height, box.rotation_deg]
        return list(self.stretch or ())

    def overlap(self, other: Place) -> float:
        """Intersection over union in [0, 1]; of points: nearness. Shapes that are not boxes are compared by their bounds."""
        if self.box is not None and other.box is not None:
            if self.box.width == 0 == other.box.width:
                far = max(abs(self.box.x - other.box.x), abs(self.box.y - other.box.y))
                return max(0.0, 1 - far / (2 * _KEYPOINT_REACH_PERCENT))
            return iou(self.box, other.box)
        if self.stretch is not None and other.stretch is not None:
            shared = min(self.stretch[1], other.stretch[1]) - max(self.stretch[0], other.stretch[0])
            union = max(self.stretch[1], other.stretch[1]) - min(self.stretch[0], other.stretch[0])
            return max(0.0, shared) / union if union > 0 else float(self.stretch == other.stretch)
        return float(self.is_same(other))


class Mark(Struct, frozen=True, kw_only=True):
    """One region with all that is said about it."""

    id: str
    """Empty if it has none."""
    group: tuple[str, str, Any]
    """Object, kind of shape and page: only marks of one group can be the same mark."""
    place: Place
    content: Content
    """By control. Shapes without label count with an empty tuple."""


class Relation(Struct, frozen=True, kw_only=True):
    from_id: str
    to_id: str
    direction: str
    labels: tuple[str, ...]


class AnswerParts(Struct, frozen=True, kw_only=True):
    marks: tuple[Mark, ...]
    whole: Mapping[tuple[str, Any], Any]
    """Control and page (None for answers about the task) → content."""
    relations: tuple[Relation, ...]


def take_apart(result: Any, controls: Sequence[str] | None = None) -> AnswerParts:
    """The parts of a result; items that cannot be read, and with `controls` those of others, are left out.

    >>> take_apart([{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["B", "A"]}}]).whole
    {('c', None): ('A', 'B')}
    """
    items = list(_readable(result, controls))
    placed: dict[str, list[Mapping[str, Any]]] = {}
    for index, item in enumerate(items):
        if item["type"] != "relation" and _has_place(item["value"]):
            placed.setdefault(_id(item) or f"\0{index}", []).append(item)
    whole: dict[tuple[str, Any], Any] = {}
    about: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        if item["type"] == "relation" or _has_place(item["value"]):
            continue
        if _id(item) in placed:
            about.setdefault(_id(item), []).append(item)
        else:
            key = (item["from_name"], item.get("item_index"))
            whole[key] = _join(whole.get(key), _content(item))
    marks = tuple(_mark(mark_id, group, about.get(mark_id, [])) for mark_id, group in placed.items())
    relations = tuple(_relation(item) for item in items if item["type"] == "relation")
    return AnswerParts(
        marks=marks, whole={key: value for key, value in whole.items() if not _is_empty(value)}, relations=relations
    )


def match_marks(first: Sequence[Mark], second: Sequence[Mark], least_overlap: float = 0.5) -> list[tuple[Mark, Mark]]:
    """Pairs that are the same mark: those with the same id, then those in the same place, then by greatest overlap.

    Each mark is in at most one pair. least_overlap: intersection over union in (0, 1].
    """
    by_id = {mark.id: mark for mark in second if mark.id}
    pairs = [(mark, by_id[mark.id]) for mark in first if mark.id in by_id and by_id[mark.id].group == mark.group]
    seen_first = {id(mark) for mark, _ in pairs}
    seen_second = {id(mark) for _, mark in pairs}
    rest: dict[tuple[str, str, Any], list[Mark]] = {}
    for mark in second:
        if id(mark) not in seen_second:
            rest.setdefault(mark.group, []).append(mark)
    candidates = []
    for order, mark in enumerate(first):
        if id(mark) in seen_first:
            continue
        for other in rest.get(mark.group, ()):
            overlap = mark.place.overlap(other.place)
            if overlap >= least_overlap:
                candidates.append((-overlap, mark.content != other.content, order, mark, other))
    candidates.sort(key=lambda candidate: candidate[:3])
    for *_, mark, other in candidates:
        if id(mark) not in seen_first and id(other) not in seen_second:
            seen_first.add(id(mark))
            seen_second.add(id(other))
            pairs.append((mark, other))
    return pairs


def is_same_content(first: Any, second: Any) -> bool:
    """Whether two contents say the same; numbers may differ by the noise of rounding."""
    if isinstance(first, float | int) and isinstance(second, float | int):
        return abs(first - second) <= 1e-9 * max(1.0, abs(first), abs(second))
    return bool(first == second)


def _readable(result: Any, controls: Sequence[str] | None) -> Iterator[Mapping[str, Any]]:
    for item in result if isinstance(result, list) else ():
        if not isinstance(item, dict):
            continue
        if item.get("type") == "relation":
            if isinstance(item.get("from_id"), str) and isinstance(item.get("to_id"), str):
                yield item
        elif _is_answer(item) and (controls is None or item["from_name"] in controls):
            yield item


def _is_answer(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("from_name"), str) and isinstance(item.get("type"), str) and isinstance(item.get("value"), dict)


def _id(item: Mapping[str, Any]) -> str:
    found = item.get("id")
    return found if isinstance(found, str) else ""


def _has_place(value: Mapping[str, Any]) -> bool:
    return any(key in value for key in ("start", "x", "points", "vertices", "rle", "imageDataURL", "sequence", "ranges"))


def _mark(mark_id: str, placed: Sequence[Mapping[str, Any]], about: Sequence[Mapping[str, Any]]) -> Mark:
    first = placed[0]
    content: dict[str, Any] = {}
    for item in (*placed, *about):
        content[item["from_name"]] = _join(content.get(item["from_name"]), _content(item))
    place, kind = _place(first["value"])
    return Mark(
        id=_id(first),
        group=(str(first.get("to_name", "")), kind, first.get("item_index")),
        place=place,
        content=content,
    )


def _place(value: Mapping[str, Any]) -> tuple[Place, str]:
    if "start" in value:
        return _stretch(value), "stretch"
    if isinstance(value.get("sequence"), list):
        return Place(box=_first_box(value["sequence"]), detail=value["sequence"]), "sequence"
    if isinstance(value.get("ranges"), list) and value["ranges"] and isinstance(value["ranges"][0], dict):
        return Place(stretch=_ends(value["ranges"][0])), "ranges"
    points = [point for key in ("points", "vertices") for point in _points(value.get(key))]
    if points:
        left, top, right, bottom = bounds(points)
        return Place(box=Box(left, top, right - left, bottom - top), detail=points), "points"
    if "radiusX" in value:
        x, y, half_width, half_height = (_number(value.get(key)) for key in ("x", "y", "radiusX", "radiusY"))
        box = Box(x - half_width, y - half_height, 2 * half_width, 2 * half_height)
        return Place(box=box, detail=_number(value.get("rotation"))), "ellipse"
    if "x" in value:
        # of a keypoint only the place counts: its width is the size at which it is drawn
        if "height" not in value:
            return Place(box=Box(_number(value["x"]), _number(value.get("y")), 0, 0)), "keypoint"
        x, y, width, height, rotation = (_number(value.get(key)) for key in ("x", "y", "width", "height", "rotation"))
        return Place(box=Box(x, y, width, height, rotation)), "box"
    return Place(detail=value.get("rle") or value.get("imageDataURL")), "mask"


def _stretch(value: Mapping[str, Any]) -> Place:
    whole = value.get("globalOffsets")
    if isinstance(whole, dict) and "start" in whole:
        return Place(stretch=_ends(whole))
    if "startOffset" in value:
        # pages and dialogues: offsets count within the paragraph that start and end name
        if value.get("start") == value.get("end"):
            offsets = (_number(value.get("startOffset")), _number(value.get("endOffset")))
            return Place(stretch=offsets, detail=str(value.get("start")))
        return Place(detail=[str(value.get(key)) for key in ("start", "startOffset", "end", "endOffset")])
    return Place(stretch=_ends(value), detail=value.get("channel"))


def _ends(value: Mapping[str, Any]) -> tuple[float, float]:
    return _number(value.get("start")), _number(value.get("end"))


def _first_box(sequence: Sequence[Any]) -> Box:
    frame = next((frame for frame in sequence if isinstance(frame, dict)), {})
    x, y, width, height = (_number(frame.get(key)) for key in ("x", "y", "width", "height"))
    return Box(x, y, width, height)


def _points(given: Any) -> Iterator[tuple[float, float]]:
    for point in given if isinstance(given, list) else ():
        if isinstance(point, dict):
            yield _number(point.get("x")), _number(point.get("y"))
        elif isinstance(point, list) and len(point) >= 2:
            yield _number(point[0]), _number(point[1])


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return number if abs(number) < 1e15 else 0.0


def _content(item: Mapping[str, Any]) -> Any:
    """What the control says: a sorted tuple of labels, or a plain value; the text that a span marks is not an answer."""
    value, kind = item["value"], item["type"]
    placed = _has_place(value)
    keys = [key for key in value if key not in (*_PLACE_KEYS, *_SHAPE_KEYS, *_DERIVED_KEYS)] if placed else list(value)
    said = {key: value[key] for key in keys if not (placed and key in ("text", "paragraphlabels_text") and kind != "textarea")}
    if "labels" in said and len(said) > 1 and isinstance(said.get(kind), list):
        said.pop("labels")
    if len(said) == 1:
        key, only = next(iter(said.items()))
        return _labels(key, only)
    return tuple(sorted((key, _frozen(part)) for key, part in said.items())) if said else ()


def _labels(key: str, given: Any) -> Any:
    if isinstance(given, list) and (key in _UNORDERED or key.endswith("labels")):
        return tuple(sorted({_frozen(label) for label in given}, key=repr))
    if key == "text" and isinstance(given, str):
        return (given,)
    return _frozen(given)


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(part) for part in value)
    if isinstance(value, dict):
        return tuple(sorted((str(key), _frozen(part)) for key, part in value.items()))
    return value


def _join(before: Any, more: Any) -> Any:
    """Two items of one control about the same thing."""
    if before is None or before == ():
        return more
    if isinstance(before, tuple) and isinstance(more, tuple):
        return before + tuple(part for part in more if part not in before)
    return more


def _is_empty(content: Any) -> bool:
    return content is None or content == () or content == ("",)


def _is_close(first: Any, second: Any) -> bool:
    if isinstance(first, bool) or isinstance(second, bool):
        return bool(first == second)
    if isinstance(first, int | float) and isinstance(second, int | float):
        return abs(first - second) <= _PERCENT_NOISE
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(_is_close(*pair) for pair in zip(first, second, strict=True))
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(_is_close(first[key], second[key]) for key in first)
    return bool(first == second)


def _relation(item: Mapping[str, Any]) -> Relation:
    labels = item.get("labels")
    return Relation(
        from_id=item["from_id"],
        to_id=item["to_id"],
        direction=str(item.get("direction", "right")),
        labels=tuple(sorted(str(label) for label in labels)) if isinstance(labels, list) else (),
    )
