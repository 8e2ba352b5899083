"""Create, change and delete projects."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.formats.undefined_key import UNDEFINED_KEY
from labelwright.labelconfig import (
    AnswerSummary,
    check_against_answers,
    first_data_key,
    name_undefined_field,
    validate_config,
)
from labelwright.server import clock
from labelwright.server.actions.record_event import record_event
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import counters
from labelwright.server.db.queries import projects as queries
from labelwright.server.db.queries.ml_backends import backend_titled
from labelwright.server.db.queries.tasks import columns_of, count_data_columns, lock_growth, lock_tasks
from labelwright.server.db.tables import projects, tasks, webhooks
from labelwright.server.errors import Invalid

MODEL_VERSION_UNKNOWN = "Model version doesn't exist either as live model or as static predictions."


def create_project(conn: Connection, user: User, values: dict[str, Any]) -> int:
    """A new project of the user's organization; its id. `values` are checked settings. Raises Invalid for a bad label config."""
    if "label_config" in values:
        check_config(values["label_config"])
    moment = clock.now()
    values = {"title": "", **values}
    project_id: int = conn.execute(
        sa.insert(projects)
        .values(
            **values,
            organization_id=user.organization_id,
            created_by_id=user.id,
            created_at=moment,
            updated_at=moment,
        )
        .returning(projects.c.id)
    ).scalar_one()
    return project_id


def update_project(conn: Connection, project: Any, values: dict[str, Any]) -> None:
    """Write checked settings with their effects (overlap, skip rules, label config) in one transaction. Raises Invalid."""
    if "label_config" in values and values["label_config"] != project.label_config:
        check_config(values["label_config"])
        check_config_against_data(conn, project, values["label_config"], strict=False)
    if "model_version" in values:
        values["model_version"] = _model_version(conn, project, values["model_version"])
    if values.get("show_collab_predictions") is False:
        values["model_version"] = ""
    if values.get("is_published"):
        values["is_draft"] = False
    changed = {name for name, value in values.items() if value != getattr(project, name)}
    recounts = changed & {"maximum_annotations", "overlap_cohort_percentage", "show_overlap_first", "skip_queue"}
    if recounts or "label_config" in values:
        lock_growth(conn, project.id)
        lock_tasks(conn, project.id)
    queries.update_project(conn, project.id, values)
    if "label_config" in values:
        name_undefined_fields(conn, project.id, values["label_config"])
    if recounts - {"skip_queue"}:
        spread_overlap(conn, queries.project_row(conn, project.id), project)
    if recounts:
        counters.recount_project(conn, project.id)
    record_event(conn, project, "PROJECT_UPDATED", dict)


def name_undefined_fields(conn: Connection, project_id: int, label_config: str) -> None:
    """Tasks of plain files came before there was a config: give their nameless field the name that the config wants."""
    key = first_data_key(label_config)
    if key is None or UNDEFINED_KEY not in columns_of(conn, project_id):
        return
    nameless = tasks.c.data.contains(f'"{UNDEFINED_KEY}"', autoescape=True)
    rows = conn.execute(sa.select(tasks.c.id, tasks.c.data).where(tasks.c.project_id == project_id, nameless)).all()
    renamed = [{"task": row.id, "named": JSONText.of(name_undefined_field(JSONText(row.data).load(), key))} for row in rows]
    if renamed:
        conn.execute(sa.update(tasks).where(tasks.c.id == sa.bindparam("task")).values(data=sa.bindparam("named")), renamed)
    count_data_columns(conn, project_id, {UNDEFINED_KEY: -len(rows), key: len(rows)})


def check_config(text: str) -> None:
    problems = validate_config(text)
    if problems:
        raise Invalid.field("label_config", problems[0].message)


def check_config_against_data(conn: Connection, project: Any, text: str, *, strict: bool) -> None:
    """Whether the answers already given still fit the new config. Raises Invalid."""
    items, labels = queries.summary_of(conn, project.id)
    draft_labels = queries.draft_labels(conn, project.id)
    summary = AnswerSummary(created_annotations=items, created_labels=labels, created_labels_drafts=draft_labels)
    problem = check_against_answers(text, summary, strict=strict)
    if problem is not None:
        raise Invalid.general(problem.message) if strict else Invalid.field("label_config", problem.message)


def _model_version(conn: Connection, project: Any, version: str | None) -> str | None:
    if version in ("", None) or version == project.model_version:
        return version
    is_model = backend_titled(conn, project.id, version) is not None
    if not is_model and version not in {name for name, _, _ in queries.model_versions(conn, project.id)}:
        raise Invalid.field("model_version", MODEL_VERSION_UNKNOWN)
    return version


def spread_overlap(conn: Connection, project: Any, before: Any) -> None:
    """Give the tasks their overlap: all of them, or the project's share with most answers first and the rest 1."""
    mine = tasks.c.project_id == project.id
    wanted = project.maximum_annotations
    if project.overlap_cohort_percentage < 100 and wanted > 1:
        share = round(project.task_count * project.overlap_cohort_percentage / 100)
        first = sa.select(tasks.c.id).where(mine).order_by(tasks.c.annotation_count.desc(), tasks.c.id).limit(share)
        chosen = tasks.c.id.in_(sa.select(first.subquery().c.id))
        conn.execute(sa.update(tasks).where(mine).values(overlap=1))
        conn.execute(sa.update(tasks).where(mine, chosen).values(overlap=wanted))
        return
    several = sa.and_(mine, tasks.c.overlap > 1)
    keep_cohort = before.overlap_cohort_percentage == project.overlap_cohort_percentage and (
        conn.execute(sa.select(tasks.c.id).where(several).limit(1)).first() is not None
    )
    conn.execute(sa.update(tasks).where(several if keep_cohort else mine).values(overlap=wanted))


def delete_project(conn: Connection, project: Any) -> None:
    """Make the project vanish at once, with whom it tells of itself; `purge_project` removes its rows afterwards."""
    conn.execute(sa.update(projects).where(projects.c.id == project.id).values(deleted_at=clock.now()))
    conn.execute(sa.delete(webhooks).where(webhooks.c.project_id == project.id))


def purge_project(conn: Connection, project_id: int, batch: int = 2000) -> bool:
    """Remove up to `batch` tasks of a deleted project; whether there is more to do."""
    ids = sa.select(tasks.c.id).where(tasks.c.project_id == project_id).limit(batch)
    removed = conn.execute(sa.delete(tasks).where(tasks.c.id.in_(sa.select(ids.subquery().c.id)))).rowcount
    if removed:
        return True
    conn.execute(sa.delete(projects).where(projects.c.id == project_id, projects.c.deleted_at.is_not(None)))
    return False
