"""`Project`: a label config, its tasks and their answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from labelwright.sdk.errors import LabelwrightError
from labelwright.sdk.exporting import SavedExport, SnapshotStatus, fetch_export, parse_export, save_export
from labelwright.sdk.filters import Column, FilterSet, Type, is_empty
from labelwright.sdk.importing import BATCH_SIZE, OnRefused, RowImport, import_file, import_rows
from labelwright.sdk.progress import Progress, reporting
from labelwright.sdk.shapes import (
    Annotation,
    Job,
    JSONObject,
    MLBackend,
    NewTask,
    Prediction,
    Result,
    Snapshot,
    Task,
    TaskPage,
    View,
)
from labelwright.sdk.task_list import TASK_PAGE, TaskList, TaskQuery
from labelwright.sdk.waiting import wait_for_jobs

if TYPE_CHECKING:
    from labelwright.sdk.client import Client

EVERYTHING: JSONObject = {"all": True, "excluded": []}
Place = str | PathLike[str]


class Project:
    """A project on the server. Made by `Client.start_project` and `Client.get_project`.

    `params` holds the fields as last read from the server; each is an attribute too (`project.title`, `project.task_number`).
    """

    def __init__(self, client: Client, params: JSONObject) -> None:
        self.client = client
        self.params = params

    @property
    def id(self) -> int:
        return int(self.params["id"])

    @property
    def title(self) -> str:
        return str(self.params["title"])

    @property
    def label_config(self) -> str:
        return str(self.params["label_config"])

    @property
    def parsed_label_config(self) -> JSONObject:
        """The controls by name: type, what they point to, labels."""
        if "parsed_label_config" not in self.params:
            self.update_params()
        return dict(self.params["parsed_label_config"])

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name != "params" and name in self.params:
            return self.params[name]
        raise AttributeError(f"a project has no {name!r}")

    def __repr__(self) -> str:
        return f"Project(id={self.id}, title={self.params.get('title')!r})"

    @property
    def _path(self) -> str:
        return f"/api/projects/{self.id}"

    # -- settings

    def get_params(self) -> JSONObject:
        """All fields, fresh from the server."""
        return dict(self.client.get(f"{self._path}/"))

    def update_params(self) -> None:
        """Reads the fields again: counters change as people label."""
        self.params = self.get_params()

    def set_params(self, **settings: Any) -> None:
        """Changes settings: `project.set_params(title="New title", maximum_annotations=2)`. Raises `Invalid` with the reasons."""
        self.params = self.client.patch(f"{self._path}/", settings)

    def set_sampling(self, sampling: str) -> None:
        """Chooses the order of tasks: "Sequential sampling", "Uniform sampling" or "Uncertainty sampling"."""
        self.set_params(sampling=sampling)

    def set_published(self, is_published: bool) -> None:
        self.set_params(is_published=is_published)

    def delete(self) -> None:
        """Deletes the project with all its tasks and answers, for good."""
        self.client.delete_project(self.id)

    # -- importing

    def import_tasks(
        self,
        tasks: Iterable[NewTask] | NewTask | Place,
        preannotated_from_fields: Sequence[str] | None = None,
        *,
        batch_size: int = BATCH_SIZE,
        on_refused: OnRefused | None = None,
        progress: Progress | None = None,
    ) -> list[int]:
        """The ids of the new tasks, in order.

        tasks: a list (or generator) of `{"data": {…}}` or plain dicts, which are taken as data; one such dict; or the path of a
        file (JSON, JSON Lines, CSV, TSV, TXT, or media). Lists of any length are sent in batches of `batch_size`.
        preannotated_from_fields: data fields that hold a model's answers.
        Raises `ImportRefused`, whose `rows` say which tasks were refused and why. With `on_refused`, each refused task is handed
        to that function instead and the others are imported.
        """
        params = {"return_task_ids": True, "preannotated_from_fields": ",".join(preannotated_from_fields or ()) or None}
        running = RowImport(self.client, self.id, params, on_refused)
        shown = self.client.progress if progress is None else progress
        if isinstance(tasks, str | PathLike):
            return import_file(running, Path(tasks), batch_size, shown)
        return import_rows(running, [tasks] if isinstance(tasks, Mapping) else tasks, batch_size, shown)

    # -- tasks

    def get_tasks(
        self,
        filters: FilterSet | None = None,
        ordering: Sequence[str] | None = None,
        view_id: int | None = None,
        selected_ids: Sequence[int] | None = None,
        only_ids: bool = False,
        *,
        page: int | None = None,
        page_size: int = TASK_PAGE,
        progress: Progress | None = None,
    ) -> list[Task]:
        """Tasks with their annotations and predictions: all, or with `page` (from 1) one page; a page past the end is empty.

        filters: see `Filters`; ordering: such as `["-tasks:id"]`; view_id: a saved view's filters; selected_ids: only
        these tasks. only_ids: a list of ids instead (see `get_tasks_ids` for the typed way).
        """
        query = TaskQuery(self.client, self.id, filters, ordering, view_id, selected_ids, only_ids)
        if page is not None:
            return query.page(page, page_size)["tasks"]
        return list(query.walk(page_size, self.client.progress if progress is None else progress))

    def get_tasks_ids(self, filters: FilterSet | None = None, ordering: Sequence[str] | None = None) -> list[int]:
        """The ids of the tasks."""
        return list(TaskQuery(self.client, self.id, filters, ordering, only_ids=True).walk(1000, False))

    def get_paginated_tasks(
        self,
        filters: FilterSet | None = None,
        ordering: Sequence[str] | None = None,
        view_id: int | None = None,
        selected_ids: Sequence[int] | None = None,
        page: int = 1,
        page_size: int = TASK_PAGE,
        only_ids: bool = False,
    ) -> TaskPage:
        """One page with the totals. Past the end its list is empty."""
        return TaskQuery(self.client, self.id, filters, ordering, view_id, selected_ids, only_ids).page(page, page_size)

    @property
    def tasks(self) -> TaskList:
        """All tasks. `project.tasks` iterates and has a length; `project.tasks(filters=…)` iterates over some."""
        return TaskList(self.client, self.id)

    @property
    def tasks_ids(self) -> list[int]:
        return self.get_tasks_ids()

    def get_labeled_tasks(self, only_ids: bool = False) -> list[Task]:
        """Tasks that have all the answers they need."""
        return self.get_tasks(is_empty(Column.completed_at, Type.Datetime, False), only_ids=only_ids)

    def get_unlabeled_tasks(self, only_ids: bool = False) -> list[Task]:
        """Tasks that still need answers."""
        return self.get_tasks(is_empty(Column.completed_at, Type.Datetime, True), only_ids=only_ids)

    def get_labeled_tasks_ids(self) -> list[int]:
        return self.get_tasks_ids(is_empty(Column.completed_at, Type.Datetime, False))

    def get_unlabeled_tasks_ids(self) -> list[int]:
        return self.get_tasks_ids(is_empty(Column.completed_at, Type.Datetime, True))

    def get_task(self, task_id: int) -> Task:
        """One task with everything said about it."""
        task: Task = self.client.get(f"/api/tasks/{task_id}/")
        return task

    def update_task(self, task_id: int, **fields: Any) -> Task:
        """Changes `data` (whole) or `meta` of a task: `project.update_task(task["id"], meta={"needs_review": True})`."""
        task: Task = self.client.patch(f"/api/tasks/{task_id}/", fields)
        return task

    def delete_task(self, task_id: int) -> None:
        self.client.delete(f"/api/tasks/{task_id}/")

    def delete_tasks(self, task_ids: Sequence[int]) -> int:
        """Deletes these tasks with their answers; gives back how many."""
        if not task_ids:
            return 0
        return self._act("delete_tasks", {"all": False, "included": list(task_ids)})

    def delete_all_tasks(self, excluded_ids: Sequence[int] | None = None) -> int:
        """Deletes all tasks but these, with their answers; gives back how many."""
        return self._act("delete_tasks", {"all": True, "excluded": list(excluded_ids or ())})

    # -- answers

    def create_annotation(self, task_id: int, result: Sequence[Result | JSONObject] | None = None, **fields: Any) -> Annotation:
        """A finished answer. fields: `was_cancelled=True` for a skip, `ground_truth`, `lead_time` (seconds), `completed_by`…"""
        body = {"result": list(result or ()), **fields}
        annotation: Annotation = self.client.post(f"/api/tasks/{task_id}/annotations/", body)
        return annotation

    def list_annotations(self, task_id: int) -> list[Annotation]:
        """A task's answers that are not skips."""
        return list(self.client.get(f"/api/tasks/{task_id}/annotations/"))

    def get_annotation(self, annotation_id: int) -> Annotation:
        annotation: Annotation = self.client.get(f"/api/annotations/{annotation_id}/")
        return annotation

    def update_annotation(self, annotation_id: int, **fields: Any) -> Annotation:
        """Changes an answer: `result=[…]`, `ground_truth=True`, …"""
        annotation: Annotation = self.client.patch(f"/api/annotations/{annotation_id}/", fields)
        return annotation

    def delete_annotation(self, annotation_id: int) -> None:
        self.client.delete(f"/api/annotations/{annotation_id}/")

    def create_prediction(
        self,
        task_id: int,
        result: Sequence[Result | JSONObject] | JSONObject | str | int | float | None = None,
        score: float | None = 0,
        model_version: str | None = None,
    ) -> Prediction:
        """A model's answer to a task.

        result: a list of results; or, in short, `{"choices": ["Cat"]}` or `"Cat"` for the first control that takes it.
        """
        body = {"task": task_id, "result": result, "score": score}
        if model_version is not None:
            body["model_version"] = model_version
        prediction: Prediction = self.client.post("/api/predictions/", body)
        return prediction

    def create_predictions(
        self, predictions: Sequence[Mapping[str, Any]], *, batch_size: int = BATCH_SIZE, progress: Progress | None = None
    ) -> JSONObject:
        """Many predictions at once, each `{"task": id, "result": […], "score": 0.9, "model_version": "v1"}`: `{"created": n}`."""
        created = 0
        with reporting(self.client.progress if progress is None else progress, "Importing predictions") as report:
            for start in range(0, len(predictions), batch_size):
                batch = list(predictions[start : start + batch_size])
                created += self.client.post(f"{self._path}/import/predictions", batch)["created"]
                report(start + len(batch), len(predictions))
        return {"created": created}

    def create_annotations_from_predictions(self, model_versions: str | Sequence[str] | None = None) -> JSONObject:
        """Turns predictions (of these versions) into annotations."""
        return dict(self._post_action("predictions_to_annotations", EVERYTHING, {"model_version": model_versions}))

    def get_model_versions(self) -> dict[str, int]:
        """How many predictions there are of each model version."""
        return dict(self.client.get(f"{self._path}/model-versions"))

    def get_predictions_coverage(self) -> dict[str, float]:
        """Predictions per task of each model version: 0.9 where nine of ten tasks have one."""
        task_count = self.get_params()["task_number"]
        return {version: count / task_count for version, count in self.get_model_versions().items()} if task_count else {}

    def set_model_version(self, model_version: str) -> None:
        """Chooses whose predictions are shown as suggestions."""
        self.set_params(model_version=model_version)

    # -- models

    def connect_ml_backend(self, url: str, title: str = "default", **fields: Any) -> MLBackend:
        """Connects a running model (`labelwright ml start …`). All tasks are pre-labeled by it, and new ones as they come.

        fields: `is_interactive`, `auth_method="BASIC_AUTH"` with `basic_auth_user` and `basic_auth_pass`, `timeout` (seconds),
        `extra_params`, `description`. Raises `Invalid` with the reason if the model does not answer.
        """
        backend: MLBackend = self.client.post("/api/ml", {"url": url, "title": title, "project": self.id, **fields})
        return backend

    def get_ml_backends(self) -> list[MLBackend]:
        """The connected models; each is asked how it is."""
        return list(self.client.get("/api/ml", {"project": self.id}))

    def predict(
        self,
        task_ids: Sequence[int] | None = None,
        *,
        filters: FilterSet | None = None,
        view_id: int | None = None,
        ml_backend: int | None = None,
        again: bool = False,
        wait: bool = True,
        timeout: float = 3600.0,
        progress: Progress | None = None,
    ) -> list[Job]:
        """Has the connected models predict all tasks, or these, or those of filters or a view: the jobs, one per model.

        Tasks that the model's version has predicted already are left out unless `again`. wait: until the jobs are over, at most
        `timeout` seconds (then `LabelwrightError`); look at `state`, `message` and `problems` of what comes back. Raises
        `Invalid` where no model is connected.
        """
        wish: JSONObject = {"again": again, "ml_backend": ml_backend, "view": view_id, "filters": filters}
        if task_ids is not None:
            wish["selectedItems"] = {"all": False, "included": list(task_ids)}
        given = {name: value for name, value in wish.items() if value is not None}
        started: list[Job] = list(self.client.post(f"{self._path}/predict", given))
        return [self._ended(job, timeout, progress) for job in started] if wait else started

    def jobs(self) -> list[Job]:
        """What the server does and did for the project behind its answers, the newest first, at most 50."""
        return list(self.client.get(f"{self._path}/jobs"))

    def wait_for_jobs(self, until: Callable[[], bool] | None = None, *, timeout: float = 600.0) -> None:
        """Returns when the server has no job left for the project (and `until()` holds). `LabelwrightError` after `timeout` s."""
        wait_for_jobs(self.client, self._path, until, timeout)

    def suggest_as_i_work(self, switch: bool | None = None) -> JSONObject:
        """The state of the built-in model, which learns from labels as they come; True switches it on, False off."""
        address = f"{self._path}/builtin-model"
        return dict(self.client.get(address) if switch is None else self.client.put(address, {"is_on": switch}))

    def _ended(self, job: Job, timeout: float, progress: Progress | None) -> Job:
        deadline_s, pause_s = time.monotonic() + timeout, 0.05
        with reporting(self.client.progress if progress is None else progress, job["title"]) as report:
            while job["state"] in ("queued", "running"):
                if time.monotonic() > deadline_s:
                    raise LabelwrightError(f"job {job['id']} is not over after {timeout:.0f} s: {job['message'] or job['state']}")
                time.sleep(pause_s)
                pause_s = min(2.0, pause_s * 1.5)
                job = self.client.get(f"/api/jobs/{job['id']}")
                report(job["done"], job["total"])
        return job

    # -- exporting

    @overload
    def export_tasks(
        self,
        export_type: Literal["JSON", "JSON_MIN"] = "JSON",
        download_all_tasks: bool = False,
        download_resources: bool = False,
        ids: Sequence[int] | None = None,
        export_location: None = None,
        *,
        progress: Progress | None = None,
    ) -> list[Any]: ...
    @overload
    def export_tasks(
        self,
        export_type: str = "JSON",
        download_all_tasks: bool = False,
        download_resources: bool = False,
        ids: Sequence[int] | None = None,
        *,
        export_location: Place,
        progress: Progress | None = None,
    ) -> Path: ...
    @overload
    def export_tasks(
        self,
        export_type: str,
        download_all_tasks: bool = False,
        download_resources: bool = False,
        ids: Sequence[int] | None = None,
        export_location: None = None,
        *,
        progress: Progress | None = None,
    ) -> Any: ...
    def export_tasks(
        self,
        export_type: str = "JSON",
        download_all_tasks: bool = False,
        download_resources: bool = False,
        ids: Sequence[int] | None = None,
        export_location: Place | None = None,
        *,
        progress: Progress | None = None,
    ) -> Any:
        """The project's answers in a format: `export_type` is JSON, JSON_MIN, CSV, TSV, COCO, CONLL2003, …

        Without `export_location`: JSON as a list, text formats as a string, archives (COCO) as bytes. With it, a file or a
        folder, the export is streamed there and its path given back. download_all_tasks: also tasks without annotations; ids:
        only these tasks; download_resources: put the media into archives.
        """
        params = {
            "exportType": export_type,
            "download_all_tasks": download_all_tasks,
            "download_resources": download_resources,
            "ids[]": list(ids) if ids else None,
        }
        shown = self.client.progress if progress is None else progress
        if export_location is not None:
            return save_export(self.client, f"{self._path}/export", params, Path(export_location), shown)
        return parse_export(fetch_export(self.client, f"{self._path}/export", params, shown), export_type)

    def get_export_formats(self) -> list[str]:
        """The names of the formats this project can be exported to."""
        formats = self.client.get(f"{self._path}/export/formats")
        return [str(form["name"]) for form in formats if not form.get("disabled")]

    def export_snapshot_create(self, title: str, task_filter_options: JSONObject | None = None, **options: Any) -> Snapshot:
        """Stores an export on the server. options: `annotation_filter_options`, `serialization_options`."""
        body = {"title": title, "task_filter_options": task_filter_options or {}, **options}
        snapshot: Snapshot = self.client.post(f"{self._path}/exports/", body)
        return snapshot

    def export_snapshot_list(self) -> list[Snapshot]:
        """The stored exports, newest first."""
        return list(self.client.get(f"{self._path}/exports/"))

    def export_snapshot_status(self, export_id: int) -> SnapshotStatus:
        """How far a stored export is: `.is_completed()`, `.is_in_progress()`, `.is_failed()`."""
        return SnapshotStatus(self.client.get(f"{self._path}/exports/{export_id}"))

    def export_snapshot_download(self, export_id: int, export_type: str = "JSON", path: Place = ".") -> tuple[int, str]:
        """Downloads a stored export, in any format, into a folder; gives back (200, the file's name)."""
        place = f"{self._path}/exports/{export_id}/download"
        saved = save_export(self.client, place, {"exportType": export_type}, Path(path), self.client.progress)
        return 200, saved.name

    def export_snapshot_delete(self, export_id: int) -> None:
        self.client.delete(f"{self._path}/exports/{export_id}")

    def export(
        self,
        filters: FilterSet | None = None,
        title: str = "SDK export",
        export_type: str = "JSON",
        output_dir: Place = ".",
        timeout: float = 600.0,
    ) -> SavedExport:
        """Exports the tasks that fit the filters into a folder, also those without answers; tells the file's name."""
        view = self.create_view(filters, title=title) if filters else None
        try:
            snapshot = self.export_snapshot_create(title, {"view": view["id"]} if view else None)
            deadline_s = time.monotonic() + timeout
            while not (status := self.export_snapshot_status(snapshot["id"])).is_completed():
                if status.is_failed() or time.monotonic() > deadline_s:
                    raise LabelwrightError(f"the export is {status.snapshot['status']} after {timeout:.0f} s at most")
                time.sleep(0.2)
            folder = Path(output_dir)
            folder.mkdir(parents=True, exist_ok=True)
            code, name = self.export_snapshot_download(snapshot["id"], export_type, folder)
            return {"status": code, "filename": name, "export_id": snapshot["id"]}
        finally:
            if view:
                self.delete_view(view["id"])

    # -- views

    def get_views(self) -> list[View]:
        """The saved views."""
        return list(self.client.get("/api/dm/views/", {"project": self.id}))

    def create_view(self, filters: FilterSet | None, ordering: Sequence[str] | None = None, title: str = "Tasks") -> View:
        """Saves filters and an ordering as a view of the data table."""
        data: JSONObject = {"title": title, "ordering": list(ordering or ()), "filters": filters}
        view: View = self.client.post("/api/dm/views/", {"project": self.id, "data": data})
        return view

    def delete_view(self, view_id: int) -> None:
        self.client.delete(f"/api/dm/views/{view_id}/")

    # -- inside

    def _act(self, action: str, selection: JSONObject) -> int:
        return int(self._post_action(action, selection, {}).get("processed_items", 0))

    def _post_action(self, action: str, selection: JSONObject, more: JSONObject) -> JSONObject:
        body = {"selectedItems": selection, "project": self.id, **more}
        answer = self.client.post("/api/dm/actions/", body, params={"id": action, "project": self.id})
        return dict(answer or {})
