"""Predictions of tasks that a person could answer next: what they skim through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.domain.result import count_labels
from labelwright.domain.suggestion import draw, withheld_below
from labelwright.server.db.queries.ids import among
from labelwright.server.db.tables import drafts, predictions, skim_batches, tasks

MOST_COUNTED = 20_000
"""Predictions that one request looks through, where it has to look inside of them."""
CHUNK = 500
BUCKETS = 20

p, t = predictions.c, tasks.c


class Scope(Struct, frozen=True, kw_only=True):
    """Whose predictions, and which: of tasks open for the person (`open`: conditions on tasks, `given`: their parameters)."""

    project_id: int
    user_id: int
    version: str
    withheld_percent: int
    open: Sequence[Any]
    given: dict[str, Any]
    label: str | None = None
    above: float | None = None
    """Least score; without it predictions without a score belong, too."""


def _select(scope: Scope, *columns: Any) -> Any:
    newer = predictions.alias("newer")
    same = newer.c.model_version.is_not_distinct_from(p.model_version)
    own_draft = sa.exists().where(drafts.c.task_id == t.id, drafts.c.user_id == scope.user_id, drafts.c.annotation_id.is_(None))
    where = [
        p.project_id == scope.project_id,
        p.model_version == scope.version,
        *scope.open,
        ~own_draft,  # begun by hand: to be finished by hand
        ~sa.exists().where(newer.c.task_id == p.task_id, newer.c.id > p.id, same),
    ]
    if scope.withheld_percent:
        where.append(draw(t.id, scope.user_id) >= withheld_below(scope.withheld_percent))
    if scope.above is not None:
        where.append(p.score >= scope.above)
    if scope.label is not None:  # narrows down; `_has_label` decides
        spelled = msgspec.json.encode(scope.label).decode()
        where.append(sa.or_(p.result.contains(spelled, autoescape=True), p.result.contains("\\u", autoescape=True)))
    return sa.select(*columns).select_from(predictions.join(tasks, t.id == p.task_id)).where(*where)


def _has_label(row: Any, label: str | None) -> bool:
    return label is None or label in labels_of(row.result)


def labels_of(result: str) -> list[str]:
    """The labels that a stored result gives, each once."""
    return list(dict.fromkeys(row.label for row in count_labels(JSONText(result).load()) if row.label))


def walk(
    conn: Connection, scope: Scope, columns: Sequence[Any], *, least_first: bool, after: int | None = None, chunk: int = CHUNK
) -> Iterator[Any]:
    """The predictions by confidence, those without a score last; from behind the prediction `after`, which may be taken since.

    `chunk`: how many are read at once; each further one costs as if it began at the top.
    """
    score = p.score.asc() if least_first else p.score.desc()
    query = _select(scope, p.id, p.score, p.result, *columns).order_by(score.nulls_last(), p.id).limit(chunk)
    last = None
    if after is not None:
        last = conn.execute(sa.select(p.id, p.score).where(p.id == after, p.project_id == scope.project_id)).first()
    while True:
        rows = conn.execute(query if last is None else query.where(_behind(last, least_first)), scope.given).all()
        yield from (row for row in rows if _has_label(row, scope.label))
        if len(rows) < chunk:
            return
        last = rows[-1]


def count(conn: Connection, scope: Scope, most: int) -> int:
    """How many there are, counting up to `most`."""
    if scope.label is not None:
        return sum(1 for _ in islice(walk(conn, scope, [], least_first=False, chunk=most), most))
    few = _select(scope, p.id).limit(most).subquery()
    found: int = conn.execute(sa.select(sa.func.count()).select_from(few), scope.given).scalar_one()
    return found


def _behind(last: Any, least_first: bool) -> Any:
    if last.score is None:
        return sa.and_(p.score.is_(None), p.id > last.id)
    beyond = p.score > last.score if least_first else p.score < last.score
    return sa.or_(beyond, sa.and_(p.score == last.score, p.id > last.id), p.score.is_(None))


class Summary(Struct, frozen=True):
    """`by_score`: predictions per twentieth of [0, 1], what lies outside at its end. `is_whole`: all were counted."""

    total: int
    scored: int
    by_score: list[int]
    by_label: dict[str, int]
    is_whole: bool


def summarize(conn: Connection, scope: Scope) -> Summary:
    """What there is to skim, counted over the `MOST_COUNTED` most confident ones."""
    by_score, by_label = [0] * BUCKETS, dict[str, int]()
    total = scored = 0
    for row in islice(walk(conn, scope, [], least_first=False, chunk=MOST_COUNTED), MOST_COUNTED):
        total += 1
        if row.score is not None:
            scored += 1
            by_score[min(BUCKETS - 1, max(0, int(row.score * BUCKETS)))] += 1
        for label in labels_of(row.result):
            by_label[label] = by_label.get(label, 0) + 1
    return Summary(total, scored, by_score, by_label, total < MOST_COUNTED)


def versions(conn: Connection, project_id: int) -> list[tuple[str, int]]:
    """(model version, number of its predictions), the one with the newest prediction first."""
    query = (
        sa.select(p.model_version, sa.func.count())
        .where(p.project_id == project_id, p.model_version.is_not(None))
        .group_by(p.model_version)
        .order_by(sa.func.max(p.id).desc())
    )
    return [(version, count) for version, count in conn.execute(query)]


def of_ids(conn: Connection, project_id: int, ids: Sequence[int]) -> list[Any]:
    """These predictions of the project."""
    return list(conn.execute(sa.select(predictions).where(p.project_id == project_id, among(conn, p.id, ids)).order_by(p.id)))


def open_ones(conn: Connection, scope_open: Sequence[Any], given: dict[str, Any], task_ids: Sequence[int]) -> set[int]:
    """Those of the tasks that are open for the person."""
    return set(conn.execute(sa.select(t.id).where(*scope_open, among(conn, t.id, task_ids)), given).scalars())


def begun(conn: Connection, user_id: int, task_ids: Sequence[int]) -> set[int]:
    """Those of the tasks of which the person has a draft."""
    mine = [drafts.c.user_id == user_id, drafts.c.annotation_id.is_(None), among(conn, drafts.c.task_id, task_ids)]
    return set(conn.execute(sa.select(drafts.c.task_id).where(*mine)).scalars())


# ---------------------------------------------------------------- batches
b = skim_batches.c


def last_batch(conn: Connection, project_id: int, user_id: int) -> Any | None:
    """The newest row of this person's batches that was not taken back."""
    mine = [b.project_id == project_id, b.user_id == user_id, b.undone_at.is_(None)]
    return conn.execute(sa.select(skim_batches).where(*mine).order_by(b.id.desc()).limit(1)).first()


def batch_rows(conn: Connection, project_id: int, user_id: int, batch: str) -> list[Any]:
    mine = [b.project_id == project_id, b.user_id == user_id, b.batch == batch, b.undone_at.is_(None)]
    return list(conn.execute(sa.select(skim_batches).where(*mine).order_by(b.id)))
