"""Jobs and training runs as our own routes spell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.server.wire import Wire, raw


def job(row: Any, titles: Mapping[str, str]) -> Wire:
    """A job with its progress. `problems` name at most 100 tasks with the reason why they got nothing. titles: by kind."""
    return {
        "id": row.id,
        "kind": row.kind,
        "title": titles.get(row.kind, row.kind),
        "state": row.state,
        "ml_backend": row.ml_backend_id,
        "total": row.total,
        "done": row.done,
        "failed": row.failed,
        "message": row.message,
        "problems": raw(row.problems),
        "created_at": row.created_at,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
    }


def training_run(row: Any) -> Wire:
    """What a training led to. Scores are in [0, 1], on held-out labels; whether a connected model left those out is up to it."""
    return {
        "id": row.id,
        "ml_backend": row.ml_backend_id,
        "state": row.state,
        "reason": row.reason,
        "label_count": row.label_count,
        "version_before": row.version_before,
        "version_after": row.version_after,
        "score_before": row.score_before,
        "score_after": row.score_after,
        "report": raw(row.report),
        "is_live": row.is_live,
        "log": row.log,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }
