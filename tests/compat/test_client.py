"""Our client against a live server, Labelwright's or Label Studio's: see `conftest.py` for how to choose."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest

from compat.scenarios.configs import NER, SENTIMENT, choice, span
from labelwright import Client, Column, Filters, Operator, Project, Type
from labelwright.sdk import ImportRefused, Invalid, NotFound, NotSignedIn, RefusedRow
from live import ADMIN_EMAIL, ADMIN_PASSWORD, LiveServer


@pytest.fixture
def ls(live_server: LiveServer) -> Client:
    return Client(live_server.url, live_server.token, progress=False)


@pytest.fixture
def project(ls: Client) -> Project:
    return ls.start_project(title="Client test", label_config=SENTIMENT)


def rows(count: int) -> list[dict[str, object]]:
    return [{"review_text": f"text {number}", "n": number} for number in range(count)]


def test_the_server_is_up_and_knows_me(ls: Client) -> None:
    assert ls.check_connection()["status"] == "UP"
    assert "release" in ls.get_versions()
    assert ls.whoami().email == ADMIN_EMAIL
    assert ls.get_organization()["id"] == ls.whoami().active_organization


def test_projects_are_made_changed_listed_and_deleted(ls: Client) -> None:
    project = ls.start_project(title="A project", label_config=SENTIMENT, description="about", maximum_annotations=2)
    assert (project.title, project.description, project.maximum_annotations) == ("A project", "about", 2)
    project.set_params(title="Renamed")
    again = ls.get_project(project.id)
    assert (again.title, list(again.parsed_label_config)) == ("Renamed", ["sentiment"])
    assert project.id in [item.id for item in ls.list_projects(title="renam")]
    project.delete()
    with pytest.raises(NotFound):
        ls.get_project(project.id)


@pytest.mark.parametrize("config", ["<View>", '<View><Choices name="c" toName="x"><Choice value="a"/></Choices></View>'])
def test_a_broken_config_is_refused_with_its_reason(config: str, ls: Client) -> None:
    with pytest.raises(Invalid, match="label_config"):
        ls.start_project(title="Broken", label_config=config)
    with pytest.raises(Invalid, match="label_config"):
        ls.validate_label_config(config)


def test_many_rows_go_in_and_come_out_in_order(project: Project) -> None:
    ids = project.import_tasks(rows(1234))
    assert len(ids) == 1234
    assert [task["id"] for task in project.get_tasks()] == ids
    assert project.tasks_ids == ids
    assert len(project.tasks) == 1234


def test_refused_rows_are_named_and_the_rest_can_go_in(project: Project) -> None:
    mixed = [*rows(3), {"nope": 1}, {"review_text": "good"}, {"data": {"also": "bad"}}]
    with pytest.raises(ImportRefused) as caught:
        project.import_tasks(mixed)
    assert [row.row for row in caught.value.rows] == [3, 5]
    assert all('"review_text" key is expected' in row.reason for row in caught.value.rows)
    assert len(project.tasks) == 0
    refused: list[RefusedRow] = []
    assert len(project.import_tasks(mixed, on_refused=refused.append)) == 4
    assert [row.task for row in refused] == [{"nope": 1}, {"data": {"also": "bad"}}]


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("t.json", '[{"review_text": "a"}, {"data": {"review_text": "b"}}]', 2),
        ("t.jsonl", '{"review_text": "a"}\n{"review_text": "b"}\n{"review_text": "c"}\n', 3),
        ("t.csv", 'review_text,n\n"a, b",1\nc,2\n', 2),
        ("t.tsv", "review_text\tn\na\t1\n", 1),
        ("t.txt", "one\ntwo\n", 2),
    ],
)
def test_files_are_imported(name: str, text: str, count: int, project: Project, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert len(project.import_tasks(tmp_path / name)) == count
    assert [set(task["data"]) >= {"review_text"} for task in project.tasks] == [True] * count


def test_a_refused_file_says_which_row(project: Project, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("other\n1\n2\n")
    with pytest.raises(ImportRefused) as caught:
        project.import_tasks(str(tmp_path / "t.csv"))
    assert [row.row for row in caught.value.rows] == [0, 1]


def test_answers_come_along_with_tasks(ls: Client) -> None:
    project = ls.start_project(title="Along", label_config=NER)
    ada = span("Person", 0, 3, "Ada", "r1")
    answers = {"annotations": [{"result": [ada]}], "predictions": [{"result": [ada], "score": 0.5, "model_version": "v1"}]}
    project.import_tasks([{"data": {"text": "Ada codes"}, **answers}])
    (task,) = project.get_tasks()
    assert task["annotations"][0]["result"] == [ada]
    assert (task["predictions"][0]["score"], task["predictions"][0]["model_version"]) == (0.5, "v1")
    assert project.get_model_versions() == {"v1": 1}


def test_tasks_are_read_changed_and_deleted(project: Project) -> None:
    ids = project.import_tasks(rows(7))
    assert [task["id"] for task in project.get_tasks(page=2, page_size=3)] == ids[3:6]
    assert project.get_tasks(page=4, page_size=3) == []
    assert project.get_paginated_tasks(page=1, page_size=3)["total"] == 7
    assert project.update_task(ids[0], meta={"needs_review": True})["meta"] == {"needs_review": True}
    assert project.get_task(ids[0])["data"] == {"review_text": "text 0", "n": 0}
    project.delete_task(ids[6])
    assert project.delete_tasks(ids[:2]) == 2
    assert project.delete_all_tasks(excluded_ids=[ids[3]]) == 3
    assert project.tasks_ids == [ids[3]]


def test_tasks_are_filtered_and_ordered(project: Project) -> None:
    ids = project.import_tasks(rows(5))
    large = Filters.item(Column.data("n"), Operator.GREATER, Type.Number, 2)
    second = Filters.item(Column.data("review_text"), Operator.EQUAL, Type.String, "text 1")
    either = Filters.create(Filters.OR, [large, second])
    assert project.get_tasks_ids(either) == [ids[1], ids[3], ids[4]]
    assert project.get_tasks_ids(either, ["-tasks:id"]) == [ids[4], ids[3], ids[1]]
    assert [task["id"] for task in project.tasks(either)] == [ids[1], ids[3], ids[4]]
    assert [task["id"] for task in project.get_tasks(selected_ids=ids[:2])] == ids[:2]
    view = project.create_view(either, title="Two")
    assert [task["id"] for task in project.get_tasks(view_id=view["id"])] == [ids[1], ids[3], ids[4]]
    assert [item["data"]["title"] for item in project.get_views()] == ["Two"]
    project.delete_view(view["id"])


def test_answers_are_made_changed_and_counted(project: Project) -> None:
    ids = project.import_tasks(rows(3))
    made = project.create_annotation(ids[0], [choice("Positive")], lead_time=2.5)
    project.create_annotation(ids[1], was_cancelled=True)
    assert project.update_annotation(made["id"], result=[choice("Negative")])["result"] == [choice("Negative")]
    assert [item["id"] for item in project.list_annotations(ids[0])] == [made["id"]]
    assert project.get_labeled_tasks_ids() == [ids[0]]
    assert [task["id"] for task in project.get_labeled_tasks()] == [ids[0]]
    assert [task["id"] for task in project.get_unlabeled_tasks()] == ids[1:]
    project.update_params()
    assert (project.task_number, project.finished_task_number, project.skipped_annotations_number) == (3, 1, 1)
    project.delete_annotation(made["id"])
    assert project.get_labeled_tasks() == []


def test_predictions_are_made_and_turned_into_annotations(project: Project) -> None:
    ids = project.import_tasks(rows(3))
    assert project.create_prediction(ids[0], "Negative", 0.5, "v1")["result"][0]["value"] == {"choices": ["Negative"]}
    many = [{"task": task, "result": [choice("Neutral")], "score": 0.25, "model_version": "v2"} for task in ids]
    assert project.create_predictions(many, batch_size=2) == {"created": 3}
    assert project.get_model_versions() == {"v1": 1, "v2": 3}
    project.set_model_version("v2")
    project.create_annotations_from_predictions("v2")
    assert project.get_labeled_tasks_ids() == ids


def test_exports_come_in_memory_and_as_files(project: Project, tmp_path: Path) -> None:
    ids = project.import_tasks(rows(3))
    project.create_annotation(ids[1], [choice("Positive")])
    assert [task["id"] for task in project.export_tasks()] == [ids[1]]
    assert [task["id"] for task in project.export_tasks(download_all_tasks=True, ids=ids[:2])] == ids[:2]
    assert project.export_tasks("JSON_MIN")[0]["sentiment"] == "Positive"
    assert len(project.export_tasks("CSV").splitlines()) == 2
    assert project.export_tasks("CSV", export_location=tmp_path).suffix == ".csv"
    assert {"JSON", "CSV"} <= set(project.get_export_formats())


def test_snapshots_are_stored_and_fetched(project: Project, tmp_path: Path) -> None:
    ids = project.import_tasks(rows(3))
    made = project.export_snapshot_create("First")
    assert [item["id"] for item in project.export_snapshot_list()] == [made["id"]]
    assert project.export_snapshot_status(made["id"]).is_completed()
    status, name = project.export_snapshot_download(made["id"], "JSON", tmp_path)
    assert (status, (tmp_path / name).exists()) == (200, True)
    project.export_snapshot_delete(made["id"])
    one = Filters.create(Filters.AND, [Filters.item(Column.data("n"), Operator.EQUAL, Type.Number, 1)])
    saved = project.export(one, output_dir=tmp_path / "new")
    exported = json.loads((tmp_path / "new" / saved["filename"]).read_text())
    assert [task["id"] for task in exported] == [ids[1]]
    assert project.get_views() == []


def test_people_are_made_and_listed(ls: Client) -> None:
    email = f"person-{secrets.token_hex(4)}@example.com"
    made = ls.create_user(email=email, first_name="Per")
    assert made is not None
    assert (made.email, made.first_name) == (email, "Per")
    assert ls.create_user({"email": email}) is None
    with pytest.raises(Invalid, match="already exists"):
        ls.create_user({"email": email}, exist_ok=False)
    assert email in [user.email for user in ls.get_users()]


def test_passwords_and_personal_access_tokens_sign_in(live_server: LiveServer) -> None:
    by_password = Client(live_server.url, email=ADMIN_EMAIL, password=ADMIN_PASSWORD)
    assert by_password.whoami().email == ADMIN_EMAIL
    for old in by_password.get("/api/token/"):
        by_password.post("/api/token/blacklist/", {"refresh": old["token"]})
    token = by_password.post("/api/token/", {})["token"]
    assert Client(live_server.url, token).whoami().email == ADMIN_EMAIL
    by_password.post("/api/token/blacklist/", {"refresh": token})
    with pytest.raises(NotSignedIn):
        Client(live_server.url, token).whoami()
    with pytest.raises(NotSignedIn):
        Client(live_server.url, email=ADMIN_EMAIL, password="wrong").whoami()
    with pytest.raises(NotSignedIn):
        Client(live_server.url, "0" * 40).whoami()
