"""People."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, convert


class User(Struct, frozen=True, kw_only=True):
    """A member of the organization."""

    id: int = 0
    email: str = ""
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    initials: str = ""
    phone: str = ""
    avatar: str | None = None
    last_activity: str | None = None
    date_joined: str | None = None
    active_organization: int | None = None


def read_user(fields: Mapping[str, Any]) -> User:
    """A user from the server's JSON; what a field lacks is empty."""
    return convert({name: value for name, value in fields.items() if value is not None}, User)
