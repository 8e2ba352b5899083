import json

import pytest
from golden_cases import CASES, answered_tasks, cases_with, context, recorded

from labelwright.formats.json_format import write_json

ANNOTATORS = {"expands_annotators": True}


def written(case, **options):
    return json.loads(b"".join(write_json(answered_tasks(case), context(case, **options))))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("file", "options"),
    [
        ("export.json", {}),
        ("expanded.json", {"expands_predictions": True, "expands_annotators": True}),
        ("ids_only.json", {"expands_drafts": False}),
    ],
)
def test_every_field_is_as_label_studio_writes_it(case, file, options):
    ours, theirs = written(case, **options), recorded(case, file)
    assert ours == theirs
    assert [list(annotation) for task in ours for annotation in task["annotations"]] == [
        list(annotation) for task in theirs for annotation in task["annotations"]
    ]


@pytest.mark.parametrize("case", cases_with("interpolated.json"))
def test_tracks_between_key_frames(case):
    assert written(case, interpolates_key_frames=True) == recorded(case, "interpolated.json")


def test_nothing_is_an_empty_list():
    assert json.loads(b"".join(write_json([], context("spans")))) == []
