"""Make, change and remove webhooks; `projects.has_webhooks` follows in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.server import clock
from labelwright.server.auth.secrets import seal
from labelwright.server.db.engine import announce
from labelwright.server.db.queries import webhooks as queries
from labelwright.server.db.tables import projects, webhook_deliveries, webhooks
from labelwright.server.errors import Invalid

SWITCHED_OFF = "The webhook was switched off before this was delivered."


def create_webhook(
    conn: Connection,
    project: Any,
    url: str,
    *,
    secret_key: str,
    headers: Mapping[str, str] | None = None,
    secret: str = "",
    send_payload: bool = True,
    send_for_all_actions: bool = True,
    is_active: bool = True,
    actions: Sequence[str] = (),
    ml_backend_id: int | None = None,
) -> int:
    """The new webhook's id. `headers` and `secret` are stored sealed. With `ml_backend_id` it is called as that model is."""
    moment = clock.now()
    webhook_id: int = conn.execute(
        sa.insert(webhooks)
        .values(
            organization_id=project.organization_id,
            project_id=project.id,
            ml_backend_id=ml_backend_id,
            url=url,
            send_payload=send_payload,
            send_for_all_actions=send_for_all_actions,
            headers_sealed=_sealed(headers, secret_key),
            secret_sealed=seal(secret, secret_key) if secret else None,
            is_active=is_active,
            actions=JSONText.of(list(actions)),
            created_at=moment,
            updated_at=moment,
        )
        .returning(webhooks.c.id)
    ).scalar_one()
    note_listeners(conn, project.id)
    return webhook_id


def update_webhook(conn: Connection, webhook: Any, values: Mapping[str, Any], *, secret_key: str) -> None:
    """Write what is given, by the names of `create_webhook`. What waits for a webhook that is switched off is given up."""
    columns = {name: values[name] for name in ("url", "send_payload", "send_for_all_actions", "is_active") if name in values}
    if "actions" in values:
        columns["actions"] = JSONText.of(list(values["actions"]))
    if "headers" in values:
        columns["headers_sealed"] = _sealed(values["headers"], secret_key)
    if "secret" in values:
        columns["secret_sealed"] = seal(values["secret"], secret_key) if values["secret"] else None
    queries.update_webhook(conn, webhook.id, **columns, resting_until=None, failures=0, updated_at=clock.now())
    if columns.get("is_active") is False:
        queries.give_up(conn, webhook.id, SWITCHED_OFF)
    note_listeners(conn, webhook.project_id)
    announce(conn, "deliveries")


def delete_webhook(conn: Connection, webhook: Any) -> None:
    """Delete it with all that was and was not delivered."""
    conn.execute(sa.delete(webhooks).where(webhooks.c.id == webhook.id))
    note_listeners(conn, webhook.project_id)


def note_listeners(conn: Connection, project_id: int) -> None:
    """Write whether anybody listens to the project. After every change of its webhooks, also by the end of an ML backend."""
    listens = sa.exists().where(webhooks.c.project_id == project_id, webhooks.c.is_active.is_(True))
    conn.execute(sa.update(projects).where(projects.c.id == project_id).values(has_webhooks=listens))


def send_again(conn: Connection, webhook: Any, delivery: Any) -> None:
    """Put a delivery that is over back into the line. Raises Invalid."""
    if not webhook.is_active:
        raise Invalid.general("The webhook is switched off. Switch it on first.")
    over = sa.and_(webhook_deliveries.c.id == delivery.id, webhook_deliveries.c.state.in_(("delivered", "failed")))
    again = {"state": "waiting", "attempts": 0, "next_try_at": None, "finished_at": None, "error": None, "status_code": None}
    if conn.execute(sa.update(webhook_deliveries).where(over).values(**again)).rowcount == 0:
        raise Invalid.general("The delivery is on its way already.")
    queries.update_webhook(conn, webhook.id, resting_until=None, failures=0)
    announce(conn, "deliveries")


def _sealed(headers: Mapping[str, str] | None, secret_key: str) -> str | None:
    return seal(JSONText.of(dict(headers)), secret_key) if headers else None
