"""The caller's own account: who they are, their keys, preferences, password and sessions."""

from __future__ import annotations

from typing import Any

import msgspec

from labelwright.server.access import signed_in
from labelwright.server.actions.log_in import change_password
from labelwright.server.api import fields as f
from labelwright.server.api.errors import PlainError
from labelwright.server.api.routing import Answer, Call, Route, Wait, json_answer, nothing, route
from labelwright.server.api.schemas.people import Member
from labelwright.server.api.wire_people import current_user
from labelwright.server.auth.credentials import User
from labelwright.server.auth.passwords import hash_password, password_fault, password_holds
from labelwright.server.auth.throttle import book_attempt
from labelwright.server.db.queries import credentials, people
from labelwright.server.db.queries.attempts import clear_attempts
from labelwright.server.errors import Invalid, NotFound

LARGEST_PREFERENCES = 64 * 1024


@route("GET", "/api/current-user/whoami", allow=signed_in, answer=Member)
def whoami(call: Call, user: User) -> Answer:
    """The caller, with their permissions."""
    return json_answer(current_user(call.conn, user))


# ---------------------------------------------------------------- hotkeys and preferences
@route("GET", "/api/current-user/hotkeys", allow=signed_in)
def show_hotkeys(call: Call, user: User) -> Answer:
    """The caller's own hotkeys."""
    return json_answer({"custom_hotkeys": msgspec.Raw(_row(call, user).custom_hotkeys)})


@route("PATCH", "/api/current-user/hotkeys", allow=signed_in)
def change_hotkeys(call: Call, user: User) -> Answer:
    """Replace the caller's own hotkeys: `section:action` → `{"key": "ctrl+x", "active": true}`."""
    fields = call.body.fields
    fault = hotkeys_fault(fields["custom_hotkeys"]) if "custom_hotkeys" in fields else "This field is required."
    if fault is not None:
        raise PlainError(400, {"error": "Invalid hotkeys configuration", "details": {"custom_hotkeys": [fault]}})
    stored = msgspec.json.encode(fields["custom_hotkeys"]).decode()
    people.update_user(call.conn, user.id, custom_hotkeys=stored)
    return json_answer({"custom_hotkeys": msgspec.Raw(stored)})


def hotkeys_fault(hotkeys: Any) -> str | None:
    """Why these can't be hotkeys, or None."""
    if not isinstance(hotkeys, dict):
        return f'Expected a dictionary of items but got type "{type(hotkeys).__name__}".'
    for name, entry in hotkeys.items():
        if not all(name.partition(":")[::2]):
            return f"Action key '{name}' must be in 'section:action' format"
        if not isinstance(entry, dict):
            return f"Configuration for '{name}' must be a dictionary"
        key = entry.get("key")
        if not (isinstance(key, str) and key.strip()) and not (key is None and entry.get("active") is False):
            return f"Key combination for '{name}' must be a non-empty string"
        if not isinstance(entry.get("active", True), bool):
            return f"Active flag for '{name}' must be a boolean"
    return None if len(msgspec.json.encode(hotkeys)) <= LARGEST_PREFERENCES else "Too many hotkeys"


@route("GET", "/api/labelwright/preferences", allow=signed_in)
def show_preferences(call: Call, user: User) -> Answer:
    """The caller's settings of the web UI (theme, density …): any JSON object."""
    return Answer(content=_row(call, user).preferences.encode())


@route("PATCH", "/api/labelwright/preferences", allow=signed_in)
def change_preferences(call: Call, user: User) -> Answer:
    """Set the given keys; null removes one."""
    merged = {**msgspec.json.decode(_row(call, user).preferences), **call.body.fields}
    stored = msgspec.json.encode({name: value for name, value in merged.items() if value is not None})
    if len(stored) > LARGEST_PREFERENCES:
        raise Invalid.general(f"Preferences take {LARGEST_PREFERENCES:,} bytes at most.")
    people.update_user(call.conn, user.id, preferences=stored.decode())
    return Answer(content=stored)


# ---------------------------------------------------------------- password and sessions
@route("POST", "/api/labelwright/password", allow=signed_in, mode="work", status=204)
def set_password(call: Call, user: User) -> Answer:
    """Change the password with `current_password` and `new_password`. All other sessions end."""
    fields, subject = call.body.fields, f"password|{user.id}"
    current, new = (str(f.text(fields, name, "")) for name in ("current_password", "new_password"))
    if fault := password_fault(new):
        raise Invalid.field("new_password", fault)
    if not call.has_waited and (wait_s := call.db.write(lambda conn: book_attempt(conn, subject))) > 0:
        raise Wait(wait_s)
    row = call.db.read(lambda conn: people.user_row(conn, user.id))
    if row is None or (row.password_hash is not None and not password_holds(current, row.password_hash)):
        raise Invalid.field("current_password", "This is not your password.")
    password_hash = hash_password(new)
    call.db.write(lambda conn: clear_attempts(conn, subject))
    call.db.write(lambda conn: change_password(conn, user.id, password_hash, keep_session=user.session_hash))
    return nothing()


@route("GET", "/api/labelwright/sessions", allow=signed_in)
def list_sessions(call: Call, user: User) -> Answer:
    """Where the caller is logged in."""
    return json_answer(
        [
            {
                "id": row.token_hash[:16],
                "user_agent": row.user_agent,
                "created_at": row.created_at,
                "last_seen_at": row.last_seen_at,
                "is_current": row.token_hash == user.session_hash,
            }
            for row in credentials.sessions_of(call.conn, user.id)
        ]
    )


@route("DELETE", "/api/labelwright/sessions/{session_id:str}", allow=signed_in)
def end_session(call: Call, user: User) -> Answer:
    """Log out one of the caller's browsers."""
    wanted = call.params["session_id"]
    row = next((r for r in credentials.sessions_of(call.conn, user.id) if r.token_hash[:16] == wanted), None)
    if row is None:
        raise NotFound("Session")
    credentials.drop_session(call.conn, row.token_hash)
    return nothing()


def _row(call: Call, user: User) -> Any:
    row = people.user_row(call.conn, user.id)
    if row is None:
        raise NotFound("User")
    return row


routes: list[Route[Any]] = [
    whoami,
    show_hotkeys,
    change_hotkeys,
    show_preferences,
    change_preferences,
    set_password,
    list_sessions,
    end_session,
]
