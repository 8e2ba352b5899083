"""Batches, refused rows, files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted import Asked, Said, scripted

from labelwright.sdk import Client, ImportRefused, Project, RefusedRow
from labelwright.sdk.importing import batches

ROWS = [{"text": str(number)} for number in range(7)]


def accept(asked: Asked) -> Said:
    """A server that takes rows with `text` and refuses others as Label Studio does."""
    rows = asked.json()
    bad = [number for number, row in enumerate(rows) if "text" not in row]
    if bad:
        texts: list[Any] = [{} for _ in rows]
        for number in bad:
            texts[number] = (
                f'Error at item {number}: "text" key is expected in task data [assume: item as is = task root]  :: {rows[number]}'
            )
        return Said(400, {"detail": "Validation error", "validation_errors": {"non_field_errors": texts}})
    return Said(201, {"task_ids": [int(row["text"]) + 100 for row in rows]})


def project(url: str) -> Project:
    return Project(Client(url, "key", progress=False), {"id": 5})


def test_lists_are_sent_in_batches_and_ids_come_back_in_order() -> None:
    with scripted(accept) as server:
        steps: list[tuple[int, int | None]] = []
        ids = project(server.url).import_tasks(ROWS, batch_size=3, progress=lambda *step: steps.append(step))
        assert ids == [100, 101, 102, 103, 104, 105, 106]
        assert [len(asked.json()) for asked in server.asked] == [3, 3, 1]
        assert server.asked[0].path == "/api/projects/5/import?return_task_ids=true"
        assert steps == [(0, 7), (3, 7), (6, 7), (7, 7)]


def test_a_generator_is_read_as_it_is_sent() -> None:
    read: list[int] = []

    def rows() -> Iterator[dict[str, str]]:
        for number, row in enumerate(ROWS):
            read.append(number)
            yield row

    with scripted(lambda asked: Said(201, {"task_ids": [len(read)]})) as server:
        assert project(server.url).import_tasks(rows(), batch_size=2) == [3, 5, 7, 7]


def test_refused_rows_are_named_with_their_place_in_the_whole_list() -> None:
    with scripted(accept) as server, pytest.raises(ImportRefused) as caught:
        project(server.url).import_tasks([*ROWS[:4], {"nope": 1}, ROWS[5]], batch_size=3)
    assert caught.value.rows == (RefusedRow(4, '"text" key is expected in task data', {"nope": 1}),)
    assert caught.value.imported_ids == (100, 101, 102)
    assert str(caught.value) == (
        "POST /api/projects/5/import answered 400: 1 task refused. The 3 tasks before them are in the project."
        '\n  row 5: "text" key is expected in task data'
    )


def test_with_on_refused_the_good_rows_go_in() -> None:
    refused: list[RefusedRow] = []
    with scripted(accept) as server:
        rows = [ROWS[0], {"a": 1}, ROWS[1], {"b": 1}, ROWS[2]]
        assert project(server.url).import_tasks(rows, on_refused=refused.append) == [100, 101, 102]
    assert [row.row for row in refused] == [1, 3]


def test_a_refusal_of_the_whole_is_told_even_with_on_refused() -> None:
    said = Said(400, {"detail": "Validation error", "validation_errors": {"non_field_errors": ["load_tasks: No tasks added"]}})
    with scripted(said) as server, pytest.raises(ImportRefused, match=r"No tasks added\. Nothing was imported"):
        project(server.url).import_tasks([], on_refused=lambda row: None)


@pytest.mark.parametrize(
    ("sizes", "size", "max_bytes", "expected"),
    [([1, 1, 1], 2, 100, [2, 1]), ([60, 60, 60], 10, 100, [1, 1, 1]), ([200, 5, 5], 10, 100, [1, 2]), ([], 3, 100, [0])],
)
def test_batches_are_limited_by_rows_and_by_bytes(sizes: list[int], size: int, max_bytes: int, expected: list[int]) -> None:
    assert [len(batch) for batch in batches(["x" * (length - 2) for length in sizes], size, max_bytes)] == expected


def test_a_file_is_uploaded_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / 'odd "name".csv'
    path.write_bytes(b"text\na\n" * 50_000)
    done: list[tuple[int, int | None]] = []
    with scripted(Said(201, {"task_ids": [1]})) as server:
        assert project(server.url).import_tasks(path, progress=lambda *step: done.append(step)) == [1]
        asked = server.asked[0]
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'filename="odd %22name%22.csv"' in asked.body
    assert asked.body.count(b"text\na\n") == 50_000
    assert done[-1] == (350_000, 350_000)


def test_json_lines_are_sent_as_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('\ufeff{"text": "1"}\n\n{"text": "2"}\n')
    with scripted(accept) as server:
        assert project(server.url).import_tasks(str(path)) == [101, 102]
    path.write_text('{"text": "1"}\n{oops\n')
    with scripted(accept) as server, pytest.raises(ValueError, match=r"t\.jsonl, line 2"):
        project(server.url).import_tasks(path)


def test_a_missing_file_is_told() -> None:
    with pytest.raises(FileNotFoundError, match=r"no file nowhere\.csv"):
        project("http://127.0.0.1:9").import_tasks("nowhere.csv")


def test_numbers_that_json_cannot_say_are_refused_here() -> None:
    with scripted(accept) as server, pytest.raises(ValueError, match="JSON"):
        project(server.url).import_tasks([{"text": float("nan")}])
