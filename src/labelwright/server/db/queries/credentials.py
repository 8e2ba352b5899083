"""Tokens: what is stored of them is their hash and, for those the owner may read again, the sealed text."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from labelwright.server import clock
from labelwright.server.db.tables import tokens


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
