"""Tell webhooks what happened: a row per webhook that wants to know, in the transaction of what it tells.

The body is made at once, so it says how things were then; `server/webhooks/relay.py` sends it after the commit. Where nobody
listens (`projects.has_webhooks`), this asks the database nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.server import clock, wire_events
from labelwright.server.db.engine import announce
from labelwright.server.db.queries import webhooks as queries
from labelwright.server.db.queries.answers import annotation_row
from labelwright.server.db.queries.ids import among
from labelwright.server.db.queries.labels import label_row, link_row
from labelwright.server.db.queries.projects import project_row
from labelwright.server.db.queries.tasks import task_row
from labelwright.server.db.tables import annotation_table, tasks, webhook_deliveries
from labelwright.server.wire import Wire

MOST_ITEMS = 500
"""Tasks in one TASKS_CREATED (annotations in one ANNOTATIONS_CREATED); an import of more is told in several."""


class Event(Struct, frozen=True):
    title: str
    key: str
    """Under which the body holds what it is about."""
    is_of_organization: bool = False
    """Known by name only: projects' webhooks don't get it."""


EVENTS: dict[str, Event] = {
    "PROJECT_CREATED": Event("Project created", "project", True),
    "PROJECT_UPDATED": Event("Project updated", "project"),
    "PROJECT_DELETED": Event("Project deleted", "project", True),
    "TASKS_CREATED": Event("Task created", "tasks"),
    "TASKS_DELETED": Event("Task deleted", "tasks"),
    "ANNOTATION_CREATED": Event("Annotation created", "annotation"),
    "ANNOTATIONS_CREATED": Event("Annotations created", "annotation"),
    "ANNOTATION_UPDATED": Event("Annotation updated", "annotation"),
    "ANNOTATIONS_DELETED": Event("Annotation deleted", "annotations"),
    "LABEL_LINK_CREATED": Event("Label link created", "label_link"),
    "LABEL_LINK_UPDATED": Event("Label link updated", "label_link"),
    "LABEL_LINK_DELETED": Event("Label link deleted", "label_link"),
}


class Listened(Protocol):
    """A project's row, or what an action knows of it."""

    @property
    def id(self) -> int: ...
    @property
    def has_webhooks(self) -> bool: ...


def record_event(conn: Connection, project: Listened, action: str, payload: Callable[[], Wire]) -> None:
    """Queue one event for each active webhook that wants it. `payload` makes the body's part beside `action` and `project`."""
    if project.has_webhooks:
        _queue(conn, project.id, action, [payload])


def record_annotation(conn: Connection, project: Listened, action: str, annotation_id: int) -> None:
    """ANNOTATION_CREATED or ANNOTATION_UPDATED, with the annotation and its task as they are now."""

    def payload() -> Wire:
        row = annotation_row(conn, annotation_id)
        task = task_row(conn, row.task_id) if row is not None else None
        return {"annotation": wire_events.annotation(row), "task": wire_events.task(task)}

    record_event(conn, project, action, payload)


def record_annotations(conn: Connection, project: Listened, annotation_ids: Sequence[int]) -> None:
    """ANNOTATIONS_CREATED: many at once."""

    def payload(part: Sequence[int]) -> Wire:
        query = sa.select(annotation_table).where(among(conn, annotation_table.c.id, part)).order_by(annotation_table.c.id)
        found = conn.execute(query).all()
        of = sa.select(tasks).where(among(conn, tasks.c.id, [row.task_id for row in found])).order_by(tasks.c.id)
        return {
            "annotation": [wire_events.annotation(row) for row in found],
            "task": [wire_events.task(row) for row in conn.execute(of)],
        }

    _record_in_parts(conn, project, "ANNOTATIONS_CREATED", annotation_ids, payload)


def record_new_tasks(conn: Connection, project: Listened, task_ids: Sequence[int]) -> None:
    """TASKS_CREATED."""

    def payload(part: Sequence[int]) -> Wire:
        found = conn.execute(sa.select(tasks).where(among(conn, tasks.c.id, part)).order_by(tasks.c.id))
        return {"tasks": [wire_events.task(row) for row in found]}

    _record_in_parts(conn, project, "TASKS_CREATED", task_ids, payload)


def record_gone(conn: Connection, project: Listened, action: str, gone_ids: Sequence[int]) -> None:
    """TASKS_DELETED or ANNOTATIONS_DELETED: one event with all ids; none where nothing is gone."""
    if gone_ids:
        record_event(conn, project, action, lambda: {EVENTS[action].key: wire_events.ids(gone_ids)})


def record_links(conn: Connection, project: Listened, link_ids: Sequence[int]) -> None:
    """LABEL_LINK_CREATED."""

    def payload() -> Wire:
        return {"label_link": [wire_events.label_link(link_row(conn, number)) for number in link_ids]}

    if link_ids:
        record_event(conn, project, "LABEL_LINK_CREATED", payload)


def record_link_gone(conn: Connection, project: Listened, link_id: int) -> None:
    """LABEL_LINK_DELETED."""
    record_event(conn, project, "LABEL_LINK_DELETED", lambda: {"label_link": {"id": link_id}})


def record_link_change(conn: Connection, project: Listened, link: Any) -> None:
    """LABEL_LINK_UPDATED, with the link's label."""

    def payload() -> Wire:
        label = label_row(conn, link.organization_id, link.label_id)
        return {"label_link": wire_events.label_link(link), "label": wire_events.label(label)}

    record_event(conn, project, "LABEL_LINK_UPDATED", payload)


def body_of(conn: Connection, project_id: int, action: str, payload: Wire) -> str:
    """The JSON that is sent: the action, what it is about, and the project as it is now."""
    project = project_row(conn, project_id)
    told = {} if project is None else {"project": wire_events.project(project)}
    return msgspec.json.encode({"action": action, **payload, **told}).decode()


# ---------------------------------------------------------------- queueing
def _record_in_parts(
    conn: Connection, project: Listened, action: str, ids: Sequence[int], payload: Callable[[Sequence[int]], Wire]
) -> None:
    if project.has_webhooks and ids:
        parts = [ids[start : start + MOST_ITEMS] for start in range(0, len(ids), MOST_ITEMS)]
        _queue(conn, project.id, action, [lambda part=part: payload(part) for part in parts])  # type: ignore[misc]


def _queue(conn: Connection, project_id: int, action: str, payloads: Sequence[Callable[[], Wire]]) -> None:
    hooks = [hook for hook in queries.active_webhooks(conn, project_id) if wants(hook, action)]
    if not hooks:
        return
    bare = msgspec.json.encode({"action": action}).decode()
    with_payload = any(hook.send_payload for hook in hooks)
    moment = clock.now()
    for payload in payloads:
        body = body_of(conn, project_id, action, payload()) if with_payload else bare
        rows = [
            {
                "project_id": project_id,
                "webhook_id": hook.id,
                "action": action,
                "body": body if hook.send_payload else bare,
                "state": "waiting",
                "created_at": moment,
            }
            for hook in hooks
        ]
        conn.execute(sa.insert(webhook_deliveries), rows)
    announce(conn, "deliveries")


def wants(hook: Any, action: str) -> bool:
    """Whether the webhook is to be told of the action."""
    return hook.send_for_all_actions or action in actions_of(hook)


def actions_of(hook: Any) -> list[str]:
    names: list[str] = msgspec.json.decode(hook.actions, type=list[str])
    return names


def known_actions() -> Iterator[str]:
    """What a project's webhook may ask for."""
    return (name for name, event in EVENTS.items() if not event.is_of_organization)
