"""The law of formats: what JSON writes, the reader reads."""

import io

from hypothesis import given
from hypothesis import strategies as st

from labelwright.domain.annotation import Annotation, Prediction
from labelwright.domain.jsontext import JSONText
from labelwright.domain.task import AnsweredTask, Task
from labelwright.formats.export import ExportContext
from labelwright.formats.json_format import write_json
from labelwright.formats.read import read_tasks

NOW = "2026-11-24T06:44:33.470796Z"
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=6)
objects = st.dictionaries(texts, values, max_size=4)
CONTEXT = ExportContext(project_id=1, parsed_label_config={}, ago=str, expands_predictions=True)

results = st.lists(objects, max_size=3)


@given(st.lists(st.tuples(objects.filter(bool), objects, results, results), max_size=4))
def test_data_answers_and_meta_come_back(parts):
    tasks = [answered(index, *part) for index, part in enumerate(parts)]
    rows = list(read_tasks(io.BytesIO(b"".join(write_json(tasks, CONTEXT))), "export.json"))
    assert [
        (row.data, row.meta, row.annotations[0]["result"], row.annotations[0]["lead_time"], row.predictions[0]["result"])
        for row in rows
    ] == [(data, meta, result, 1.5, predicted) for data, meta, result, predicted in parts]


def answered(index, data, meta, result, predicted):
    shared = {"id": index, "project_id": 1, "created_at": NOW, "updated_at": NOW}
    task = Task(**shared, inner_id=index, data=JSONText.of(data), meta=JSONText.of(meta))
    annotation = Annotation(**shared, task_id=index, annotator_id=1, result=JSONText.of(result), lead_time_s=1.5)
    prediction = Prediction(**shared, task_id=index, result=JSONText.of(predicted))
    return AnsweredTask(task=task, annotations=(annotation,), predictions=(prediction,))
