"""Skim: a person looks through predictions by confidence and accepts them as they are, singly or all above a score."""

from __future__ import annotations

import uuid
from itertools import islice
from typing import Any

from sqlalchemy.engine import Connection

from labelwright.domain.jsontext import JSONText
from labelwright.server import wire
from labelwright.server.access import Record, project_for_members
from labelwright.server.actions.accept_predictions import MOST_AT_ONCE, Outcome, accept_predictions, undo_batch
from labelwright.server.actions.accept_predictions import Undone as UndoAnswer
from labelwright.server.actions.next_task import open_for
from labelwright.server.api import fields as f
from labelwright.server.api.routing import Answer, Call, Route, json_answer, route
from labelwright.server.api.schemas.skim import Accept, AcceptAnswer, SkimPage, SkimPreview, SkimSummary, Undo
from labelwright.server.db.queries import skim as queries
from labelwright.server.db.queries.shown_version import shown_version
from labelwright.server.db.tables import predictions, tasks
from labelwright.server.errors import Invalid

PAGE_SIZE, LARGEST_PAGE = 60, 200
NEAREST = 6
USUAL_THRESHOLD = 0.9
MOST_ABOVE = 20_000
"""Accepted by one request."""
LONG_DATA, LONG_TEXT = 20_000, 4_000
"""Characters: data beyond the first has its texts cut at the second. A grid of pages would be megabytes otherwise."""

_columns = [tasks.c.id.label("task_id"), tasks.c.inner_id, tasks.c.data, predictions.c.model_version]
WHICH = {"version": "model version; default: the one that people are shown", "label": "only predictions that give this label"}


# ---------------------------------------------------------------- looking
@route(
    "GET",
    "/api/projects/{project_id:int}/skim",
    allow=project_for_members,
    query={
        **WHICH,
        "order": "confident (default) or uncertain first",
        "after": "from behind this prediction, the `after` of the page before",
        "page_size": f"default {PAGE_SIZE}, up to {LARGEST_PAGE}",
    },
    answer=SkimPage,
)
def list_predictions(call: Call, project: Record) -> Answer:
    """Predictions of tasks that are open for the caller, by confidence, the newest of each task."""
    scope = _scope(call, call.conn, project)
    order = call.text("order", "confident")
    if order not in ("confident", "uncertain"):
        raise Invalid.field("order", "Must be confident or uncertain.")
    size = min(max(1, call.integer("page_size") or PAGE_SIZE), LARGEST_PAGE)
    chunk = queries.CHUNK if scope.label is not None else size + 1
    after = call.integer("after")
    found = queries.walk(call.conn, scope, _columns, least_first=order == "uncertain", after=after, chunk=chunk)
    rows = list(islice(found, size + 1))
    page = rows[:size]
    after = page[-1].id if len(rows) > size else None
    return json_answer({"version": scope.version, "tasks": [_task(row) for row in page], "after": after})


@route("GET", "/api/projects/{project_id:int}/skim/summary", allow=project_for_members, query=WHICH, answer=SkimSummary)
def summary(call: Call, project: Record) -> Answer:
    """How much there is to skim: by score, by label, by version; and what the caller accepted last."""
    scope = _scope(call, call.conn, project)
    found = queries.summarize(call.conn, scope)
    last = queries.last_batch(call.conn, project.id, call.user.id)
    rows = [] if last is None else queries.batch_rows(call.conn, project.id, call.user.id, last.batch)
    return json_answer(
        {
            "version": scope.version,
            "versions": [{"version": name, "count": count} for name, count in queries.versions(call.conn, project.id)],
            "total": found.total,
            "scored": found.scored,
            "by_score": found.by_score,
            "by_label": [
                {"label": label, "count": count} for label, count in sorted(found.by_label.items(), key=lambda one: -one[1])
            ],
            "is_whole": found.is_whole,
            "last_batch": last
            and {"batch": last.batch, "count": sum(row.annotation_count for row in rows), "created_at": last.created_at},
        }
    )


@route(
    "GET",
    "/api/projects/{project_id:int}/skim/preview",
    allow=project_for_members,
    query={**WHICH, "above": f"least score, default {USUAL_THRESHOLD}"},
    answer=SkimPreview,
)
def preview(call: Call, project: Record) -> Answer:
    """What accepting all above a score would accept: how many, and the ones nearest to the threshold."""
    scope = _scope(call, call.conn, project, above=f.number({"above": call.text("above", str(USUAL_THRESHOLD))}, "above"))
    nearest = list(islice(queries.walk(call.conn, scope, _columns, least_first=True, chunk=2 * NEAREST), NEAREST))
    count = queries.count(call.conn, scope, MOST_ABOVE)
    return json_answer({"count": count, "is_whole": count < MOST_ABOVE, "nearest": [_task(row) for row in nearest]})


def _scope(call: Call, conn: Connection, project: Record, above: float | None = None, given: Any = None) -> queries.Scope:
    """What the request's query (or body, `given`) names."""
    version, label = (call.text("version"), call.text("label")) if given is None else given
    if not version and "version" not in call.query:
        version = shown_version(conn, project) or ""
    is_open, parameters = open_for(project, call.user.id)
    return queries.Scope(
        project_id=project.id,
        user_id=call.user.id,
        version=version,
        withheld_percent=project.withheld_percent,
        open=is_open,
        given=parameters,
        label=label or None,
        above=above,
    )


def _task(row: Record) -> wire.Wire:
    is_cut = len(row.data) > LONG_DATA
    data = _cut(JSONText(row.data).load()) if is_cut else wire.raw(row.data)
    prediction = {"id": row.id, "score": row.score, "model_version": row.model_version, "result": wire.raw(row.result)}
    return {"id": row.task_id, "inner_id": row.inner_id, "data": data, "is_cut": is_cut, "prediction": prediction}


def _cut(data: Any) -> Any:
    return {name: value[:LONG_TEXT] if isinstance(value, str) else value for name, value in data.items()}


# ---------------------------------------------------------------- accepting
@route(
    "POST",
    "/api/projects/{project_id:int}/skim/accept",
    allow=project_for_members,
    mode="work",
    status=200,
    body=Accept,
    answer=AcceptAnswer,
)
def accept(call: Call, project: Record) -> Answer:
    """Make annotations of predictions, as the caller's. The same again makes no second one.

    In transactions of up to 1,000, each whole or not at all.
    """
    fields = call.body.fields
    batch = f.text(fields, "batch", None, null=True, longest=64) or str(uuid.uuid4())
    lead_time_s = f.number(fields, "lead_time", None)
    ids = f.integers(fields, "predictions", None)
    above = f.number(fields, "above", None)
    if (ids is None) == (above is None):
        raise Invalid.general("Name either predictions, or a score above which all are accepted.")
    if ids is not None:
        if len(ids) > MOST_AT_ONCE:
            raise Invalid.field("predictions", f"At most {MOST_AT_ONCE:,} at once.")
        each_s = None if lead_time_s is None else lead_time_s / max(1, len(ids))
        return _answer(batch, [call.db.write(lambda conn: accept_predictions(conn, project, call.user.id, ids, batch, each_s))])
    which = (f.text(fields, "version", ""), f.text(fields, "label", "", null=True))
    return _answer(batch, *_accept_above(call, project, above, which, batch, lead_time_s))


def _accept_above(
    call: Call, project: Record, above: float, which: tuple[str, str | None], batch: str, lead_time_s: float | None
) -> tuple[list[Outcome], bool]:
    """The outcome of each transaction, and whether there is more than one request accepts."""

    def ids_of(conn: Connection) -> list[int]:
        scope = _scope(call, conn, project, above, which)
        return [row.id for row in islice(queries.walk(conn, scope, [], least_first=False, chunk=MOST_ABOVE + 1), MOST_ABOVE + 1)]

    ids = call.db.read(ids_of)
    each_s = None if lead_time_s is None or not ids else lead_time_s / len(ids)
    done = []
    for start in range(0, min(len(ids), MOST_ABOVE), MOST_AT_ONCE):
        part = ids[start : min(start + MOST_AT_ONCE, MOST_ABOVE)]
        done.append(
            call.db.write(lambda conn, part=part: accept_predictions(conn, project, call.user.id, part, batch, each_s))  # type: ignore[misc]
        )
    return done, len(ids) > MOST_ABOVE


def _answer(batch: str, done: list[Outcome], more: bool = False) -> Answer:
    return json_answer(
        {
            "batch": batch,
            "added": sum(one.added for one in done),
            "accepted": [each for one in done for each in one.accepted][:MOST_AT_ONCE],
            "refused": [each for one in done for each in one.refused][:MOST_AT_ONCE],
            "more": more,
        }
    )


@route("POST", "/api/projects/{project_id:int}/skim/undo", allow=project_for_members, status=200, body=Undo, answer=UndoAnswer)
def undo(call: Call, project: Record) -> Answer:
    """Take back what the caller accepted as one `batch`, or else last, as far as nobody has changed it since."""
    batch = f.text(call.body.fields, "batch", None, null=True, longest=64)
    return json_answer(undo_batch(call.conn, project, call.user.id, batch))


routes: list[Route[Any]] = [list_predictions, summary, preview, accept, undo]
