"""Where Labelwright answers differently on purpose; each line says why. Everything else is a mismatch."""

from __future__ import annotations

import re
from collections.abc import Sequence

from compat.compare import Mismatch

SKIPS = "an imported skip finishes a task no more than any other skip does"
ON_PURPOSE: Sequence[tuple[str, str, str]] = (
    # (exchange, place, why); the first two are patterns for the whole text
    (r"annotations/unique id again", r".*", "the 409 also names the stored annotation"),
    (r"projects/.*", r".*expert_instruction", "instructions are sanitised HTML"),
    (r"(export_|snapshots/|results/).*", r"content_type", "the registered media types, not application/.csv"),
    (r"(export_|snapshots/|results/).*TSV.*", r"filename", "a TSV file is called .tsv"),
    (r"snapshots/download filtered", r"filename", "file names have no folder"),
    (r".*summary.*", r"all_data_columns.*", "column counts do not drift upwards when tasks are saved"),
    (r"tasks/.*", r"inner_id", "the first task of a project is number 1 however it is made"),
    (r"tasks/set foreign fields", r"(inner_id|is_labeled)", "counted by the server, not set by clients"),
    (r"tasks/set wrong data", r"status", "new data is checked as imported data is"),
    (r"task_pages/project list start", r"status", "start and length work"),
    (r"overlap/.*", r"finished_task_number", "counters are those after the change, not before"),
    (r"filters/filter nested", r".*", "nested fields can be filtered on SQLite too"),
    (r"filters/query in the body", r".*", "the query may be an object in the body"),
    (r"views/dm project", r".*_(number|with_annotations)", "counters are told"),
    (r"(task_pages|actions)/.*", r".*(annotators|updated_by)", "told on every list, not only when shown as a column"),
    (r"preannotated/.*", r"(predictions_model_versions|static.*model_version)", "their order is not defined"),
    (
        r"(users|tokens|misc)/.*",
        r"(.*active_organization_meta.*|.*\.title|title)",
        "the first organization is called Labelwright",
    ),
    (r"users/(create|get|rename)", r"active_organization", "a new user's organization is told at once"),
    (r"label_configs/(check|change to) unclosed", r"(|detail)", "a broken config is a field error wherever it comes in"),
    (r"import_errors/import data is a string", r"validation_errors.*", "data is an object, never a list"),
    (r"import_files/file json of numbers", r"validation_errors.*", "each bad row is named"),
    (r"imports/(task after skipped annotation|project after imports)", r"(is_labeled|completed_at|finished_task_number)", SKIPS),
    (r"snapshots/download.*", r"filename", "the file's name has no folder in it"),
    (r"preannotated/ner versions extended", r"live", "no live models are an empty list, not null"),
    (r"results/.*table", r".*(annotations|predictions)_results", "500 characters after the quotes are stripped, not before"),
    (r"results/.*summary", r"created_labels.*", "only controls with labels are listed, and each label is counted"),
    (r"users/member removes a user", r"detail", "the words every refusal has"),
    (r"users/create again", r"validation_errors.email\[0\]", "another wording with `already exists` in it"),
    (r"(users|tokens)/.*", r"username", "the administrator made by the command line has a user name"),
)
LATER: Sequence[tuple[str, str]] = (
    (r"labels/.*", "label collections"),
    (r"misc/(export )?storage.*", "storages"),
    (r"ner_tasks/agreement", "agreement"),
)
"""What is not built yet. Delete a line when its exchanges agree."""
ADDITIONS: Sequence[tuple[str, frozenset[str]]] = (
    (r"(users|tokens)/.*", frozenset({"is_owner", "role"})),
    (r"misc/version edition", frozenset({"labelwright"})),
)
"""Keys that Labelwright adds to answers."""


def is_on_purpose(mismatch: Mismatch) -> bool:
    if mismatch.reason.startswith("extra "):
        extra = set(mismatch.reason.removeprefix("extra ").split(", "))
        if any(re.fullmatch(exchange, mismatch.exchange) and extra <= keys for exchange, keys in ADDITIONS):
            return True
    if mismatch.place == "status" and any(re.fullmatch(exchange, mismatch.exchange) for exchange, _ in LATER):
        return True
    return any(
        re.fullmatch(exchange, mismatch.exchange) and re.fullmatch(place, mismatch.place, re.DOTALL)
        for exchange, place, _ in ON_PURPOSE
    )
