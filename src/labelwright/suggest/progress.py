"""Lines of JSON that tell the server how far the worker is; and the end of the worker when nobody listens any more."""

from __future__ import annotations

import os
import sys
import time

import msgspec

_PAUSE_S = 0.2


class Orphaned(Exception):
    """The process that started the worker is gone."""


class Progress:
    """Prints `{"phase", "done", "total"}`, a line per phase and at most five a second; raises Orphaned when the parent died."""

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._last = ("", 0.0)

    def __call__(self, phase: str, done: int, total: int) -> None:
        if os.getppid() != self._parent:
            raise Orphaned
        now = time.monotonic()
        if phase == self._last[0] and done < total and now - self._last[1] < _PAUSE_S:
            return
        self._last = (phase, now)
        say({"phase": phase, "done": done, "total": total})


def say(line: dict[str, object]) -> None:
    """One line of JSON on stdout, at once. A pipe that nobody reads any more is no error: the files count."""
    try:
        sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise Orphaned from None
