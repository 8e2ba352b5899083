"""Tokens and sessions. What is stored of them is their hash and, for tokens the owner may read again, the sealed text."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from labelwright.server import clock
from labelwright.server.db.tables import sessions, tokens


def insert_token(
    conn: Connection, *, user_id: int, kind: str, token_hash: str, sealed: str, expires_at: str | None = None
) -> None:
    row = {
        "user_id": user_id,
        "kind": kind,
        "token_hash": token_hash,
        "sealed": sealed,
        "created_at": clock.now(),
        "expires_at": expires_at,
    }
    conn.execute(sa.insert(tokens).values(row))


def live_tokens(conn: Connection, user_id: int, kind: str) -> list[Row[Any]]:
    """Not revoked, newest first."""
    return list(
        conn.execute(
            sa.select(tokens)
            .where(tokens.c.user_id == user_id, tokens.c.kind == kind, tokens.c.revoked_at.is_(None))
            .order_by(tokens.c.id.desc())
        )
    )


def drop_tokens(conn: Connection, user_id: int, kind: str) -> None:
    conn.execute(sa.delete(tokens).where(tokens.c.user_id == user_id, tokens.c.kind == kind))


def token_by_hash(conn: Connection, kind: str, token_hash: str) -> Row[Any] | None:
    """The live token, or None."""
    query = sa.select(tokens).where(tokens.c.token_hash == token_hash, tokens.c.kind == kind, tokens.c.revoked_at.is_(None))
    return conn.execute(query).first()


def revoke_token(conn: Connection, token_id: int) -> None:
    conn.execute(sa.update(tokens).where(tokens.c.id == token_id).values(revoked_at=clock.now()))


# ---------------------------------------------------------------- sessions
def insert_session(conn: Connection, *, token_hash: str, user_id: int, is_persistent: bool, user_agent: str) -> None:
    moment = clock.now()
    row = {
        "token_hash": token_hash,
        "user_id": user_id,
        "is_persistent": is_persistent,
        "user_agent": user_agent[:300],
        "created_at": moment,
        "last_seen_at": moment,
    }
    conn.execute(sa.insert(sessions).values(row))


def drop_session(conn: Connection, token_hash: str) -> None:
    conn.execute(sa.delete(sessions).where(sessions.c.token_hash == token_hash))


def drop_sessions(conn: Connection, user_id: int, *, but: str | None = None) -> None:
    """Log the user out everywhere, except in the session `but`."""
    query = sa.delete(sessions).where(sessions.c.user_id == user_id)
    conn.execute(query if but is None else query.where(sessions.c.token_hash != but))


def sessions_of(conn: Connection, user_id: int) -> list[Row[Any]]:
    """Latest activity first."""
    return list(conn.execute(sa.select(sessions).where(sessions.c.user_id == user_id).order_by(sessions.c.last_seen_at.desc())))


def drop_idle_sessions(conn: Connection, user_id: int, *, seen_before: str) -> None:
    """Housekeeping: the user's sessions that have ended by themselves."""
    conn.execute(sa.delete(sessions).where(sessions.c.user_id == user_id, sessions.c.last_seen_at < seen_before))
