"""Webhooks: whom to tell what happens in a project, and the log of what was told."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.access import Record, find_project, sees_organization, signed_in, webhook_for_members
from labelwright.server.actions.record_event import EVENTS, actions_of, body_of, known_actions
from labelwright.server.actions.save_webhook import create_webhook, delete_webhook, send_again, update_webhook
from labelwright.server.actions.send_delivery import Outcome, own_headers, send
from labelwright.server.api import fields as f
from labelwright.server.api.errors import PlainError
from labelwright.server.api.paging import page_answer, page_number
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.webhooks import DeliveryPage, DeliveryWithBody, NewWebhook, Webhook, WebhookChange
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import webhooks as queries
from labelwright.server.db.queries.projects import project_row
from labelwright.server.db.tables import webhook_deliveries
from labelwright.server.errors import Invalid, NotFound
from labelwright.server.outgoing import BadAddress
from labelwright.server.wire import Wire, raw

LONGEST_URL, LONGEST_SECRET, LONGEST_HEADER = 2048, 200, 4096
MOST_HEADERS = 10
PAGE_SIZE, LARGEST_PAGE = 50, 500
HEADER = re.compile(r"[A-Za-z0-9_-]{1,100}")
RESERVED = {"host", "connection", "content-length", "content-type", "transfer-encoding", "upgrade", "te", "trailer", "expect"}
TEST = "TEST"


def delivery_for_members(call: Call, conn: Connection) -> Record:
    """The delivery named by `delivery_id`, if the caller may see its webhook."""
    user, row = call.user, queries.delivery_row(conn, call.params["delivery_id"])
    project = None if row is None else project_row(conn, row.project_id)
    if row is None or project is None or not sees_organization(user, project.organization_id):
        raise NotFound("WebhookDelivery")
    return row


# ---------------------------------------------------------------- webhooks
@route("GET", "/api/webhooks", allow=signed_in, query={"project": "project id"}, answer=list[Webhook])
def list_webhooks(call: Call, user: User) -> Answer:
    """The webhooks of a project, or of all projects of the organization."""
    project_id = call.integer("project")
    if project_id is not None:
        find_project(call, call.conn, project_id)
    rows = queries.webhooks_of(call.conn, user.organization_id, project_id)
    return json_answer([_wire(call, row) for row in rows])


@route("GET", "/api/webhooks/info", allow=signed_in, query={"organization-only": "true: those of no project"})
def list_actions(call: Call, _: User) -> Answer:
    """What can happen: action → its title and the key of the body that holds what it is about."""
    only = call.flag("organization-only")
    info = {
        name: {"name": event.title, "description": "", "key": event.key, "organization-only": event.is_of_organization}
        for name, event in EVENTS.items()
        if event.is_of_organization or not only
    }
    return json_answer(info)


@route("POST", "/api/webhooks", allow=signed_in, body=NewWebhook, answer=Webhook)
def create(call: Call, _: User) -> Answer:
    """Call an address whenever something happens in a project."""
    fields = call.body.fields
    project_id = f.integer(fields, "project", None)
    if project_id is None:
        raise PlainError(404, {"detail": "Project not found."})
    values = _read(fields)
    if "url" not in values:
        raise Invalid.field("url", "This field is required.")
    project = find_project(call, call.conn, project_id)
    made = create_webhook(call.conn, project, values.pop("url"), secret_key=call.settings.secret_key, **values)
    return json_answer(_wire(call, queries.webhook_row(call.conn, made)), status=201)


@route("GET", "/api/webhooks/{webhook_id:int}", allow=webhook_for_members, answer=Webhook)
def read(call: Call, row: Record) -> Answer:
    """One webhook."""
    return json_answer(_wire(call, row))


def _update(call: Call, row: Record) -> Answer:
    """Change a webhook: what the body names; `actions` that it does not name are emptied."""
    values = {"actions": [], **_read(call.body.fields)}
    if call.method == "PUT" and "url" not in values:
        raise Invalid.field("url", "This field is required.")
    update_webhook(call.conn, row, values, secret_key=call.settings.secret_key)
    return json_answer(_wire(call, queries.webhook_row(call.conn, row.id)))


update = route("PATCH", "/api/webhooks/{webhook_id:int}", allow=webhook_for_members, body=WebhookChange, answer=Webhook)(_update)
replace = route("PUT", "/api/webhooks/{webhook_id:int}", allow=webhook_for_members, body=WebhookChange, answer=Webhook)(_update)


@route("DELETE", "/api/webhooks/{webhook_id:int}", allow=webhook_for_members)
def delete(call: Call, row: Record) -> Answer:
    """Delete a webhook with its deliveries."""
    delete_webhook(call.conn, row)
    return nothing()


# ---------------------------------------------------------------- deliveries
@route(
    "GET",
    "/api/webhooks/{webhook_id:int}/deliveries",
    allow=webhook_for_members,
    query={"page": "from 1", "page_size": f"default {PAGE_SIZE}", "state": "only these: waiting, retrying, delivered, failed"},
    answer=DeliveryPage,
)
def list_deliveries(call: Call, row: Record) -> Answer:
    """What was sent, and what is to be sent: newest first."""
    state = call.text("state")
    total = queries.count_deliveries(call.conn, row.id, state)
    size = min(max(1, call.integer("page_size", PAGE_SIZE) or PAGE_SIZE), LARGEST_PAGE)
    page = page_number(call, total, size)
    rows = queries.page_of_deliveries(call.conn, row.id, state, limit=size, offset=(page - 1) * size)
    return page_answer(call, [_delivery(one) for one in rows], total=total, page=page, size=size)


@route("GET", "/api/webhook-deliveries/{delivery_id:int}", allow=delivery_for_members, answer=DeliveryWithBody)
def read_delivery(call: Call, row: Record) -> Answer:
    """One delivery with what is sent."""
    return json_answer(_with_body(row))


@route("POST", "/api/webhooks/{webhook_id:int}/test", allow=webhook_for_members, mode="work", status=200, answer=DeliveryWithBody)
def test(call: Call, row: Record) -> Answer:
    """Send the event TEST now, once, also to a webhook that is switched off; what came of it."""
    delivery, webhook = call.db.write(lambda conn: _begin_test(conn, row))
    outcome = send(call.settings, webhook, delivery.id, TEST, delivery.body)
    return json_answer(_with_body(call.db.write(lambda conn: _end_test(conn, delivery.id, outcome))))


def _begin_test(conn: Connection, row: Record) -> tuple[Record, Record]:
    """The delivery, in the log from the beginning, and its webhook. The relay leaves what is over alone."""
    webhook = queries.callee(conn, row.id)
    if webhook is None:
        raise NotFound("Webhook")
    body = body_of(conn, row.project_id, TEST, {}) if row.send_payload else f'{{"action":"{TEST}"}}'
    values = {
        "project_id": row.project_id,
        "webhook_id": row.id,
        "action": TEST,
        "body": body,
        "state": "failed",
        "error": "The server stopped before it was sent.",
        "created_at": clock.now(),
    }
    made = sa.insert(webhook_deliveries).values(**values).returning(webhook_deliveries)
    return conn.execute(made).one(), webhook


def _end_test(conn: Connection, delivery_id: int, outcome: Outcome) -> Record:
    values = {
        "state": "delivered" if outcome.what == "delivered" else "failed",
        "attempts": 1,
        "status_code": outcome.status_code,
        "duration_ms": outcome.duration_ms,
        "error": outcome.error,
        "finished_at": clock.now(),
    }
    queries.settle(conn, delivery_id, **values)
    row = queries.delivery_row(conn, delivery_id)
    if row is None:
        raise NotFound("Webhook")
    return row


@route(
    "POST",
    "/api/webhook-deliveries/{delivery_id:int}/replay",
    allow=delivery_for_members,
    status=200,
    answer=DeliveryWithBody,
)
def replay(call: Call, row: Record) -> Answer:
    """Send a delivery that is over again, with the same id and body."""
    send_again(call.conn, queries.webhook_row(call.conn, row.webhook_id), row)
    return json_answer(_with_body(queries.delivery_row(call.conn, row.id)))


# ---------------------------------------------------------------- reading bodies
def _read(fields: dict[str, Any]) -> dict[str, Any]:
    """The checked fields of a body, without `project`. Raises Invalid."""
    values: dict[str, Any] = {}
    if "url" in fields:
        values["url"] = _url(fields)
    for name in ("send_payload", "send_for_all_actions", "is_active"):
        if name in fields:
            values[name] = f.boolean(fields, name)
    if "headers" in fields:
        values["headers"] = _headers(fields["headers"])
    if "actions" in fields:
        values["actions"] = _actions(fields["actions"])
    if "secret" in fields:
        values["secret"] = f.text(fields, "secret", null=True, longest=LONGEST_SECRET) or ""
    return values


def _url(fields: dict[str, Any]) -> str:
    from labelwright.server.outgoing_http import read_url

    text: str = f.text(fields, "url", longest=LONGEST_URL).strip()
    if not text:
        raise Invalid.field("url", "This field may not be blank.")
    try:
        read_url(text)
    except BadAddress as error:
        raise Invalid(url=["Enter a valid URL.", str(error)]) from None
    return text


def _headers(given: Any) -> dict[str, str]:
    if given is None:
        raise Invalid.field("headers", "This field may not be null.")
    if not isinstance(given, dict):
        raise Invalid.field("headers", "An object of names and texts is expected.")
    if len(given) > MOST_HEADERS:
        raise Invalid.field("headers", f"At most {MOST_HEADERS} headers.")
    for name, value in given.items():
        if not HEADER.fullmatch(name):
            raise Invalid.field("headers", f"{name!r:.60} can't be the name of a header: letters, digits, - and _ only.")
        if name.lower() in RESERVED or name.lower().startswith("x-labelwright-"):
            raise Invalid.field("headers", f"{name} is written by the server itself.")
        if not isinstance(value, str) or not value.isprintable() or not value.isascii() or len(value) > LONGEST_HEADER:
            raise Invalid.field("headers", f"The value of {name} must be a text of printable ASCII characters.")
    return given


def _actions(given: Any) -> list[str]:
    if given is None:
        raise Invalid.field("actions", "This field may not be null.")
    if not isinstance(given, list):
        raise Invalid.field("actions", f'Expected a list of items but got type "{type(given).__name__}".')
    known = set(known_actions())
    for place, name in enumerate(given):
        if not isinstance(name, str) or name not in EVENTS:
            raise Invalid(actions=[{str(place): [f'"{name!s:.60}" is not a valid choice.']}])
        if name not in known:
            raise Invalid.field("actions", f"{name} is no event of a project.")
    return list(dict.fromkeys(given))


# ---------------------------------------------------------------- spelling
def _wire(call: Call, row: Record) -> Wire:
    """As Label Studio spells it; what we know more of is there only where it says something, since clients compare the whole."""
    more: Wire = {}
    if row.secret_sealed is not None:
        more["has_secret"] = True
    if row.ml_backend_id is not None:
        more["ml_backend"] = row.ml_backend_id
    return {
        "id": row.id,
        "organization": row.organization_id,
        "project": row.project_id,
        "url": row.url,
        "send_payload": row.send_payload,
        "send_for_all_actions": row.send_for_all_actions,
        "headers": own_headers(row, call.settings.secret_key),
        "is_active": row.is_active,
        "actions": actions_of(row),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        **more,
    }


def _delivery(row: Record) -> Wire:
    return {
        "id": row.id,
        "webhook": row.webhook_id,
        "action": row.action,
        "state": row.state,
        "attempts": row.attempts,
        "status_code": row.status_code,
        "duration_ms": row.duration_ms,
        "error": row.error,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
        "next_try_at": row.next_try_at,
    }


def _with_body(row: Record) -> Wire:
    return {**_delivery(row), "body": raw(row.body)}


routes: list[Route[Any]] = [
    list_webhooks,
    list_actions,
    create,
    read,
    update,
    replace,
    delete,
    list_deliveries,
    test,
    read_delivery,
    replay,
]
