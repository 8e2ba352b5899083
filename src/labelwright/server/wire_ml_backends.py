"""Label Studio's JSON names for connected models (ML backends)."""

from __future__ import annotations

from typing import Any

from labelwright.server.wire import Wire, raw

STATES = {"CO": "Connected", "DI": "Disconnected", "ER": "Error", "TR": "Training", "PR": "Predicting"}


def ml_backend(row: Any) -> Wire:
    """A connected model. Its password goes in and never out."""
    return {
        "id": row.id,
        "state": row.state,
        "readable_state": STATES.get(row.state, row.state),
        "is_interactive": row.is_interactive,
        "url": row.url,
        "error_message": row.error_message,
        "title": row.title,
        "auth_method": row.auth_method,
        "basic_auth_user": row.basic_auth_user,
        "basic_auth_pass_is_set": row.basic_auth_pass_sealed is not None,
        "description": row.description,
        "extra_params": raw(row.extra_params),
        "model_version": row.model_version or "",
        "timeout": float(row.timeout_s),  # SQLite gives whole numbers of a RETURNING as such
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "auto_update": row.auto_update,
        "project": row.project_id,
    }
