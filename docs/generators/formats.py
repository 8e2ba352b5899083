"""`reference/formats.md`: what each export format holds and loses, with a file it writes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generators.markdown import code, fence, generated, page, pretty, table
from labelwright.domain.annotation import Annotation
from labelwright.domain.jsontext import JSONText
from labelwright.domain.task import AnsweredTask, Task
from labelwright.formats import FORMATS, PLANNED, ExportFormat
from labelwright.formats.export import ExportContext, UserCard
from labelwright.labelconfig import parsed_label_config

MOMENT: Any = "2026-11-23T20:20:31.393502Z"


class Words(NamedTuple):
    """What the code does not say about a format. `loses` is one sentence each."""

    holds: str
    loses: tuple[str, ...]
    options: tuple[str, ...] = ()


RAW = "`raw=1`: texts that a spreadsheet would run as a formula (`=1+1`) stay as they are; else they get a `'` in front."
ONE_ANSWER = "Skips, drafts, predictions, relations, `meta`, who reviewed."
WORDS: Mapping[str, Words] = {
    "JSON": Words(
        "Tasks with `data` and `meta`, all annotations (skipped ones too), whole drafts, the ids of predictions.",
        (
            'The predictions themselves. A snapshot with `{"predictions": {"only_id": false}}` in its options holds them.',
            "The history of an annotation.",
        ),
        ("`interpolate_key_frames=1`: video boxes get a box for each frame between two key frames.",),
    ),
    "JSON_MIN": Words(
        "Each answer that is not a skip, next to its task's data: a lone choice or text is bare, anything else a list.",
        (ONE_ANSWER, "Region ids.", "A data field that is named like a control, or `id`, is covered by it."),
    ),
    "CSV": Words(
        "The same as JSON_MIN, one row per answer, columns in alphabetical order. Lists and objects are JSON in a cell.",
        (ONE_ANSWER, "Region ids.", "Whether a cell was a number or a text, outside the quotes."),
        (RAW,),
    ),
    "TSV": Words("The CSV table with tabs.", ("The same as CSV.",), (RAW,)),
    "CONLL2003": Words(
        "Spans of `Labels` on a text: a word a line, `B-` and `I-` before its label, `O` outside.",
        (
            "Everything that is not a span of the first such control.",
            "Spans that lie within one another: a word takes the first.",
            "The exact ends of spans: a word is in or out.",
            "White space: words are cut as the Penn Treebank does.",
            "After an emoji, spans shift as they do in Label Studio: the file is the same as theirs.",
        ),
    ),
    "COCO": Words(
        "`result.json` in a zip: boxes, polygons and keypoints in pixels, labels as categories; a `category` attribute of a label"
        " is its id. One image entry per answer.",
        (
            "Rotation: a turned box becomes the upright box around it (computed in percent, as Label Studio does).",
            "All labels of a region but the first.",
            "Choices, texts, relations, `data` other than the image's name, who annotated.",
            "Masks, ellipses, vectors.",
        ),
        ("Offered for configs with boxes, polygons or keypoints on one image.",),
    ),
    "COCO_WITH_IMAGES": Words(
        "The COCO file with the images that were uploaded to the project beside it.",
        ("The same as COCO.", "Images at other addresses stay addresses."),
        ("`download_resources=0`: leave the images out.",),
    ),
}
"""By the format's name; a format without words stops the build."""
INTRODUCTION = """\
What an export can be. The project's **Export** dialog, `labelwright export`, `project.export_tasks(export_type=…)` and
`GET /api/projects/{id}/export?exportType=…` know the same list. Formats that do not suit a project's label config are greyed out.

For all of them: `download_all_tasks=1` adds tasks without annotations (else only tasks that somebody answered), `ids[]=7`
(repeated) chooses tasks. Files are streamed: a large project needs no large memory. Times are UTC.

The files below were written for a task with one answer, by the label config of the format's kind."""


def formats_page() -> str:
    """Raises KeyError for a format that has no words here."""
    parts = [part for known in FORMATS for part in describe(known)]
    return page("# Export formats", generated("src/labelwright/formats"), INTRODUCTION, *parts, *planned())


def describe(known: ExportFormat) -> Iterator[str]:
    words = WORDS[known.name]
    yield f"## {known.name}"
    yield known.description
    facts = [f"**File:** {code(known.extension)}, {code(known.content_type)}", f"**Holds:** {words.holds}"]
    facts += [f"**Loses:** {' '.join(words.loses)}", *(f"**Option:** {option}" for option in words.options)]
    yield "\n".join(f"- {fact}" for fact in facts)
    if not known.includes_media:
        yield fence(*example(known))


def planned() -> Iterator[str]:
    yield "## Not yet"
    yield "Label Studio has these too; asking for one answers 400 with the list of formats that there are."
    yield table(("name", "what"), [(code(known.name), known.description) for known in PLANNED])


# ---------------------------------------------------------------- the examples
TEXT_CONFIG = """<View>
  <Text name="text" value="$review"/>
  <Choices name="mood" toName="text"><Choice value="Happy"/><Choice value="Unhappy"/></Choices>
</View>"""
SPAN_CONFIG = """<View>
  <Labels name="kind" toName="text"><Label value="PER"/><Label value="LOC"/></Labels>
  <Text name="text" value="$text"/>
</View>"""
IMAGE_CONFIG = """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image"><Label value="Car"/><Label value="Person"/></RectangleLabels>
</View>"""
MOOD = [{"id": "c1", "from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Happy"]}}]
SPANS = [
    {"id": "s1", "from_name": "kind", "to_name": "text", "type": "labels", "value": {"start": 0, "end": 12, "labels": ["PER"]}},
    {"id": "s2", "from_name": "kind", "to_name": "text", "type": "labels", "value": {"start": 22, "end": 28, "labels": ["LOC"]}},
]
BOXES = [
    {
        "id": "b1",
        "from_name": "box",
        "to_name": "image",
        "type": "rectanglelabels",
        "original_width": 800,
        "original_height": 600,
        "value": {"x": 10, "y": 20, "width": 25, "height": 15, "rotation": 0, "rectanglelabels": ["Car"]},
    }
]
EXAMPLES: Mapping[str, tuple[str, dict[str, Any], list[Any]]] = {
    "CONLL2003": (SPAN_CONFIG, {"text": "Ada Lovelace lived in London."}, SPANS),
    "COCO": (IMAGE_CONFIG, {"image": "https://example.com/street.jpg"}, BOXES),
}


def example(known: ExportFormat) -> tuple[str, str]:
    """The language and the text of a file that the format writes."""
    config, data, result = EXAMPLES.get(known.name, (TEXT_CONFIG, {"review": "Works like a charm."}, MOOD))
    context = ExportContext(
        project_id=_any(1),
        parsed_label_config=parsed_label_config(config),
        ago=lambda _: "0 minutes",
        users={_any(1): UserCard(id=_any(1), email="ada@example.com")},
    )
    written = b"".join(known.write([_answered(data, result)], context))
    if known.extension == ".zip":
        with zipfile.ZipFile(io.BytesIO(written)) as archive:
            text = archive.read("result.json").decode()
        whole = json.loads(text)
        return "json", pretty(whole | {"info": whole["info"] | {"year": 2026, "date_created": "2026-11-23 20:20:31"}})
    text = written.decode().replace("\r\n", "\n")
    if known.name in ("JSON", "JSON_MIN"):
        return "json", pretty(json.loads(text))
    return "text", text


def _any(value: Any) -> Any:
    return value


def _answered(data: dict[str, Any], result: list[Any]) -> AnsweredTask:
    task = Task(
        id=_any(7),
        project_id=_any(1),
        inner_id=1,
        data=JSONText.of(data),
        meta=JSONText("{}"),
        created_at=MOMENT,
        updated_at=MOMENT,
        annotation_count=1,
    )
    answer = Annotation(
        id=_any(45),
        project_id=_any(1),
        task_id=_any(7),
        annotator_id=_any(1),
        result=JSONText.of(result),
        created_at=MOMENT,
        updated_at=MOMENT,
        updated_by=_any(1),
        lead_time_s=3.2,
        unique_id="0c0ffee0-0000-4000-8000-000000000001",
        result_count=len(result),
    )
    return AnsweredTask(task=task, annotations=(answer,))
