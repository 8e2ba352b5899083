"""Make an account: user, membership (and an organization where none is given), legacy token."""

from __future__ import annotations

import re
import secrets

from sqlalchemy.engine import Connection

from labelwright.server.auth.passwords import hash_password
from labelwright.server.auth.secrets import digest, seal
from labelwright.server.db.engine import Database
from labelwright.server.db.queries import credentials, people
from labelwright.server.errors import Invalid
from labelwright.server.settings import Settings

EMAIL = re.compile(r"[^@\s\x00-\x1f<>\"]{1,64}@[^@\s\x00-\x1f<>\"]{1,253}")
LONGEST_EMAIL = 254
TITLE = "Labelwright"


def clean_email(text: str) -> str:
    """The address as it is stored: trimmed, lower case. Raises Invalid when it can't be one."""
    email = text.strip().lower()
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        raise Invalid.field("email", "Enter a valid email address.")
    return email


def create_user(
    conn: Connection,
    *,
    email: str,
    secret_key: str,
    password_hash: str | None = None,
    organization_id: int | None = None,
    legacy_token: str | None = None,
    username: str | None = None,
    first_name: str = "",
    last_name: str = "",
    phone: str = "",
    allow_newsletters: bool | None = None,
) -> int:
    """The new user's id. Without `organization_id` they get their own organization. Raises Invalid if the e-mail is taken."""
    email = clean_email(email)
    if people.user_by_email(conn, email) is not None:
        raise Invalid.field("email", "User with this email already exists")
    user_id = people.insert_user(
        conn,
        email=email,
        username=username or email.partition("@")[0],
        first_name=first_name,
        last_name=last_name,
        phone=phone,
        password_hash=password_hash,
        allow_newsletters=allow_newsletters,
    )
    if organization_id is None:
        title = TITLE if people.first_organization(conn) is None else organization_title(email, first_name, last_name)
        organization_id = people.insert_organization(conn, title=title, owner_id=user_id)
        people.insert_membership(conn, organization_id, user_id, "owner")
    else:
        people.insert_membership(conn, organization_id, user_id, "annotator")
    people.update_user(conn, user_id, active_organization_id=organization_id)
    set_legacy_token(conn, user_id, secret_key, legacy_token)
    return user_id


def organization_title(email: str, first_name: str, last_name: str) -> str:
    """A private organization is named after its person."""
    return f"{first_name} {last_name}".strip() or email


def set_legacy_token(conn: Connection, user_id: int, secret_key: str, token: str | None = None) -> str:
    """Give the user this (or a new) legacy token; the former one is dead."""
    token = token or secrets.token_hex(20)
    credentials.drop_tokens(conn, user_id, "legacy")
    credentials.insert_token(conn, user_id=user_id, kind="legacy", token_hash=digest(token), sealed=seal(token, secret_key))
    return token


def ensure_admin(db: Database, settings: Settings, email: str, password: str | None, token: str | None) -> int:
    """The administrator's user id, made if missing. Idempotent: an existing account keeps its password; a given token is set."""
    email = clean_email(email)
    known = db.read(lambda conn: people.user_by_email(conn, email))
    if known is None:
        password_hash = hash_password(password) if password else None

        def make(conn: Connection) -> int:
            return create_user(conn, email=email, password_hash=password_hash, secret_key=settings.secret_key, legacy_token=token)

        return db.write(make)
    if token is not None:
        given = token
        db.write(lambda conn: _keep_token(conn, known.id, settings.secret_key, given))
    return int(known.id)


def _keep_token(conn: Connection, user_id: int, secret_key: str, token: str) -> None:
    if all(row.token_hash != digest(token) for row in credentials.live_tokens(conn, user_id, "legacy")):
        set_legacy_token(conn, user_id, secret_key, token)
