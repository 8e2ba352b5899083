"""Import from an address: fetched through the gate, kept as an upload, read by its extension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from canary import Canary, Say, answer, redirect
from inprocess import Person, Server

CONFIG = '<View><Text name="t" value="$x"/><Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices></View>'


class Importer:
    """Somebody with a project on a server that may call 127.0.0.1."""

    def __init__(self, person: Person) -> None:
        self.http = person.client
        self.id = self.http.post("/api/projects", json={"title": "By address", "label_config": CONFIG}).json()["id"]

    def __call__(self, url: str) -> httpx.Response:
        return self.http.post(f"/api/projects/{self.id}/import?return_task_ids=1", data={"url": url})

    def words(self) -> list[Any]:
        rows = self.http.get("/api/tasks", params={"project": self.id}).json()["tasks"]
        return [row["data"]["x"] for row in rows]

    def uploads(self) -> list[str]:
        return [row["file"] for row in self.http.get(f"/api/projects/{self.id}/file-uploads?all=true").json()]


@pytest.fixture
def importer(new_server: Callable[..., Server]) -> Importer:
    return Importer(new_server(LABELWRIGHT_ALLOWED_HOSTS="127.0.0.1").sign_up())


@pytest.mark.parametrize(
    ("path", "say", "words"),
    [
        ("t.csv", answer(b"x\none\ntwo\n"), ["one", "two"]),
        ("a/b/t.json?token=secret", answer(b'[{"x": "one"}]'), ["one"]),
        ("t%20x.TXT", answer(b"one\n"), ["one"]),
        ("export", answer(b'[{"x": "one"}]', Content_Type="application/json; charset=utf-8"), ["one"]),
        ("", answer(b"x\none\n", Content_Type="text/csv"), ["one"]),
    ],
)
def test_files_are_read_by_their_extension(importer: Importer, path: str, say: Say, words: list[str]) -> None:
    with Canary(say) as canary:
        done = importer(canary.url + path)
    assert (done.status_code, done.json().get("task_count")) == (201, len(words)), done.text
    assert importer.words() == words
    assert len(importer.uploads()) == 1
    assert "secret" not in importer.uploads()[0]


def test_a_picture_becomes_a_task_that_shows_it(importer: Importer) -> None:
    with Canary(answer(b"\x89PNG")) as canary:
        assert importer(canary.url + "cat.png").status_code == 201
    (address,) = importer.words()
    assert importer.http.get(address).content == b"\x89PNG"


def test_the_name_after_redirects_counts(importer: Importer) -> None:
    with Canary(answer(b"x\none\n")) as files, Canary(redirect(files.url + "final.csv")) as canary:
        assert importer(canary.url + "latest").json()["found_formats"] == {".csv": 1}


@pytest.mark.parametrize(
    ("path", "say", "reason"),
    [
        ("t.exe", answer(b"MZ"), ".exe extension is not supported"),
        ("thing", answer(b"?", Content_Type="application/x-thing"), "extension is not supported"),
        ("t.csv", answer(b"inner secret", "403 Forbidden"), "did not give a file"),
        ("t.csv", redirect("http://10.0.0.1/t.csv"), "can't be reached"),
        ("t.json", answer(b"[{"), "t.json"),
    ],
)
def test_what_can_not_be_imported(importer: Importer, path: str, say: Say, reason: str) -> None:
    with Canary(say) as canary:
        refused = importer(canary.url + path)
    assert refused.status_code == 400
    assert reason in refused.text
    assert "secret" not in refused.text
    assert importer.words() == []


def test_nobody_is_called_unless_listed(person: Person) -> None:
    importer = Importer(person)
    with Canary() as canary:
        refused = [importer(canary.url + "t.csv"), importer(f"http://localhost:{canary.port}/t.csv")]
    assert [one.status_code for one in refused] == [400, 400]
    assert canary.heard == []


def test_large_files_are_refused(new_server: Callable[..., Server]) -> None:
    importer = Importer(new_server(LABELWRIGHT_ALLOWED_HOSTS="127.0.0.1", LABELWRIGHT_MAX_BODY_MB="1").sign_up())
    with Canary(answer(bytes((1 << 20) + 1))) as canary:
        refused = importer(canary.url + "t.csv")
    assert (refused.status_code, "larger than" in refused.text) == (400, True)
