import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwright.geometry.boxes import Box, corners, iou, to_percent, to_pixels, upright_bounds
from labelwright.geometry.polygons import polygon_area

OCTAGON = 200 * (math.sqrt(2) - 1)

sizes = st.floats(0.5, 200)
boxes = st.builds(Box, st.floats(-50, 150), st.floats(-50, 150), sizes, sizes, st.floats(-360, 360))


@given(boxes, st.floats(1, 5000), st.floats(1, 5000))
def test_percent_and_pixels_are_inverse(box, width_px, height_px):
    back = to_percent(to_pixels(box, width_px, height_px), width_px, height_px)
    assert (back.x, back.y, back.width, back.height) == pytest.approx((box.x, box.y, box.width, box.height))


@given(boxes)
def test_turning_keeps_the_area_and_the_stored_corner(box):
    assert polygon_area(corners(box)) == pytest.approx(box.width * box.height)
    assert corners(box)[0] == (box.x, box.y)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(10, 10, 4, 2), (10, 10, 4, 2)),
        (Box(10, 10, 4, 2, 90), (8, 10, 2, 4)),
        (Box(10, 10, 4, 2, 180), (6, 8, 4, 2)),
        (Box(0, 0, 2, 2, 45), (-math.sqrt(2), 0, 2 * math.sqrt(2), 2 * math.sqrt(2))),
    ],
)
def test_bounds_of_turned_boxes(box, expected):
    found = upright_bounds(box)
    assert (found.x, found.y, found.width, found.height) == pytest.approx(expected)


@given(boxes, boxes)
def test_iou_is_symmetric_and_bounded(a, b):
    assert 0 <= iou(a, b) <= 1
    assert iou(a, b) == pytest.approx(iou(b, a), abs=1e-6)
    assert iou(a, a) == pytest.approx(1)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (Box(0, 0, 10, 10), Box(5, 5, 10, 10), 25 / 175),
        (Box(0, 0, 10, 10), Box(20, 0, 10, 10), 0),
        (Box(0, 0, 10, 10), Box(10, 0, 10, 10, 90), 1),
        (Box(0, 0, 0, 0), Box(0, 0, 0, 0), 0),
        (Box(0, 0, 10, 10), Box(5, 5 - math.sqrt(50), 10, 10, 45), OCTAGON / (200 - OCTAGON)),
    ],
)
def test_iou_by_hand(a, b, expected):
    assert iou(a, b) == pytest.approx(expected)
