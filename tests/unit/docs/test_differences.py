"""Every difference that the comparison with Label Studio allows on purpose is on the page, in words."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping

import pytest

from docs.pages import ROOT, read

sys.path.insert(0, str(ROOT / "tests"))
from compat.differences import ADDITIONS, ON_PURPOSE

WORDS: Mapping[str, str] = {
    "the 409 also names the stored annotation": "409 that names the stored annotation",
    "instructions are sanitised HTML": "instructions and texts are shown as the HTML they are",
    "the registered media types, not application/.csv": "the registered ones",
    "a TSV file is called .tsv": "a TSV file is called",
    "file names have no folder": "file name has a folder",
    "the file's name has no folder in it": "file name has a folder",
    "column counts do not drift upwards when tasks are saved": "counts drift when tasks are saved",
    "the first task of a project is number 1 however it is made": "numbers start at one",
    "counted by the server, not set by clients": "can be set by clients",
    "new data is checked as imported data is": "is checked as imported data is",
    "start and length work": "`start` and `length`",
    "counters are those after the change, not before": "those before the change",
    "nested fields can be filtered on SQLite too": "nested fields can't be filtered",
    "the query may be an object in the body": "also as an object in the body",
    "counters are told": "counters of the data manager's project",
    "told on every list, not only when shown as a column": "`annotators` and `updated_by`",
    "their order is not defined": "order of model versions",
    "the first organization is called Labelwright": "called *Labelwright*",
    "a new user's organization is told at once": "has an organization at once",
    "a broken config is a field error wherever it comes in": "a field error everywhere",
    "data is an object, never a list": "`data` may be a list",
    "each bad row is named": "each row is named",
    "an imported skip finishes a task no more than any other skip does": "an imported skip",
    "no live models are an empty list, not null": "`live` model versions",
    "500 characters after the quotes are stripped, not before": "before quotes are stripped",
    "only controls with labels are listed, and each label is counted": "each label counted",
    "the words every refusal has": "other words with the same meaning",
    "another wording with `already exists` in it": "`already exists` is in them",
    "the administrator made by the command line has a user name": "has a user name",
}


@pytest.mark.parametrize("reason", sorted({reason for _, _, reason in ON_PURPOSE}))
def test_a_difference_is_on_the_page(reason: str) -> None:
    page = re.sub(r"\s+", " ", read("docs/reference/differences.md"))
    assert WORDS[reason] in page


def test_added_fields_are_on_the_page() -> None:
    page = read("docs/reference/differences.md")
    assert [name for _, names in ADDITIONS for name in names if f"`{name}`" not in page] == []
