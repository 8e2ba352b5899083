"""Take somebody out of an organization, or off the server."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from labelwright.server.db.queries import credentials, people
from labelwright.server.errors import NotFound


def remove_member(conn: Connection, organization_id: int, user_id: int) -> None:
    """End the membership and all sessions. Their work and their account stay. Raises NotFound unless they are a member."""
    if people.member(conn, organization_id, user_id) is None:
        raise NotFound("Member not found")
    people.end_membership(conn, organization_id, user_id)
    credentials.drop_sessions(conn, user_id)
    elsewhere = people.live_memberships(conn, user_id)
    if elsewhere:
        people.update_user(conn, user_id, active_organization_id=elsewhere[0].organization_id)


def delete_user(conn: Connection, organization_id: int, user_id: int) -> None:
    """Delete the account; one that lives in other organizations, too, only leaves this one."""
    remove_member(conn, organization_id, user_id)
    if not people.live_memberships(conn, user_id) and not people.owns_organization(conn, user_id):
        people.delete_user(conn, user_id)
