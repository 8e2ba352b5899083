"""People, tokens and the organization."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct

from labelwright.server.api.schemas.parts import Opt


class Person(Struct):
    """What projects and exports say about somebody."""

    id: int
    first_name: str
    last_name: str
    email: str
    avatar: str | None


class Annotator(Person):
    initials: str


class OrganizationName(Struct):
    title: str
    email: str


class Member(Struct):
    """A member of the organization."""

    id: int
    first_name: str
    last_name: str
    username: str
    email: str
    last_activity: str
    custom_hotkeys: dict[str, Any]
    avatar: str | None
    initials: str
    phone: str
    active_organization: int
    active_organization_meta: OrganizationName
    allow_newsletters: bool | None
    date_joined: str


class NewUser(Struct):
    email: str
    username: str
    first_name: str | Opt = UNSET
    last_name: str | Opt = UNSET
    phone: str | Opt = UNSET
    password: str | Opt = UNSET


class UserChange(Struct):
    first_name: str | Opt = UNSET
    last_name: str | Opt = UNSET
    phone: str | Opt = UNSET


class Token(Struct):
    token: str


class RefreshToken(Struct):
    refresh: str


class AccessToken(Struct):
    access: str


class TokenSettings(Struct):
    api_tokens_enabled: bool
    legacy_api_tokens_enabled: bool


class Organization(Struct):
    id: int
    title: str
    token: str
    created_at: str
    updated_at: str
    contact_info: str | None
    created_by: int | None
    users: list[int]


class OrganizationChange(Struct):
    title: str | Opt = UNSET
    contact_info: str | Opt | None = UNSET


class Invitation(Struct):
    """`invite_url` is the path by which others join the organization."""

    token: str
    invite_url: str
