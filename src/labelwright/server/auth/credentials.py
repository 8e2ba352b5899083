"""Who is calling: session cookie, legacy token, or access token of a personal access token."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import UserId
from labelwright.server import clock
from labelwright.server.auth.secrets import derive_key, digest
from labelwright.server.db.tables import memberships, organizations, sessions, tokens, users
from labelwright.server.errors import Forbidden, NotSignedIn

Role = Literal["owner", "manager", "reviewer", "annotator"]
ACCESS_TTL_S = 300
SESSION_COOKIE = "sessionid"


class Credentials(Struct, frozen=True):
    """What the request carried. At most one of them is used, in this order."""

    bearer: str | None = None
    token: str | None = None
    session: str | None = None

    @property
    def by_cookie(self) -> bool:
        return self.session is not None and self.bearer is None and self.token is None


class User(Struct, frozen=True, kw_only=True):
    """The caller, a member of `organization_id`."""

    id: UserId
    email: str
    first_name: str
    last_name: str
    organization_id: int
    role: Role
    is_owner: bool
    session_hash: str | None = None
    session_seen_at: str | None = None


def credentials_of(headers: Any, cookies: dict[str, str]) -> Credentials:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    value = value.strip()
    session = cookies.get(SESSION_COOKIE) or None
    if scheme.lower() == "bearer" and value:
        return Credentials(bearer=value, session=session)
    if scheme.lower() == "token" and value:
        return Credentials(token=value, session=session)
    if key := headers.get("x-api-key"):
        return Credentials(token=key.strip(), session=session)
    return Credentials(session=session)


_member = (
    sa.select(
        users.c.id,
        users.c.email,
        users.c.first_name,
        users.c.last_name,
        users.c.is_active,
        organizations.c.id.label("organization_id"),
        organizations.c.owner_id,
        organizations.c.legacy_tokens_enabled,
        organizations.c.api_tokens_enabled,
        organizations.c.max_session_age_min,
        organizations.c.max_session_idle_min,
        memberships.c.role,
        memberships.c.left_at,
    )
    .join(organizations, organizations.c.id == users.c.active_organization_id)
    .join(memberships, sa.and_(memberships.c.organization_id == organizations.c.id, memberships.c.user_id == users.c.id))
)
_by_token = (
    _member.add_columns(tokens.c.revoked_at, tokens.c.expires_at)
    .join(tokens, tokens.c.user_id == users.c.id)
    .where(tokens.c.token_hash == sa.bindparam("hash"), tokens.c.kind == sa.bindparam("kind"))
)
_by_session = (
    _member.add_columns(sessions.c.created_at.label("session_created_at"), sessions.c.last_seen_at, sessions.c.token_hash)
    .join(sessions, sessions.c.user_id == users.c.id)
    .where(sessions.c.token_hash == sa.bindparam("hash"))
)


def authenticate(conn: Connection, given: Credentials, secret_key: str) -> User | None:
    """The caller, or None without (valid) credentials of any kind. Raises NotSignedIn where the reason should be told."""
    if given.bearer is not None and (user := _from_access_token(conn, given.bearer, secret_key)):
        return user
    if given.token is not None:
        return _from_legacy_token(conn, given.token)
    if given.session is not None:
        return _from_session(conn, given.session)
    return None


def _from_access_token(conn: Connection, token: str, secret_key: str) -> User | None:
    claims = read_jwt(token, secret_key)
    if claims is None or claims.get("token_type") != "access":
        return None
    row = conn.execute(_by_token, {"hash": str(claims.get("refresh_jti", "")), "kind": "refresh"}).first()
    if row is None or row.revoked_at is not None or not row.api_tokens_enabled:
        return None
    return _user(row)


def _from_legacy_token(conn: Connection, token: str) -> User:
    row = conn.execute(_by_token, {"hash": digest(token), "kind": "legacy"}).first()
    if row is None or row.revoked_at is not None:
        raise NotSignedIn("Invalid token.")
    if not row.legacy_tokens_enabled:
        raise NotSignedIn(
            "Authentication token no longer valid: legacy token authentication has been disabled for this organization"
        )
    return _user(row)


def _from_session(conn: Connection, secret: str) -> User | None:
    row = conn.execute(_by_session, {"hash": digest(secret)}).first()
    if row is None or not row.is_active or row.left_at is not None:
        return None
    if row.session_created_at < clock.after(-60 * row.max_session_age_min):
        return None
    if row.last_seen_at < clock.after(-60 * row.max_session_idle_min):
        return None
    return _user(row, session_hash=row.token_hash, session_seen_at=row.last_seen_at)


def _user(row: Any, **session: Any) -> User:
    if not row.is_active:
        raise NotSignedIn("This account is switched off.")
    if row.left_at is not None:
        raise Forbidden("You are no longer a member of this organization.")
    return User(
        id=UserId(row.id),
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        organization_id=row.organization_id,
        role="owner" if row.owner_id == row.id else row.role,
        is_owner=row.owner_id == row.id,
        **session,
    )


def read_jwt(token: str, secret_key: str) -> dict[str, Any] | None:
    """The claims of a token we signed that has not expired, else None."""
    from joserfc import jwt
    from joserfc.errors import JoseError

    try:
        claims = jwt.decode(token, _signing_key(secret_key), algorithms=["HS256"]).claims
    except (JoseError, ValueError, TypeError):
        return None
    expires = claims.get("exp")
    return claims if isinstance(expires, (int, float)) and expires > time.time() else None


def sign_jwt(claims: dict[str, Any], secret_key: str) -> str:
    from joserfc import jwt

    return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, _signing_key(secret_key))


@lru_cache(maxsize=8)
def _signing_key(secret_key: str) -> Any:
    """Imported when the first JWT comes: start-up does without the cryptography library."""
    from joserfc.jwk import OctKey

    return OctKey.import_key(derive_key(secret_key, "signed tokens"))
