"""Ask connected models about tasks: the jobs of the kind "prelabel", made in the transaction of what they follow from.

Every new task is asked about once it is committed. The check for a job that waits already and the making of one are safe on
PostgreSQL too: a job that waits is held until the tasks are committed, so that it can't run and end before it could see them;
one that is held by somebody else, or runs, is left alone and another one made. Nothing here waits for a job's row, whose holder
may be waiting for tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.server.actions.enqueue_job import enqueue_job
from labelwright.server.db.engine import announce
from labelwright.server.db.queries.ids import among
from labelwright.server.db.queries.json_field import is_postgres
from labelwright.server.db.queries.tasks import lock_growth
from labelwright.server.db.tables import jobs, ml_backends, tasks

PRELABEL = "prelabel"


class Scope(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which tasks a job is about, as its `params` hold it."""

    scope: str
    """`new`: those after `after`, also those that come while it runs. `all`: every task. `changed`, `chosen`: `tasks`."""
    after: int = 0
    tasks: list[int] | None = None
    """Ascending ids."""
    again: bool = False
    """Ask also where this version of the model has been asked."""
    version: str | None = None
    """What the model said at /setup just before the job was made; None: the job asks for it."""

    @classmethod
    def of(cls, job: Any) -> Scope:
        return msgspec.json.decode(str(job.params), type=cls)


_connected = sa.select(ml_backends.c.id).where(ml_backends.c.project_id == sa.bindparam("project")).order_by(ml_backends.c.id)
_held = _connected.with_for_update(read=True, key_share=True)


def connected_models(conn: Connection, project_id: int) -> Sequence[int]:
    """Ids of the project's models, which stay until the transaction ends."""
    return conn.execute(_held, {"project": project_id}).scalars().all()


# ---------------------------------------------------------------- by itself
def prelabel_new(conn: Connection, project: Any, first_task_id: int) -> None:
    """Tasks from this id on are new. The transaction holds the right to add tasks (`lock_growth`)."""
    if not project.prelabel_automatically:
        return
    for backend_id in connected_models(conn, project.id):
        if not any(waiting.scope == "new" for _, waiting in _waiting(conn, backend_id)):
            _enqueue(conn, project.id, backend_id, Scope(scope="new", after=first_task_id - 1))
        announce(conn, "jobs")


def prelabel_changed(conn: Connection, project: Any, task_id: int) -> None:
    """The data of a task was changed."""
    if not project.prelabel_automatically:
        return
    for backend_id in connected_models(conn, project.id):
        for job_id, waiting in _waiting(conn, backend_id):
            if waiting.scope == "changed":
                ids = sorted({*(waiting.tasks or []), task_id})
                more = {"params": JSONText.of(msgspec.structs.replace(waiting, tasks=ids)), "total": len(ids)}
                conn.execute(sa.update(jobs).where(jobs.c.id == job_id).values(**more))
                break
        else:
            _enqueue(conn, project.id, backend_id, Scope(scope="changed", tasks=[task_id]))
        announce(conn, "jobs")


# ---------------------------------------------------------------- asked for
def prelabel_all(
    conn: Connection,
    project_id: int,
    backend_id: int,
    *,
    user_id: int | None = None,
    again: bool = False,
    version: str | None = None,
) -> int:
    """Ask a model about all tasks of its project; the job's id. For a model just connected: after its row is written."""
    lock_growth(conn, project_id)  # an import that did not see the model ends first, and its tasks are seen
    wanted = Scope(scope="all", again=again, version=version)
    for job_id, waiting in _waiting(conn, backend_id):
        if waiting == wanted:
            return job_id
    return _enqueue(conn, project_id, backend_id, wanted, user_id=user_id)


def prelabel_chosen(
    conn: Connection, project_id: int, backend_id: int, task_ids: Sequence[int], *, user_id: int | None, again: bool = False
) -> int:
    """Ask a model about these tasks of its project; the job's id."""
    scope = Scope(scope="chosen", tasks=sorted(task_ids), again=again)
    return _enqueue(conn, project_id, backend_id, scope, user_id=user_id)


def _enqueue(conn: Connection, project_id: int, backend_id: int, scope: Scope, *, user_id: int | None = None) -> int:
    chosen = tasks.c.id > scope.after if scope.tasks is None else among(conn, tasks.c.id, scope.tasks)
    count = sa.select(sa.func.count()).select_from(tasks).where(tasks.c.project_id == project_id, chosen)
    params: dict[str, Any] = msgspec.to_builtins(scope)
    total = conn.execute(count).scalar_one()
    return enqueue_job(conn, project_id, PRELABEL, params, user_id=user_id, ml_backend_id=backend_id, total=total)


def _waiting(conn: Connection, backend_id: int) -> list[tuple[int, Scope]]:
    """The model's jobs that wait, not even begun or until it answers again; held, those that nobody else holds."""
    mine = sa.and_(jobs.c.ml_backend_id == backend_id, jobs.c.kind == PRELABEL, jobs.c.state == "queued")
    query = sa.select(jobs.c.id, jobs.c.params).where(mine).order_by(jobs.c.id)
    if is_postgres(conn):
        query = query.with_for_update(skip_locked=True)
    return [(row.id, Scope.of(row)) for row in conn.execute(query)]
