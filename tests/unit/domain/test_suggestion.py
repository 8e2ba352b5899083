"""Who labels what without its suggestion."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from labelwright.domain.suggestion import draw, is_withheld

TASKS = range(1, 4001)


@pytest.mark.parametrize("percent", [1, 10, 25, 50])
def test_the_share_is_what_was_asked_for(percent: int) -> None:
    for user in (1, 2, 77):
        share = sum(is_withheld(task, user, percent) for task in TASKS) / len(TASKS)
        assert share == pytest.approx(percent / 100, abs=4 * (percent / 100 * (1 - percent / 100) / len(TASKS)) ** 0.5)


def test_nothing_is_withheld_at_zero() -> None:
    assert not any(is_withheld(task, 3, 0) for task in TASKS)


def test_more_percent_withholds_what_less_did() -> None:
    assert all(is_withheld(task, 5, 30) for task in TASKS if is_withheld(task, 5, 10))


def test_people_and_neighbours_differ() -> None:
    """Of 25 % of two people (of two tasks in a row) one in four are common."""
    mine, yours = ([is_withheld(task, user, 25) for task in TASKS] for user in (8, 9))
    for other in (yours, mine[1:]):
        assert sum(a and b for a, b in zip(mine, other, strict=False)) / sum(mine) == pytest.approx(0.25, abs=0.06)


def test_the_database_draws_the_same() -> None:
    engine = sa.create_engine("sqlite://")
    numbers = [1, 2, 999, 1_000_003, 10**12 + 7, 2**63 - 1]
    with engine.connect() as conn:
        drawn = [conn.execute(sa.select(draw(sa.literal(task, sa.BigInteger), 2**62 + 5))).scalar_one() for task in numbers]
    assert drawn == [draw(task, 2**62 + 5) for task in numbers]
