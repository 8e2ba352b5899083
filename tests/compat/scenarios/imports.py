"""Import: bodies, files, annotations and predictions along with tasks, and every way it can be refused."""

from __future__ import annotations

import json
from typing import Any

from compat.scenarios.configs import BOXES, MIXED, NER, SENTIMENT, TWO_KEYS, choice, span
from compat.talk import Talk

GOOD: dict[str, Any] = {
    "list with data": [{"data": {"review_text": "one"}}, {"data": {"review_text": "two"}}],
    "list without data": [{"review_text": "one"}, {"review_text": "two", "extra": {"deep": [1, None, "x"]}}],
    "one object": {"data": {"review_text": "single"}},
    "one plain object": {"review_text": "plain"},
    "number as text": [{"review_text": 5}, {"review_text": 2.5}],
    "list as text": [{"review_text": ["a", "b"]}],
    "unicode": [{"review_text": 'naïve 日本 👩‍👩‍👧 "quoted" \\ \u2028 <b>&amp;</b>'}],
    "meta": [{"data": {"review_text": "m"}, "meta": {"source": "web", "n": [1, 2]}}],
    "annotation": [{"data": {"review_text": "a"}, "annotations": [{"result": [choice("Positive")], "lead_time": 2.5}]}],
    "annotation not ground truth": [
        {"data": {"review_text": "a"}, "annotations": [{"result": [choice("Positive")], "ground_truth": False}]},
    ],
    "skipped annotation": [{"data": {"review_text": "a"}, "annotations": [{"result": [], "was_cancelled": True}]}],
    "annotation with id": [{"data": {"review_text": "a"}, "annotations": [{"id": 7, "result": [choice("Neutral")]}]}],
    "prediction": [
        {"data": {"review_text": "p"}, "predictions": [{"result": [choice("Negative")], "score": 0.75, "model_version": "m1"}]},
    ],
    "prediction without version": [{"data": {"review_text": "p"}, "predictions": [{"result": [choice("Negative")]}]}],
    "exported task": [
        {
            "id": 12345,
            "inner_id": 7,
            "project": 999,
            "data": {"review_text": "again"},
            "annotations": [{"id": 3, "result": [choice("Positive")], "completed_by": {"email": "admin@example.com"}}],
            "created_at": "2020-01-01T00:00:00.000000Z",
        },
    ],
}
BAD: dict[str, Any] = {
    "empty list": [],
    "wrong key": [{"nope": 1}],
    "wrong key in data": [{"data": {"nope": 1}}],
    "one wrong of three": [{"review_text": "a"}, {"nope": 1}, {"review_text": "c"}],
    "null": [None],
    "string": ["hello"],
    "data is a string": [{"data": "hello"}],
    "data is empty": [{"data": {}}],
    "text is an object": [{"review_text": {}}],
    "text is null": [{"review_text": None}],
    "annotations is an object": [{"data": {"review_text": "a"}, "annotations": {}}],
    "annotation without result": [{"data": {"review_text": "a"}, "annotations": [{}]}],
    "annotation result is an object": [{"data": {"review_text": "a"}, "annotations": [{"result": {}}]}],
    "prediction without result": [{"data": {"review_text": "a"}, "predictions": [{}]}],
    "predictions is an object": [{"data": {"review_text": "a"}, "predictions": {}}],
    "unknown annotator id": [{"data": {"review_text": "a"}, "annotations": [{"result": [], "completed_by": 99999999}]}],
    "unknown annotator email": [
        {"data": {"review_text": "a"}, "annotations": [{"result": [], "completed_by": {"email": "no@no.no"}}]}
    ],
    "meta is a string": [{"data": {"review_text": "a"}, "meta": "x"}],
}
FILES: dict[str, tuple[str, bytes]] = {
    "json list": ("t.json", json.dumps([{"review_text": "j1"}, {"data": {"review_text": "j2"}}]).encode()),
    "json object": ("one.json", b'{"review_text": "single"}'),
    "csv": ("t.csv", b'review_text,n,empty\n"a, b",1,\n"say ""hi""",2,\n'),
    "csv with semicolons": ("s.csv", b"review_text;n\na;1\nb;2\n"),
    "csv with floats": ("f.csv", b"review_text,score,flag\nx,1.5,true\ny,,false\n"),
    "tsv": ("t.tsv", b"review_text\tn\nx\t1\n"),
    "txt": ("t.txt", b"first line\nsecond line\n"),
    "csv wrong column": ("w.csv", b"other\n1\n"),
    "broken json": ("b.json", b"[{"),
    "json of numbers": ("n.json", b"[1, 2]"),
    "exe": ("x.exe", b"MZ"),
    "empty csv": ("e.csv", b""),
    "empty json list": ("el.json", b"[]"),
}


def imports(talk: Talk) -> None:
    pid = talk.project("Imports", SENTIMENT)
    url = f"/api/projects/{pid}/import?return_task_ids=true"
    talk("no task yet", "GET", f"/api/projects/{pid}/tasks/")
    for name, body in GOOD.items():
        made = talk(f"import {name}", "POST", url, json=body)
        task = made.pick("task_ids", -1)
        talk(f"task after {name}", "GET", f"/api/tasks/{task}/", kind="task")
    talk("without ids", "POST", f"/api/projects/{pid}/import", json=[{"review_text": "x"}])
    talk("tasks/bulk", "POST", f"/api/projects/{pid}/tasks/bulk/", json=[{"review_text": "bulk"}])
    talk("not committed", "POST", f"/api/projects/{pid}/import?commit_to_project=false", json=[{"review_text": "x"}])
    talk("project after imports", "GET", f"/api/projects/{pid}/", kind="project")
    talk("summary after imports", "GET", f"/api/projects/{pid}/summary/", kind="project", loose=("common_data_columns",))


def import_errors(talk: Talk) -> None:
    pid = talk.project("Refused imports", SENTIMENT)
    for name, body in BAD.items():
        talk(f"import {name}", "POST", f"/api/projects/{pid}/import", json=body)
    talk("no body", "POST", f"/api/projects/{pid}/import")
    talk("broken json", "POST", f"/api/projects/{pid}/import", content=b"[{", headers={"Content-Type": "application/json"})
    talk("form without url", "POST", f"/api/projects/{pid}/import", data={"foo": "bar"})
    talk("form with json as url", "POST", f"/api/projects/{pid}/import", data={"url": '[{"review_text": "from form"}]'})
    talk("missing project", "POST", "/api/projects/99999999/import", json=[{"review_text": "x"}])
    talk("anonymous", "POST", f"/api/projects/{pid}/import", json=[{"review_text": "x"}], who=None)
    talk("nothing came in but one", "GET", f"/api/projects/{pid}/?include=id,task_number", kind="project")
    for title, config in (("two keys", TWO_KEYS), ("boxes", BOXES), ("mixed", MIXED)):
        other = talk.project(f"Refused {title}", config)
        talk(f"{title}: wrong key", "POST", f"/api/projects/{other}/import", json=[{"nope": 1}])
        talk(
            f"{title}: numbers",
            "POST",
            f"/api/projects/{other}/import",
            json=[{"first": 1, "second": 2, "image_url": 3, "text": 4, "title": 5}],
        )
        talk(f"{title}: txt file", "POST", f"/api/projects/{other}/import", files={"file": ("t.txt", b"line\n", "text/plain")})


def import_files(talk: Talk) -> None:
    for name, (file_name, content) in FILES.items():
        pid = talk.project(f"File {name}"[:50], SENTIMENT)
        made = talk(
            f"file {name}", "POST", f"/api/projects/{pid}/import?return_task_ids=true", files={"file": (file_name, content)}
        )
        if made.status < 300:
            talk(f"tasks of {name}", "GET", f"/api/projects/{pid}/tasks/", kind="task", skip=("updated_at", "created_at"))
    pid = talk.project("Bare view and files", "<View></View>")
    talk(
        "txt before a config",
        "POST",
        f"/api/projects/{pid}/import?return_task_ids=true",
        files={"file": ("t.txt", b"only line\n")},
    )
    talk("task before a config", "GET", f"/api/projects/{pid}/tasks/", kind="task")
    talk("config comes", "PATCH", f"/api/projects/{pid}/", json={"label_config": SENTIMENT}, kind="project")
    talk("task after the config", "GET", f"/api/projects/{pid}/tasks/", kind="task")
    both = [("a", ("a.csv", b"review_text\nx\n")), ("b", ("b.json", b'[{"review_text": "y"}]'))]
    pid = talk.project("Two files", SENTIMENT)
    talk("two files", "POST", f"/api/projects/{pid}/import?return_task_ids=true", files=both)
    talk("uploads", "GET", f"/api/projects/{pid}/file-uploads?all=true", kind="file")
    talk(
        "odd files",
        "POST",
        f"/api/projects/{pid}/import",
        files=[("a", ("a.csv", b"review_text\nx\n")), ("b", ("b.csv", b"other\ny\n"))],
    )
    images = talk.project("Image files", BOXES)
    png = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
    talk("png", "POST", f"/api/projects/{images}/import?return_task_ids=true", files={"file": ("dot.png", png, "image/png")})
    talk("png task", "GET", f"/api/projects/{images}/tasks/", kind="task", skip=("data",))


def preannotated(talk: Talk) -> None:
    pid = talk.project("Preannotated", SENTIMENT)
    rows = [{"review_text": "good", "sentiment": "Positive"}, {"review_text": "bad", "sentiment": "Negative"}]
    made = talk(
        "preannotated", "POST", f"/api/projects/{pid}/import?return_task_ids=true&preannotated_from_fields=sentiment", json=rows
    )
    talk("task with guess", "GET", f"/api/tasks/{made.pick('task_ids', 0)}/", kind="task")
    talk("project takes the version", "GET", f"/api/projects/{pid}/?include=id,model_version", kind="project")
    ner = talk.project("NER with answers", NER)
    task = {
        "data": {"text": "Ada Lovelace met Charles Babbage"},
        "annotations": [
            {"result": [span("Person", 0, 12, "Ada Lovelace", "r1"), span("Person", 17, 32, "Charles Babbage", "r2")]}
        ],
        "predictions": [
            {"result": [span("Person", 0, 3, "Ada", "p1")], "score": 0.5, "model_version": "one"},
            {"result": [span("Organization", 0, 3, "Ada", "p1")], "score": 0.25, "model_version": "two"},
        ],
    }
    made = talk("ner import", "POST", f"/api/projects/{ner}/import?return_task_ids=true", json=[task])
    talk("ner task", "GET", f"/api/tasks/{made.pick('task_ids', 0)}/", kind="task", loose=("predictions",))
    talk("ner versions", "GET", f"/api/projects/{ner}/model-versions")
    talk("ner versions extended", "GET", f"/api/projects/{ner}/model-versions?extended=true")
    talk("ner project", "GET", f"/api/projects/{ner}/", kind="project")
