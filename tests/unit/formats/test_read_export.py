import io

import pytest
from golden_cases import CASES, answered_tasks, context

from labelwright.formats.csv_format import CSV
from labelwright.formats.json_format import write_json
from labelwright.formats.json_min import JSON_MIN
from labelwright.formats.read_export import read_export


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("expands_annotators", [False, True])
@pytest.mark.parametrize("written", [JSON_MIN, CSV], ids=lambda one: one.name)
def test_a_snapshot_converts_to_what_the_tasks_themselves_give(case, expands_annotators, written):
    settings = context(case, expands_annotators=expands_annotators)
    file = io.BytesIO(b"".join(write_json(answered_tasks(case), settings)))
    assert b"".join(written.write(read_export(file), settings)) == b"".join(written.write(answered_tasks(case), settings))


def test_the_tasks_come_back_whole():
    tasks = answered_tasks("boxes")
    file = io.BytesIO(b"".join(write_json(tasks, context("boxes"))))
    assert [(one.task, one.annotations) for one in read_export(file)] == [(one.task, one.annotations) for one in tasks]


def test_an_empty_export_has_no_tasks():
    assert list(read_export(io.BytesIO(b"[\n]\n"))) == []
