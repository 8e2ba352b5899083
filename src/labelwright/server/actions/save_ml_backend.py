"""Connect a model to a project, change the connection, note how the model is, take it away."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.actions.enqueue_job import cancel_job
from labelwright.server.actions.prelabel import prelabel_all
from labelwright.server.actions.save_webhook import create_webhook, note_listeners
from labelwright.server.db.queries.jobs import OPEN
from labelwright.server.db.queries.projects import project_row, update_project
from labelwright.server.db.queries.tasks import lock_growth
from labelwright.server.db.tables import jobs, ml_backends, projects, webhooks
from labelwright.server.errors import NotFound


class Check(Struct, frozen=True, kw_only=True):
    """How a model was when it was asked."""

    state: Literal["CO", "DI", "ER"]
    latency_ms: float | None = None
    """Of /health."""
    version: str | None = None
    """What /setup said; None where it was not reached."""
    problem: str | None = None
    """Words for people; None for a model that is well."""
    status: int | None = None
    """The HTTP status of an error answer."""


def connect_ml_backend(conn: Connection, project: Any, user_id: int, values: dict[str, Any], *, secret_key: str) -> int:
    """A new model's id. `values` are checked columns; the model was asked before and was well.

    It becomes the one that people see if they see none yet, and hears of what happens in the project.
    """
    moment = clock.now()
    made = {**values, "project_id": project.id, "connected_by_id": user_id, "state": "CO", "model_version": ""}
    made |= {"created_at": moment, "updated_at": moment}
    insert = sa.insert(ml_backends).values(**made).returning(ml_backends.c.id)
    backend_id: int = conn.execute(insert).scalar_one()
    now = project_row(conn, project.id)
    if now is None:
        raise NotFound("Project")
    if now.show_collab_predictions and not now.model_version:
        update_project(conn, project.id, {"model_version": values["title"]})
    _add_webhook(conn, project, backend_id, values["url"], secret_key)
    return backend_id


def update_ml_backend(conn: Connection, backend: Any, project: Any, user_id: int, values: dict[str, Any]) -> None:
    """Write checked columns. A new title follows where people are shown the model by its old one; so does the webhook's address.

    Whoever changes the address is from then on the one who connected the model (see `open_model.token_for_model`).
    """
    if "url" in values and values["url"] != backend.url:
        values["connected_by_id"] = user_id
    changed = sa.update(ml_backends).where(ml_backends.c.id == backend.id).values(**values, updated_at=clock.now())
    if conn.execute(changed).rowcount == 0:
        raise NotFound("MLBackend")
    if "title" in values and values["title"] != backend.title:
        renamed = sa.and_(projects.c.id == project.id, projects.c.model_version == backend.title)
        conn.execute(sa.update(projects).where(renamed).values(model_version=values["title"]))
    if "url" in values and values["url"] != backend.url:
        mine = sa.and_(webhooks.c.ml_backend_id == backend.id, webhooks.c.url == webhook_url(backend.url))
        moved = {"url": webhook_url(values["url"]), "updated_at": clock.now()}
        conn.execute(sa.update(webhooks).where(mine).values(**moved))


def delete_ml_backend(conn: Connection, backend: Any) -> None:
    """Take the model away with its open jobs. What it predicted stays."""
    for job in conn.execute(sa.select(jobs).where(jobs.c.ml_backend_id == backend.id, jobs.c.state.in_(OPEN))).all():
        cancel_job(conn, job)
    _pass_webhook_on(conn, backend)
    conn.execute(sa.delete(ml_backends).where(ml_backends.c.id == backend.id))
    same = sa.select(ml_backends.c.id).where(ml_backends.c.project_id == backend.project_id, ml_backends.c.title == backend.title)
    shown = sa.and_(projects.c.id == backend.project_id, projects.c.model_version == backend.title, ~sa.exists(same))
    conn.execute(sa.update(projects).where(shown).values(model_version=""))
    note_listeners(conn, backend.project_id)


def record_check(conn: Connection, backend_id: int, check: Check, *, is_new: bool = False) -> Any:
    """Note how the model was; its row afterwards. A version that is new there has the project's tasks pre-labeled.

    Raises NotFound where the model was taken away meanwhile.
    """
    before = conn.execute(sa.select(ml_backends).where(ml_backends.c.id == backend_id).with_for_update(key_share=True)).first()
    if before is None:
        raise NotFound("MLBackend")
    values: dict[str, Any] = {"state": check.state, "error_message": check.problem, "checked_at": clock.now()}
    if check.latency_ms is not None:
        values["latency_ms"] = round(check.latency_ms, 1)
    has_changed = check.version is not None and before.auto_update and check.version != (before.model_version or "")
    if has_changed:
        values["model_version"] = check.version
    after = conn.execute(
        sa.update(ml_backends).where(ml_backends.c.id == backend_id).values(**values).returning(*ml_backends.c)
    ).one()
    if has_changed or (is_new and check.state == "CO"):
        prelabel_tasks(conn, after, after.model_version if after.auto_update else None)
    return after


def prelabel_tasks(conn: Connection, backend: Any, version: str | None) -> None:
    """Have the model asked about the tasks it has said nothing about, if the project wants that. `version`: what it just told."""
    lock_growth(conn, backend.project_id)  # an import that did not see the model ends first
    project = project_row(conn, backend.project_id)
    if project is not None and project.prelabel_automatically and project.task_count:
        prelabel_all(conn, backend.project_id, backend.id, version=version)


# ---------------------------------------------------------------- what the model hears of
def webhook_url(url: str) -> str:
    return url.rstrip("/") + "/webhook"


def _add_webhook(conn: Connection, project: Any, backend_id: int, url: str, secret_key: str) -> None:
    """All events of the project, unless something there hears them already."""
    at = webhook_url(url)
    known = sa.select(webhooks.c.id).where(webhooks.c.project_id == project.id, webhooks.c.url == at).limit(1)
    if conn.execute(known).first() is None:
        create_webhook(conn, project, at, secret_key=secret_key, ml_backend_id=backend_id)


def _pass_webhook_on(conn: Connection, backend: Any) -> None:
    """Give the webhook to another model at the same address, so that it does not go with this one."""
    others = sa.select(ml_backends).where(ml_backends.c.project_id == backend.project_id, ml_backends.c.id != backend.id)
    heir = next((row for row in conn.execute(others) if webhook_url(row.url) == webhook_url(backend.url)), None)
    if heir is not None:
        conn.execute(sa.update(webhooks).where(webhooks.c.ml_backend_id == backend.id).values(ml_backend_id=heir.id))
