"""The schema of `docs/howto/add-a-tag.md` is one that the server takes. Its code: `web/app/docs/addATag.test.tsx`."""

from __future__ import annotations

import msgspec
import pytest

from docs.pages import blocks
from labelwright.labelconfig import TagSchema, check_result, check_task_data, lint_config, tag


@pytest.fixture
def verdict(monkeypatch: pytest.MonkeyPatch) -> TagSchema:
    """The tag of the page, known as if its file were in `tags/`."""
    (block,) = blocks("docs/howto/add-a-tag.md", "json")
    schema = msgspec.json.decode(block.text, type=TagSchema)
    known = tag.load_tags() | {schema.name: schema}
    monkeypatch.setattr(tag, "load_tags", lambda: known)
    monkeypatch.setattr(tag, "_tags_by_lower_name", lambda: {name.lower(): each for name, each in known.items()})
    return schema


def test_the_schema_is_complete_and_its_example_is_right(verdict: TagSchema) -> None:
    assert lint_config(verdict.example) == []
    assert check_task_data(verdict.example, verdict.data) is None
    assert check_result(verdict.example, list(verdict.sample_result)) == []
