"""Exports: each format as a file, which tasks are in it, streamed from one state of the database."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from inprocess import Person, Server

import given

ANNOTATION_KEYS = given.names(
    """
    id completed_by result was_cancelled ground_truth created_at updated_at draft_created_at lead_time prediction result_count
    unique_id import_id last_action bulk_created task project updated_by parent_prediction parent_annotation last_created_by
    """
)
TASK_KEYS = given.names(
    """
    id annotations drafts predictions data meta created_at updated_at allow_skip inner_id total_annotations cancelled_annotations
    total_predictions comment_count unresolved_comment_count last_comment_updated_at project updated_by comment_authors
    """
)


def export(person: Person, project_id: int, **params: Any) -> httpx.Response:
    return person.client.get(f"/api/projects/{project_id}/export", params=params)


def texts(answer: httpx.Response) -> list[str]:
    return [item["data"]["text"] for item in given.ok(answer)]


@pytest.fixture
def project(person: Person) -> int:
    """Task a is annotated, b skipped, c has a draft and a prediction only."""
    project_id = given.project(person.client)
    third = {"data": {"text": "c"}, "predictions": [{"result": given.GOOD}]}
    ids = given.import_tasks(person.client, project_id, [{"text": "a"}, {"text": "b"}, third])
    given.submit(person.client, ids[0], given.GOOD, lead_time=3.5)
    given.skip(person.client, ids[1])
    given.ok(person.client.post(f"/api/tasks/{ids[2]}/drafts", json={"result": given.BAD}))
    return project_id


# ---------------------------------------------------------------- JSON
def test_json(person: Person, project: int) -> None:
    answer = export(person, project)
    assert answer.headers["content-type"].startswith("application/json")
    disposition = answer.headers["content-disposition"]
    assert disposition == f'attachment; filename="{answer.headers["filename"]}"'
    assert answer.headers["filename"].startswith(f"project-{project}-at-20")
    assert answer.headers["filename"].endswith(".json")
    first, second = answer.json()
    assert set(first) == TASK_KEYS, "file_upload only for tasks that came from a file"
    assert set(first["annotations"][0]) == ANNOTATION_KEYS
    assert first["annotations"][0] == first["annotations"][0] | {
        "completed_by": person.id,
        "result": given.GOOD,
        "lead_time": 3.5,
        "result_count": 1,
        "prediction": {},
    }
    assert second["annotations"][0]["was_cancelled"] is True
    whole = given.ok(export(person, project, download_all_tasks="true"))
    assert [item["inner_id"] for item in whole] == [1, 2, 3]
    assert whole[2]["predictions"] == [given.ok(person.client.get("/api/predictions", params={"project": project}))[0]["id"]]
    assert whole[2]["drafts"][0]["result"] == given.BAD


def test_of_a_file(person: Person) -> None:
    project_id = given.project(person.client)
    given.ok(person.client.post(f"/api/projects/{project_id}/import", files=given.upload("t.csv", "text\na\n")))
    (item,) = given.ok(export(person, project_id, download_all_tasks="true"))
    assert set(item) == TASK_KEYS | {"file_upload"}
    assert item["file_upload"].endswith("-t.csv")


def test_of_nothing(person: Person) -> None:
    assert given.ok(export(person, given.project(person.client, tasks=2))) == []
    assert export(person, given.project(person.client), exportType="CSV").status_code == 200


def test_which_tasks(person: Person, project: int) -> None:
    tasks = given.ok(person.client.get("/api/tasks", params={"project": project}))["tasks"]
    a, _, c = (task["id"] for task in tasks)
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["a", "b"]),
        ({"download_all_tasks": "true"}, ["a", "b", "c"]),
        ({"ids[]": [a]}, ["a"]),
        ({"ids[]": [a, c]}, ["a"]),
        ({"ids[]": [a, c], "download_all_tasks": "1"}, ["a", "c"]),
        ({"ids[]": f"{a},{c}", "download_all_tasks": "1"}, ["a", "c"]),
        ({"ids[]": [2**62]}, []),
        ({"ids": [c]}, ["a", "b"]),
    ]
    for params, expected in cases:
        assert texts(export(person, project, **params)) == expected, params
    for bad in ("x", "1.5", str(2**63)):
        assert export(person, project, **{"ids[]": bad}).status_code == 400


@pytest.mark.parametrize("name", ["Nonsense", "", " ", "json", "JSON\x00"])
def test_unknown_formats(person: Person, project: int, name: str) -> None:
    answer = export(person, project, exportType=name)
    assert answer.status_code == (200 if name == "" else 400)


# ---------------------------------------------------------------- the other formats
def test_json_min(person: Person, project: int) -> None:
    (item,) = given.ok(export(person, project, exportType="JSON_MIN"))
    assert (item["text"], item["mood"], item["annotator"], item["lead_time"]) == ("a", "Good", person.id, 3.5)


@pytest.mark.parametrize(("name", "separator"), [("CSV", ","), ("TSV", "\t")])
def test_tables(person: Person, project: int, name: str, separator: str) -> None:
    answer = export(person, project, exportType=name, export_type="ignored")
    (row,) = csv.DictReader(io.StringIO(answer.text), delimiter=separator)
    assert (row["text"], row["mood"], row["annotator"]) == ("a", "Good", str(person.id))
    assert answer.headers["filename"].endswith(f".{name.lower()}")


@pytest.mark.parametrize(
    ("text", "cell", "raw"),
    [("=1+1", "'=1+1", "=1+1"), ("@x", "'@x", "@x"), ("-1", "'-1", "-1"), ("+a", "'+a", "+a"), ("plain", "plain", "plain")],
)
def test_no_formulas_in_tables(person: Person, text: str, cell: str, raw: str) -> None:
    project_id = given.project(person.client)
    (task_id,) = given.import_tasks(person.client, project_id, [{"text": text}])
    given.submit(person.client, task_id)
    for params, expected in (({}, cell), ({"raw": "1"}, raw)):
        (row,) = csv.DictReader(io.StringIO(export(person, project_id, exportType="CSV", **params).text))
        assert row["text"] == expected


def test_conll(person: Person) -> None:
    project_id = given.project(person.client, label_config=given.SPANS)
    (task_id,) = given.import_tasks(person.client, project_id, [{"text": "Ann Lee sat"}])
    given.submit(person.client, task_id, [given.span(0, 7, "Person")])
    lines = export(person, project_id, exportType="CONLL2003").text.splitlines()
    assert lines == ["-DOCSTART- -X- O", "Ann -X- _ B-Person", "Lee -X- _ I-Person", "sat -X- _ O", ""]


def test_coco(person: Person) -> None:
    project_id = given.project(person.client, label_config=given.IMAGE)
    (task_id,) = given.import_tasks(person.client, project_id, [{"image": "/static/samples/sample.jpg"}])
    value = {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0, "rectanglelabels": ["Cat"]}
    box = {"id": "b", "from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": value}
    given.submit(person.client, task_id, [box | {"original_width": 200, "original_height": 100}])
    with zipfile.ZipFile(io.BytesIO(export(person, project_id, exportType="COCO").content)) as archive:
        content = json.loads(archive.read("result.json"))
    (annotation,) = content["annotations"]
    assert annotation["bbox"] == pytest.approx([20, 20, 60, 40])
    assert [category["name"] for category in content["categories"]] == ["Cat"]


def test_formats_that_suit(person: Person) -> None:
    for config, first in (
        (given.CONFIG, {"JSON", "JSON_MIN", "CSV", "TSV"}),
        (given.SPANS, {"JSON", "CONLL2003"}),
        (given.IMAGE, {"COCO"}),
    ):
        path = f"/api/projects/{given.project(person.client, label_config=config)}/export/formats"
        enabled = {one["name"] for one in given.ok(person.client.get(path)) if not one.get("disabled")}
        assert enabled >= first


@pytest.mark.parametrize("name", ["JSON", "JSON_MIN", "CSV", "TSV", "CONLL2003", "COCO"])
@pytest.mark.parametrize("config", [given.CONFIG, given.SPANS, given.IMAGE])
def test_any_answers_in_any_format(person: Person, config: str, name: str) -> None:
    """Answers that fit neither config nor format do not break an export."""
    odd: list[Any] = [
        [{"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": "Good"}}],
        [{"from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": {"x": "a", "rectanglelabels": [5]}}],
        [{"from_name": "kind", "to_name": "text", "type": "labels", "value": {"start": "x", "end": None, "labels": None}}],
        [{"from_name": "kind", "to_name": "text", "type": "labels", "value": {"start": 5, "end": 2**40, "labels": ["P"]}}],
        [5, None, "x", [], {}, {"type": "relation", "from_id": 1}],
        [{"type": [], "from_name": {}, "to_name": 1, "value": []}],
        given.GOOD,
    ]
    project_id = given.project(person.client, label_config=config)
    items = [{"text": f"é{n}\n,\"'\t", "image": "x"} for n in range(len(odd))]
    for task_id, result in zip(given.import_tasks(person.client, project_id, items), odd, strict=True):
        given.submit(person.client, task_id, result)
        given.ok(person.client.post(f"/api/tasks/{task_id}/annotations", json={}))
    assert export(person, project_id, exportType=name, download_all_tasks="1").status_code == 200


# ---------------------------------------------------------------- one state
def test_one_state_of_the_database(person: Person, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is submitted while the file is being written is not in it, in no part of it."""
    from labelwright.server.db.queries import exporting

    monkeypatch.setattr(exporting, "CHUNK", 2)
    project_id = given.project(person.client, tasks=6)
    tasks = [task["id"] for task in given.ok(person.client.get("/api/tasks", params={"project": project_id}))["tasks"]]
    with server.db.snapshot() as conn:
        parts = exporting.answered_tasks(conn, project_id, exporting.Selection())
        assert next(parts).task.id == tasks[0]
        given.submit(person.client, tasks[5])
        person.client.delete(f"/api/tasks/{tasks[4]}")
        rest = list(parts)
    assert [one.task.id for one in rest] == tasks[1:]
    assert rest[-1].annotations == ()


def test_too_many_at_once(new_server: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports beyond the limit are told to come again; everybody else goes on."""
    from labelwright.server.db import engine

    monkeypatch.setattr(engine, "SNAPSHOT_WAIT_S", 0.01)
    server = new_server()
    person = server.sign_up()
    project_id = given.project(person.client, tasks=1)
    holding = [server.db.snapshot() for _ in range(engine.SNAPSHOTS)]
    for one in holding:
        one.__enter__().execute(sa.text("SELECT 1"))
    refused = export(person, project_id)
    assert refused.status_code == 503
    assert given.next_id(person.client, project_id) is not None
    for one in holding:
        one.__exit__(None, None, None)
    assert export(person, project_id).status_code == 200
