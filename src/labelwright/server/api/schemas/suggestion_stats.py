"""What suggestions are worth."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from labelwright.quality.intervals import Interval


class Acceptance(Struct, kw_only=True):
    """Of `shown` answers with a suggestion `accepted` are just it. `mean_edits`: over the `compared` ones, whose parent is known.

    Intervals are 95 %; null where there is nothing to say it of.
    """

    shown: int
    accepted: int
    acceptance_rate: float | None
    acceptance_interval: Interval | None
    mean_edits: float | None
    compared: int


class VersionAcceptance(Acceptance, kw_only=True):
    version: str

    @classmethod
    def of(cls, found: Acceptance, version: str) -> VersionAcceptance:
        return cls(version=version, **msgspec.structs.asdict(found))


class PersonAcceptance(Acceptance, kw_only=True):
    user: int

    @classmethod
    def of(cls, found: Acceptance, user: int) -> PersonAcceptance:
        return cls(user=user, **msgspec.structs.asdict(found))


class Times(Struct, kw_only=True):
    """Seconds per task. `saving`: share of the median time without (0.6 = takes 40 % of it), negative if it takes longer.

    `is_randomized`: the tasks without are those whose suggestion was withheld by lot, so that the saving is measured. Else they
    are tasks that had none, which may be other tasks in other ways, too.
    """

    with_median_s: float | None
    with_n: int
    without_median_s: float | None
    without_n: int
    is_randomized: bool
    saving: float | None
    saving_interval: Interval | None


class SuggestionStats(Acceptance, kw_only=True):
    """Over the newest `answers` that people gave here."""

    answers: int
    withheld: int
    withheld_percent: int
    times: Times
    by_version: list[VersionAcceptance]
    by_person: list[PersonAcceptance]
