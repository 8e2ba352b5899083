"""Import: bodies, files and forms; all of an import or nothing, and which row is wrong."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from inprocess import Person

import given
from labelwright.server.settings import Settings

PLAIN = "<View></View>"


def send(person: Person, project_id: int, **sent: Any) -> httpx.Response:
    return person.client.post(f"/api/projects/{project_id}/import", **sent)


def reasons(answer: httpx.Response) -> list[Any]:
    assert answer.status_code == 400, answer.text
    found: list[Any] = answer.json()["validation_errors"]["non_field_errors"]
    return found


def data_of(person: Person, project_id: int) -> list[Any]:
    tasks = given.ok(person.client.get("/api/tasks", params={"project": project_id}))["tasks"]
    return [task["data"] for task in tasks]


# ---------------------------------------------------------------- JSON bodies
def test_the_answer(person: Person) -> None:
    project_id = given.project(person.client)
    item = {"data": {"text": "a"}, "annotations": [{"result": given.GOOD}], "predictions": [{"result": given.GOOD}]}
    answer = send(person, project_id, params={"return_task_ids": "true"}, json=[item, {"text": "b"}])
    body = answer.json()
    assert (answer.status_code, len(body.pop("task_ids"))) == (201, 2)
    assert 0 <= body.pop("duration") < 60
    assert body == {
        "task_count": 2,
        "annotation_count": 1,
        "prediction_count": 1,
        "file_upload_ids": [],
        "could_be_tasks_list": False,
        "found_formats": [],
        "data_columns": [],
    }
    assert "task_ids" not in given.ok(send(person, project_id, json={"text": "c"}))


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ({"text": "a"}, [{"text": "a"}]),
        ([{"text": "a"}, {"data": {"text": "b"}}], [{"text": "a"}, {"text": "b"}]),
        ({"data": {"text": "a", "more": [1, {"b": None}]}}, [{"text": "a", "more": [1, {"b": None}]}]),
        ({"text": 5}, [{"text": 5}]),
        ({"text": 2.5}, [{"text": 2.5}]),
        ({"text": ["a", "b"]}, [{"text": ["a", "b"]}]),
        ({"text": "é\u2028😀\\u0041", "": "empty name"}, [{"text": "é\u2028😀\\u0041", "": "empty name"}]),
        ({"text": "a", "n": 2**63 - 1, "x": 1e300}, [{"text": "a", "n": 2**63 - 1, "x": 1e300}]),
        ({"text": "", "data ": 1}, [{"text": "", "data ": 1}]),
    ],
)
def test_items(person: Person, body: Any, data: list[Any]) -> None:
    project_id = given.project(person.client)
    given.ok(send(person, project_id, json=body))
    assert data_of(person, project_id) == data


WRAPPED = " [assume: item as is = task root with values] "
UNWRAPPED = ' [assume: item["data"] = task root with values]'


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"nope": 1}, f'"text" key is expected in task data{WRAPPED}'),
        ({"data": {"nope": 1}}, f'"text" key is expected in task data{UNWRAPPED}'),
        (
            {"text": {}},
            "data['text']={} is of type 'dict', but the object tag Text expects the following types: ['str', 'int', 'float',",
        ),
        ({"text": None}, "data['text']=None is of type 'NoneType'"),
        (None, "Task is empty (None)"),
        ({"data": None}, "Task is empty (None)"),
        ({"data": []}, "Task[data] must be dict"),
        ("text", 'Task root must be dict with "data", "meta", "annotations", "predictions" fields'),
        ([], 'Task root must be dict with "data", "meta", "annotations", "predictions" fields'),
        ({"data": {"text": "a"}, "annotations": {}}, "Task[annotations] must be list"),
        ({"data": {"text": "a"}, "predictions": 5}, "Task[predictions] must be list"),
        ({"data": {"text": "a"}, "annotations": [{}]}, 'Annotation must have "result" fields'),
        ({"data": {"text": "a"}, "annotations": [5]}, 'Annotation must have "result" fields'),
        ({"data": {"text": "a"}, "annotations": [{"result": {}}]}, '"result" field in annotation must be list'),
        ({"data": {"text": "a"}, "predictions": [{}]}, 'Prediction must have "result" fields'),
        ({"data": {"text": "a"}, "meta": 5}, "Task[meta] must be dict or list"),
    ],
)
def test_a_bad_item_is_named_and_nothing_is_kept(person: Person, item: Any, reason: str) -> None:
    project_id = given.project(person.client)
    good = {"text": "fine"}
    found = reasons(send(person, project_id, json=[good, item, good]))
    assert (found[0], found[2]) == ({}, {})
    assert found[1].startswith(f"Error at item 1: {reason}")
    assert found[1].endswith(f" :: {item}")
    assert data_of(person, project_id) == []
    project = given.ok(person.client.get(f"/api/projects/{project_id}"))
    assert (project["task_number"], project["total_annotations_number"]) == (0, 0)


def test_at_most_a_hundred_reasons(person: Person) -> None:
    found = reasons(send(person, given.project(person.client), json=[{"nope": n} for n in range(500)]))
    assert len(found) == 100


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"json": []}, "load_tasks: No tasks added"),
        ({"json": 5}, "load_tasks: No data found in DATA or in FILES"),
        ({"json": "text"}, "load_tasks: No data found in DATA or in FILES"),
        ({"content": b""}, "load_tasks: No data found in DATA or in FILES"),
        ({"content": b" \n"}, "load_tasks: No data found in DATA or in FILES"),
        ({"data": {"other": "x"}}, '"url" is not found in request data'),
        ({"data": {"url": "no address, no JSON"}}, "The form's url is neither an address nor JSON"),
        ({"files": given.upload("a.exe", "x")}, ".exe extension is not supported"),
        ({"files": given.upload("noextension", "x")}, "extension is not supported"),
        ({"files": given.upload("a.json", "{")}, "Failed to parse input file"),
        ({"files": given.upload("a.json", '[{"text": "a"},]')}, "Failed to parse input file"),
        ({"files": given.upload("a.json", '[{"text": NaN}]')}, "Failed to parse input file"),
        ({"files": given.upload("a.json", "[" * 200 + "]" * 200)}, "Failed to parse input file"),
        ({"files": given.upload("a.json", b'{"text": "\xff"}')}, "Failed to parse input file"),
        ({"files": given.upload("a.json", b'{"text": "\\u0000"}')}, "Failed to parse input file"),
    ],
)
def test_bad_requests(person: Person, sent: dict[str, Any], reason: str) -> None:
    project_id = given.project(person.client)
    assert reason in reasons(send(person, project_id, **sent))[0]
    assert data_of(person, project_id) == []


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"text": NaN}',
        b'{"text": 1e999}',
        b'{"text": "\\ud800"}',
        b'{"text": "\\u0000"}',
        b'{"text": 99999999999999999999}',
        b"[" * 9999,
    ],
)
def test_bad_json(person: Person, content: bytes) -> None:
    answer = send(person, given.project(person.client), content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("JSON parse error - ")


# ---------------------------------------------------------------- answers that come along
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"ground_truth": True, "was_cancelled": False, "lead_time": None}),
        ({"ground_truth": False, "lead_time": 3}, {"ground_truth": False, "lead_time": 3.0}),
        ({"was_cancelled": True}, {"was_cancelled": True}),
        ({"id": 77}, {"import_id": 77}),
        ({"created_at": "2001-01-01T00:00:00Z", "lead_time": "soon", "id": "x"}, {"import_id": None, "lead_time": None}),
    ],
)
def test_imported_annotations(person: Person, fields: dict[str, Any], expected: dict[str, Any]) -> None:
    project_id = given.project(person.client)
    item = {"data": {"text": "a"}, "annotations": [{"result": given.GOOD, **fields}]}
    (task_id,) = given.import_tasks(person.client, project_id, [item])
    (task,) = given.ok(person.client.get("/api/tasks", params={"project": project_id, "fields": "all"}))["tasks"]
    (annotation,) = task["annotations"]
    assert annotation == annotation | expected | {"completed_by": person.id, "result": given.GOOD, "task": task_id}
    assert task["is_labeled"] is not fields.get("was_cancelled", False)
    assert not annotation["created_at"].startswith("2001")


def test_who_answered(person: Person, colleague: Person, stranger: Person) -> None:
    project_id = given.project(person.client)

    def names(completed_by: Any) -> httpx.Response:
        return send(
            person, project_id, json={"data": {"text": "a"}, "annotations": [{"result": [], "completed_by": completed_by}]}
        )

    for given_name in (colleague.id, {"email": colleague.email.upper()}, {"id": colleague.id}, colleague.email):
        assert names(given_name).status_code == 201, given_name
    tasks = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))
    assert {task["annotations"][0]["completed_by"] for task in tasks} == {colleague.id}
    unknown: Any
    for unknown in (99999, stranger.id, True, "x", [], {"id": "x"}, {}):
        text = f"Import data contains completed_by={unknown.get('id') if isinstance(unknown, dict) else unknown} which is not"
        assert reasons(names(unknown))[0].startswith(text)
    assert reasons(names({"email": stranger.email})) == [f"Unknown annotator's email {stranger.email}"]


def test_a_unique_id_that_is_taken_is_made_anew(person: Person) -> None:
    """The same export imported twice makes new answers."""
    project_id = given.project(person.client)
    item = {"data": {"text": "a"}, "annotations": [{"result": [], "unique_id": f"u-{project_id}"}] * 2}
    for _ in range(2):
        assert given.ok(send(person, project_id, json=item))["annotation_count"] == 2
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["total_annotations_number"] == 4


@pytest.mark.parametrize(
    ("prediction", "expected"),
    [
        ({"result": given.GOOD}, {"model_version": "undefined", "score": None}),
        ({"result": given.GOOD, "score": 0.5, "model_version": "m"}, {"model_version": "m", "score": 0.5}),
        ({"result": "Good"}, {"model_version": "undefined"}),
        ({"result": {"choices": ["Good"]}, "score": "0.25"}, {"score": 0.25}),
    ],
)
def test_imported_predictions(person: Person, prediction: dict[str, Any], expected: dict[str, Any]) -> None:
    project_id = given.project(person.client)
    (task_id,) = given.import_tasks(person.client, project_id, [{"data": {"text": "a"}, "predictions": [prediction]}])
    (stored,) = given.ok(person.client.get("/api/predictions", params={"task": task_id}))
    assert stored == stored | expected | {"result": given.GOOD}
    assert given.ok(person.client.get(f"/api/projects/{project_id}"))["model_version"] == expected.get(
        "model_version", "undefined"
    )


@pytest.mark.parametrize(
    ("config", "value", "result"),
    [
        (given.CONFIG, "Good", {"choices": ["Good"]}),
        ('<View><Text name="t" value="$text"/><Rating name="f" toName="t"/></View>', 4, {"rating": 4}),
    ],
)
def test_preannotated_from_fields(person: Person, config: str, value: Any, result: dict[str, Any]) -> None:
    field = "mood" if config == given.CONFIG else "f"
    project_id = given.project(person.client, label_config=config)
    body = {"text": "a", field: value}
    given.ok(send(person, project_id, params={"preannotated_from_fields": field}, json=[body]))
    (prediction,) = given.ok(person.client.get("/api/predictions", params={"project": project_id}))
    assert (prediction["score"], prediction["model_version"]) == (1.0, "preannotated")
    assert prediction["result"][0] == prediction["result"][0] | {"from_name": field, "value": result}


# ---------------------------------------------------------------- files
@pytest.mark.parametrize(
    ("name", "content", "data", "is_list"),
    [
        ("a.json", '[{"text": "a"}, {"data": {"text": "b"}}]', [{"text": "a"}, {"text": "b"}], False),
        ("a.json", '{"text": "a"}', [{"text": "a"}], False),
        ("a.json", b'\xef\xbb\xbf[{"text": "a"}]', [{"text": "a"}], False),
        ("a.jsonl", '{"text": "a"}\n{"text": "b"}\n', [{"text": "a"}, {"text": "b"}], False),
        ("A.CSV", "text,n\nx,1\n\"y, z\",\n", [{"text": "x", "n": 1}, {"text": "y, z", "n": ""}], True),
        ("a.csv", "text;n\nx;1\n", [{"text": "x", "n": 1}], True),
        ("a.tsv", "text\tn\nx\t1\n", [{"text": "x", "n": 1}], True),
        ("a.txt", "one\ntwo\n", [{"text": "one"}, {"text": "two"}], True),
        ("a.html", "<p>one</p>", [{"text": "<p>one</p>"}], False),
    ],
)  # fmt: skip
def test_files(person: Person, name: str, content: str | bytes, data: list[Any], is_list: bool) -> None:
    project_id = given.project(person.client)
    body = given.ok(send(person, project_id, files=given.upload(name, content)))
    assert data_of(person, project_id) == data
    assert (body["task_count"], body["could_be_tasks_list"], len(body["file_upload_ids"])) == (len(data), is_list, 1)
    assert body["found_formats"] == {name[name.rindex(".") :].lower(): 1}
    assert set(body["data_columns"]) >= set(data[0]) or name.endswith((".txt", ".html"))
    (task, *_) = given.ok(person.client.get("/api/tasks", params={"project": project_id, "fields": "all"}))["tasks"]
    assert task["file_upload"].endswith(name.replace(" ", "_"))


def test_media_files(person: Person) -> None:
    project_id = given.project(person.client, label_config=given.IMAGE)
    given.ok(send(person, project_id, files=given.upload("my cat.png", b"\x89PNG\r\n\x1a\n")))
    ((name, url),) = data_of(person, project_id)[0].items()
    assert name == "image"
    assert url.startswith(f"/data/upload/{project_id}/")
    assert url.endswith("-my_cat.png")
    assert person.client.get(url).content == b"\x89PNG\r\n\x1a\n"
    two = given.project(person.client, label_config='<View><Image name="a" value="$a"/><Image name="b" value="$b"/></View>')
    refused = reasons(send(person, two, files=given.upload("c.png", b"x")))
    assert "Your label config has more than one data key" in refused[0]


def test_several_files(person: Person) -> None:
    project_id = given.project(person.client)
    files = [("one", ("a.csv", b"text\n1\n")), ("two", ("b.json", b'[{"text": "2"}]'))]
    body = given.ok(send(person, project_id, files=files))
    assert (body["task_count"], body["found_formats"]) == (2, {".csv": 1, ".json": 1})
    other = [("one", ("a.csv", b"text\n1\n")), ("two", ("b.csv", b"other\n1\n"))]
    assert reasons(send(person, project_id, files=other))[0].startswith("You're trying to import inconsistent data:\n")


def test_a_bad_row_of_a_file(person: Person) -> None:
    project_id = given.project(person.client)
    found = reasons(send(person, project_id, files=given.upload("a.csv", "nope\n1\n2\n")))
    assert '"text" key is expected in task data' in found[0]
    assert data_of(person, project_id) == []


def test_files_kept_for_later(person: Person) -> None:
    """`commit_to_project=false` stores the file only; `reimport` makes its tasks, and makes them anew."""
    project_id = given.project(person.client)
    params = {"commit_to_project": "false"}
    kept = given.ok(send(person, project_id, params=params, files=given.upload("a.csv", "text\nx\ny\n")))
    assert (kept["task_count"], kept["annotation_count"], kept["prediction_count"]) == (2, None, None)
    assert data_of(person, project_id) == []
    path = f"/api/projects/{project_id}/reimport"
    for _ in range(2):
        body = given.ok(person.client.post(path, json={"file_upload_ids": kept["file_upload_ids"]}))
        assert body["task_count"] == 2
        assert data_of(person, project_id) == [{"text": "x"}, {"text": "y"}]
    single = {"file_upload_ids": kept["file_upload_ids"], "files_as_tasks_list": False}
    assert given.ok(person.client.post(path, json=single))["task_count"] == 1
    assert data_of(person, project_id)[0]["text"].startswith(f"/data/upload/{project_id}/")
    nothing = person.client.post(path, json={"file_upload_ids": []})
    assert (nothing.status_code, nothing.json()["task_count"]) == (200, 0)
    assert person.client.post(path, json={"file_upload_ids": [2**40]}).status_code == 404


# ---------------------------------------------------------------- forms and names
@pytest.mark.parametrize("text", ['[{"text": "a"}]', "[{'text': 'a'}]", '{"text": "a"}'])
def test_json_in_a_form(person: Person, text: str) -> None:
    project_id = given.project(person.client)
    assert len(given.ok(send(person, project_id, data={"url": text}))["file_upload_ids"]) == 1
    assert data_of(person, project_id) == [{"text": "a"}]


def test_the_nameless_field_gets_its_name_later(person: Person) -> None:
    project_id = given.project(person.client, label_config=PLAIN)
    given.ok(send(person, project_id, files=given.upload("a.txt", "one\n")))
    assert data_of(person, project_id) == [{"$undefined$": "one"}]
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"label_config": given.CONFIG}))
    assert data_of(person, project_id) == [{"text": "one"}]


def test_inner_ids_go_on(person: Person) -> None:
    project_id = given.project(person.client, tasks=2)
    first = given.ok(person.client.get("/api/tasks", params={"project": project_id}))["tasks"]
    person.client.delete(f"/api/tasks/{first[1]['id']}")
    given.import_tasks(person.client, project_id, [{"text": "c"}])
    tasks = given.ok(person.client.get("/api/tasks", params={"project": project_id}))["tasks"]
    assert [task["inner_id"] for task in tasks] == [1, 3]
    assert tasks[1]["id"] > first[1]["id"], "ids are never used again"


def test_a_cohort_is_topped_up(person: Person) -> None:
    project_id = given.project(person.client, maximum_annotations=2, overlap_cohort_percentage=50)
    for _ in range(2):
        given.import_tasks(person.client, project_id, [{"text": text} for text in "abcd"])
    tasks = given.ok(person.client.get("/api/tasks", params={"project": project_id}))["tasks"]
    assert sorted(task["overlap"] for task in tasks) == [1, 1, 1, 1, 2, 2, 2, 2]


def test_too_large(person: Person) -> None:
    settings: Settings = person.server.settings
    headers = {"content-type": "application/json", "content-length": str(settings.max_body_bytes + 1)}
    answer = send(person, given.project(person.client), content=b"[]", headers=headers)
    assert answer.status_code == 413
    assert "bytes" in answer.json()["detail"]


def test_a_large_import(person: Person) -> None:
    project_id = given.project(person.client)
    items = [{"data": {"text": f"t{n}", f"c{n % 30}": n}, "annotations": [{"result": given.GOOD}]} for n in range(5000)]
    body = json.dumps(items)
    answer = given.ok(send(person, project_id, content=body, headers={"content-type": "application/json"}))
    assert (answer["task_count"], answer["annotation_count"]) == (5000, 5000)
    project = given.ok(person.client.get(f"/api/projects/{project_id}"))
    assert (project["task_number"], project["finished_task_number"]) == (5000, 5000)
