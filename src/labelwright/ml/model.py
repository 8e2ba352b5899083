"""The class that authors extend."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Any

from labelwright.ml.answers import Prediction, predictions_of
from labelwright.ml.place import HERE, Place


class LabelwrightMLBase:
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

        event: one of `TRAIN_EVENTS`. data: `project`, and `annotation` and `task` where the event has them.
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
    def parsed_label_config(self) -> dict[str, dict[str, Any]]:
        """The controls of the config: `{"sentiment": {"type": "Choices", "to_name": ["text"], "inputs": […], "labels": […]}}`."""
        from labelwright.labelconfig import parsed_label_config

        return parsed_label_config(self.label_config) if self.label_config else {}

    @property
    def extra_params(self) -> dict[str, Any]:
        """The parameters that were given where the model was added to the project."""
        params = self._place.state.get(self.project_id, "extra_params")
        if isinstance(params, str):
            params = json.loads(params) if params.strip() else {}
        return params if isinstance(params, dict) else {}

    def set_extra_params(self, extra_params: Any) -> None:
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
        return self._place.state.get(self.project_id, key)

    def set(self, key: str, value: Any) -> None:
        """Keeps a value for this project: text, or anything that JSON can hold."""
        self._place.state.set(self.project_id, key, value)

    def has(self, key: str) -> bool:
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
