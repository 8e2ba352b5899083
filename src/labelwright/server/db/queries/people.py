"""Users, organizations and memberships."""

from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from labelwright.server import clock
from labelwright.server.db.tables import memberships, organizations, sessions, users


# ---------------------------------------------------------------- users
def count_users(conn: Connection) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(users)).scalar_one()


def has_users(conn: Connection) -> bool:
    return conn.execute(sa.select(users.c.id).limit(1)).first() is not None


def user_row(conn: Connection, user_id: int) -> Row[Any] | None:
    return conn.execute(sa.select(users).where(users.c.id == user_id)).first()


def user_by_email(conn: Connection, email: str) -> Row[Any] | None:
    """`email` in lower case, as it is stored."""
    return conn.execute(sa.select(users).where(users.c.email == email)).first()


def insert_user(conn: Connection, **values: Any) -> int:
    moment = clock.now()
    row = {"created_at": moment, "last_activity_at": moment, **values}
    return conn.execute(sa.insert(users).values(row).returning(users.c.id)).scalar_one()


def update_user(conn: Connection, user_id: int, **values: Any) -> None:
    conn.execute(sa.update(users).where(users.c.id == user_id).values(values))


# ---------------------------------------------------------------- organizations
def new_invite_token() -> str:
    return secrets.token_urlsafe(24)


def first_organization(conn: Connection) -> Row[Any] | None:
    return conn.execute(sa.select(organizations).order_by(organizations.c.id).limit(1)).first()


def organization_row(conn: Connection, organization_id: int) -> Row[Any] | None:
    return conn.execute(sa.select(organizations).where(organizations.c.id == organization_id)).first()


def organization_with_owner(conn: Connection, organization_id: int) -> Row[Any] | None:
    """The organization and its owner's e-mail as `owner_email`."""
    query = (
        sa.select(organizations, users.c.email.label("owner_email"))
        .outerjoin(users, users.c.id == organizations.c.owner_id)
        .where(organizations.c.id == organization_id)
    )
    return conn.execute(query).first()


def organization_by_invite(conn: Connection, token: str) -> Row[Any] | None:
    return conn.execute(sa.select(organizations).where(organizations.c.invite_token == token)).first()


def insert_organization(conn: Connection, *, title: str, owner_id: int) -> int:
    moment = clock.now()
    row = {"title": title, "owner_id": owner_id, "invite_token": new_invite_token(), "created_at": moment, "updated_at": moment}
    return conn.execute(sa.insert(organizations).values(row).returning(organizations.c.id)).scalar_one()


def update_organization(conn: Connection, organization_id: int, **values: Any) -> None:
    values["updated_at"] = clock.now()
    conn.execute(sa.update(organizations).where(organizations.c.id == organization_id).values(values))


# ---------------------------------------------------------------- memberships
def insert_membership(conn: Connection, organization_id: int, user_id: int, role: str) -> None:
    row = {"organization_id": organization_id, "user_id": user_id, "role": role, "created_at": clock.now()}
    conn.execute(sa.insert(memberships).values(row))


def membership_row(conn: Connection, organization_id: int, user_id: int) -> Row[Any] | None:
    """The membership, also one that has ended."""
    return conn.execute(
        sa.select(memberships).where(memberships.c.organization_id == organization_id, memberships.c.user_id == user_id)
    ).first()


def live_memberships(conn: Connection, user_id: int) -> list[Row[Any]]:
    """Oldest first."""
    query = sa.select(memberships).where(memberships.c.user_id == user_id, memberships.c.left_at.is_(None))
    return list(conn.execute(query.order_by(memberships.c.id)))


def end_membership(conn: Connection, organization_id: int, user_id: int) -> None:
    conn.execute(
        sa.update(memberships)
        .where(memberships.c.organization_id == organization_id, memberships.c.user_id == user_id)
        .values(left_at=clock.now())
    )


def renew_membership(conn: Connection, organization_id: int, user_id: int) -> None:
    """A member who had left comes back, as an annotator."""
    conn.execute(
        sa.update(memberships)
        .where(memberships.c.organization_id == organization_id, memberships.c.user_id == user_id)
        .values(left_at=None, role="annotator", created_at=clock.now())
    )


# ---------------------------------------------------------------- sessions
def touch_session(conn: Connection, session_hash: str, user_id: int) -> None:
    """Note that this session and its user were active now."""
    moment = clock.now()
    conn.execute(sa.update(sessions).where(sessions.c.token_hash == session_hash).values(last_seen_at=moment))
    conn.execute(sa.update(users).where(users.c.id == user_id).values(last_activity_at=moment))
