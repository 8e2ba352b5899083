import io
import zipfile

import pytest
from golden_cases import CASES, context, recorded
from hypothesis import given
from hypothesis import strategies as st

from labelwright.domain.annotation import Annotation
from labelwright.domain.jsontext import JSONText
from labelwright.domain.task import AnsweredTask, Task
from labelwright.formats import FORMATS, PLANNED, export_formats, find_format

NOW = "2026-11-24T06:44:33.470796Z"
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
keys = st.sampled_from(
    [
        "x",
        "y",
        "width",
        "height",
        "rotation",
        "points",
        "start",
        "end",
        "text",
        "labels",
        "choices",
        "rectanglelabels",
        "type",
        "polygonlabels",
        "keypointlabels",
        "original_width",
        "original_height",
        "value",
        "from_name",
        "sequence",
        "frame",
    ]
)
texts = st.sampled_from(["", "videorectangle", "chatmessage", "Car", "é😀", '"'])
values = st.recursive(scalars | texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner), max_leaves=12)


@pytest.mark.parametrize("case", CASES)
def test_formats_are_offered_as_label_studio_offers_them(case):
    config = recorded(case, "config.json")
    ours = [
        (known["name"], known["title"], known.get("tags", []), known.get("disabled", False))
        for known in export_formats(config["parsed_label_config"])
    ]
    unwritten = {planned.name for planned in PLANNED}
    theirs = [tuple(known) for known in config["formats"] if known[3] or known[0] not in unwritten]
    assert sorted(ours) == sorted(theirs)
    assert [known[3] for known in ours] == sorted(known[3] for known in ours)


def test_a_format_is_found_by_its_name():
    assert find_format("CSV").title == "CSV"
    assert find_format("YOLO") is None
    assert len({known.name for known in (*FORMATS, *PLANNED)}) == len(FORMATS) + len(PLANNED)


@given(st.sampled_from(sorted(CASES)), st.lists(st.dictionaries(keys, values) | values, max_size=4), st.data())
def test_odd_results_never_break_an_export(case, items, data):
    controls = sorted(recorded(case, "config.json")["parsed_label_config"]) or ["any"]
    names = st.sampled_from(controls)
    result = [{"from_name": data.draw(names), "value": item, **item} if isinstance(item, dict) else item for item in items]
    task = Task(
        id=1,
        project_id=1,
        inner_id=1,
        data=JSONText('{"image":5,"text":[]}'),
        meta=JSONText("{}"),
        created_at=NOW,
        updated_at=NOW,
    )
    annotation = Annotation(
        id=1, project_id=1, task_id=1, annotator_id=None, result=JSONText.of(result), created_at=NOW, updated_at=NOW
    )
    answered = [AnsweredTask(task=task, annotations=(annotation,))]
    for known in FORMATS:
        options = context(case, interpolates_key_frames=True, mends_label_studio=True)
        written = b"".join(known.write(answered, options))
        assert written
        if known.extension == ".zip":
            assert zipfile.ZipFile(io.BytesIO(written)).testzip() is None
