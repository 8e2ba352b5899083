"""Tasks as a model is sent them: plain, with what people and models have said about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from labelwright.server import wire
from labelwright.server.db.queries import answers


def tasks_for_model(conn: Connection, rows: Sequence[Any], *, drafts_of: int | None = None) -> list[wire.Wire]:
    """The tasks of the rows, in their order, with `annotations` and `predictions`.

    drafts_of: a person, whose drafts go along: for interactive calls.
    """
    ids = [row.id for row in rows]
    annotations, predictions = answers.annotations_of(conn, ids), answers.predictions_of(conn, ids)
    drafts = None if drafts_of is None else answers.drafts_of(conn, ids, drafts_of)
    return [
        wire.task(row)
        | {
            "annotations": [wire.annotation(one) for one in annotations[row.id]],
            "predictions": [wire.prediction(one) for one in predictions[row.id]],
        }
        | ({} if drafts is None else {"drafts": [wire.draft(one) for one in drafts[row.id]]})
        for row in rows
    ]
