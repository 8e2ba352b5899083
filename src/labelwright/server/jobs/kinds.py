"""Every kind of job: one line each."""

from __future__ import annotations

from labelwright.server.jobs.job import JobKind
from labelwright.server.jobs.learn import FORGET, LEARN
from labelwright.server.jobs.prelabel import PRELABEL_KIND
from labelwright.server.jobs.train import TRAIN_KIND

ALL: list[JobKind] = [LEARN, FORGET, PRELABEL_KIND, TRAIN_KIND]

KINDS = {kind.name: kind for kind in ALL}
