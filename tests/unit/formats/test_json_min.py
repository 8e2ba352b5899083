import json

import pytest
from golden_cases import CASES, answered_tasks, context, recorded

from labelwright.formats.json_min import write_json_min


@pytest.mark.parametrize("case", CASES)
def test_every_field_is_as_label_studio_writes_it(case):
    ours = json.loads(b"".join(write_json_min(answered_tasks(case), context(case))))
    theirs = recorded(case, "json_min.json")
    assert ours == theirs
    assert list(map(list, ours)) == list(map(list, theirs))


def test_nothing_is_an_empty_list():
    assert json.loads(b"".join(write_json_min([], context("spans")))) == []
