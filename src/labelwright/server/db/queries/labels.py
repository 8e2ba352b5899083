"""Labels that people add while they work: kept by the organization, linked to projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection, Row

from labelwright.domain.jsontext import JSONText
from labelwright.server import clock
from labelwright.server.db.tables import annotation_labels, annotation_table, label_links, labels, projects

Record = Row[Any]
CHUNK = 500


class AddedLabel(Struct, frozen=True, kw_only=True):
    title: str
    value: Any
    """What an answer holds when this label is given: usually a list of texts, for a taxonomy the path."""
    description: str | None
    control: str


# ---------------------------------------------------------------- labels
def label_row(conn: Connection, organization_id: int, label_id: int) -> Record | None:
    if not 0 <= label_id < 2**63:
        return None
    return conn.execute(sa.select(labels).where(labels.c.id == label_id, labels.c.organization_id == organization_id)).first()


def count_labels_of(conn: Connection, organization_id: int) -> int:
    query = sa.select(sa.func.count()).select_from(labels).where(labels.c.organization_id == organization_id)
    return int(conn.execute(query).scalar_one())


def page_of_labels(conn: Connection, organization_id: int, *, limit: int, offset: int) -> Sequence[Record]:
    query = sa.select(labels).where(labels.c.organization_id == organization_id).order_by(labels.c.id)
    return conn.execute(query.limit(limit).offset(offset)).all()


def add_labels(
    conn: Connection, organization_id: int, user_id: int, project_id: int, given: Sequence[AddedLabel]
) -> tuple[list[Record], list[int]]:
    """(the labels' rows in the order given, the new links' ids). Labels whose titles are there are reused; all are linked."""
    known = {row.title: row for row in titled(conn, organization_id, [one.title for one in given])}
    moment = clock.now()
    for one in given:
        if one.title not in known:
            values = {
                "organization_id": organization_id,
                "title": one.title,
                "value": JSONText.of(one.value),
                "description": one.description,
                "created_by_id": user_id,
                "created_at": moment,
                "updated_at": moment,
            }
            known[one.title] = conn.execute(sa.insert(labels).values(values).returning(labels)).one()
    linked = set(_linked_labels(conn, project_id, [row.id for row in known.values()]))
    links = []
    for one in given:
        label_id = known[one.title].id
        if label_id not in linked:
            links.append(add_link(conn, project_id, label_id, one.control))
            linked.add(label_id)
    return [known[one.title] for one in given], links


def titled(conn: Connection, organization_id: int, titles: Sequence[str]) -> Sequence[Record]:
    query = sa.select(labels).where(labels.c.organization_id == organization_id, labels.c.title.in_(titles))
    return conn.execute(query).all()


def _linked_labels(conn: Connection, project_id: int, label_ids: Sequence[int]) -> Sequence[int]:
    query = sa.select(label_links.c.label_id).where(label_links.c.project_id == project_id, label_links.c.label_id.in_(label_ids))
    return conn.execute(query).scalars().all()


def update_label(conn: Connection, label_id: int, values: dict[str, Any]) -> Record:
    changed = sa.update(labels).where(labels.c.id == label_id).values(**values, updated_at=clock.now())
    return conn.execute(changed.returning(labels)).one()


def delete_label(conn: Connection, label_id: int) -> None:
    """Delete it with its links; answers keep the word."""
    conn.execute(sa.delete(labels).where(labels.c.id == label_id))


# ---------------------------------------------------------------- links
@cache
def _links() -> Any:
    """Links of projects that are there, with the label's value and the organization."""
    return (
        sa.select(label_links, labels.c.value, projects.c.organization_id)
        .join(labels, labels.c.id == label_links.c.label_id)
        .join(projects, projects.c.id == label_links.c.project_id)
        .where(projects.c.deleted_at.is_(None))
    )


def links_of_labels(conn: Connection, label_ids: Sequence[int]) -> dict[int, list[Record]]:
    """Links by label, oldest first."""
    found: dict[int, list[Record]] = defaultdict(list)
    for row in conn.execute(_links().where(label_links.c.label_id.in_(label_ids)).order_by(label_links.c.id)):
        found[row.label_id].append(row)
    return found


def link_row(conn: Connection, link_id: int) -> Record | None:
    return conn.execute(_links().where(label_links.c.id == link_id)).first() if 0 <= link_id < 2**63 else None


def links_where(organization_id: int, *, project_id: int | None, creator_id: int | None) -> list[Any]:
    """Conditions for `count_links` and `page_of_links`; None leaves a condition out."""
    where = [labels.c.organization_id == organization_id]
    if project_id is not None:
        where.append(label_links.c.project_id == project_id)
    if creator_id is not None:
        where.append(labels.c.created_by_id == creator_id)
    return where


def count_links(conn: Connection, where: Sequence[Any]) -> int:
    return int(conn.execute(sa.select(sa.func.count()).select_from(_links().where(*where).subquery())).scalar_one())


def page_of_links(conn: Connection, where: Sequence[Any], *, limit: int, offset: int) -> Sequence[Record]:
    return conn.execute(_links().where(*where).order_by(label_links.c.id).limit(limit).offset(offset)).all()


def add_link(conn: Connection, project_id: int, label_id: int, control: str) -> int:
    """Its id. Raises IntegrityError where the two are linked already."""
    values = {"project_id": project_id, "label_id": label_id, "control": control}
    made: int = conn.execute(sa.insert(label_links).values(values).returning(label_links.c.id)).scalar_one()
    return made


def update_link(conn: Connection, link_id: int, values: dict[str, Any]) -> None:
    if values:
        conn.execute(sa.update(label_links).where(label_links.c.id == link_id).values(**values))


def delete_link(conn: Connection, link_id: int) -> None:
    conn.execute(sa.delete(label_links).where(label_links.c.id == link_id))


def annotation_counts(conn: Connection, links: Sequence[Record]) -> dict[int, int]:
    """How many annotations of the link's project hold its label, by link."""
    words = {link.id: last_word(JSONText(link.value).load()) for link in links}
    counts: dict[tuple[int, str], int] = {}
    for project_id in {link.project_id for link in links}:
        wanted = {word for link in links if link.project_id == project_id and (word := words[link.id]) is not None}
        column = annotation_labels.c
        query = (
            sa.select(column.label, sa.func.count(sa.distinct(column.annotation_id)))
            .where(column.project_id == project_id, column.label.in_(wanted))
            .group_by(column.label)
        )
        counts |= {(project_id, label): count for label, count in conn.execute(query)}
    return {link.id: counts.get((link.project_id, words[link.id] or ""), 0) for link in links}


def last_word(value: Any) -> str | None:
    """The label that a value ends in, as answers are indexed by it: `["a", "b"]` → `b`; None for what is no text.

    >>> last_word(["fresh"]), last_word([["animal", "cat"]]), last_word(4)
    ('fresh', 'cat', None)
    """
    while isinstance(value, list):
        if not value:
            return None
        value = value[-1]
    return value if isinstance(value, str) and value else None


# ---------------------------------------------------------------- answers that hold a label
def annotations_with(
    conn: Connection, organization_id: int, project_id: int | None, word: str | None
) -> Iterator[Sequence[Record]]:
    """Annotations with a result by id, `CHUNK` at a time, of a project or the organization; with `word`, those that hold it."""
    a = annotation_table.c
    where: list[Any] = [a.project_id.in_(sa.select(projects.c.id).where(projects.c.organization_id == organization_id))]
    if project_id is not None:
        where = [a.project_id == project_id]
    if word is not None:
        column = annotation_labels.c
        where.append(a.id.in_(sa.select(column.annotation_id).where(column.annotation_id == a.id, column.label == word)))
    last = 0
    query = sa.select(annotation_table).where(*where, a.result.is_not(None)).order_by(a.id).limit(CHUNK)
    while rows := conn.execute(query.where(a.id > last)).all():
        yield rows
        last = rows[-1].id
