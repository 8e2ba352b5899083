"""Users, organizations and memberships as Label Studio's clients know them."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy.engine import Connection

from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import people
from labelwright.server.errors import NotFound

Wire = dict[str, Any]

PERMISSIONS = [
    f"{thing}.{verb}"
    for thing, verbs in {
        "organizations": "create view change delete invite",
        "projects": "create view change delete reset_cache",
        "tasks": "create view change delete",
        "views": "reset view create change delete",
        "annotations": "create view change delete",
        "actions": "perform",
        "predictions": "any",
        "avatar": "any",
        "labels": "create view change delete",
        "models": "create view change delete",
        "model_provider_connection": "create view change delete",
        "webhooks": "view change",
        "users": "token.any",
        "storages": "view change sync",
    }.items()
    for verb in verbs.split()
]
"""What `whoami` lists: every member may do everything (the community edition has no roles)."""


def initials(first: str, last: str, email: str) -> str:
    """`AL` for Ann Lee; the first two letters of the e-mail for somebody without a name."""
    return (first[:1] + last[:1]) or email[:2]


def avatar_url(row: Any) -> str | None:
    return f"/data/avatars/{row.avatar_key}" if row.avatar_key else None


def user(row: Any, organization: Any) -> Wire:
    """A user of `organization` (a row of `people.organization_with_owner`), seen from within it."""
    is_here = row.active_organization_id == organization.id
    return {
        "id": row.id,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "username": row.username,
        "email": row.email,
        "last_activity": row.last_activity_at,
        "custom_hotkeys": msgspec.Raw(row.custom_hotkeys),
        "avatar": avatar_url(row),
        "initials": initials(row.first_name, row.last_name, row.email),
        "phone": row.phone,
        "active_organization": organization.id if is_here else None,
        "active_organization_meta": {
            "title": organization.title if is_here else "",
            "email": (organization.owner_email or "") if is_here else "",
        },
        "allow_newsletters": row.allow_newsletters,
        "date_joined": row.created_at,
    }


def current_user(conn: Connection, caller: User) -> Wire:
    """The caller, with what they may do."""
    row = people.user_row(conn, caller.id)
    organization = people.organization_with_owner(conn, caller.organization_id)
    if row is None or organization is None:
        raise NotFound("User")
    return {**user(row, organization), "permissions": PERMISSIONS, "role": caller.role, "is_owner": caller.is_owner}


def organization_short(row: Any) -> Wire:
    return {"id": row.id, "title": row.title, "contact_info": row.contact_info, "created_at": row.created_at}


def organization(row: Any, user_ids: list[int]) -> Wire:
    return {
        "id": row.id,
        "title": row.title,
        "token": row.invite_token,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "contact_info": row.contact_info,
        "created_by": row.owner_id,
        "users": user_ids,
    }


def invitation(token: str) -> Wire:
    return {"token": token, "invite_url": f"/user/signup/?token={token}"}
