"""Users, organizations, memberships, sessions and tokens."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.db.tables import sessions, users


def touch_session(conn: Connection, session_hash: str, user_id: int) -> None:
    """Note that this session and its user were active now."""
    moment = clock.now()
    conn.execute(sa.update(sessions).where(sessions.c.token_hash == session_hash).values(last_seen_at=moment))
    conn.execute(sa.update(users).where(users.c.id == user_id).values(last_activity_at=moment))


def count_users(conn: Connection) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(users)).scalar_one()


def user_row(conn: Connection, user_id: int) -> Any | None:
    return conn.execute(sa.select(users).where(users.c.id == user_id)).first()
