"""Progress: a callback, a bar on a terminal, nothing."""

from __future__ import annotations

import io
import sys

import pytest

from labelwright.sdk import progress
from labelwright.sdk.progress import reporting


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(shown: progress.Progress, *, in_bytes: bool = False) -> None:
    with reporting(shown, "Counting", in_bytes=in_bytes) as report:
        for number in range(3):
            report(number, 2)


def test_a_function_is_called_at_each_step() -> None:
    steps: list[tuple[int, int | None]] = []
    run(lambda *step: steps.append(step))
    assert steps == [(0, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize("in_bytes", [True, False])
def test_a_terminal_shows_a_bar_when_it_takes_long(in_bytes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "SHOW_AFTER_S", 0.0)
    run(True, in_bytes=in_bytes)
    assert "Counting" in terminal.getvalue()


@pytest.mark.parametrize(("shown", "stream"), [(False, Terminal()), (True, io.StringIO()), (True, Terminal())])
def test_nothing_is_shown_if_unwanted_not_a_terminal_or_quick(
    shown: bool, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    run(shown)
    assert stream.getvalue() == ""
