"""Personal access tokens: long-lived JWTs that are exchanged for access tokens of five minutes."""

from __future__ import annotations

import time
import uuid
from typing import Any

import msgspec
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.auth.credentials import ACCESS_TTL_S, read_jwt, sign_jwt
from labelwright.server.auth.secrets import seal, unseal
from labelwright.server.db.queries import credentials
from labelwright.server.errors import Conflict

LIFETIME_S = 200 * 365 * 24 * 3600
KIND = "refresh"


def create_token(conn: Connection, user_id: int, secret_key: str) -> str:
    """The new token, whole. Raises Conflict while the user has one."""
    if credentials.live_tokens(conn, user_id, KIND):
        raise Conflict("You already have a valid token. Please revoke it before creating a new one.")
    return _issue(conn, user_id, secret_key)


def rotate_token(conn: Connection, user_id: int, token: str, secret_key: str) -> str | None:
    """A new token in place of this one, or None when this one is not a live token of the user."""
    row = find_token(conn, token, secret_key)
    if row is None or row.user_id != user_id:
        return None
    credentials.revoke_token(conn, row.id)
    return _issue(conn, user_id, secret_key)


def list_tokens(conn: Connection, user_id: int, secret_key: str) -> list[str]:
    """The live tokens without their signatures: enough to recognise or revoke them, useless for calling."""
    sealed = (unseal(row.sealed, secret_key) for row in credentials.live_tokens(conn, user_id, KIND))
    return [text for text in sealed if text is not None]


def is_personal_token(token: str, secret_key: str) -> bool:
    """Whether we signed this as a personal access token that has not expired; it may be revoked."""
    return (read_jwt(token, secret_key) or {}).get("token_type") == KIND


def find_token(conn: Connection, token: str, secret_key: str) -> Any | None:
    """The row of a whole, live token, or None."""
    claims = read_jwt(token, secret_key)
    if claims is None or claims.get("token_type") != KIND:
        return None
    return credentials.token_by_hash(conn, KIND, str(claims.get("jti", "")))


def revoke_token(conn: Connection, token: str) -> bool:
    """Revoke a token given whole or without its signature; False if it is not a live one. The random `jti` is the proof."""
    row = credentials.token_by_hash(conn, KIND, _token_id(token))
    if row is None:
        return False
    credentials.revoke_token(conn, row.id)
    return True


def access_token(user_id: int, token_id: str, secret_key: str) -> str:
    return sign_jwt({**_claims("access", user_id, ACCESS_TTL_S), "refresh_jti": token_id}, secret_key)


def _issue(conn: Connection, user_id: int, secret_key: str) -> str:
    claims = _claims(KIND, user_id, LIFETIME_S)
    token = sign_jwt(claims, secret_key)
    unsigned = token.rpartition(".")[0]
    credentials.insert_token(
        conn,
        user_id=user_id,
        kind=KIND,
        token_hash=claims["jti"],
        sealed=seal(unsigned, secret_key),
        expires_at=clock.after(LIFETIME_S),
    )
    return token


def _claims(kind: str, user_id: int, ttl_s: int) -> dict[str, Any]:
    moment = int(time.time())
    return {"token_type": kind, "exp": moment + ttl_s, "iat": moment, "jti": uuid.uuid4().hex, "user_id": str(user_id)}


def _token_id(token: str) -> str:
    """The `jti` of a token, its signature not looked at; "" if there is none."""
    import base64

    try:
        payload = token.split(".")[1]
        claims = msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, msgspec.DecodeError):
        return ""
    identity = claims.get("jti") if isinstance(claims, dict) else None
    return identity if isinstance(identity, str) and identity.isascii() and identity.isalnum() else ""
