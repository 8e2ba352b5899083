"""Ids in bulk: taken before rows are written, so that rows can name each other without being read back; and looked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection

from labelwright.server.db.queries.json_field import is_postgres


def among(conn: Any, column: Any, ids: Sequence[int]) -> Any:
    """Condition: the column is one of the ids. One parameter however many they are (`IN` ends at 32,766 or 65,535)."""
    if is_postgres(conn):
        return column == sa.any_(sa.bindparam(None, list(ids), type_=ARRAY(sa.BigInteger)))
    each = sa.func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(sa.select(each.c.value))


def take_ids(conn: Connection, table: sa.Table, count: int) -> list[int]:
    """`count` ids that no row of `table` has or had, ascending. Within a write transaction only."""
    if count == 0:
        return []
    if conn.dialect.name == "sqlite":
        last = conn.execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}).scalar() or 0
        return list(range(last + 1, last + 1 + count))
    sequence = f"{table.name}_id_seq"
    return list(
        conn.execute(
            sa.text("SELECT nextval(CAST(:s AS regclass)) FROM generate_series(1, :n)"), {"s": sequence, "n": count}
        ).scalars()
    )
