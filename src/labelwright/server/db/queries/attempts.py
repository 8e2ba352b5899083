"""How often something was tried lately (log-ins, sign-ups), one row per subject such as `ann@x.yz|10.0.0.0/24`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server.db.tables import login_failures


def count_attempt(conn: Connection, subject: str, *, now: str, forget_before: str) -> tuple[int, str]:
    """Count one more, from 1 again if the last was before `forget_before`. Gives the count and the turn of the last one before.

    Holds the row until the transaction ends, so that attempts at the same time get different counts.
    """
    insert = _insert(conn)(login_failures).values(subject=subject[-320:], count=1, last_at=now)
    table = login_failures.c
    is_old = table.last_at < forget_before
    upsert = insert.on_conflict_do_update(
        index_elements=["subject"],
        set_={"count": sa.case((is_old, 1), else_=table.count + 1), "last_at": sa.case((is_old, now), else_=table.last_at)},
    ).returning(table.count, table.last_at)
    row = conn.execute(upsert).one()
    return row[0], row[1]


def _insert(conn: Connection) -> Any:
    if conn.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert


def set_turn(conn: Connection, subject: str, turn: str) -> None:
    conn.execute(sa.update(login_failures).where(login_failures.c.subject == subject[-320:]).values(last_at=turn))


def clear_attempts(conn: Connection, subject: str) -> None:
    conn.execute(sa.delete(login_failures).where(login_failures.c.subject == subject[-320:]))


def forget_attempts(conn: Connection, before: str) -> None:
    """Housekeeping: drop what nobody will ask about again."""
    conn.execute(sa.delete(login_failures).where(login_failures.c.last_at < before))
