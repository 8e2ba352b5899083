"""Reading, exporting and small things that need no real server."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from scripted import Asked, Said, scripted

from labelwright.sdk import Client, Column, Filters, NotFound, Project, ServerFailed


def project(url: str) -> Project:
    return Project(Client(url, "key", progress=False, retries=0), {"id": 5, "title": "T", "task_number": 3})


def pages(asked: Asked) -> Said:
    """A data manager with 5 tasks."""
    number = int(asked.path.partition("page=")[2].partition("&")[0])
    size = int(asked.path.partition("page_size=")[2].partition("&")[0])
    found = [{"id": task} for task in range(1, 6)][(number - 1) * size : number * size]
    if not found:
        return Said(404, {"detail": "Invalid page."})
    return Said(200, {"tasks": found, "total": 5, "total_annotations": 0, "total_predictions": 0})


def test_all_tasks_are_read_without_a_request_too_many() -> None:
    with scripted(pages) as server:
        assert [task["id"] for task in project(server.url).get_tasks(page_size=2)] == [1, 2, 3, 4, 5]
        assert len(server.asked) == 3


@pytest.mark.parametrize(("page", "ids"), [(1, [1, 2]), (3, [5]), (4, [])])
def test_a_page_is_read_and_one_past_the_end_is_empty(page: int, ids: list[int]) -> None:
    with scripted(pages) as server:
        assert [task["id"] for task in project(server.url).get_tasks(page=page, page_size=2)] == ids


def test_a_missing_project_is_an_error_not_an_empty_page() -> None:
    with scripted(Said(404, {"detail": "No Project matches"})) as server, pytest.raises(NotFound):
        project(server.url).get_tasks()


def test_the_task_list_has_a_length_an_order_and_slices() -> None:
    with scripted(pages) as server:
        tasks = project(server.url).tasks
        assert len(tasks) == 5
        assert tasks[-1]["id"] == 5
        assert [task["id"] for task in tasks[1:3]] == [2, 3]


@pytest.mark.parametrize(
    ("form", "content", "expected"),
    [
        ("JSON", b'[{"id": 1}]', [{"id": 1}]),
        ("JSON_MIN", b"[]", []),
        ("CSV", "a\r\nü\r\n".encode(), "a\r\nü\r\n"),
        ("COCO", b"PK\x03\x04zip", b"PK\x03\x04zip"),
    ],
)
def test_an_export_comes_as_its_kind(form: str, content: bytes, expected: object) -> None:
    with scripted(Said(200, content)) as server:
        assert project(server.url).export_tasks(form, ids=[1, 2]) == expected
        assert server.asked[0].path.endswith("&download_all_tasks=false&download_resources=false&ids%5B%5D=1&ids%5B%5D=2")


def test_an_export_is_streamed_to_a_file_or_into_a_folder(tmp_path: Path) -> None:
    said = Said(200, b"content", {"Content-Disposition": 'attachment; filename="../project-5.json"'})
    with scripted(said) as server:
        assert project(server.url).export_tasks(export_location=tmp_path / "new" / "e.json") == tmp_path / "new" / "e.json"
        assert project(server.url).export_tasks(export_location=tmp_path) == tmp_path / "project-5.json"
    assert (tmp_path / "project-5.json").read_bytes() == b"content"


def test_a_failed_export_leaves_no_file(tmp_path: Path) -> None:
    with scripted(Said(500, {"detail": "oops"})) as server, pytest.raises(ServerFailed, match="oops"):
        project(server.url).export_tasks(export_location=tmp_path / "e.json")
    with scripted(Said(200, b"x" * 1000, breaks_off=True)) as server, pytest.raises(Exception, match="broke off"):
        project(server.url).export_tasks(export_location=tmp_path / "e.json")
    assert list(tmp_path.iterdir()) == []


def test_fields_are_attributes_and_others_are_named() -> None:
    mine = project("http://127.0.0.1:9")
    assert (mine.id, mine.title, mine.task_number) == (5, "T", 3)
    with pytest.raises(AttributeError, match="no 'colour'"):
        _ = mine.colour


@pytest.mark.parametrize("arguments", [{"project_id": 7}, {"id": 7}])
def test_get_project_knows_both_spellings(arguments: dict[str, int]) -> None:
    with scripted(Said(200, {"id": 7})) as server:
        assert Client(server.url, "key").get_project(**arguments).id == 7
        assert Client(server.url, "key").get_project(7).id == 7
        assert {asked.path for asked in server.asked} == {"/api/projects/7/"}


def test_list_projects_reads_every_page() -> None:
    def answer(asked: Asked) -> Said:
        first = "page=1&" in asked.path
        return Said(
            200, {"next": "more" if first else None, "results": [{"id": number} for number in range(100 if first else 5)]}
        )

    with scripted(answer) as server:
        assert len(Client(server.url, "key").list_projects()) == 105


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 6), "2026-01-02T03:04:05.000006Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05.000000Z"),
        (datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))), "2026-01-02T01:00:00.000000Z"),
    ],
)
def test_moments_are_filtered_in_utc(moment: datetime, text: str) -> None:
    assert Filters.value(moment) == text
    assert Filters.value(moment, moment) == {"min": text, "max": text}
    assert Column.data("a.b") == "tasks:data.a.b"


def test_importing_the_package_does_not_load_the_client() -> None:
    code = "import sys, labelwright; assert 'labelwright.sdk' not in sys.modules; from labelwright import Client; assert Client"
    subprocess.run([sys.executable, "-c", code], check=True)
