"""Records what Label Studio answers to our scripted conversations.

`python tests/compat/record.py http://localhost:8080 TOKEN [scenario…]`.
The server must run with legacy tokens switched on. Only answers to our own data are kept, scrubbed of times, hosts and secrets.
"""

from __future__ import annotations

import dataclasses
import json
import re
import secrets
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from compat.compare import TIME, UUID
from compat.scenarios import SCENARIOS
from compat.talk import Answer, Talk

RECORDINGS = Path(__file__).parent / "recordings"
SECRETS = (
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+"), "eyJ0.eyJ0.c2ln"),
    (re.compile(r"eyJ[\w-]+\.eyJ[\w-]+"), "eyJ0.eyJ0"),
    (re.compile(r"\b[0-9a-f]{40}\b"), "0" * 40),
)


def clean(value: Any, talk: Talk) -> Any:
    """The value without times, secrets, the run's name and the server's address."""
    if isinstance(value, dict):
        return {key: clean(item, talk) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item, talk) for item in value]
    if not isinstance(value, str):
        return value
    value = value.replace(talk.base_url, "http://host").replace(talk.run, "RUN")
    value = TIME.sub(lambda found: re.sub(r"\d", "0", found[0]), value)
    value = UUID.sub("00000000-0000-0000-0000-000000000000", value)
    for pattern, mark in SECRETS:
        value = pattern.sub(mark, value)
    return value


def as_record(answer: Answer, talk: Talk) -> dict[str, Any]:
    fields = dataclasses.asdict(answer)
    for option in ("kind", "loose", "skip"):
        del fields[option]
    fields["body"] = clean(drop(fields["body"], answer.skip), talk)
    fields["request"] = clean(fields["request"], talk)
    return fields


def drop(value: Any, keys: frozenset[str]) -> Any:
    """The value without the keys that are never compared."""
    if isinstance(value, dict):
        return {key: drop(item, keys) for key, item in value.items() if key not in keys}
    return [drop(item, keys) for item in value] if isinstance(value, list) else value


def main(base_url: str, token: str, *names: str) -> None:
    for name in names or SCENARIOS:
        talk = Talk(base_url.rstrip("/"), token, secrets.token_hex(4))
        SCENARIOS[name](talk)
        lines = ",\n".join(json.dumps(as_record(answer, talk), ensure_ascii=False) for answer in talk.answers)
        (RECORDINGS / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        print(f"{name}: {len(talk.answers)} exchanges")


if __name__ == "__main__":
    main(*sys.argv[1:])
