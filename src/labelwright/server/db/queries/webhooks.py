"""Webhooks and what waits to be delivered to them.

Each webhook has a line: deliveries in the state `waiting`, oldest first, one at a time. One that the receiver refuses again and
again steps aside (`retrying`) and is tried at its own times. While the receiver is away the whole webhook rests
(`resting_until`). A process that delivers holds the webhook (`busy_by`, `busy_until`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.db.tables import ml_backends, projects, webhook_deliveries, webhooks

Record = Any
"""A row as the query names its columns; SQLAlchemy gives rows of each query a type of their own."""

KEPT = 1000
KEPT_DAYS = 30
OPEN = ("waiting", "retrying")

d = webhook_deliveries.c
_active = (
    sa.select(webhooks.c.id, webhooks.c.actions, webhooks.c.send_payload, webhooks.c.send_for_all_actions)
    .where(webhooks.c.project_id == sa.bindparam("project"), webhooks.c.is_active.is_(True))
    .order_by(webhooks.c.id)
)


# ---------------------------------------------------------------- webhooks
def active_webhooks(conn: Connection, project_id: int) -> Sequence[Record]:
    return conn.execute(_active, {"project": project_id}).all()


def webhook_row(conn: Connection, webhook_id: int) -> Record | None:
    return conn.execute(sa.select(webhooks).where(webhooks.c.id == webhook_id)).first()


def webhooks_of(conn: Connection, organization_id: int, project_id: int | None) -> Sequence[Record]:
    """The organization's webhooks (of one project), oldest first."""
    query = sa.select(webhooks).join(projects, projects.c.id == webhooks.c.project_id)
    where = [webhooks.c.organization_id == organization_id, projects.c.deleted_at.is_(None)]
    if project_id is not None:
        where.append(webhooks.c.project_id == project_id)
    return conn.execute(query.where(*where).order_by(webhooks.c.id)).all()


_callee = sa.select(
    webhooks,
    ml_backends.c.auth_method,
    ml_backends.c.basic_auth_user,
    ml_backends.c.basic_auth_pass_sealed,
).join(ml_backends, ml_backends.c.id == webhooks.c.ml_backend_id, isouter=True)


def callee(conn: Connection, webhook_id: int) -> Record | None:
    """A webhook with how its model wants to be called, if it is a model's."""
    return conn.execute(_callee.where(webhooks.c.id == webhook_id)).first()


# ---------------------------------------------------------------- the log
def _of_webhook(webhook_id: int, state: str) -> Any:
    """Deliveries of the webhook; of one state, unless that is ""."""
    return sa.and_(d.webhook_id == webhook_id, d.state == state) if state else d.webhook_id == webhook_id


def count_deliveries(conn: Connection, webhook_id: int, state: str = "") -> int:
    query = sa.select(sa.func.count()).select_from(webhook_deliveries).where(_of_webhook(webhook_id, state))
    return int(conn.execute(query).scalar_one())


def page_of_deliveries(conn: Connection, webhook_id: int, state: str = "", *, limit: int, offset: int) -> Sequence[Record]:
    """Newest first."""
    query = sa.select(webhook_deliveries).where(_of_webhook(webhook_id, state)).order_by(d.id.desc())
    return conn.execute(query.limit(limit).offset(offset)).all()


def delivery_row(conn: Connection, delivery_id: int) -> Record | None:
    return conn.execute(sa.select(webhook_deliveries).where(d.id == delivery_id)).first()


# ---------------------------------------------------------------- what is due
def _is_open(*more: Any) -> Any:
    return sa.exists().where(d.webhook_id == webhooks.c.id, *more)


_waits = _is_open(d.state == "waiting")
_tried_again = _is_open(d.state == "retrying", d.next_try_at <= sa.bindparam("now"))
_is_due = sa.and_(
    webhooks.c.is_active.is_(True),
    sa.or_(webhooks.c.busy_until.is_(None), webhooks.c.busy_until < sa.bindparam("now")),
    sa.or_(webhooks.c.resting_until.is_(None), webhooks.c.resting_until <= sa.bindparam("now")),
    sa.or_(_waits, _tried_again),
)
_due = sa.select(webhooks.c.id).where(_is_due).order_by(webhooks.c.resting_until.nulls_first(), webhooks.c.id).limit(1)
_locked_due = _due.with_for_update(skip_locked=True, of=webhooks)
_open = sa.select(webhooks.c.id).where(webhooks.c.is_active.is_(True), _is_open(d.state.in_(OPEN))).limit(1)


def is_any_due(conn: Connection) -> bool:
    return conn.execute(_due, {"now": clock.now()}).first() is not None


def is_any_open(conn: Connection) -> bool:
    """Whether anything waits to be delivered, now or later."""
    return conn.execute(_open).first() is not None


def claim(conn: Connection, owner: str, lease_s: float) -> int | None:
    """A webhook that has something to deliver, now the owner's; None if there is none."""
    webhook_id = conn.execute(_locked_due, {"now": clock.now()}).scalar()
    if webhook_id is not None:
        held = {"busy_by": owner, "busy_until": clock.after(lease_s)}
        conn.execute(sa.update(webhooks).where(webhooks.c.id == webhook_id).values(**held))
    return webhook_id


def hold(conn: Connection, webhook_id: int, owner: str, lease_s: float) -> Record | None:
    """Go on holding a webhook, and how it is called now; None where it is somebody else's, off, or gone."""
    mine = sa.and_(webhooks.c.id == webhook_id, webhooks.c.busy_by == owner, webhooks.c.is_active.is_(True))
    held = conn.execute(sa.update(webhooks).where(mine).values(busy_until=clock.after(lease_s)))
    return callee(conn, webhook_id) if held.rowcount else None


def release(conn: Connection, webhook_id: int, owner: str) -> None:
    mine = sa.and_(webhooks.c.id == webhook_id, webhooks.c.busy_by == owner)
    conn.execute(sa.update(webhooks).where(mine).values(busy_by=None, busy_until=None))


def release_all(conn: Connection) -> None:
    """Where there is only one server, those of a dead one."""
    conn.execute(sa.update(webhooks).where(webhooks.c.busy_by.is_not(None)).values(busy_by=None, busy_until=None))


def next_delivery(conn: Connection, webhook: Record) -> Record | None:
    """What is to be sent to the webhook now: what became due first, of the line's head and of those beside it."""
    now = clock.now()
    if webhook.resting_until is not None and webhook.resting_until > now:
        return None
    mine = sa.select(webhook_deliveries).where(d.webhook_id == webhook.id)
    head = conn.execute(mine.where(d.state == "waiting").order_by(d.id).limit(1)).first()
    again = conn.execute(mine.where(d.state == "retrying", d.next_try_at <= now).order_by(d.next_try_at).limit(1)).first()
    if head is not None and (again is None or head.created_at <= again.next_try_at):
        return head
    return again


# ---------------------------------------------------------------- what became of it
def settle(conn: Connection, delivery_id: int, **values: Any) -> None:
    conn.execute(sa.update(webhook_deliveries).where(d.id == delivery_id).values(**values))


def update_webhook(conn: Connection, webhook_id: int, **values: Any) -> None:
    conn.execute(sa.update(webhooks).where(webhooks.c.id == webhook_id).values(**values))


def give_up(conn: Connection, webhook_id: int, reason: str, *, before: str | None = None) -> None:
    """Deliver none of what is open (and older than `before`)."""
    older = [] if before is None else [d.created_at < before]
    over = {"state": "failed", "error": reason, "next_try_at": None, "finished_at": clock.now()}
    conn.execute(sa.update(webhook_deliveries).where(d.webhook_id == webhook_id, d.state.in_(OPEN), *older).values(**over))


def prune(conn: Connection, webhook_id: int) -> None:
    """Forget what is over, but the last `KEPT` of the last `KEPT_DAYS` days."""
    over = sa.and_(d.webhook_id == webhook_id, d.state.not_in(OPEN))
    last = sa.select(d.id).where(over).order_by(d.id.desc()).offset(KEPT).limit(1).scalar_subquery()
    old = sa.or_(d.id <= last, d.created_at < clock.after(-KEPT_DAYS * 86_400))
    conn.execute(sa.delete(webhook_deliveries).where(over, old))
