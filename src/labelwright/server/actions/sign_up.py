"""Sign up: who may, and which organization they land in."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from labelwright.server.actions.create_user import create_user
from labelwright.server.db.queries import people
from labelwright.server.errors import Forbidden
from labelwright.server.settings import SignUp


def sign_up(
    conn: Connection,
    *,
    email: str,
    password_hash: str,
    invite: str,
    mode: SignUp,
    secret_key: str,
    allow_newsletters: bool = False,
) -> int:
    """The new user's id. Raises Forbidden without a right to sign up, Invalid for a bad or known e-mail."""
    return create_user(
        conn,
        email=email,
        password_hash=password_hash,
        organization_id=organization_to_join(conn, invite, mode),
        secret_key=secret_key,
        allow_newsletters=allow_newsletters,
    )


def organization_to_join(conn: Connection, invite: str, mode: SignUp) -> int | None:
    """The organization a newcomer joins, or None for one of their own. Raises Forbidden when they may not sign up."""
    if invite:
        organization = people.organization_by_invite(conn, invite)
        if organization is None:
            raise Forbidden("This invitation link is not valid (any more). Ask for a new one.")
        return int(organization.id)
    if not people.has_users(conn):
        return None
    if mode == "invite":
        raise Forbidden("Sign-up is by invitation only. Ask a member for the invitation link.")
    if mode == "join":
        first = people.first_organization(conn)
        return None if first is None else int(first.id)
    return None


def join_organization(conn: Connection, user_id: int, invite: str) -> int:
    """Somebody who has an account follows an invitation link. Raises Forbidden for a wrong link."""
    organization = people.organization_by_invite(conn, invite)
    if organization is None:
        raise Forbidden("This invitation link is not valid (any more). Ask for a new one.")
    membership = people.membership_row(conn, organization.id, user_id)
    if membership is None:
        people.insert_membership(conn, organization.id, user_id, "annotator")
    elif membership.left_at is not None:
        people.renew_membership(conn, organization.id, user_id)
    people.update_user(conn, user_id, active_organization_id=organization.id)
    return int(organization.id)
