"""Tokens: the legacy one of each user, personal access tokens, and what an organization allows."""

from __future__ import annotations

from typing import Any

from labelwright.server.access import public, signed_in
from labelwright.server.actions import personal_tokens
from labelwright.server.actions.create_user import set_legacy_token
from labelwright.server.api import fields as f
from labelwright.server.api.errors import PlainError
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.people import AccessToken, RefreshToken, Token, TokenSettings
from labelwright.server.auth.credentials import User
from labelwright.server.auth.secrets import unseal
from labelwright.server.db.queries import credentials, people
from labelwright.server.errors import Invalid, NotFound, NotSignedIn


# ---------------------------------------------------------------- the legacy token
@route("GET", "/api/current-user/token", allow=signed_in, answer=Token)
def show_legacy_token(call: Call, user: User) -> Answer:
    """The caller's legacy token, for `Authorization: Token …`."""
    rows = credentials.live_tokens(call.conn, user.id, "legacy")
    token = unseal(rows[0].sealed, call.settings.secret_key) if rows else None
    if token is None:
        raise NotFound("The token can't be read: the server's secret key was replaced. Reset the token.")
    return json_answer({"token": token})


@route("POST", "/api/current-user/reset-token", allow=signed_in, answer=Token)
def reset_legacy_token(call: Call, user: User) -> Answer:
    """A new legacy token; the old one is dead at once."""
    return json_answer({"token": set_legacy_token(call.conn, user.id, call.settings.secret_key)}, 201)


# ---------------------------------------------------------------- personal access tokens
@route("GET", "/api/token", allow=signed_in, answer=list[Token])
def list_personal_tokens(call: Call, user: User) -> Answer:
    """The caller's personal access tokens, without their signatures."""
    tokens = personal_tokens.list_tokens(call.conn, user.id, call.settings.secret_key)
    return json_answer([{"token": token} for token in tokens])


@route("POST", "/api/token", allow=signed_in, answer=Token)
def create_personal_token(call: Call, user: User) -> Answer:
    """A new personal access token, shown this once; 409 while there is one."""
    return json_answer({"token": personal_tokens.create_token(call.conn, user.id, call.settings.secret_key)}, 201)


@route("POST", "/api/token/refresh", allow=public, status=200, mode="read", body=RefreshToken, answer=AccessToken)
def refresh_access(call: Call, _: None) -> Answer:
    """An access token of five minutes for a personal access token."""
    token, key = _given(call), call.settings.secret_key
    if not personal_tokens.is_personal_token(token, key):
        raise NotSignedIn("Token is invalid")
    row = personal_tokens.find_token(call.conn, token, key)
    if row is None:
        raise NotSignedIn("Token is blacklisted")
    return json_answer({"access": personal_tokens.access_token(row.user_id, row.token_hash, key)})


@route("POST", "/api/token/blacklist", allow=public, status=204, body=RefreshToken)
def revoke_personal_token(call: Call, _: None) -> Answer:
    """Revoke a personal access token, given whole or as it is listed."""
    if not personal_tokens.revoke_token(call.conn, _given(call)):
        raise PlainError(404, {"detail": "Token is invalid or already blacklisted."})
    return nothing()


@route("POST", "/api/token/rotate", allow=signed_in, status=200, body=RefreshToken, answer=RefreshToken)
def rotate_personal_token(call: Call, user: User) -> Answer:
    """A new personal access token in place of this one."""
    token = personal_tokens.rotate_token(call.conn, user.id, _given(call), call.settings.secret_key)
    if token is None:
        raise Invalid.general("Invalid refresh token")
    return json_answer({"refresh": token})


def _given(call: Call) -> str:
    token = f.text(call.body.fields, "refresh")
    if token is f.MISSING:
        raise Invalid.field("refresh", "This field is required.")
    return str(token)


# ---------------------------------------------------------------- what the organization allows
@route("GET", "/api/jwt/settings", allow=signed_in, answer=TokenSettings)
def show_token_settings(call: Call, user: User) -> Answer:
    """Which kinds of tokens the organization accepts."""
    return json_answer(_token_settings(call, user))


@route("POST", "/api/jwt/settings", allow=signed_in, status=200, body=TokenSettings, answer=TokenSettings)
def change_token_settings(call: Call, user: User) -> Answer:
    """Switch kinds of tokens on or off."""
    names = {"api_tokens_enabled": "api_tokens_enabled", "legacy_api_tokens_enabled": "legacy_tokens_enabled"}
    given = {column: f.boolean(call.body.fields, name) for name, column in names.items() if name in call.body.fields}
    if given:
        people.update_organization(call.conn, user.organization_id, **given)
    return json_answer(_token_settings(call, user))


def _token_settings(call: Call, user: User) -> dict[str, bool]:
    row = people.organization_row(call.conn, user.organization_id)
    assert row is not None
    return {"api_tokens_enabled": row.api_tokens_enabled, "legacy_api_tokens_enabled": row.legacy_tokens_enabled}


@route("GET", "/api/session-policy", allow=signed_in)
def show_session_policy(call: Call, user: User) -> Answer:
    """How long sessions of the organization's members last, in minutes."""
    return json_answer(_session_policy(call, user))


@route("PATCH", "/api/session-policy", allow=signed_in)
def change_session_policy(call: Call, user: User) -> Answer:
    """Change how long sessions last: in all, and without activity."""
    names = {"max_session_age": "max_session_age_min", "max_time_between_activity": "max_session_idle_min"}
    given = {column: _minutes(call, name) for name, column in names.items() if name in call.body.fields}
    if given:
        people.update_organization(call.conn, user.organization_id, **given)
    return json_answer(_session_policy(call, user))


def _minutes(call: Call, name: str) -> int:
    minutes = f.integer(call.body.fields, name, null=False)
    if minutes < 1:
        raise Invalid.field(name, "Ensure this value is greater than or equal to 1.")
    if minutes >= 2**31:
        raise Invalid.field(name, f"Ensure this value is less than or equal to {2**31 - 1}.")
    return int(minutes)


def _session_policy(call: Call, user: User) -> dict[str, Any]:
    row = people.organization_row(call.conn, user.organization_id)
    assert row is not None
    return {
        "max_session_age": row.max_session_age_min,
        "max_time_between_activity": row.max_session_idle_min,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


routes: list[Route[Any]] = [
    show_legacy_token,
    reset_legacy_token,
    list_personal_tokens,
    create_personal_token,
    refresh_access,
    revoke_personal_token,
    rotate_personal_token,
    show_token_settings,
    change_token_settings,
    show_session_policy,
    change_session_policy,
]
