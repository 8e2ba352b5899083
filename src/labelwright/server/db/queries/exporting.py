"""A project's tasks with everything said about them, streamed in constant memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.annotation import Annotation, Draft, Prediction
from labelwright.domain.jsontext import JSONText
from labelwright.domain.task import AnsweredTask, Task
from labelwright.formats.export import UserCard
from labelwright.server.db.tables import annotation_table, drafts, file_uploads, memberships, predictions, tasks, users

CHUNK = 1000


class Selection(Struct, frozen=True, kw_only=True):
    """Which tasks and answers an export holds. Conditions are SQL on `tasks` and `annotations`."""

    tasks: tuple[Any, ...] = ()
    annotations: tuple[Any, ...] = ()
    whole_predictions: bool = False


def with_answers() -> Any:
    """Tasks with at least one annotation, skips included."""
    return sa.exists().where(annotation_table.c.task_id == tasks.c.id)


def answered_tasks(conn: Connection, project_id: int, chosen: Selection) -> Iterator[AnsweredTask]:
    """Tasks by ascending id, `CHUNK` at a time."""
    last = 0
    while rows := conn.execute(_tasks_after(project_id, last, chosen)).all():
        ids = [row.id for row in rows]
        answers = _annotations(conn, ids, chosen)
        models = _predictions(conn, ids, chosen.whole_predictions)
        begun = _drafts(conn, ids)
        for row in rows:
            yield AnsweredTask(
                task=_task(row),
                annotations=tuple(answers[row.id]),
                predictions=tuple(models[row.id]),
                drafts=tuple(begun[row.id]),
            )
        last = ids[-1]
        if len(rows) < CHUNK:
            return


def _tasks_after(project_id: int, last: int, chosen: Selection) -> Any:
    return (
        sa.select(tasks, file_uploads.c.key.label("file_key"))
        .join(file_uploads, file_uploads.c.id == tasks.c.file_upload_id, isouter=True)
        .where(tasks.c.project_id == project_id, tasks.c.id > last, *chosen.tasks)
        .order_by(tasks.c.id)
        .limit(CHUNK)
    )


def _task(row: Any) -> Task:
    return Task(
        id=row.id,
        project_id=row.project_id,
        inner_id=row.inner_id,
        data=JSONText(row.data),
        meta=JSONText(row.meta),
        created_at=row.created_at,
        updated_at=row.updated_at,
        updated_by=row.updated_by_id,
        overlap=row.overlap,
        is_labeled=row.is_labeled,
        allow_skip=row.allow_skip,
        annotation_count=row.annotation_count,
        skip_count=row.skip_count,
        prediction_count=row.prediction_count,
        file_upload_id=row.file_upload_id,
        file_upload_name=row.file_key.rsplit("/", 1)[-1] if row.file_key else None,
    )


_annotations_of = (
    sa.select(annotation_table, users.c.email.label("annotator_email"))
    .join(users, users.c.id == annotation_table.c.annotator_id, isouter=True)
    .where(annotation_table.c.task_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(annotation_table.c.id)
)


def _annotations(conn: Connection, ids: Sequence[int], chosen: Selection) -> dict[int, list[Annotation]]:
    found: dict[int, list[Annotation]] = defaultdict(list)
    for row in conn.execute(_annotations_of.where(*chosen.annotations), {"ids": ids}):
        found[row.task_id].append(
            Annotation(
                id=row.id,
                project_id=row.project_id,
                task_id=row.task_id,
                annotator_id=row.annotator_id,
                annotator_email=row.annotator_email,
                result=None if row.result is None else JSONText(row.result),
                is_skipped=row.is_skipped,
                is_ground_truth=row.is_ground_truth,
                created_at=row.created_at,
                updated_at=row.updated_at,
                updated_by=row.updated_by_id,
                draft_created_at=row.draft_created_at,
                lead_time_s=row.lead_time_s,
                unique_id=row.unique_id,
                import_id=row.import_id,
                last_action=row.last_action,
                last_created_by=row.last_created_by_id,
                prediction_snapshot=JSONText(row.prediction_snapshot),
                result_count=row.result_count,
                is_bulk_created=row.is_bulk_created,
                parent_prediction_id=row.parent_prediction_id,
                parent_annotation_id=row.parent_annotation_id,
            )
        )
    return found


def _predictions(conn: Connection, ids: Sequence[int], whole: bool) -> dict[int, list[Prediction]]:
    """Predictions by task; without `whole` only their ids are read."""
    p = predictions.c
    result = p.result if whole else sa.literal("[]").label("result")
    query = (
        sa.select(
            p.id,
            p.task_id,
            result,
            p.score,
            p.model_version,
            p.cluster,
            p.neighbors,
            p.mislabeling,
            p.created_at,
            p.updated_at,
            p.model_id,
        )
        .where(p.task_id.in_(ids))
        .order_by(p.id)
    )
    found: dict[int, list[Prediction]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.task_id].append(
            Prediction(
                id=row.id,
                project_id=0,  # type: ignore[arg-type]
                task_id=row.task_id,
                result=JSONText(row.result),
                score=row.score,
                model_version=row.model_version,
                cluster=row.cluster,
                neighbors=None if row.neighbors is None else JSONText(row.neighbors),
                mislabeling=row.mislabeling,
                created_at=row.created_at,
                updated_at=row.updated_at,
                model_id=row.model_id,
            )
        )
    return found


def _drafts(conn: Connection, ids: Sequence[int]) -> dict[int, list[Draft]]:
    query = sa.select(drafts, users.c.email.label("user_email")).join(users, users.c.id == drafts.c.user_id)
    found: dict[int, list[Draft]] = defaultdict(list)
    for row in conn.execute(query.where(drafts.c.task_id.in_(ids)).order_by(drafts.c.id)):
        found[row.task_id].append(
            Draft(
                id=row.id,
                task_id=row.task_id,
                annotation_id=row.annotation_id,
                user_id=row.user_id,
                user_email=row.user_email,
                result=JSONText(row.result),
                lead_time_s=row.lead_time_s,
                is_postponed=row.is_postponed,
                import_id=row.import_id,
                created_at=row.created_at,
                updated_at=row.updated_at,
            )
        )
    return found


def user_cards(conn: Connection, organization_id: int) -> dict[Any, UserCard]:
    """Everybody who is or was in the organization, by id."""
    query = (
        sa.select(users.c.id, users.c.email, users.c.first_name, users.c.last_name)
        .join(memberships, memberships.c.user_id == users.c.id)
        .where(memberships.c.organization_id == organization_id)
    )
    return {
        row.id: UserCard(id=row.id, email=row.email, first_name=row.first_name, last_name=row.last_name)
        for row in conn.execute(query)
    }
