"""Export snapshots: which tasks and answers they hold, their rows and those of their conversions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection, Row

from labelwright.domain.jsontext import JSONText
from labelwright.server.db.queries.exporting import Selection
from labelwright.server.db.queries.filters import BadFilter, compile_query
from labelwright.server.db.tables import annotation_table, export_conversions, exports, tasks, views

Record = Row[Any]
OnlyOrExclude = Literal["only", "exclude"]
AnswerKind = Literal["usual", "ground_truth", "skipped"]

LISTED = 100


class SnapshotFilters(Struct, frozen=True, kw_only=True):
    """What a snapshot holds; without any, all tasks with all their answers."""

    view_id: int | None = None
    """Only tasks that the saved view shows."""
    skipped: OnlyOrExclude | None = None
    """Tasks with a skipped annotation."""
    finished: OnlyOrExclude | None = None
    annotated: OnlyOrExclude | None = None
    """Tasks with an annotation that is no skip."""
    only_with_annotations: bool = False
    """Tasks with at least one annotation of the chosen kinds."""
    kinds: frozenset[AnswerKind] = frozenset()
    """Annotations of these kinds; empty for all."""


# ---------------------------------------------------------------- what it holds
def selection(conn: Connection, project_id: int, filters: SnapshotFilters, *, whole_predictions: bool) -> Selection:
    """The filters as conditions. Raises BadFilter for a view that is not there or means nothing."""
    where = [] if filters.view_id is None else _of_view(conn, project_id, filters.view_id)
    where += _only(filters.skipped, _has(annotation_table.c.is_skipped.is_(True)))
    where += _only(filters.finished, tasks.c.is_labeled.is_(True))
    where += _only(filters.annotated, _has(annotation_table.c.is_skipped.is_(False)))
    chosen = _of_kinds(filters.kinds)
    if filters.only_with_annotations:
        where.append(_has(*chosen))
    return Selection(tasks=tuple(where), annotations=tuple(chosen), whole_predictions=whole_predictions)


def _has(*conditions: Any) -> Any:
    return sa.exists().where(annotation_table.c.task_id == tasks.c.id, *conditions)


def _only(choice: OnlyOrExclude | None, condition: Any) -> list[Any]:
    return [] if choice is None else [condition if choice == "only" else ~condition]


def _of_kinds(kinds: frozenset[AnswerKind]) -> list[Any]:
    is_truth, is_skipped = annotation_table.c.is_ground_truth.is_(True), annotation_table.c.is_skipped.is_(True)
    meaning = {"usual": ~is_truth & ~is_skipped, "ground_truth": is_truth, "skipped": is_skipped}
    return [sa.or_(*(meaning[kind] for kind in sorted(kinds)))] if kinds else []


def _of_view(conn: Connection, project_id: int, view_id: int) -> list[Any]:
    row = conn.execute(sa.select(views).where(views.c.id == view_id, views.c.project_id == project_id)).first()
    if row is None:
        raise BadFilter(f"There is no view {view_id} in this project.")
    given = {"filters": JSONText(row.data).load().get("filters")}
    if row.selected_items:
        given["selectedItems"] = JSONText(row.selected_items).load()
    return compile_query(conn, given).where


# ---------------------------------------------------------------- rows
def snapshots_of(conn: Connection, project_id: int) -> Sequence[Record]:
    """The newest ones first."""
    query = sa.select(exports).where(exports.c.project_id == project_id)
    return conn.execute(query.order_by(exports.c.id.desc()).limit(LISTED)).all()


def snapshot_row(conn: Connection, project_id: int, snapshot_id: int) -> Record | None:
    if not 0 <= snapshot_id < 2**63:
        return None
    return conn.execute(sa.select(exports).where(exports.c.id == snapshot_id, exports.c.project_id == project_id)).first()


def add_snapshot(conn: Connection, values: dict[str, Any]) -> Record:
    return conn.execute(sa.insert(exports).values(values).returning(exports)).one()


def conversions_of(conn: Connection, snapshot_ids: Sequence[int]) -> Sequence[Record]:
    """All conversions of these snapshots, oldest first."""
    query = sa.select(export_conversions).where(export_conversions.c.export_id.in_(snapshot_ids))
    return conn.execute(query.order_by(export_conversions.c.id)).all()


def find_conversion(conn: Connection, snapshot_id: int, format_name: str) -> Record | None:
    e = export_conversions.c
    query = sa.select(export_conversions).where(e.export_id == snapshot_id, e.format == format_name, e.status == "completed")
    return conn.execute(query).first()


def add_conversion(conn: Connection, snapshot_id: int, format_name: str, key: str) -> int | None:
    """Its id; None where there is one of this format already, or the snapshot is gone."""
    locked = conn.execute(sa.select(exports.c.id).where(exports.c.id == snapshot_id).with_for_update()).first()
    if locked is None or find_conversion(conn, snapshot_id, format_name) is not None:
        return None
    values = {"export_id": snapshot_id, "format": format_name, "status": "completed", "key": key}
    made: int = conn.execute(sa.insert(export_conversions).values(values).returning(export_conversions.c.id)).scalar_one()
    return made


def delete_snapshot(conn: Connection, snapshot_id: int) -> list[str]:
    """Delete it with its conversions; the keys of their files."""
    mine = export_conversions.c.export_id == snapshot_id
    keys = list(conn.execute(sa.delete(export_conversions).where(mine).returning(export_conversions.c.key)).scalars())
    keys += conn.execute(sa.delete(exports).where(exports.c.id == snapshot_id).returning(exports.c.key)).scalars()
    return [key for key in keys if key]
