"""Skimming through predictions."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct
from msgspec import UnsetType as Opt

from labelwright.server.actions.accept_predictions import Accepted, Refused


class SkimPrediction(Struct):
    id: int
    score: float | None
    model_version: str | None
    result: list[dict[str, Any]]


class SkimTask(Struct):
    """`is_cut`: texts of `data` are shortened to what a thumbnail shows."""

    id: int
    inner_id: int
    data: dict[str, Any]
    is_cut: bool
    prediction: SkimPrediction


class SkimPage(Struct):
    """`after`: where the next page begins; null: this was the last."""

    version: str
    tasks: list[SkimTask]
    after: int | None


class VersionCount(Struct):
    version: str
    count: int


class LabelCount(Struct):
    label: str
    count: int


class LastBatch(Struct):
    batch: str
    count: int
    created_at: str


class SkimSummary(Struct):
    """`by_score`: per twentieth of [0, 1]. `is_whole`: false where only the most confident 20,000 were counted."""

    version: str
    versions: list[VersionCount]
    total: int
    scored: int
    by_score: list[int]
    by_label: list[LabelCount]
    is_whole: bool
    last_batch: LastBatch | None


class SkimPreview(Struct):
    """What accepting all above a score means: how many, and those next to the threshold."""

    count: int
    is_whole: bool
    nearest: list[SkimTask]


class Accept(Struct):
    """Either `predictions`, or `above` (a score) with `version` and `label` as in the list. `lead_time`: seconds for all."""

    predictions: list[int] | Opt = UNSET
    above: float | Opt = UNSET
    version: str | Opt = UNSET
    label: str | Opt = UNSET
    batch: str | Opt = UNSET
    lead_time: float | Opt | None = UNSET


class AcceptAnswer(Struct):
    """`added`: annotations made just now. `accepted`: these (up to 1,000) and those made before. `more`: there are more."""

    batch: str
    added: int
    accepted: list[Accepted]
    refused: list[Refused]
    more: bool


class Undo(Struct):
    batch: str | Opt = UNSET
