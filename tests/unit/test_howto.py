"""The code in the how-tos does what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from labelwright.domain.annotation import Annotation
from labelwright.domain.jsontext import JSONText
from labelwright.domain.task import AnsweredTask, Task
from labelwright.formats.export import ExportContext

HOWTO = Path(__file__).parents[2] / "docs" / "howto"
MOMENT = "2026-11-23T20:20:31.393502Z"


def python_of(page: str) -> dict[str, Any]:
    """The names that the page's Python blocks define."""
    blocks = re.findall(r"^( *)```python\n(.*?)^\1```", (HOWTO / page).read_text(), re.DOTALL | re.MULTILINE)
    code = "\n".join(re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in blocks)
    names: dict[str, Any] = {}
    exec(compile(code, page, "exec"), names)
    return names


def test_the_format_of_the_how_to_writes_its_lines() -> None:
    result = JSONText.of([{"type": "choices", "value": {"choices": ["Positive"]}}])
    task: Any = Task(
        id=7, project_id=1, inner_id=1, data=JSONText("{}"), meta=JSONText("{}"), created_at=MOMENT, updated_at=MOMENT
    )  # type: ignore[arg-type]
    answer: Any = Annotation(
        id=1,  # type: ignore[arg-type]
        project_id=1,  # type: ignore[arg-type]
        task_id=7,  # type: ignore[arg-type]
        annotator_id=None,
        result=result,
        created_at=MOMENT,  # type: ignore[arg-type]
        updated_at=MOMENT,  # type: ignore[arg-type]
    )
    context = ExportContext(project_id=1, parsed_label_config={}, ago=str)  # type: ignore[arg-type]
    written = python_of("add-a-format.md")["LABEL_LINES"].write([AnsweredTask(task=task, annotations=(answer,))], context)
    assert b"".join(written) == b"7\tPositive\n"
