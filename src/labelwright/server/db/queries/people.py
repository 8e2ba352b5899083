"""Users, organizations, memberships."""

from __future__ import annotations

import re
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from labelwright.server import clock
from labelwright.server.db.tables import annotation_table, memberships, organizations, projects, sessions, users

INVITE_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


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


def all_users(conn: Connection) -> list[Row[Any]]:
    """Everybody on the server, with the title of the organization they work in."""
    query = sa.select(users, organizations.c.title.label("organization_title")).outerjoin(
        organizations, organizations.c.id == users.c.active_organization_id
    )
    return list(conn.execute(query.order_by(users.c.id)))


def insert_user(conn: Connection, **values: Any) -> int:
    moment = clock.now()
    row = {"created_at": moment, "last_activity_at": moment, **values}
    user_id: int = conn.execute(sa.insert(users).values(row).returning(users.c.id)).scalar_one()
    return user_id


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
    """The organization that this text invites to; the text comes from an address and may be anything."""
    if not INVITE_TOKEN.fullmatch(token):
        return None
    return conn.execute(sa.select(organizations).where(organizations.c.invite_token == token)).first()


def insert_organization(conn: Connection, *, title: str, owner_id: int) -> int:
    moment = clock.now()
    row = {"title": title, "owner_id": owner_id, "invite_token": new_invite_token(), "created_at": moment, "updated_at": moment}
    organization_id: int = conn.execute(sa.insert(organizations).values(row).returning(organizations.c.id)).scalar_one()
    return organization_id


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


# ---------------------------------------------------------------- members
_is_live = memberships.c.left_at.is_(None)
_members = (
    sa.select(
        users,
        memberships.c.id.label("membership_id"),
        memberships.c.role,
        memberships.c.created_at.label("joined_at"),
    )
    .join(memberships, memberships.c.user_id == users.c.id)
    .where(memberships.c.organization_id == sa.bindparam("organization_id"), _is_live)
    .order_by(users.c.id)
)
_member = _members.where(users.c.id == sa.bindparam("user_id"))


def members(conn: Connection, organization_id: int, *, limit: int | None = None, offset: int = 0) -> list[Row[Any]]:
    """The users of an organization, with `membership_id`, `role` and `joined_at`."""
    query = _members if limit is None else _members.limit(limit).offset(offset)
    return list(conn.execute(query, {"organization_id": organization_id}))


def count_members(conn: Connection, organization_id: int) -> int:
    query = sa.select(sa.func.count()).where(memberships.c.organization_id == organization_id, _is_live)
    return conn.execute(query).scalar_one()


def member(conn: Connection, organization_id: int, user_id: int) -> Row[Any] | None:
    """The user, if they belong to the organization now. Any integer may be asked for."""
    if not 0 < user_id < 2**63:
        return None
    return conn.execute(_member, {"organization_id": organization_id, "user_id": user_id}).first()


def member_by_avatar(conn: Connection, organization_id: int, avatar_key: str) -> Row[Any] | None:
    """The member whose picture this is. Keys begin with the user's id."""
    head = avatar_key.partition("-")[0]
    row = member(conn, organization_id, int(head)) if head.isascii() and head.isdigit() and len(head) < 19 else None
    return row if row is not None and row.avatar_key == avatar_key else None


def owns_organization(conn: Connection, user_id: int) -> bool:
    return conn.execute(sa.select(organizations.c.id).where(organizations.c.owner_id == user_id).limit(1)).first() is not None


def delete_user(conn: Connection, user_id: int) -> None:
    """The account with its sessions, tokens and drafts; annotations and projects stay, without a name."""
    conn.execute(sa.delete(users).where(users.c.id == user_id))


def projects_created(conn: Connection, organization_id: int, user_ids: list[int]) -> list[Row[Any]]:
    """(user_id, id, title) of the organization's projects by who made them."""
    query = sa.select(projects.c.created_by_id.label("user_id"), projects.c.id, projects.c.title).where(
        projects.c.organization_id == organization_id, projects.c.deleted_at.is_(None), projects.c.created_by_id.in_(user_ids)
    )
    return list(conn.execute(query.order_by(projects.c.id)))


def projects_contributed_to(conn: Connection, organization_id: int, user_ids: list[int]) -> list[Row[Any]]:
    """(user_id, id, title, annotation_count) of the organization's projects by who annotated in them."""
    query = (
        sa.select(
            annotation_table.c.annotator_id.label("user_id"),
            projects.c.id,
            projects.c.title,
            sa.func.count().label("annotation_count"),
        )
        .join(projects, projects.c.id == annotation_table.c.project_id)
        .where(projects.c.organization_id == organization_id, projects.c.deleted_at.is_(None))
        .where(annotation_table.c.annotator_id.in_(user_ids))
        .group_by(annotation_table.c.annotator_id, projects.c.id, projects.c.title)
        .order_by(projects.c.id)
    )
    return list(conn.execute(query))


# ---------------------------------------------------------------- sessions
def touch_session(conn: Connection, session_hash: str, user_id: int) -> None:
    """Note that this session and its user were active now."""
    moment = clock.now()
    conn.execute(sa.update(sessions).where(sessions.c.token_hash == session_hash).values(last_seen_at=moment))
    conn.execute(sa.update(users).where(users.c.id == user_id).values(last_activity_at=moment))
