"""Exports: simple and snapshots, every format of the first step."""

from __future__ import annotations

from typing import Any

from compat.scenarios.configs import BOXES, MIXED, NER, SENTIMENT, SUMMARY, box, choice, span
from compat.talk import Talk

TEXT = "Ada Lovelace met Charles Babbage in London."
RATED = {"from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": 4}}
NOTED = {"from_name": "note", "to_name": "text", "type": "textarea", "value": {"text": ["first, line", 'second "line"']}}
SUMMARISED = {"from_name": "summary", "to_name": "document", "type": "textarea", "value": {"text": ["short"]}}
FORMATS = ("JSON", "JSON_MIN", "CSV", "TSV")
PROJECTS: dict[str, tuple[str, tuple[str, ...], list[dict[str, Any]], list[list[dict[str, Any]]]]] = {
    "sentiment": (
        SENTIMENT,
        FORMATS,
        [
            {"review_text": "plain"},
            {"review_text": 'a, "b"\nc', "n": 1, "none": None},
            {"review_text": "5 + 1"},
            {"review_text": "日本"},
        ],
        [[choice("Positive")], [choice("Negative")], [choice("Neutral")]],
    ),
    "mixed": (
        MIXED,
        FORMATS,
        [{"text": "one", "title": "T1"}, {"text": "two", "title": "T2"}, {"text": "three", "title": "T3"}],
        [[choice("sp", "News", control="topic"), RATED, NOTED], [choice("Art", control="topic")], []],
    ),
    "boxes": (
        BOXES,
        (*FORMATS, "COCO"),
        [
            {"image_url": "http://127.0.0.1:9/a.png"},
            {"image_url": "http://127.0.0.1:9/b.jpg"},
            {"image_url": "http://127.0.0.1:9/c.jpg"},
        ],
        [[box("Car", 10, 20, 30, 40, "r1"), box("Person", 0, 0, 50.5, 25.25, "r2")], [box("Bicycle", 5, 5, 10, 10, "r3")], []],
    ),
    "ner": (
        NER,
        (*FORMATS, "CONLL2003"),
        [{"text": TEXT}, {"text": "It's 5 o'clock,\nthey said: “no”."}, {"text": "Nothing here"}],
        [
            [
                span("Person", 0, 12, "Ada Lovelace", "a"),
                span("Person", 17, 32, "Charles Babbage", "b"),
                span("Location", 36, 42, "London", "c"),
            ],
            [span("Date", 5, 14, "5 o'clock", "d")],
            [],
        ],
    ),
    "summary": (SUMMARY, FORMATS, [{"text": "long text"}, {"text": "another"}], [[SUMMARISED], []]),
}


def export_contents(talk: Talk) -> None:
    talk.sign_up("exp")
    for name, (config, formats, rows, results) in PROJECTS.items():
        pid = talk.project(f"Export {name}", config)
        ids = talk.tasks(pid, rows)
        for task, result in zip(ids, results, strict=False):
            talk(
                f"{name}: answer {task - ids[0]}",
                "POST",
                f"/api/tasks/{task}/annotations/",
                json={"result": result, "lead_time": 2.5},
                kind="annotation",
            )
        for form in formats:
            talk(
                f"{name}: {form}",
                "GET",
                f"/api/projects/{pid}/export?exportType={form}&download_resources=false",
                kind="task",
                skip=("info",),
            )
            talk(
                f"{name}: {form} of all tasks",
                "GET",
                f"/api/projects/{pid}/export?exportType={form}&download_all_tasks=true&download_resources=false",
                kind="task",
                skip=("info",),
            )
    talk("empty project", "GET", f"/api/projects/{talk.project('Export none', SENTIMENT)}/export?exportType=JSON", kind="task")
    talk("missing project", "GET", "/api/projects/99999999/export?exportType=JSON")
    talk("unknown type", "GET", f"/api/projects/{pid}/export?exportType=NONSENSE")


def export_choices(talk: Talk) -> None:
    talk.sign_up("exc")
    pid = talk.project("Export choices", SENTIMENT, maximum_annotations=2)
    ids = talk.tasks(pid, [{"review_text": word} for word in ("a", "b", "c", "d")])
    talk("answer", "POST", f"/api/tasks/{ids[0]}/annotations/", json={"result": [choice("Positive")]}, kind="annotation")
    talk(
        "second answer",
        "POST",
        f"/api/tasks/{ids[0]}/annotations/",
        json={"result": [choice("Negative")]},
        who="exc",
        kind="annotation",
    )
    talk("skip", "POST", f"/api/tasks/{ids[1]}/annotations/", json={"result": [], "was_cancelled": True}, kind="annotation")
    talk(
        "truth",
        "POST",
        f"/api/tasks/{ids[2]}/annotations/",
        json={"result": [choice("Neutral")], "ground_truth": True},
        kind="annotation",
    )
    talk("draft", "POST", f"/api/tasks/{ids[3]}/drafts", json={"result": [choice("Neutral")]}, kind="draft")
    guess = [{"task": ids[3], "result": [choice("Positive")], "score": 0.5, "model_version": "m1"}]
    talk("prediction", "POST", f"/api/projects/{pid}/import/predictions", json=guess)
    for form in FORMATS:
        talk(f"{form}", "GET", f"/api/projects/{pid}/export?exportType={form}", kind="task")
        talk(f"{form} all", "GET", f"/api/projects/{pid}/export?exportType={form}&download_all_tasks=true", kind="task")
    talk("default type", "GET", f"/api/projects/{pid}/export", kind="task")
    talk("export_type spelled so", "GET", f"/api/projects/{pid}/export?export_type=CSV", kind="task")
    talk("some ids", "GET", f"/api/projects/{pid}/export?exportType=JSON&ids[]={ids[0]}&ids[]={ids[2]}", kind="task")
    talk("ids without brackets", "GET", f"/api/projects/{pid}/export?exportType=JSON&ids={ids[0]}", kind="task")
    formats = ("title", "description", "link", "tags", "all_data_types")
    talk("formats", "GET", f"/api/projects/{pid}/export/formats", kind="exact", skip=formats)


def snapshots(talk: Talk) -> None:
    pid = talk.project("Snapshots", SENTIMENT)
    ids = talk.tasks(pid, [{"review_text": word} for word in ("a", "b", "c")])
    talk("answer", "POST", f"/api/tasks/{ids[0]}/annotations/", json={"result": [choice("Positive")]}, kind="annotation")
    talk("skip", "POST", f"/api/tasks/{ids[1]}/annotations/", json={"result": [], "was_cancelled": True}, kind="annotation")
    base = f"/api/projects/{pid}/exports/"
    made = talk("create", "POST", base, json={"title": "First"}, kind="export").pick("id")
    talk("get", "GET", f"{base}{made}", kind="export")
    talk("list", "GET", base, kind="export")
    talk("download", "GET", f"{base}{made}/download?exportType=JSON", kind="task")
    talk("download CSV", "GET", f"{base}{made}/download?exportType=CSV", kind="task")
    options: dict[str, Any] = {
        "title": "Filtered",
        "task_filter_options": {"only_with_annotations": True, "skipped": "exclude"},
        "annotation_filter_options": {"usual": True, "ground_truth": False, "skipped": False},
        "serialization_options": {
            "drafts": {"only_id": False},
            "predictions": {"only_id": False},
            "annotations__completed_by": {"only_id": False},
        },
    }
    filtered = talk("create filtered", "POST", base, json=options, kind="export").pick("id")
    talk("download filtered", "GET", f"{base}{filtered}/download", kind="task")
    finished = talk(
        "create finished", "POST", base, json={"task_filter_options": {"finished": "only"}}, kind="export", skip=("title",)
    ).pick("id")
    talk("download finished", "GET", f"{base}{finished}/download?exportType=JSON", kind="task")
    talk("convert", "POST", f"{base}{made}/convert", json={"export_type": "CSV"})
    talk("after convert", "GET", f"{base}{made}", kind="export")
    talk("convert to nonsense", "POST", f"{base}{made}/convert", json={"export_type": "NONSENSE"})
    talk("delete", "DELETE", f"{base}{made}")
    talk("get deleted", "GET", f"{base}{made}")
    talk("delete filtered", "DELETE", f"{base}{filtered}")
