"""Progress of long calls: a bar on a terminal, a callback, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

Report = Callable[[int, int | None], None]
"""Called with what is done and the total (None while unknown)."""
Progress = bool | Report
"""True: a bar, if this is a terminal and the call takes longer than a second. False: nothing. A function: called at each step."""

SHOW_AFTER_S = 1.0


@contextmanager
def reporting(progress: Progress, what: str, *, in_bytes: bool = False) -> Iterator[Report]:
    """A function to report steps to, for as long as the call takes."""
    if callable(progress):
        yield progress
    elif not progress or not sys.stderr.isatty():
        yield _ignore
    else:
        bar = _Bar(what, in_bytes)
        try:
            yield bar.report
        finally:
            bar.close()


def _ignore(done: int, total: int | None) -> None:
    pass


class _Bar:
    """A rich progress bar that only shows when there is something to wait for."""

    def __init__(self, what: str, in_bytes: bool) -> None:
        self._what = what
        self._in_bytes = in_bytes
        self._started_s = time.monotonic()
        self._shown: RichProgress | None = None

    def report(self, done: int, total: int | None) -> None:
        if self._shown is None:
            if time.monotonic() - self._started_s < SHOW_AFTER_S:
                return
            self._show()
        if self._shown is not None:
            self._shown.update(self._shown.task_ids[0], completed=done, total=total)

    def close(self) -> None:
        if self._shown is not None:
            self._shown.stop()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        count = DownloadColumn() if self._in_bytes else MofNCompleteColumn()
        columns = (TextColumn("{task.description}"), BarColumn(), count, TimeRemainingColumn())
        self._shown = RichProgress(*columns, console=Console(stderr=True), transient=True)
        self._shown.add_task(self._what, total=None)
        self._shown.start()
