"""The class that authors extend."""

from __future__ import annotations

import json
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from labelwright.ml.answers import Prediction, predictions_of
from labelwright.ml.label_interface import LabelInterface
from labelwright.ml.media import Media, is_address
from labelwright.ml.place import HERE, Place
from labelwright.ml.regions import RegionMaker
from labelwright.ml.store import Store


class LabelwrightMLBase(RegionMaker):
    """A model behind a labeling project: extend it with `predict` and, where it learns, `fit`.

    The server makes one instance per project and keeps it. When the project's label config changes it makes a new one; when only
    the extra parameters change it calls `setup()` again. `predict` is called by one thread at a time unless the class says
    `parallel = True`; `fit` runs beside it, one event after the other.
    """

    INITIAL_MODEL_VERSION = "0.0.1"

    TRAIN_EVENTS: tuple[str, ...] = (
        "ANNOTATION_CREATED",
        "ANNOTATIONS_CREATED",
        "ANNOTATION_UPDATED",
        "ANNOTATION_DELETED",
        "ANNOTATIONS_DELETED",
        "START_TRAINING",
    )
    """Events that `fit` is called for."""

    parallel = False
    """Whether several threads may be in `predict` at once."""

    def __init__(
        self,
        project_id: str | None = None,
        label_config: str | None = None,
        train_output: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Called by the server. Hand `**kwargs` on; `self.label_config` and all else is there when this returns.

        train_output: what the last `fit` returned.
        """
        here = HERE.get()
        if here is None:
            here = Place(project_id or "", label_config or "")
        self._place = here
        RegionMaker.__init__(self, here.label_config)
        self.project_id = here.project_id
        self.train_output: dict[str, Any] = train_output or here.state.get(here.project_id, "train_output") or {}
        self.options = kwargs
        self.setup()

    def setup(self) -> None:
        """Called when the project is known and when its extra parameters change. Load models here."""

    def predict(self, tasks: list[dict[str, Any]], context: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """Predictions for the tasks, one entry for each in their order; write this one.

        tasks: each with `id`, `data`, and the `annotations` and `predictions` it has.
        context: what the annotator has just drawn, on an interactive call: `{"result": [region, …]}`; else None.
        """
        raise NotImplementedError(f"{type(self).__name__} has no predict()")

    def fit(self, event: str, data: dict[str, Any], **kwargs: Any) -> Any:
        """Learn from an event; write this one if the model learns. `data` is the webhook's payload.

        event: one of `TRAIN_EVENTS`.
        data: `project`, and `annotation` and `task` where the event has them.
        """
        return None

    def predict_tasks(
        self, tasks: list[dict[str, Any]], context: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[list[Prediction]]:
        """What `predict` says, in the form that goes over the wire: a list of predictions per task."""
        return predictions_of(self.predict(tasks, context=context, **kwargs), len(tasks), str(self.model_version))

    # The project

    @property
    def label_config(self) -> str:
        """The project's label config, empty if none was given."""
        return self._place.label_config

    @cached_property
    def label_interface(self) -> LabelInterface:
        """The config as an object: its controls and objects by name."""
        return LabelInterface(self.label_config)

    def use_label_config(self, label_config: str) -> None:
        """Puts another config in the place of the project's: for an author's own scripts."""
        self._place = Place(self.project_id, label_config, self._place.state, self._place.folder)
        for name in ("parsed_label_config", "label_interface", "_checker"):
            self.__dict__.pop(name, None)

    @property
    def extra_params(self) -> dict[str, Any]:
        """The parameters that were given where the model was added to the project."""
        params = self._place.state.get(self.project_id, "extra_params")
        if isinstance(params, str):
            params = json.loads(params) if params.strip() else {}
        return params if isinstance(params, dict) else {}

    def set_extra_params(self, extra_params: Any) -> None:
        """Replaces them, until the server tells others."""
        self._place.state.set(self.project_id, "extra_params", extra_params)

    # What it remembers

    def get(self, key: str) -> Any:
        """A value kept for this project, None if there is none. Survives restarts."""
        if key == "label_config":
            return self.label_config
        if key == "parsed_label_config":
            return json.dumps(self.parsed_label_config)
        if key == "model_version":
            return str(self.model_version)
        if key in {"ls_host", "ls_access_token"}:
            return self._server()[key == "ls_access_token"]
        return self._place.state.get(self.project_id, key)

    def set(self, key: str, value: Any) -> None:
        """Keeps a value for this project: text, or anything that JSON can hold."""
        self._place.state.set(self.project_id, key, value)

    def has(self, key: str) -> bool:
        """Whether a value is kept."""
        return key in {"label_config", "parsed_label_config", "model_version"} or self._place.state.has(self.project_id, key)

    @property
    def model_version(self) -> str:
        """The version that predictions carry, by project. Set it, or save to `self.store`."""
        return self._place.state.get(self.project_id, "model_version") or self.INITIAL_MODEL_VERSION

    @model_version.setter
    def model_version(self, version: Any) -> None:
        self._place.state.set(self.project_id, "model_version", str(version))

    def bump_model_version(self) -> str:
        """Counts the version up and gives it back: 0.0.1 → 0.1.0, `v7` → `v8`."""
        now = str(self.model_version)
        if dotted := re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", now):
            version = f"{dotted[1]}.{int(dotted[2]) + 1}.0"
        elif numbered := re.fullmatch(r"(.*?)(\d+)", now):
            version = f"{numbered[1]}{int(numbered[2]) + 1}"
        else:
            version = f"{now}-2"
        self.model_version = version
        return version

    # Versions and media

    @cached_property
    def store(self) -> Store:
        """Where versions of the model are kept, by project. A version that is saved is the one that predictions carry."""

        def now_used(version: str) -> None:
            self.model_version = version

        return Store(self._place.folder_of("projects", self.project_id or "none", "versions"), now_used)

    @cached_property
    def media(self) -> Media:
        """Downloads, with the labeling server's authorization where they are on that server."""
        hostname, token = self._server()
        return Media(self._place.folder_of("projects", self.project_id or "none", "media"), hostname=hostname, token=token)

    def _server(self) -> tuple[str, str]:
        """The labeling server's address and our token there, as it told them; empty when it has not."""
        hostname, token = self._place.state.get(self.project_id, "server") or ("", "")
        return hostname, token

    def download(self, url: str, task: dict[str, Any] | None = None, *, most_bytes: int | None = None) -> Path:
        """A local file with what is at the address: of this server (`/data/upload/…`), of the web, or of a storage (`s3://…`).

        task: needed for addresses of storages, whose link is asked for by task. Kept, so that the next time is quick.
        most_bytes: the largest file that is taken. Raises DownloadFailed.
        """
        task_id = task.get("id") if task else None
        return self._fresh_media().download(url, task_id=task_id, most_bytes=most_bytes)

    def get_local_path(
        self,
        url: str,
        project_dir: str | None = None,
        ls_host: str | None = None,
        ls_access_token: str | None = None,
        task_id: int | str | None = None,
        **kwargs: Any,
    ) -> str:
        """As `download`, in Label Studio's words. `ls_host` and `ls_access_token` replace what the server gave."""
        media = self._fresh_media()
        if ls_host or ls_access_token:
            media = media.elsewhere(ls_host, ls_access_token)
        return os.fspath(media.download(url, task_id=task_id))

    def preload_task_data(self, task: dict[str, Any], value: Any = None, read_file: bool = True) -> Any:
        """A value of a task with the addresses in it replaced by the text that is there, or by local paths without `read_file`.

        value: a field's value, or lists and objects of such; without it all of the task's data. What is no address stays.
        """
        value = task["data"] if value is None else value
        if isinstance(value, dict):
            return {
                key: self.preload_task_data(task, item, read_file) if item is not None else None for key, item in value.items()
            }
        if isinstance(value, list):
            return [item and self.preload_task_data(task, item, read_file) for item in value]
        if not isinstance(value, str) or not is_address(value):
            return value
        path = self.download(value, task)
        return path.read_text(encoding="utf-8") if read_file else str(path)

    def annotated_tasks(self) -> list[dict[str, Any]]:
        """The project's tasks that have annotations, with them: what `fit` learns from. Asks the labeling server.

        Raises DownloadFailed if the server is not known (no /setup yet) or does not give them.
        """
        tasks = self._fresh_media().get_json(f"/api/projects/{self.project_id}/export?exportType=JSON")
        return [task for task in tasks if task.get("annotations")]

    def _fresh_media(self) -> Media:
        """The server may have told a new token since."""
        if self._server() != (self.media.hostname, self.media.token):
            del self.media
        return self.media
