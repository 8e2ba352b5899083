"""From the plain fields of tasks to features: numbers as numbers, words as one column per frequent value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from labelwright.suggest.texts import as_number

_MOST_COLUMNS = 200
_MOST_VALUES = 50
_LONGEST_VALUE = 100


def fields_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values of a task by name: its own fields and those of tables in it (`row.price`); lists and long texts are no fields.

    >>> fields_of({"id": 3, "row": {"price": 2.5, "tags": []}, "ok": True})
    {'id': 3, 'row.price': 2.5, 'ok': True}
    """
    return dict(_walk(data, "", 2))


def _walk(data: Mapping[str, Any], above: str, levels: int) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, dict) and levels > 1:
            yield from _walk(value, f"{above}{name}.", levels - 1)
        elif isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= _LONGEST_VALUE):
            yield f"{above}{name}", value


def table_features(rows: Sequence[Mapping[str, Any]]) -> Any:
    """A dense matrix, a row per task. A column per number (missing ones are the median, another says so) and per frequent
    value of other fields. Fields in which nearly every task has a value of its own (names, addresses) are left out."""
    import numpy as np

    columns: Counter[str] = Counter(name for row in rows for name in row)
    matrices = []
    for name, _ in columns.most_common(_MOST_COLUMNS):
        given = [row.get(name) for row in rows]
        numbers = [_number(value) for value in given]
        known = sum(1 for value in given if value is not None and value != "")
        if known and sum(1 for number in numbers if number is not None) >= 0.9 * known:
            column = np.array([np.nan if number is None else number for number in numbers])
            missing = np.isnan(column)
            column[missing] = np.median(column[~missing])
            matrices.append(column[:, None])
            if missing.any():
                matrices.append(missing[:, None].astype(float))
        else:
            counts = Counter(str(value) for value in given if value is not None and value != "")
            frequent = [value for value, count in counts.most_common(_MOST_VALUES) if count >= 2]
            if sum(counts[value] for value in frequent) >= 0.2 * known:
                matrices.append(np.array([[float(str(value) == other) for other in frequent] for value in given]))
    return np.hstack(matrices).clip(-1e12, 1e12) if matrices else np.zeros((len(rows), 1))


def _number(value: Any) -> float | None:
    return as_number(str(int(value) if isinstance(value, bool) else value)) if value is not None else None
