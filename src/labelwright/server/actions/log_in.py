"""Log in and out. A session is a row; the browser holds a random secret of which we keep the hash."""

from __future__ import annotations

import secrets

from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.actions.create_user import organization_title
from labelwright.server.auth.secrets import digest
from labelwright.server.db.queries import attempts, credentials, people
from labelwright.server.errors import Forbidden
from labelwright.server.settings import SignUp


class Session(Struct, frozen=True):
    """What the browser gets: the secret and, when it shall outlive the browser, for how long."""

    secret: str
    max_age_s: int | None


def log_in(
    conn: Connection,
    *,
    user_id: int,
    mode: SignUp,
    is_persistent: bool = False,
    user_agent: str = "",
    former: str | None = None,
) -> Session:
    """A new session; the `former` one of this browser ends. Raises Forbidden for somebody who belongs nowhere."""
    organization_id = _enter(conn, user_id, mode)
    if former:
        credentials.drop_session(conn, digest(former))
    secret = secrets.token_urlsafe(32)
    credentials.insert_session(
        conn, token_hash=digest(secret), user_id=user_id, is_persistent=is_persistent, user_agent=user_agent
    )
    organization = people.organization_row(conn, organization_id)
    if organization is not None:
        credentials.drop_idle_sessions(conn, user_id, seen_before=clock.after(-60 * organization.max_session_idle_min))
    attempts.forget_attempts(conn, before=clock.after(-24 * 3600))
    return Session(secret, organization.max_session_age_min * 60 if is_persistent and organization else None)


def _enter(conn: Connection, user_id: int, mode: SignUp) -> int:
    """The organization the user works in: the last one, else any of theirs, else (in private mode) a new one."""
    user = people.user_row(conn, user_id)
    if user is None or not user.is_active:
        raise Forbidden("This account is switched off.")
    joined = [row.organization_id for row in people.live_memberships(conn, user_id)]
    if user.active_organization_id in joined:
        return int(user.active_organization_id)
    if joined:
        chosen = int(joined[0])
    elif mode == "private":
        chosen = people.insert_organization(
            conn, title=organization_title(user.email, user.first_name, user.last_name), owner_id=user_id
        )
        people.insert_membership(conn, chosen, user_id, "owner")
    else:
        raise Forbidden("You are no longer a member of an organization on this server. Ask for an invitation link.")
    people.update_user(conn, user_id, active_organization_id=chosen)
    return chosen


def log_out(conn: Connection, secret: str) -> None:
    credentials.drop_session(conn, digest(secret))


def change_password(conn: Connection, user_id: int, password_hash: str, *, keep_session: str | None = None) -> None:
    """Set the password and end all other sessions. `keep_session` is the hash of the one that asked."""
    people.update_user(conn, user_id, password_hash=password_hash)
    credentials.drop_sessions(conn, user_id, but=keep_session)
