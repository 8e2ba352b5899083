"""The users of the caller's organization."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.engine import Connection

from labelwright.server.access import Record, colleague, colleague_to_remove, may_change_profile, signed_in
from labelwright.server.actions.create_user import create_user
from labelwright.server.actions.remove_member import delete_user
from labelwright.server.api import fields as f
from labelwright.server.api import wire_people as wire
from labelwright.server.api.errors import PlainError, error_body
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.people import Member, NewUser, UserChange
from labelwright.server.auth.credentials import User
from labelwright.server.auth.passwords import hash_password
from labelwright.server.db.queries import people
from labelwright.server.errors import Forbidden, Invalid

LONGEST_NAME = 256
PROFILE = {"first_name": LONGEST_NAME, "last_name": LONGEST_NAME, "username": LONGEST_NAME, "phone": LONGEST_NAME}


@route("GET", "/api/users", allow=signed_in, answer=list[Member])
def list_users(call: Call, user: User) -> Answer:
    """All members of the caller's organization."""
    organization = people.organization_with_owner(call.conn, user.organization_id)
    return json_answer([wire.user(row, organization) for row in people.members(call.conn, user.organization_id)])


@route("POST", "/api/users", allow=signed_in, mode="work", body=NewUser, answer=Member)
def add_user(call: Call, user: User) -> Answer:
    """A new member of the organization. `password` (owner only) lets them log in; others get theirs by the invitation link."""
    fields = call.body.fields
    missing = [name for name in ("email", "username") if not f.text(fields, name, "", null=True)]
    if missing:
        raise Invalid(**{name: ["This field is required."] for name in missing})
    profile = _profile(fields)
    password = f.text(fields, "password", None, null=True)
    if password is not None and not user.is_owner:
        raise Forbidden("Only the owner of the organization sets passwords of others.")
    password_hash = None if password is None else hash_password(password)

    def act(conn: Connection) -> Answer:
        user_id = create_user(
            conn,
            email=str(fields["email"]),
            secret_key=call.settings.secret_key,
            organization_id=user.organization_id,
            password_hash=password_hash,
            allow_newsletters=f.boolean(fields, "allow_newsletters", None),
            **profile,
        )
        return json_answer(_wire(conn, user_id, user.organization_id), 201)

    return call.db.write(act)


@route("GET", "/api/users/{user_id:int}", allow=colleague, answer=Member)
def show_user(call: Call, row: Record) -> Answer:
    """One member of the organization."""
    return json_answer(wire.user(row, people.organization_with_owner(call.conn, call.user.organization_id)))


@route("PATCH", "/api/users/{user_id:int}", allow=colleague, body=UserChange, answer=Member)
def change_user(call: Call, row: Record) -> Answer:
    """Change names and phone. The e-mail can't be changed."""
    fields = call.body.fields
    if "email" in fields:
        raise PlainError(405, error_body(str(uuid.uuid4()), 405, "Cannot update read-only field: email"))
    if not may_change_profile(call.user, row.id):
        raise Forbidden()
    values: dict[str, Any] = _profile(fields)
    if "allow_newsletters" in fields:
        values["allow_newsletters"] = None if fields["allow_newsletters"] is None else f.boolean(fields, "allow_newsletters")
    if values:
        people.update_user(call.conn, row.id, **values)
    return json_answer(_wire(call.conn, row.id, call.user.organization_id))


@route("DELETE", "/api/users/{user_id:int}", allow=colleague_to_remove)
def remove_user(call: Call, row: Record) -> Answer:
    """Delete an account. Annotations stay. Owner only."""
    if row.id == call.user.id:
        raise Forbidden("The organization owner cannot be deleted")
    delete_user(call.conn, call.user.organization_id, row.id)
    return nothing()


def _profile(fields: dict[str, Any]) -> dict[str, Any]:
    """The profile fields that were given."""
    return {name: f.text(fields, name, longest=longest) for name, longest in PROFILE.items() if name in fields}


def _wire(conn: Connection, user_id: int, organization_id: int) -> dict[str, Any]:
    return wire.user(people.user_row(conn, user_id), people.organization_with_owner(conn, organization_id))


routes: list[Route[Any]] = [list_users, add_user, show_user, change_user, remove_user]
