"""What suggestions are worth: how often they are accepted, how much is corrected, and how much time they save."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from msgspec import Struct

from labelwright.domain.jsontext import JSONText
from labelwright.labelconfig import LabelConfig, parse_config
from labelwright.quality import difference, wilson
from labelwright.quality.median_saving import median_saving
from labelwright.server.access import Record, project_for_members
from labelwright.server.api.routing import Answer, Call, Route, json_answer, route
from labelwright.server.api.schemas.suggestion_stats import (
    Acceptance,
    PersonAcceptance,
    SuggestionStats,
    Times,
    VersionAcceptance,
)
from labelwright.server.db.queries.suggestion_answers import newest_answers
from labelwright.server.errors import Invalid

NEWEST = 5000


class _Seen(Struct, frozen=True):
    """An answer to a task whose suggestion was shown. `edits` is None where nobody knows which prediction it started from."""

    version: str | None
    annotator_id: int | None
    edits: int | None


@route(
    "GET",
    "/api/projects/{project_id:int}/suggestion-stats",
    allow=project_for_members,
    query={"by": "person: also each person's"},
    answer=SuggestionStats,
)
def stats(call: Call, project: Record) -> Answer:
    """Acceptance, corrections and seconds per task with and without suggestions, over the newest 5,000 answers."""
    by = call.text("by")
    if by not in ("", "person"):
        raise Invalid.field("by", "Only person is known.")
    rows = newest_answers(call.conn, project.id, NEWEST)
    config = parse_config(project.label_config)
    seen = [_seen(row, config) for row in rows if _is_shown(row)]
    versions = dict.fromkeys(one.version for one in seen if one.version is not None)
    people = dict.fromkeys(one.annotator_id for one in seen if one.annotator_id is not None) if by else {}
    total = acceptance(seen)
    answer = SuggestionStats(
        answers=len(rows),
        shown=total.shown,
        accepted=total.accepted,
        acceptance_rate=total.acceptance_rate,
        acceptance_interval=total.acceptance_interval,
        mean_edits=total.mean_edits,
        compared=total.compared,
        withheld=sum(row.suggestion == "withheld" for row in rows),
        withheld_percent=project.withheld_percent,
        times=_times(rows),
        by_version=[
            VersionAcceptance.of(acceptance([one for one in seen if one.version == version]), version=version)
            for version in versions
        ],
        by_person=[
            PersonAcceptance.of(acceptance([one for one in seen if one.annotator_id == person]), user=person) for person in people
        ],
    )
    return json_answer(answer)


def _is_shown(row: Record) -> bool:
    return bool(row.suggestion == "shown" or (row.suggestion is None and row.prediction_snapshot != "{}"))


def _seen(row: Record, config: LabelConfig) -> _Seen:
    snapshot: Any = JSONText(row.prediction_snapshot).load()
    if not isinstance(snapshot, dict) or "result" not in snapshot:
        return _Seen(None, row.annotator_id, None)
    edits = difference(snapshot["result"], JSONText(row.result).load(), config).edits
    version = snapshot.get("model_version")
    return _Seen(None if version is None else str(version), row.annotator_id, edits)


def acceptance(seen: Sequence[_Seen]) -> Acceptance:
    """Who threw the suggestion away and began anew has not accepted it; how far that is from it is not known."""
    edits = [one.edits for one in seen if one.edits is not None]
    accepted = sum(count == 0 for count in edits)
    rate = accepted / len(seen) if seen else None
    return Acceptance(
        shown=len(seen),
        accepted=accepted,
        acceptance_rate=rate,
        acceptance_interval=None if rate is None else wilson(rate, len(seen)),
        mean_edits=sum(edits) / len(edits) if edits else None,
        compared=len(edits),
    )


def _times(rows: Sequence[Record]) -> Times:
    """The tasks without are those drawn at random to be so; if there are none, those that happened to have no suggestion."""
    shown = [row.lead_time_s for row in rows if _is_shown(row) and row.lead_time_s]
    withheld = [row.lead_time_s for row in rows if row.suggestion == "withheld" and row.lead_time_s]
    without = withheld or [row.lead_time_s for row in rows if row.suggestion is None and not _is_shown(row) and row.lead_time_s]
    saving = median_saving(shown, without)
    return Times(
        with_median_s=median(shown) if shown else None,
        with_n=len(shown),
        without_median_s=median(without) if without else None,
        without_n=len(without),
        is_randomized=bool(withheld),
        saving=None if saving is None else saving.share,
        saving_interval=None if saving is None else saving.interval,
    )


routes: list[Route[Any]] = [stats]
