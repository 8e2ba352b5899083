"""Pictures of people."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection

from labelwright.server.access import Record, avatar_of_colleague, colleague, may_change_profile
from labelwright.server.api.media import send_file
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.db.queries import people
from labelwright.server.errors import Forbidden, Invalid, NotFound
from labelwright.server.storage import avatars


@route("POST", "/api/users/{user_id:int}/avatar", allow=colleague, mode="work", status=200)
def set_avatar(call: Call, row: Record) -> Answer:
    """Set the picture: the one file of a multipart body; PNG, JPEG or GIF, at most 1200 x 1200 pixels and 1 MB."""
    _may_change(call, row)
    if not call.body.files:
        raise Invalid.field("avatar", "No file was sent.")
    content = call.body.files[0].stream.read(avatars.LARGEST_BYTES + 1)
    if fault := avatars.picture_fault(content):
        raise Invalid.field("avatar", fault)
    key = avatars.store_avatar(call.settings.upload_dir, row.id, content)
    call.db.write(lambda conn: people.update_user(conn, row.id, avatar_key=key))
    avatars.drop_avatar(call.settings.upload_dir, row.avatar_key)
    return json_answer({"detail": "avatar saved"})


@route("DELETE", "/api/users/{user_id:int}/avatar", allow=colleague, mode="work")
def remove_avatar(call: Call, row: Record) -> Answer:
    """Remove the picture."""
    _may_change(call, row)

    def forget(conn: Connection) -> None:
        people.update_user(conn, row.id, avatar_key=None)

    call.db.write(forget)
    avatars.drop_avatar(call.settings.upload_dir, row.avatar_key)
    return nothing()


@route("GET", "/data/avatars/{avatar_key:str}", allow=avatar_of_colleague, mode="work")
def show_avatar(call: Call, row: Record) -> Answer:
    """The picture of a member of the caller's organization."""
    path = avatars.path_of(call.settings.upload_dir, row.avatar_key)
    if not path.exists():
        raise NotFound("Avatar")
    kind = avatars.TYPES[path.suffix[1:]]
    return send_file(call, path, kind, row.avatar_key.rpartition("-")[2], immutable=True)


def _may_change(call: Call, row: Record) -> None:
    if not may_change_profile(call.user, row.id):
        raise Forbidden()


routes: list[Route[Any]] = [set_avatar, remove_avatar, show_avatar]
