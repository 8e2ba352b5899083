"""Have connected models train: when somebody asks, and by the project's rule "after every N labels, once there are M"."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.actions.enqueue_job import enqueue_job
from labelwright.server.actions.prelabel import prelabel_all
from labelwright.server.db.queries import training as queries
from labelwright.server.db.queries.projects import project_row
from labelwright.server.db.tables import ml_backends, training_runs
from labelwright.server.errors import Invalid


def rule_of(project: Any) -> tuple[int, int]:
    """(train after so many new labels, once there are so many); (0, 0) where nobody asked for it.

    `min_annotations_to_start_training` is Label Studio's setting for it, and counts where ours is not set.
    """
    every = project.train_every or project.min_annotations_to_start_training
    return every, max(project.train_at_least, project.min_annotations_to_start_training, every)


def train_if_due(conn: Connection, project: Any, *, but_job: int = 0) -> None:
    """Start a training of each model for which the rule says so. `project`: its row as it is now, held.

    Where the rule is off, or there are too few labels, this asks nothing. A model that trains already is left to it: when it is
    done, this is asked again, so what comes meanwhile makes one more training, not many.
    """
    every, at_least = rule_of(project)
    if not every or project.annotation_count < at_least:
        return
    for backend in queries.idle_models(conn, project.id, but_job=but_job):
        if abs(project.annotation_count - backend.trained_on) >= every or not backend.trained_on:
            _start(conn, project, backend, "rule")


def train_after_many(conn: Connection, project: Any) -> None:
    """The same after an import or a bulk action. `project`: its row as it was before."""
    now = project_row(conn, project.id) if rule_of(project)[0] else None
    if now is not None:
        train_if_due(conn, now)


def start_training(conn: Connection, backend: Any, user_id: int) -> None:
    """Somebody asks for it. One that runs or waits already is enough."""
    conn.execute(sa.select(ml_backends.c.id).where(ml_backends.c.id == backend.id).with_for_update(key_share=True))
    project = project_row(conn, backend.project_id)
    if project is not None and any(row.id == backend.id for row in queries.idle_models(conn, backend.project_id)):
        _start(conn, project, backend, "asked", user_id=user_id)


def use_version(conn: Connection, run: Any) -> None:
    """Show people what came of a run, whatever its score. Raises Invalid where nothing came of it."""
    if run.state != "done" or run.version_after is None or run.ml_backend_id is None:
        raise Invalid.general("No new version came of this training.")
    queries.make_live(conn, run)
    project = project_row(conn, run.project_id)
    if project is not None and project.prelabel_automatically:
        prelabel_all(conn, run.project_id, run.ml_backend_id)


def _start(conn: Connection, project: Any, backend: Any, reason: str, *, user_id: int | None = None) -> None:
    job_id = enqueue_job(conn, project.id, queries.TRAIN, {}, user_id=user_id, ml_backend_id=backend.id)
    values = {
        "project_id": project.id,
        "ml_backend_id": backend.id,
        "job_id": job_id,
        "state": "running",
        "reason": reason,
        "label_count": project.annotation_count,
        "created_at": clock.now(),
    }
    conn.execute(sa.insert(training_runs).values(**values))
