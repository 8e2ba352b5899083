"""Replays the recorded conversations against a server: `python tests/compat/replay.py http://localhost:8080 TOKEN [scenario…]`.

Prints each mismatch in a line and a summary at the end; exits 1 if there are any that `differences.py` does not name.
"""

from __future__ import annotations

import json
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from compat.compare import Comparison, Mismatch, scrub
from compat.differences import is_on_purpose
from compat.record import RECORDINGS, clean, drop
from compat.scenarios import SCENARIOS
from compat.talk import HTML_BODY, Answer, Talk


@dataclass(frozen=True)
class Replay:
    """The outcome of one scenario: mismatches, differences on purpose, and how many exchanges have no mismatch."""

    scenario: str
    mismatches: tuple[Mismatch, ...]
    on_purpose: tuple[Mismatch, ...]
    exchanges: int
    agreeing: int


def replay(base_url: str, token: str, scenario: str) -> Replay:
    """Runs a scenario against the server and compares it with its recording."""
    recorded = json.loads((RECORDINGS / f"{scenario}.json").read_text(encoding="utf-8"))
    talk = Talk(base_url.rstrip("/"), token, secrets.token_hex(4))
    stopped: list[Mismatch] = []
    try:
        SCENARIOS[scenario](talk)
    except Exception as error:
        place = talk.answers[-1].name if talk.answers else "(start)"
        stopped.append(
            Mismatch(
                f"{scenario}/{place}", "", f"the conversation stopped after this: {type(error).__name__}: {str(error)[:200]}"
            )
        )
    comparison = Comparison()
    found: list[Mismatch] = []
    purposely: list[Mismatch] = []
    agreeing = 0
    for record, answer in zip(recorded, talk.answers, strict=False):
        differences = [
            Mismatch(f"{scenario}/{answer.name}", place, reason) for place, reason in differ(comparison, record, answer, talk)
        ]
        found += [item for item in differences if not is_on_purpose(item)]
        purposely += [item for item in differences if is_on_purpose(item)]
        agreeing += all(is_on_purpose(item) for item in differences)
    return Replay(scenario, (*found, *stopped), tuple(purposely), len(recorded), agreeing)


def differ(comparison: Comparison, record: dict[str, Any], answer: Answer, talk: Talk) -> list[tuple[str, str]]:
    """(place, reason) of each difference between the record and the answer. Where Label Studio crashed, anything else will do."""
    if record["status"] >= 500 and answer.status < 500:
        return []
    if record["status"] != answer.status:
        return [("status", f"{answer.request} said {record['status']}, now {answer.status}: {str(answer.body)[:200]}")]
    if record["body"] == HTML_BODY:
        return []
    differences = []
    for field in ("content_type", "filename"):
        old, new = scrub(record[field]), scrub(getattr(answer, field))
        if old != new and record["body"] is not None:
            differences.append((field, f"said {old!r}, now {new!r}"))
    live = clean(drop(answer.body, answer.skip), talk)
    differences += comparison.bodies(record["body"], live, kind=answer.kind, loose=answer.loose, skip=answer.skip)
    return differences


def main(base_url: str, token: str, *names: str) -> int:
    results = [replay(base_url, token, name) for name in names or SCENARIOS]
    for result in results:
        for mismatch in result.mismatches:
            print(mismatch)
    bad = sum(len(result.mismatches) for result in results)
    purposely = sum(len(result.on_purpose) for result in results)
    exchanges, agreeing = sum(result.exchanges for result in results), sum(result.agreeing for result in results)
    for result in results:
        print(f"  {result.scenario}: {result.agreeing}/{result.exchanges}")
    print(f"{agreeing} of {exchanges} exchanges agree; {bad} mismatches, {purposely} differences on purpose")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
