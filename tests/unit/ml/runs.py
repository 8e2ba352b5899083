"""Reads the run lengths of a mask, as the editor does."""

from __future__ import annotations


def painted(numbers: list[int]) -> list[bool]:
    """Whether each pixel is painted, row by row."""
    bits = "".join(f"{number:08b}" for number in numbers)
    place = 0

    def read(count: int) -> int:
        nonlocal place
        place += count
        return int(bits[place - count : place], 2)

    count, word = read(32), read(5) + 1
    sizes = [read(4) + 1 for _ in range(4)]
    values: list[int] = []
    while len(values) < count:
        is_run = read(1)
        length = read(sizes[read(2)]) + 1
        values += [read(word)] * length if is_run else [read(word) for _ in range(length)]
    return [value > 0 for value in values[3::4]]
