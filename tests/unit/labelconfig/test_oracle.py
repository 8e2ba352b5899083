"""The same answers as Label Studio 1.23.2 for the recorded configs, tasks and summaries."""

import json
from pathlib import Path
from typing import Any

import pytest

from labelwright.labelconfig import (
    AnswerSummary,
    TaskChecker,
    check_against_answers,
    data_types,
    describe_item_error,
    essential_change,
    is_suitable_for_bulk_annotation,
    parsed_label_config,
    validate_config,
)


def recorded(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((Path(__file__).parent / "oracle" / f"{name}.json").read_text(encoding="utf-8"))
    return cases


@pytest.mark.parametrize("case", recorded("configs"), ids=lambda case: case["config"][6:80])
def test_config_is_judged_and_parsed_alike(case: dict[str, Any]) -> None:
    config = case["config"]
    assert [problem.message for problem in validate_config(config)] == ([case["problem"]] if case["problem"] else [])
    if case["problem"] is None:
        assert json.dumps(parsed_label_config(config)) == json.dumps(case["parsed"])
        assert list(data_types(config).items()) == list(case["data_types"].items())
        assert is_suitable_for_bulk_annotation(config) is case["bulk"]


@pytest.mark.parametrize("case", recorded("tasks"), ids=lambda case: str(case["item"])[:60])
def test_task_is_judged_alike(case: dict[str, Any]) -> None:
    message = TaskChecker(case["config"]).check_item(case["item"])
    assert (message and describe_item_error(0, message, case["item"])) == case["error"]


@pytest.mark.parametrize("case", recorded("answers"))
def test_saving_over_answers_is_judged_alike(case: dict[str, Any]) -> None:
    summary = AnswerSummary(
        created_annotations=case["annotations"], created_labels=case["labels"], created_labels_drafts=case["drafts"]
    )
    problem = check_against_answers(case["config"], summary, strict=case["strict"])
    # which of several lost labels comes first is chance in Label Studio
    assert sorted((problem.message if problem else "").splitlines()) == sorted((case["problem"] or "").splitlines())


@pytest.mark.parametrize("case", recorded("changes"))
def test_change_is_essential_alike(case: dict[str, Any]) -> None:
    assert essential_change(case["new"], case["old"]) is bool(case["changed"])
