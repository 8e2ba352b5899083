"""Every scripted conversation, by name; one recording each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from compat.scenarios.accounts import labels, misc, tokens, users
from compat.scenarios.answers import annotations, drafts, overlap, predictions
from compat.scenarios.data_manager import actions, filters, views
from compat.scenarios.exports import export_choices, export_contents, snapshots
from compat.scenarios.imports import import_errors, import_files, imports, preannotated
from compat.scenarios.projects import label_configs, projects
from compat.scenarios.results import ground_truth, results
from compat.scenarios.stream import overlap_stream, skip_queues, stream
from compat.scenarios.tasks import ner_tasks, task_pages, tasks
from compat.talk import Talk

SCENARIOS: Mapping[str, Callable[[Talk], None]] = {
    "projects": projects,
    "label_configs": label_configs,
    "imports": imports,
    "import_errors": import_errors,
    "import_files": import_files,
    "preannotated": preannotated,
    "tasks": tasks,
    "task_pages": task_pages,
    "ner_tasks": ner_tasks,
    "annotations": annotations,
    "overlap": overlap,
    "drafts": drafts,
    "predictions": predictions,
    "stream": stream,
    "skip_queues": skip_queues,
    "overlap_stream": overlap_stream,
    "filters": filters,
    "views": views,
    "actions": actions,
    "export_contents": export_contents,
    "export_choices": export_choices,
    "snapshots": snapshots,
    "results": results,
    "ground_truth": ground_truth,
    "users": users,
    "tokens": tokens,
    "labels": labels,
    "misc": misc,
}
