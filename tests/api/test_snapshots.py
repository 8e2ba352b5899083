"""Export snapshots: made once, filtered, downloaded in any format, kept as they were."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import Any

import pytest
from inprocess import Person, Server

CONFIG = '<View><Text name="t" value="$x"/><Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices></View>'


def choice(label: str) -> list[dict[str, Any]]:
    return [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": [label]}}]


class Project:
    """Five tasks: usual answer, ground truth, skip, draft and prediction, nothing."""

    def __init__(self, person: Person) -> None:
        self.http = person.client
        self.id = self.post("/api/projects", {"title": "Five tasks", "label_config": CONFIG})["id"]
        rows = [{"data": {"x": word}} for word in "abcde"]
        self.tasks = self.post(f"/api/projects/{self.id}/import?return_task_ids=1", rows)["task_ids"]
        a, b, c, d, _ = self.tasks
        self.post(f"/api/tasks/{a}/annotations", {"result": choice("A")})
        self.post(f"/api/tasks/{b}/annotations", {"result": choice("B"), "ground_truth": True})
        self.post(f"/api/tasks/{c}/annotations", {"result": [], "was_cancelled": True})
        self.post(f"/api/tasks/{d}/drafts", {"result": choice("A")})
        self.post("/api/predictions", {"task": d, "result": choice("B"), "model_version": "m"})
        self.url = f"/api/projects/{self.id}/exports"

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        answer = self.http.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def words(self, body: dict[str, Any]) -> str:
        """The words of the tasks that a snapshot holds."""
        made = self.post(self.url, body)
        tasks = self.http.get(f"{self.url}/{made['id']}/download").json()
        assert made["counters"] == {"task_number": len(tasks)}
        return "".join(task["data"]["x"] for task in tasks)


@pytest.fixture
def project(person: Person) -> Project:
    return Project(person)


def test_a_snapshot_is_a_file_that_stays_as_it_was(project: Project) -> None:
    made = project.post(project.url, {"title": "First"})
    assert (made["title"], made["status"], made["converted_formats"]) == ("First", "completed", [])
    before = project.http.get(f"{project.url}/{made['id']}/download?exportType=JSON")
    project.post(f"/api/tasks/{project.tasks[4]}/annotations", {"result": choice("A")})
    after = project.http.get(f"{project.url}/{made['id']}/download")
    assert before.content == after.content
    assert hashlib.md5(after.content).hexdigest() == made["md5"]
    assert after.headers["filename"] in after.headers["content-disposition"]
    assert after.headers["filename"].startswith(f"project-{project.id}-at-")


def test_parts_of_the_file_can_be_fetched(project: Project, person: Person) -> None:
    made = project.post(project.url, {})
    part = person.client.get(f"{project.url}/{made['id']}/download", headers={"range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, b"[\n")


def test_without_a_title_it_gets_one(project: Project) -> None:
    assert project.post(project.url, {})["title"].startswith("Five-tasks-at-20")


def test_the_newest_comes_first_in_the_list(project: Project) -> None:
    ids = [project.post(project.url, {})["id"] for _ in range(3)]
    assert [one["id"] for one in project.http.get(project.url).json()] == ids[::-1]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({}, "abcde"),
        ({"skipped": "only"}, "c"),
        ({"skipped": "exclude"}, "abde"),
        ({"finished": "only"}, "ab"),
        ({"finished": "exclude"}, "cde"),
        ({"annotated": "only"}, "ab"),
        ({"annotated": "exclude"}, "cde"),
        ({"annotated": "only", "finished": "exclude"}, ""),
        ({"only_with_annotations": True}, "abc"),
        ({"skipped": None, "only_with_annotations": False}, "abcde"),
    ],
)
def test_task_filters(project: Project, filters: dict[str, Any], words: str) -> None:
    assert project.words({"task_filter_options": filters}) == words


def test_tasks_of_a_view(project: Project) -> None:
    items = [{"filter": "filter:tasks:data.x", "operator": "in_list", "type": "String", "value": ["b", "d"]}]
    data = {"title": "Two", "filters": {"conjunction": "and", "items": items}}
    view = project.post("/api/dm/views", {"project": project.id, "data": data})["id"]
    assert project.words({"task_filter_options": {"view": view}}) == "bd"


@pytest.mark.parametrize(
    ("chosen", "kinds"),
    [
        (None, ["a", "b", "c"]),
        ({}, ["a"]),
        ({"usual": True, "ground_truth": True}, ["a", "b"]),
        ({"usual": False, "skipped": True}, ["c"]),
        ({"usual": None, "ground_truth": None, "skipped": None}, ["a", "b", "c"]),
    ],
)
def test_annotation_filters(project: Project, chosen: Any, kinds: list[str]) -> None:
    made = project.post(project.url, {"annotation_filter_options": chosen})
    tasks = project.http.get(f"{project.url}/{made['id']}/download").json()
    assert [task["data"]["x"] for task in tasks if task["annotations"]] == kinds
    assert len(tasks) == 5


def test_only_tasks_with_chosen_annotations(project: Project) -> None:
    body = {"task_filter_options": {"only_with_annotations": True}, "annotation_filter_options": {"usual": True}}
    assert project.words(body) == "a"


def test_whole_objects_or_ids(project: Project, person: Person) -> None:
    def fourth(options: Any) -> tuple[Any, Any]:
        made = project.post(project.url, {"serialization_options": options})
        tasks = project.http.get(f"{project.url}/{made['id']}/download").json()
        return tasks[3], tasks[0]["annotations"][0]["completed_by"]

    ids, who = fourth(None)
    assert (type(ids["drafts"][0]), type(ids["predictions"][0]), who) == (int, int, person.id)
    whole = {name: {"only_id": False} for name in ("drafts", "predictions", "annotations__completed_by")}
    task, who = fourth(whole)
    assert (task["drafts"][0]["result"], task["predictions"][0]["model_version"]) == (choice("A"), "m")
    assert who == {"id": person.id, "email": person.email, "first_name": "", "last_name": ""}
    assert fourth({"drafts": {"only_id": True}, "predictions": {}})[0]["predictions"][0]["score"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"task_filter_options": []},
        {"task_filter_options": {"skipped": "maybe"}},
        {"task_filter_options": {"finished": {}}},
        {"task_filter_options": {"view": "x"}},
        {"task_filter_options": {"view": 999999999}},
        {"task_filter_options": {"view": "9" * 30}},
        {"annotation_filter_options": {"usual": "perhaps"}},
        {"serialization_options": {"drafts": 1}},
        {"serialization_options": "all"},
        {"title": "x" * 2049},
    ],
)
def test_options_that_mean_nothing_are_refused(project: Project, body: dict[str, Any]) -> None:
    assert "validation_errors" in project.post(project.url, body, status=400)
    assert project.http.get(project.url).json() == []


def test_conversion_on_the_way_equals_the_kept_one(project: Project) -> None:
    made = project.post(project.url, {})
    address = f"{project.url}/{made['id']}"
    on_the_way = project.http.get(f"{address}/download?exportType=CSV")
    rows = list(csv.DictReader(io.StringIO(on_the_way.text)))
    assert [(row["x"], row["c"]) for row in rows] == [("a", "A"), ("b", "B"), ("d", ""), ("e", "")]
    kept = project.post(f"{address}/convert", {"export_type": "CSV"}, status=200)
    conversions = project.http.get(address).json()["converted_formats"]
    assert conversions == [{"id": kept["converted_format"], "status": "completed", "export_type": "CSV", "traceback": None}]
    again = project.http.get(f"{address}/download?exportType=CSV")
    assert (again.content, again.headers["filename"]) == (on_the_way.content, on_the_way.headers["filename"])


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"export_type": "NONSENSE"}, "export_type", "NONSENSE is not supported export format"),
        ({}, "export_type", "This field is required."),
        ({"export_type": "TSV"}, "non_field_errors", "Conversion to TSV already started"),
    ],
)
def test_conversions_that_are_refused(project: Project, body: Any, field: str, reason: str) -> None:
    address = f"{project.url}/{project.post(project.url, {})['id']}/convert"
    project.post(address, {"export_type": "TSV"}, status=200)
    assert project.post(address, body, status=400)["validation_errors"] == {field: [reason]}


def test_unknown_download_formats_are_refused(project: Project) -> None:
    made = project.post(project.url, {})
    assert project.http.get(f"{project.url}/{made['id']}/download?exportType=NONSENSE").status_code == 400


def test_deleting_removes_the_files(project: Project, server: Server) -> None:
    address = f"{project.url}/{project.post(project.url, {})['id']}"
    project.post(f"{address}/convert", {"export_type": "CSV"}, status=200)
    folder = server.settings.upload_dir / "export" / str(project.id)
    assert len(list(folder.iterdir())) == 2
    assert project.http.delete(address).status_code == 204
    assert list(folder.iterdir()) == []
    assert project.http.get(address).status_code == 404


def test_snapshots_are_for_members(project: Project, stranger: Person) -> None:
    address = f"{project.url}/{project.post(project.url, {})['id']}"
    for method, url in (("GET", project.url), ("POST", project.url), ("GET", address), ("DELETE", address)):
        assert stranger.client.request(method, url).status_code == 404
    assert stranger.client.get(f"{address}/download").status_code == 404
    assert stranger.client.post(f"{address}/convert", json={"export_type": "CSV"}).status_code == 404


def test_a_snapshot_belongs_to_its_project(project: Project, person: Person) -> None:
    made = project.post(project.url, {})
    other = Project(person)
    assert person.client.get(f"{other.url}/{made['id']}").status_code == 404
