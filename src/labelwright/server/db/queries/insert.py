"""Many rows at once, at the cost of the driver alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import Dialect


def insert_rows(conn: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns. Values are the driver's (no types convert them): texts, numbers, None."""
    if not rows:
        return
    statement, order = _insert(table, tuple(rows[0]), conn.dialect)
    given: Any = rows if order is None else [tuple(row[name] for name in order) for row in rows]
    conn.exec_driver_sql(statement, given)


@lru_cache(maxsize=64)
def _insert(table: sa.Table, columns: tuple[str, ...], dialect: Dialect) -> tuple[str, tuple[str, ...] | None]:
    """The statement, and the order of its parameters where they have no names."""
    compiled: Any = sa.insert(table).compile(dialect=dialect, column_keys=list(columns))
    return str(compiled), tuple(compiled.positiontup) if compiled.positional else None
