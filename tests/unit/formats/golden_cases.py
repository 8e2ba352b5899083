"""Reads the recorded cases: what Label Studio exported, and the same data as our values."""

import json
from functools import cache
from pathlib import Path

from labelwright.domain.annotation import Annotation, Draft, Prediction
from labelwright.domain.jsontext import JSONText
from labelwright.domain.task import AnsweredTask, Task
from labelwright.formats.export import ExportContext, UserCard

GOLDEN = Path(__file__).parent / "golden"
CASES = json.loads((GOLDEN / "cases.json").read_text())


@cache
def recorded(case, file):
    return json.loads((GOLDEN / case / file).read_text())


def recorded_bytes(case, file):
    return (GOLDEN / case / file).read_bytes()


def cases_with(file):
    return [case for case in CASES if (GOLDEN / case / file).exists()]


def answered_tasks(case):
    whole = recorded(case, "expanded.json")
    return [_answered(task) for task in whole]


def context(case, **options):
    annotators = [annotation["completed_by"] for task in recorded(case, "expanded.json") for annotation in task["annotations"]]
    return ExportContext(
        project_id=1,
        parsed_label_config=recorded(case, "config.json")["parsed_label_config"],
        ago=lambda _: "0\u00a0minutes",
        users={user["id"]: UserCard(**user) for user in annotators},
        **options,
    )


def _answered(wire):
    task = Task(
        id=wire["id"],
        project_id=wire["project"],
        inner_id=wire["inner_id"],
        data=JSONText.of(wire["data"]),
        meta=JSONText.of(wire["meta"]),
        created_at=wire["created_at"],
        updated_at=wire["updated_at"],
        updated_by=wire["updated_by"],
        allow_skip=wire["allow_skip"],
        annotation_count=wire["total_annotations"],
        skip_count=wire["cancelled_annotations"],
        prediction_count=wire["total_predictions"],
    )
    return AnsweredTask(
        task=task,
        annotations=tuple(map(_annotation, wire["annotations"])),
        drafts=tuple(map(_draft, wire["drafts"])),
        predictions=tuple(map(_prediction, wire["predictions"])),
    )


def _annotation(wire):
    return Annotation(
        id=wire["id"],
        project_id=wire["project"],
        task_id=wire["task"],
        annotator_id=wire["completed_by"]["id"],
        result=JSONText.of(wire["result"]),
        is_skipped=wire["was_cancelled"],
        is_ground_truth=wire["ground_truth"],
        created_at=wire["created_at"],
        updated_at=wire["updated_at"],
        updated_by=wire["updated_by"],
        draft_created_at=wire["draft_created_at"],
        lead_time_s=wire["lead_time"],
        unique_id=wire["unique_id"],
        import_id=wire["import_id"],
        last_action=wire["last_action"],
        last_created_by=wire["last_created_by"],
        prediction_snapshot=JSONText.of(wire["prediction"]),
        result_count=wire["result_count"],
        is_bulk_created=wire["bulk_created"],
        parent_prediction_id=wire["parent_prediction"],
        parent_annotation_id=wire["parent_annotation"],
    )


def _draft(wire):
    return Draft(
        id=wire["id"],
        task_id=wire["task"],
        annotation_id=wire["annotation"],
        user_id=1,
        user_email=wire["user"],
        result=JSONText.of(wire["result"]),
        lead_time_s=wire["lead_time"],
        is_postponed=wire["was_postponed"],
        import_id=wire["import_id"],
        created_at=wire["created_at"],
        updated_at=wire["updated_at"],
    )


def _prediction(wire):
    return Prediction(
        id=wire["id"],
        project_id=wire["project"],
        task_id=wire["task"],
        result=JSONText.of(wire["result"]),
        score=wire["score"],
        model_version=wire["model_version"],
        cluster=wire["cluster"],
        mislabeling=wire["mislabeling"],
        created_at=wire["created_at"],
        updated_at=wire["updated_at"],
        model_id=wire["model"],
        model_run_id=wire["model_run"],
    )
