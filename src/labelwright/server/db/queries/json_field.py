"""Asking about the inside of a JSON document that is stored as text, in either database's words."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON as PgJson


def is_postgres(conn: Any) -> bool:
    return bool(conn.dialect.name == "postgresql")


def field_text(conn: Any, column: Any, path: list[str]) -> Any:
    """The value under `path` as text (null when missing). List indexes are given as digits."""
    if is_postgres(conn):
        value = sa.cast(column, PgJson)
        return value[tuple(path)].astext
    steps = "".join(f"[{step}]" if step.isdigit() else '."' + step.replace('"', "") + '"' for step in path)
    return sa.func.json_extract(column, "$" + steps)
