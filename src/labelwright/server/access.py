"""Who may do what. One pure rule per sentence, and one loader per kind of object a path names.

A loader finds the object and answers 404 to anybody outside its organization: `allow=project_for_members` on a route reads as the
sentence it is. Every route must name one (`public` and `signed_in` are the two without an object).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server.api.routing import Call
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import people
from labelwright.server.db.tables import (
    annotation_table,
    drafts,
    exports,
    file_uploads,
    jobs,
    memberships,
    ml_backends,
    predictions,
    projects,
    tasks,
    users,
    views,
    webhooks,
)
from labelwright.server.errors import Forbidden, NotFound

Record = Any
"""A row as the query names its columns; SQLAlchemy gives rows of each query a type of their own."""


# ---------------------------------------------------------------- rules
def sees_organization(user: User, organization_id: int) -> bool:
    return user.organization_id == organization_id


def may_manage_organization(user: User) -> bool:
    return user.is_owner


def may_sign_for_others(user: User) -> bool:
    """Whether `completed_by` of a request is honoured; everybody else signs as themselves."""
    return user.role in ("owner", "manager")


def may_change_profile(user: User, user_id: int) -> bool:
    """Names and phone are changed by the person or the owner of their organization."""
    return user.id == user_id or may_manage_organization(user)


# ---------------------------------------------------------------- loaders
def public(call: Call, conn: Connection) -> None:
    """Anybody, signed in or not."""


def signed_in(call: Call, conn: Connection) -> User:
    return call.user


def organization_owner(call: Call, conn: Connection) -> User:
    if not may_manage_organization(call.user):
        raise Forbidden()
    return call.user


_project = sa.select(projects).where(projects.c.id == sa.bindparam("id"), projects.c.deleted_at.is_(None))


def find_project(call: Call, conn: Connection, project_id: int) -> Record:
    """The project, if the caller's organization owns it."""
    user = call.user
    row = conn.execute(_project, {"id": project_id}).first() if 0 <= project_id < 2**63 else None
    if row is None or not sees_organization(user, row.organization_id):
        raise NotFound("Project")
    return row


def project_for_members(call: Call, conn: Connection) -> Record:
    """The project named by `project_id`."""
    return find_project(call, conn, call.params["project_id"])


def _owned(table: sa.Table, name: str, *more: Any, lock: bool = False) -> Callable[[Call, Connection, int], Record]:
    """A finder of rows of `table`. With `lock`, a writing call holds the row until its transaction ends."""
    columns = [column for column in table.c if column.name != "organization_id"]
    query = (
        sa.select(*columns, projects.c.organization_id.label("organization_id"), *more)
        .join(projects, projects.c.id == table.c.project_id)
        .where(table.c.id == sa.bindparam("id"), projects.c.deleted_at.is_(None))
    )
    locking = query.with_for_update(of=table, key_share=True)

    def find(call: Call, conn: Connection, object_id: int) -> Record:
        user = call.user
        chosen = locking if lock and call.method != "GET" else query
        row = conn.execute(chosen, {"id": object_id}).first() if 0 <= object_id < 2**63 else None
        if row is None or not sees_organization(user, row.organization_id):
            raise NotFound(name)
        return row

    return find


find_task = _owned(
    tasks,
    "Task",
    projects.c.model_version.label("project_model_version"),
    projects.c.show_collab_predictions,
    projects.c.evaluate_predictions_automatically,
    projects.c.withheld_percent,
    lock=True,
)
"""With what decides about its suggestion, so that submitting asks no further question."""
find_annotation = _owned(annotation_table, "Annotation")
find_prediction = _owned(predictions, "Prediction")
find_draft = _owned(drafts, "AnnotationDraft")
find_view = _owned(views, "View")
find_export = _owned(exports, "Export")
find_file_upload = _owned(file_uploads, "FileUpload")
find_ml_backend = _owned(ml_backends, "MLBackend")
find_job = _owned(jobs, "Job")
find_webhook = _owned(webhooks, "Webhook")


def task_for_members(call: Call, conn: Connection) -> Record:
    return find_task(call, conn, call.params["task_id"])


def annotation_for_members(call: Call, conn: Connection) -> Record:
    return find_annotation(call, conn, call.params["annotation_id"])


def prediction_for_members(call: Call, conn: Connection) -> Record:
    return find_prediction(call, conn, call.params["prediction_id"])


def draft_for_its_author(call: Call, conn: Connection) -> Record:
    row = find_draft(call, conn, call.params["draft_id"])
    if row.user_id != call.user.id:
        raise NotFound("AnnotationDraft")
    return row


def view_for_members(call: Call, conn: Connection) -> Record:
    return find_view(call, conn, call.params["view_id"])


def file_upload_for_members(call: Call, conn: Connection) -> Record:
    return find_file_upload(call, conn, call.params["file_upload_id"])


def ml_backend_for_members(call: Call, conn: Connection) -> Record:
    return find_ml_backend(call, conn, call.params["ml_backend_id"])


def job_for_members(call: Call, conn: Connection) -> Record:
    return find_job(call, conn, call.params["job_id"])


def webhook_for_members(call: Call, conn: Connection) -> Record:
    return find_webhook(call, conn, call.params["webhook_id"])


_member = (
    sa.select(users.c.id, users.c.email, users.c.first_name, users.c.last_name)
    .join(memberships, memberships.c.user_id == users.c.id)
    .where(
        memberships.c.organization_id == sa.bindparam("organization_id"),
        memberships.c.user_id == sa.bindparam("user_id"),
        memberships.c.left_at.is_(None),
    )
)


def find_member(conn: Connection, organization_id: int, user_id: int) -> Record | None:
    """A present member of the organization."""
    if not 0 <= user_id < 2**63:
        return None
    return conn.execute(_member, {"organization_id": organization_id, "user_id": user_id}).first()


# ---------------------------------------------------------------- people
def organization_for_members(call: Call, conn: Connection) -> Record:
    """The organization named by `organization_id`: the caller's own."""
    row = (
        people.organization_row(conn, call.params["organization_id"])
        if call.user.organization_id == call.params["organization_id"]
        else None
    )
    if row is None:
        raise NotFound("Organization")
    return row


def organization_for_its_owner(call: Call, conn: Connection) -> Record:
    row = organization_for_members(call, conn)
    organization_owner(call, conn)
    return row


def colleague(call: Call, conn: Connection) -> Record:
    """The user named by `user_id`, if they belong to the caller's organization."""
    row = people.member(conn, call.user.organization_id, call.params["user_id"])
    if row is None:
        raise NotFound("User")
    return row


def avatar_of_colleague(call: Call, conn: Connection) -> Record:
    """The user whose picture `avatar_key` is."""
    row = people.member_by_avatar(conn, call.user.organization_id, call.params["avatar_key"])
    if row is None:
        raise NotFound("Avatar")
    return row


def colleague_to_remove(call: Call, conn: Connection) -> Record:
    row = colleague(call, conn)
    organization_owner(call, conn)
    return row
