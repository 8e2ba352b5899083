"""Waiting for what the server does behind its answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from labelwright.sdk.errors import LabelwrightError
from labelwright.sdk.progress import reporting

if TYPE_CHECKING:
    from labelwright.sdk.client import Client

OPEN = ("queued", "running")
LONGEST_PAUSE_S = 1.0


def wait_for_jobs(client: Client, path: str, until: Callable[[], bool] | None, timeout_s: float) -> None:
    """Returns when no job of the project at `path` is open and `until()` holds. LabelwrightError after `timeout_s`."""
    deadline_s, pause_s = time.monotonic() + timeout_s, 0.05
    with reporting(client.progress, "Waiting for jobs") as report:
        while True:
            left = [job for job in client.get(f"{path}/jobs") if job["state"] in OPEN]
            if not left and (until is None or until()):
                return
            if time.monotonic() > deadline_s:
                what = ", ".join(f"{job['title']} is {job['state']}" for job in left) or "what was waited for did not happen"
                raise LabelwrightError(f"not done after {timeout_s:.0f} s: {what}")
            if left:
                report(sum(job["done"] for job in left), sum(job["total"] or 0 for job in left))
            time.sleep(pause_s)
            pause_s = min(LONGEST_PAUSE_S, pause_s * 1.5)
