"""Label Studio's recorded answers, compared field by field with those of a live server."""

from __future__ import annotations

import pytest

from compat.replay import replay
from compat.scenarios import SCENARIOS
from live import LiveServer

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_answers_are_those_of_label_studio(scenario: str, live_server: LiveServer) -> None:
    outcome = replay(live_server.url, live_server.token, scenario)
    assert not outcome.mismatches, "\n".join(str(mismatch) for mismatch in outcome.mismatches)
