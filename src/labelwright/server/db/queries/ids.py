"""Ids for bulk inserts: taken before the rows are written, so that rows can name each other without being read back."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection


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
