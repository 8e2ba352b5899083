"""Boxes that may be turned: their corners, bounds and overlap.

A box is stored as the editor stores it: x, y = top-left corner *before* turning; `rotation_deg` clockwise about that corner,
y pointing down. Percent boxes are relative to the natural image (0..100, beyond it allowed); turning happens in pixels, so turn
after `to_pixels`.
"""

from __future__ import annotations

from math import cos, radians, sin

from msgspec import Struct

from labelwright.geometry.polygons import Point, bounds, convex_intersection, polygon_area


class Box(Struct, frozen=True):
    """x, y, width, height in one unit (percent or pixels: the holder knows which), rotation in degrees clockwise."""

    x: float
    y: float
    width: float
    height: float
    rotation_deg: float = 0.0


def to_pixels(percent_box: Box, width_px: float, height_px: float) -> Box:
    """The same box in pixels of an image of that size.

    >>> to_pixels(Box(10, 20, 30, 40), 200, 100)
    Box(x=20.0, y=20.0, width=60.0, height=40.0, rotation_deg=0.0)
    """
    x, width = (value * width_px / 100 for value in (percent_box.x, percent_box.width))
    y, height = (value * height_px / 100 for value in (percent_box.y, percent_box.height))
    return Box(x, y, width, height, percent_box.rotation_deg)


def to_percent(pixel_box: Box, width_px: float, height_px: float) -> Box:
    """The same box in percent of an image of that size; ValueError if the image has no area."""
    if width_px <= 0 or height_px <= 0:
        raise ValueError(f"an image of {width_px} x {height_px} pixels has no percent")
    x, width = (value / width_px * 100 for value in (pixel_box.x, pixel_box.width))
    y, height = (value / height_px * 100 for value in (pixel_box.y, pixel_box.height))
    return Box(x, y, width, height, pixel_box.rotation_deg)


def corners(box: Box) -> tuple[Point, Point, Point, Point]:
    """Top-left, top-right, bottom-right, bottom-left of the turned box, in the box's unit.

    >>> [(round(x), round(y)) for x, y in corners(Box(10, 10, 4, 2, 90))]
    [(10, 10), (10, 14), (8, 14), (8, 10)]
    """
    angle = radians(box.rotation_deg)
    right = (box.width * cos(angle), box.width * sin(angle))
    down = (-box.height * sin(angle), box.height * cos(angle))
    return (
        (box.x, box.y),
        (box.x + right[0], box.y + right[1]),
        (box.x + right[0] + down[0], box.y + right[1] + down[1]),
        (box.x + down[0], box.y + down[1]),
    )


def upright_bounds(box: Box) -> Box:
    """The smallest upright box around a turned one; an upright box comes back as it is."""
    if box.rotation_deg == 0:
        return box
    left, top, right, bottom = bounds(corners(box))
    return Box(left, top, right - left, bottom - top)


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes of one unit, in [0, 1]; 0 if neither has an area. Turned boxes are clipped exactly.

    >>> round(iou(Box(0, 0, 10, 10), Box(5, 0, 10, 10)), 3)
    0.333
    """
    area_a, area_b = abs(a.width * a.height), abs(b.width * b.height)
    if a.rotation_deg == 0 == b.rotation_deg:
        overlap_x = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
        overlap_y = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
        shared = max(0.0, overlap_x) * max(0.0, overlap_y)
    else:
        shared = polygon_area(convex_intersection(corners(a), corners(b)))
    union = area_a + area_b - shared
    return min(1.0, shared / union) if union > 0 else 0.0
