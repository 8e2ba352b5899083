"""The official SDKs, unmodified, as clients of a live server."""

from __future__ import annotations

import json
import secrets
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from compat.expected import LEGACY, MODERN
from compat.official import python_of
from live import LiveServer

CLIENTS = Path(__file__).parent / "clients"
SCRIPTS: Mapping[str, tuple[str, Mapping[str, Mapping[str, Any]]]] = {
    "0.0.34": ("legacy.py", LEGACY),
    "1.0.20": ("legacy.py", LEGACY),
    "2.x": ("modern.py", MODERN),
}
CASES = [(version, section) for version, (_, sections) in SCRIPTS.items() for section in sections]

pytestmark = [pytest.mark.official_sdk, pytest.mark.slow]


@cache
def seen_by(version: str, url: str, token: str) -> dict[str, Any]:
    """What the SDK's script saw, by section; run once per session."""
    command = [str(python_of(version)), str(CLIENTS / SCRIPTS[version][0]), url, token, secrets.token_hex(4)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@pytest.mark.parametrize(("version", "section"), CASES)
def test_an_official_sdk_sees_what_it_expects(version: str, section: str, live_server: LiveServer) -> None:
    seen = seen_by(version, live_server.url, live_server.token)[section]
    assert "raised" not in seen, seen["raised"]
    assert seen == SCRIPTS[version][1][section]
