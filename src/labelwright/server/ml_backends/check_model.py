"""Ask models how they are, in parallel and not for long."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from labelwright.server.actions.save_ml_backend import Check
from labelwright.server.ml_backends.client import Model, ModelError, ModelProblem

AT_ONCE = 8

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="models")


def check_model(model: Model, project: Any) -> Check:
    """Health, then set-up. Never raises for what the model does."""
    try:
        latency_ms = model.health()
    except ModelProblem as problem:
        return Check(state="DI", problem=str(problem), status=_status(problem))
    try:
        return Check(state="CO", latency_ms=latency_ms, version=model.setup(project))
    except ModelProblem as problem:
        return Check(state="ER", latency_ms=latency_ms, problem=str(problem), status=_status(problem))


def check_models(models: Sequence[Model], project: Any) -> list[Check]:
    """All of them at once, each as long as one takes."""
    if len(models) == 1:
        return [check_model(models[0], project)]
    return list(_threads.map(lambda model: check_model(model, project), models))


def _status(problem: ModelProblem) -> int | None:
    return problem.status if isinstance(problem, ModelError) else None
