"""Training: events of a project one after the other, kept on the disk until done, while predictions go on."""

from __future__ import annotations

import inspect
import json
import logging
import threading
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from labelwright.ml.answers import plain
from labelwright.ml.model import LabelwrightMLBase
from labelwright.ml.models import Models, accepted
from labelwright.ml.place import safe_name
from labelwright.ml.state import Event

log = logging.getLogger("labelwright.ml")


class Training:
    """Queues events and has `fit` work on them, in threads of its own: one per project that has something to do."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self.state = models.state
        self._changed = threading.Condition()
        self._working: set[str] = set()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def resume(self) -> None:
        """Goes on with what a stopped process has left."""
        for project in self.state.projects_with_events():
            self._work_on(project)

    def add(self, project: str, action: str, payload: dict[str, Any]) -> int:
        """Queues an event; its number. It is kept when this returns."""
        number = self.state.add_event(project, action, payload)
        self._work_on(project)
        return number

    def wait(self, number: int, timeout_s: float) -> Event | None:
        """The event as it is when done, or when the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: _is_over(self.state.event(number)), timeout_s)
        return self.state.event(number)

    def _work_on(self, project: str) -> None:
        with self._changed:
            if project in self._working:
                return
            self._working.add(project)
        threading.Thread(target=self._work, args=(project,), daemon=True, name=f"training of project {project}").start()

    def _work(self, project: str) -> None:
        while True:
            with self._only_one(project):
                while event := self.state.start_next_event(project):
                    self._train(event)
                    with self._changed:
                        self._changed.notify_all()
            with self._changed:
                # an event that came after the last look and before this one would be left lying
                if project not in self.state.projects_with_events():
                    self._working.discard(project)
                    return

    def _train(self, event: Event) -> None:
        try:
            kept = self.models.of(event.project, _label_config(event.payload))
            model = kept.made.result()
            self.models.set_up_again(event.project, kept)
            log.info("project %s: fit on %s", event.project, event.action)
            result, is_old_style = call_fit(model, event, lambda: self._folder(event))
        except BaseException as error:  # an exit() in `fit` must not end the training of the events after it
            log.exception("project %s: fit on %s failed", event.project, event.action)
            self.state.finish_event(event.id, "failed", error=describe(error))
            return
        if is_old_style and isinstance(result, dict) and result:
            self.state.set(event.project, "train_output", _told(result))
            self.state.set(event.project, "model_version", str(event.id))
        self.models.trained(event.project, event.id, reload=is_old_style and bool(result))
        self.state.finish_event(event.id, "done", result=_told(result))

    def _folder(self, event: Event) -> str | None:
        """A folder for the event's own files, for a `fit` that asks for one."""
        if self.models.folder is None:
            return None
        folder = self.models.folder / "jobs" / str(event.id)
        folder.mkdir(parents=True, exist_ok=True)
        return str(folder)

    @contextmanager
    def _only_one(self, project: str) -> Iterator[None]:
        """Holds the project's turn: no other thread and no other process trains it meanwhile."""
        if self.models.folder is None:
            with self._turns[project]:
                yield
            return
        with (self.models.folder / f"training-{safe_name(project)}.lock").open("a") as file:
            try:
                import fcntl
            except ImportError:  # Windows: several workers are not offered there
                yield
                return
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def call_fit(model: LabelwrightMLBase, event: Event, workdir: Callable[[], str | None]) -> tuple[Any, bool]:
    """What `fit` returns, and whether it is written as for label_studio_ml 1.x, `fit(self, tasks, workdir=None, **kwargs)`.

    What such a `fit` returns becomes `train_output` of the next instance.
    """
    names = list(inspect.signature(model.fit).parameters)
    is_old_style = bool(names) and names[0] not in {"event", "args", "kwargs"} and "event" not in names
    extra: dict[str, Any] = {"job_id": str(event.id)}
    if is_old_style or "workdir" in names:
        extra["workdir"] = workdir()
    if not is_old_style:
        return model.fit(event.action, event.payload, **accepted(model.fit, extra)), False
    arguments = accepted(model.fit, {"event": event.action, "data": event.payload, **extra})
    arguments.pop(names[0], None)
    result = model.fit((), **arguments)  # type: ignore[arg-type]
    return (dict(result) if isinstance(result, dict) else result), True


def describe(error: BaseException) -> str:
    """The error in one line, with the place in the author's file."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/labelwright/ml/" not in frame.filename]
    own = next((frame for frame in reversed(frames) if "site-packages" not in frame.filename), None)
    where = f" ({Path(own.filename).name}, line {own.lineno}, in {own.name})" if own else ""
    return f"{type(error).__name__}: {error}{where}"


def _told(result: Any) -> Any:
    """What `fit` returned, as far as JSON can hold it."""
    try:
        return json.loads(json.dumps(result, default=plain_or_text))
    except (TypeError, ValueError):
        return str(result)


def plain_or_text(value: Any) -> Any:
    simple = plain(value)
    return str(value) if simple is value else simple


def _label_config(payload: dict[str, Any]) -> str | None:
    project = payload.get("project")
    config = project.get("label_config") if isinstance(project, dict) else None
    return config if isinstance(config, str) else None


def _is_over(event: Event | None) -> bool:
    return event is None or event.state in {"done", "failed"}
