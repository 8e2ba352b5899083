"""Uploaded files: listed, served in ranges, never as pages of ours, and gone when they are deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from inprocess import Person

import given

BYTES = bytes(range(256)) * 4


def upload(person: Person, project_id: int, name: str, content: bytes) -> dict[str, object]:
    params = {"commit_to_project": "false"}
    body = given.ok(person.client.post(f"/api/projects/{project_id}/import", params=params, files=given.upload(name, content)))
    (upload_id,) = body["file_upload_ids"]
    found: dict[str, object] = given.ok(person.client.get(f"/api/import/file-upload/{upload_id}"))
    return found


@pytest.fixture
def project(person: Person) -> int:
    return given.project(person.client, label_config=given.IMAGE)


def test_list_and_delete(person: Person, colleague: Person, project: int) -> None:
    first, second = (upload(person, project, name, b"x") for name in ("a.png", "b.png"))
    theirs = upload(colleague, project, "c.png", b"xy")
    path = f"/api/projects/{project}/file-uploads"
    assert given.ok(person.client.get(path, params={"all": "true"})) == [first, second], "only the caller's"
    assert given.ok(person.client.get(path, params={"ids": f"[{second['id']},{theirs['id']}]"})) == [second]
    assert first["file"] == f"upload/{project}/{str(first['file']).rsplit('/', 1)[1]}"
    assert (first["size"], theirs["size"]) == (1, 2)
    folder = person.server.settings.upload_dir
    assert (folder / str(first["file"])).read_bytes() == b"x"
    deleted = person.client.request("DELETE", path, json={"file_upload_ids": [first["id"], theirs["id"]]})
    assert (deleted.status_code, deleted.json()) == (200, {"deleted": 1})
    assert not (folder / str(first["file"])).exists()
    assert person.client.get(f"/data/{first['file']}").status_code == 404
    assert given.ok(person.client.request("DELETE", path)) == {"deleted": 1}
    assert colleague.client.delete(f"/api/import/file-upload/{theirs['id']}").status_code == 204
    assert list(folder.glob(f"upload/{project}/*")) == []
    wrong: list[object] = ["x", [1.5], ["x"], {}, [[1]], [2**63]]
    for bad in wrong:
        assert person.client.request("DELETE", path, json={"file_upload_ids": bad}).status_code == 400, bad


def test_a_task_outlives_its_file(person: Person) -> None:
    project_id = given.project(person.client)
    body = given.ok(person.client.post(f"/api/projects/{project_id}/import", files=given.upload("a.csv", "text\nx\n")))
    assert person.client.delete(f"/api/import/file-upload/{body['file_upload_ids'][0]}").status_code == 204
    (task,) = given.ok(person.client.get("/api/tasks", params={"project": project_id, "fields": "all"}))["tasks"]
    assert (task["data"], task["file_upload"]) == ({"text": "x"}, None)


@pytest.mark.parametrize(
    ("wanted", "status", "start", "end"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=1000-", 206, 1000, 1024),
        ("bytes=-24", 206, 1000, 1024),
        ("bytes=-5000", 206, 0, 1024),
        ("bytes=1020-99999999999999999999", 206, 1020, 1024),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=1024-", 416, 0, 0),
        ("bytes=9-3", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        ("bytes=-", 200, 0, 1024),
        ("bytes=0-1,5-6", 200, 0, 1024),
        ("lines=0-1", 200, 0, 1024),
        ("bytes=x-y", 200, 0, 1024),
        ("", 200, 0, 1024),
    ],
)
def test_ranges(person: Person, project: int, wanted: str, status: int, start: int, end: int) -> None:
    key = upload(person, project, "a.mp4", BYTES)["file"]
    answer = person.client.get(f"/data/{key}", headers={"range": wanted})
    assert answer.status_code == status
    if status == 416:
        assert answer.headers["content-range"] == "bytes */1024"
        return
    assert answer.content == BYTES[start:end]
    assert answer.headers["content-length"] == str(end - start)
    assert (answer.headers["content-type"], answer.headers["accept-ranges"]) == ("video/mp4", "bytes")
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/1024"


def test_not_sent_again(person: Person, project: int) -> None:
    key = upload(person, project, "a.png", BYTES)["file"]
    answer = person.client.get(f"/data/{key}")
    again = person.client.get(f"/data/{key}", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = person.client.head(f"/data/{key}")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "1024")


@pytest.mark.parametrize(
    ("name", "content_type", "is_attachment"),
    [
        ("a.png", "image/png", False),
        ("a.jpg", "image/jpeg", False),
        ("a.mp3", "audio/mpeg", False),
        ("a.pdf", "application/pdf", False),
        ("a.html", "text/html", True),
        ("a.svg", "image/svg+xml", True),
        ("a.xml", "text/xml", True),
        ("A.PNG", "image/png", False),
    ],
)
def test_never_a_page_of_ours(person: Person, project: int, name: str, content_type: str, is_attachment: bool) -> None:
    key = upload(person, project, name, b"<script>alert(1)</script>")["file"]
    headers = person.client.get(f"/data/{key}").headers
    assert headers["content-type"].partition(";")[0] == content_type
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert ("attachment" in headers.get("content-disposition", "")) is is_attachment


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("a b  c.txt", "a_b_c.txt"),
        ("é漢字.txt", "é漢字.txt"),
        ("a/../../b.txt", "b.txt"),
        ("<>|:*?.txt", "_.txt"),
        ("x" * 300 + ".txt", "x" * 60 + "x" * 36 + ".txt"),
    ],
)
def test_names(person: Person, name: str, cleaned: str) -> None:
    project_id = given.project(person.client)
    key = str(upload(person, project_id, name, b"x\n")["file"])
    assert key.rsplit("-", 1)[1] == cleaned
    assert Path(key).parts[:2] == ("upload", str(project_id))
    assert person.client.get(f"/data/{key}").content == b"x\n"


@pytest.mark.parametrize("path", ["../secret.key", "%2e%2e/secret.key", "..%2f..%2fsecret.key", "%00", "nothing.png", ".part"])
def test_no_other_files(person: Person, project: int, path: str) -> None:
    upload(person, project, "a.png", b"x")
    assert person.client.get(f"/data/upload/{project}/{path}").status_code == 404


def test_only_for_members(person: Person, stranger: Person, project: int) -> None:
    found = upload(person, project, "a.png", b"x")
    assert stranger.client.get(f"/data/{found['file']}").status_code == 404
    assert stranger.client.get(f"/api/import/file-upload/{found['id']}").status_code == 404
    assert person.server.anonymous().get(f"/data/{found['file']}").status_code in (401, 404)
