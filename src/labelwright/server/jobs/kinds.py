"""Every kind of job: one line each."""

from __future__ import annotations

from labelwright.server.jobs.job import JobKind

ALL: list[JobKind] = []

KINDS = {kind.name: kind for kind in ALL}
