"""Painted areas as run lengths: the packed form that BrushLabels regions carry."""

from __future__ import annotations

from itertools import chain
from typing import Any

WORD_BITS = 8
RUN_BITS = (3, 4, 8, 16)
"""A run's length is written with the smallest of these that holds it."""
CHANNELS = 4


def run_lengths(mask: Any) -> tuple[list[int], int, int]:
    """The mask's bytes as a list of numbers, its width and its height. ValueError for what is no rectangle.

    mask: rows of values, a 2-d array or lists; painted where not 0. The form packs RGBA pixels, all four bytes 255 if painted
    (source: `@thi.ng/rle-pack`): 32 bits count, 5 bits word size - 1, four times 4 bits run size - 1; then per run a 1, two bits
    for which run size, the length - 1, the value.

    >>> run_lengths([[0, 1], [0, 0]])[0]
    [0, 0, 0, 16, 57, 27, 252, 96, 17, 255, 206, 0]
    """
    pixels, width, height = _pixels(mask)
    bits = [f"{len(pixels) * CHANNELS:032b}{WORD_BITS - 1:05b}", *(f"{size - 1:04b}" for size in RUN_BITS)]
    longest = 1 << RUN_BITS[-1]
    for painted, count in _runs(pixels):
        left = count * CHANNELS
        while left:
            run = min(left, longest)
            which = next(index for index, size in enumerate(RUN_BITS) if run <= 1 << size)
            bits.append(f"1{which:02b}{run - 1:0{RUN_BITS[which]}b}{255 if painted else 0:08b}")
            left -= run
    packed = "".join(bits)
    size = (len(packed) + 7) // 8
    return list(int(packed.ljust(size * 8, "0"), 2).to_bytes(size, "big")), width, height


def _pixels(mask: Any) -> tuple[bytes, int, int]:
    if hasattr(mask, "astype") and hasattr(mask, "shape"):
        if len(mask.shape) != 2:
            raise ValueError(f"a mask has two dimensions, not {len(mask.shape)}")
        height, width = (int(size) for size in mask.shape)
        return (mask != 0).astype("uint8").tobytes(), width, height
    rows = [[1 if value else 0 for value in row] for row in mask]
    if not rows or not rows[0] or len({len(row) for row in rows}) > 1:
        raise ValueError("the rows of a mask must be of one length, and not empty")
    return bytes(chain.from_iterable(rows)), len(rows[0]), len(rows)


def _runs(pixels: bytes) -> list[tuple[bool, int]]:
    runs: list[tuple[bool, int]] = []
    place = 0
    while place < len(pixels):
        value = pixels[place]
        end = pixels.find(1 - value, place)
        end = len(pixels) if end < 0 else end
        runs.append((bool(value), end - place))
        place = end
    return runs
