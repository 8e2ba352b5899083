"""A made-up time series: the same numbers every time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

ROWS = 100
_START = datetime(2024, 1, 1)
_STEPS = (
    ("%f", timedelta(milliseconds=100)),
    ("%S", timedelta(seconds=1)),
    ("%M", timedelta(minutes=1)),
    ("%H", timedelta(hours=1)),
)


def sample_series(time_column: str | None, columns: Sequence[str], time_format: str | None = None) -> dict[str, list[Any]]:
    """Columns of 100 rows: the time as numbers, or as text in `time_format` (strftime codes), and one wave per column.

    The time goes up from row to row; with a format that repeats after a while (`%H:%M`) there are fewer rows.

    >>> list(sample_series("t", ["a"], "%Y-%m-%d").items())[0][1][:2]
    ['2024-01-01', '2024-01-02']
    """
    times = _times(time_format)
    series: dict[str, list[Any]] = {time_column: times} if time_column else {}
    for number, column in enumerate(columns, start=1):
        series[column] = [
            round(math.sin(row / (4 + number)) + 0.3 * math.sin(row * number * 1.7), 4) for row in range(len(times))
        ]
    return series


def sample_csv(time_column: str | None, columns: Sequence[str], separator: str = ",", time_format: str | None = None) -> str:
    """The same series as a CSV file with a header row."""
    series = sample_series(time_column, columns, time_format)
    rows = [list(series), *zip(*series.values(), strict=True)]
    return "".join(separator.join(map(str, row)) + "\n" for row in rows)


def _times(time_format: str | None) -> list[Any]:
    if time_format is None or "%" not in time_format:
        return list(range(ROWS))
    step = next((step for code, step in _STEPS if code in time_format), timedelta(days=1))
    times: list[Any] = []
    for row in range(ROWS):
        try:
            text = (_START + row * step).strftime(time_format)
        except ValueError:  # a format this platform does not know, or one that is no text
            return list(range(ROWS))
        if times and text <= times[-1]:
            break
        times.append(text)
    return times
