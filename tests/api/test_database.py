"""The writer of SQLite at its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labelwright.server.db.engine import Database


def test_a_write_after_the_end_fails_and_does_not_wait_for_ever(new_database: Callable[[], str]) -> None:
    db = Database(new_database())
    assert db.write(lambda _: 1) == 1
    db.close()
    if db.is_sqlite:  # PostgreSQL would simply connect again
        with pytest.raises(RuntimeError, match="closed"):
            db.write(lambda _: 2)
