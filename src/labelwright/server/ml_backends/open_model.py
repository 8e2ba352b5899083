"""A client of a connected model, from its row."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.server.auth.secrets import unseal
from labelwright.server.db.queries import credentials
from labelwright.server.db.tables import memberships, organizations, users
from labelwright.server.ml_backends.client import Model
from labelwright.server.outgoing import Gate
from labelwright.server.settings import Settings


def open_model(conn: Connection, settings: Settings, backend: Any, project: Any) -> Model:
    """The model of the row `backend`. Afterwards no database is needed to call it."""
    password = unseal(backend.basic_auth_pass_sealed, settings.secret_key) if backend.basic_auth_pass_sealed else None
    with_password = backend.auth_method == "BASIC_AUTH"
    return Model(
        gate=Gate.of(settings, allows_loopback=settings.local_models),
        url=backend.url,
        user=backend.basic_auth_user if with_password else "",
        password=password or "" if with_password else "",
        timeout_s=backend.timeout_s,
        extra_params=JSONText(backend.extra_params).load() if backend.extra_params else None,
        hostname=settings.public_url,
        access_token=token_for_model(conn, settings, project, backend.connected_by_id),
    )


def token_for_model(conn: Connection, settings: Settings, project: Any, connected_by_id: int | None) -> str:
    """The legacy token that the model may call us with: of the project's creator, or "" where there is none to give.

    Whoever chooses the model's address learns this token. So it is the creator's only if the creator, or somebody who may manage
    the organization, connected the model; anybody else gives their own. None is minted: where the organization has switched
    legacy tokens off, or the person has left, the model does without (and can't load uploaded files).
    """
    person = project.created_by_id
    if connected_by_id is not None and connected_by_id != person and not _manages(conn, project, connected_by_id):
        person = connected_by_id
    if person is None or not _may_call(conn, project, person):
        return ""
    rows = credentials.live_tokens(conn, person, "legacy")
    return (unseal(rows[0].sealed, settings.secret_key) if rows and rows[0].sealed else None) or ""


_member = (
    sa.select(memberships.c.role, organizations.c.owner_id, organizations.c.legacy_tokens_enabled)
    .join(organizations, organizations.c.id == memberships.c.organization_id)
    .join(users, users.c.id == memberships.c.user_id)
    .where(
        memberships.c.organization_id == sa.bindparam("organization"),
        memberships.c.user_id == sa.bindparam("person"),
        memberships.c.left_at.is_(None),
        users.c.is_active.is_(True),
    )
)


def _manages(conn: Connection, project: Any, person: int) -> bool:
    row = conn.execute(_member, {"organization": project.organization_id, "person": person}).first()
    return row is not None and (row.owner_id == person or row.role in ("owner", "manager"))


def _may_call(conn: Connection, project: Any, person: int) -> bool:
    row = conn.execute(_member, {"organization": project.organization_id, "person": person}).first()
    return row is not None and bool(row.legacy_tokens_enabled)
