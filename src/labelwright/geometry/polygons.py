"""Polygons as sequences of (x, y) points, closed by themselves: area, bounds and the overlap of convex ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Point = tuple[float, float]


def polygon_area(points: Sequence[Point]) -> float:
    """Area of a simple polygon, never negative; 0 below three points.

    Source: the shoelace formula.

    >>> polygon_area([(0, 0), (4, 0), (4, 3)])
    6.0
    """
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _edges(points))) / 2


def bounds(points: Sequence[Point]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom (xyxy) of at least one point; ValueError if there is none."""
    if not points:
        raise ValueError("no points have no bounds")
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def convex_intersection(subject: Sequence[Point], clip: Sequence[Point]) -> list[Point]:
    """What two convex polygons share, as a polygon; [] if nothing. Both in the same turning sense or not: it does not matter.

    Source: Sutherland and Hodgman (1974), "Reentrant polygon clipping".
    """
    clip = list(clip) if _signed_area(clip) > 0 else list(reversed(clip))
    shared = list(subject)
    for start, end in _edges(clip):
        shared = list(_clip_by_line(shared, start, end))
    return shared


def _clip_by_line(points: list[Point], start: Point, end: Point) -> Iterator[Point]:
    """The part of a convex polygon on the inner side of a line, inner being left of it when y points up."""
    for here, there in _edges(points):
        here_side, there_side = _side(start, end, here), _side(start, end, there)
        if here_side >= 0:
            yield here
        if (here_side > 0 > there_side) or (here_side < 0 < there_side):
            share = here_side / (here_side - there_side)
            yield (here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1]))


def _side(start: Point, end: Point, point: Point) -> float:
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def _signed_area(points: Sequence[Point]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _edges(points)) / 2


def _edges(points: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    return zip(points, [*points[1:], *points[:1]], strict=True)
