"""The instances: one per project, made when first needed, in threads of their own so that nobody waits who need not."""

from __future__ import annotations

import inspect
import logging
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labelwright.ml.model import LabelwrightMLBase
from labelwright.ml.place import HERE, Place
from labelwright.ml.state import State

log = logging.getLogger("labelwright.ml")

_TRAINED_BY = "trained_by"


@dataclass
class Kept:
    """A project's instance, or the making of it."""

    label_config: str
    extra_params: Any
    trained_by: str
    made: Future[LabelwrightMLBase] = field(default_factory=Future)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def may_predict(self, model: LabelwrightMLBase) -> AbstractContextManager[Any]:
        """One at a time, unless the author allows more."""
        return nullcontext() if model.parallel else self.turn


class Models:
    """Gives the instance of a project. Safe to use from many threads."""

    def __init__(
        self, model_class: type[LabelwrightMLBase], state: State, folder: Path | None, options: Mapping[str, Any] | None = None
    ) -> None:
        self.model_class = model_class
        self.state = state
        self.folder = folder
        self.options = dict(options or {})
        self.name = f"{os.getpid()}"
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def of(self, project: str, label_config: str | None = None) -> Kept:
        """The project's instance, made anew when its config has changed. `.made.result()` waits for it and raises its error."""
        if label_config is None:
            label_config = self.state.get(project, "label_config") or ""
        trained_by = self.state.get(project, _TRAINED_BY) or ""
        with self._lock:
            kept = self._kept.get(project)
            fresh = (
                kept is not None
                and kept.label_config == label_config
                and (kept.trained_by == trained_by or trained_by.startswith(f"{self.name}:"))
                and not (kept.made.done() and kept.made.exception() is not None)
            )
            if kept is not None and fresh:
                return kept
            kept = Kept(label_config, self.state.get(project, "extra_params"), trained_by)
            self._kept[project] = kept
        if self.state.get(project, "label_config") != label_config:
            self.state.set(project, "label_config", label_config)
        threading.Thread(target=self._make, args=(project, kept), daemon=True, name=f"model of project {project}").start()
        return kept

    def set_up_again(self, project: str, kept: Kept, wait_s: float = -1) -> None:
        """Calls `setup()` when the extra parameters are not those it has seen. Call with the instance made.

        wait_s: how long to wait for a `predict` that is at work; after that the next one sees to it.
        """
        params = self.state.get(project, "extra_params")
        if params == kept.extra_params or not kept.turn.acquire(timeout=wait_s):
            return
        try:
            if params != kept.extra_params:
                kept.made.result().setup()
                kept.extra_params = params
        finally:
            kept.turn.release()

    def trained(self, project: str, count: int, *, reload: bool) -> None:
        """After a `fit`: the other processes make their instances anew, and so does this one where `reload`."""
        self.state.set(project, _TRAINED_BY, f"{self.name}:{count}")
        if reload:
            with self._lock:
                self._kept.pop(project, None)

    def version_of(self, project: str) -> str:
        """The version, without waiting for an instance."""
        return str(self.state.get(project, "model_version") or self.model_class.INITIAL_MODEL_VERSION)

    def _make(self, project: str, kept: Kept) -> None:
        token = HERE.set(Place(project, kept.label_config, self.state, self.folder))
        try:
            arguments = {"project_id": project, "label_config": kept.label_config, **self.options}
            arguments["train_output"] = self.state.get(project, "train_output") or {}
            model = self.model_class(**accepted(self.model_class.__init__, arguments))
            if not hasattr(model, "_place"):  # its __init__ does not call ours
                LabelwrightMLBase.__init__(model)
            kept.made.set_result(model)
        except BaseException as error:
            log.exception("making the model of project %s failed", project)
            kept.made.set_exception(error)
        finally:
            HERE.reset(token)


def accepted(function: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the arguments that the function takes: all, if it has `**kwargs`."""
    parameters = inspect.signature(function).parameters.values()
    if any(each.kind is each.VAR_KEYWORD for each in parameters):
        return dict(arguments)
    names = {each.name for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)}
    return {name: value for name, value in arguments.items() if name in names}
