"""Models of a project, and the jobs that ask them."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct

from labelwright.server.api.schemas.parts import Opt
from labelwright.server.api.schemas.tasks import Filters, Selection


class JobProblem(Struct):
    task: int | None
    reason: str


class Job(Struct):
    """Work that goes on behind the answers. `total`: tasks it is about, as far as it is known; `failed` of `done` got nothing."""

    id: int
    kind: str
    title: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    ml_backend: int | None
    total: int | None
    done: int
    failed: int
    message: str
    problems: list[JobProblem]
    created_at: str
    started_at: str | None
    finished_at: str | None


class PredictRequest(Struct):
    """Which model is asked (all, if none is named) about which tasks (all). `again`: also where this version was asked before."""

    ml_backend: int | Opt | None = UNSET
    again: bool | Opt = UNSET
    selectedItems: Selection | Opt = UNSET
    filters: Filters | Opt = UNSET
    view: int | Opt | None = UNSET


class ModelVersion(Struct):
    """`ml_backend`: the connected model whose version it is; null for imported predictions and the built-in model."""

    version: str
    count: int
    ml_backend: int | None
    is_shown: bool


class TrainingRun(Struct):
    id: int
    ml_backend: int | None
    state: str
    reason: str
    label_count: int
    version_before: str | None
    version_after: str | None
    score_before: float | None
    score_after: float | None
    report: dict[str, Any]
    is_live: bool
    log: str
    created_at: str
    finished_at: str | None


class ProjectModelSettings(Struct):
    """`shown_version`: a version, or a connected model's title (its live version); "" for none. `withheld_percent`: 0 to 50."""

    show_predictions: bool | Opt = UNSET
    prelabel_automatically: bool | Opt = UNSET
    withheld_percent: int | Opt = UNSET
    train_every: int | Opt = UNSET
    train_at_least: int | Opt = UNSET
    goes_live_if_better: bool | Opt = UNSET
    shown_version: str | Opt | None = UNSET


class ProjectModels(Struct):
    """The project's models without asking them. `backends` are as `/api/ml` spells them, with what was last known."""

    show_predictions: bool
    prelabel_automatically: bool
    withheld_percent: int
    train_every: int
    train_at_least: int
    goes_live_if_better: bool
    shown_version: str | None
    versions: list[ModelVersion]
    backends: list[dict[str, Any]]
    jobs: list[Job]
    runs: list[TrainingRun]
