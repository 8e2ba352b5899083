"""`reference/errors.md` quotes what the server says: each message of its tables is provoked, and nothing else stands there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from docs.pages import read
from labelwright.cli.start import port_fault
from labelwright.labelconfig import validate_config
from live import LiveServer

StartServer = Callable[..., LiveServer]
CONFIG = '<View><Text name="t" value="$review"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
ITEM = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}
ROWS: tuple[Any, ...] = (
    [{"text": "no review"}],
    [{"review": {"a": 1}}],
    [5],
    [{"data": ["a"]}],
    [None],
    [{"data": {"review": "a"}, "annotations": [{}]}],
    [{"data": {"review": "a"}, "annotations": [{"result": "x"}]}],
    [{"data": {"review": "a"}, "predictions": [{}]}],
    [{"data": {"review": "a"}, "annotations": [{"completed_by": 99, "result": []}]}],
    [],
    "text",
)
FILES = (
    ("a.json", b"[5]"),
    ("a.json", b'[{"review": "a"},{"text": "b"]'),
    ("a.csv", "review\né\n".encode("latin-1")),
    ("a.csv", b'review,n\n"a,1\n'),
    ("a.csv", b""),
    ("a.csv", b"review,n\na,1,2\n"),
    ("a.xlsx", b"PK"),
)
CONFIGS = (
    "<View>",
    "<View><Text></View>",
    "<View a=1/>",
    "<View>&nbsp;</View>",
    '<View><Text name="t"/></View>',
    '<View><Text name="t" value="$t"/><Choices name="c" toName="t"/></View>',
    CONFIG.replace('toName="t"', 'toName="x"'),
    CONFIG.replace('name="c"', 'name="t"'),
    "<!DOCTYPE x><View/>",
)


def quoted() -> dict[str, re.Pattern[str]]:
    """The messages of the page's tables, as patterns: `…` is anything."""
    found = re.findall(r"^\| `(.+?)` \|.*\|.*\|$", read("docs/reference/errors.md"), re.MULTILINE)
    return {text: re.compile(re.escape(text).replace("…", ".*"), re.DOTALL) for text in found}


def said(start_server: StartServer) -> Iterator[str]:
    """What the server answers to everything above, one text per refusal."""
    server = start_server(LABELWRIGHT_SIGNUP="invite")
    with httpx.Client(base_url=server.url, headers={"authorization": f"Token {server.token}"}, trust_env=False) as http:
        project = f"/api/projects/{http.post('/api/projects', json={'title': 'Errors', 'label_config': CONFIG}).json()['id']}"
        for rows in ROWS:
            yield http.post(f"{project}/import", json=rows).text
        for name, content in FILES:
            yield http.post(f"{project}/import", files={"file": (name, content)}).text
        yield http.post(f"{project}/import", data={"url": "http://127.0.0.1:9/tasks.json"}).text
        yield from of_answers(http, project)
        yield http.post("/api/projects", json={"title": "A"}).text
        yield http.get("/api/tasks/999999").text
        yield http.get(f"{project}/export?exportType=YOLO").text
        yield [http.post("/api/token").text for _ in range(2)][1]
        yield http.post("/api/users", json={"email": server.email, "username": "x"}).text
        yield http.get("/api/projects", headers={"authorization": "Token wrong"}).text
    yield from of_strangers(server)
    yield port_fault("127.0.0.1", server.port) or ""


def of_answers(http: httpx.Client, project: str) -> Iterator[str]:
    task = http.post(f"{project}/import?return_task_ids=1", json=[{"review": "a"}]).json()["task_ids"][0]
    given = {"result": [ITEM], "unique_id": "one and the same"}
    yield [http.post(f"/api/tasks/{task}/annotations", json=given).text for _ in range(2)][1]
    yield http.patch(project, json={"label_config": CONFIG.replace('name="c"', 'name="d"')}).text


def of_strangers(server: LiveServer) -> Iterator[str]:
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        yield http.get("/api/projects").text
        http.get("/user/login")
        form = {"email": server.email, "csrfmiddlewaretoken": http.cookies["csrftoken"]}
        yield shown(http, "/user/login", form | {"password": "wrong"})
        yield shown(http, "/user/signup", form | {"email": "new@example.com", "password": "long enough"})
        yield shown(http, "/user/signup?token=old", form | {"email": "new@example.com", "password": "long enough"})
        assert http.post("/user/login", data=form | {"password": server.password}).status_code == 302
        yield http.post("/api/projects", json={}, headers={"sec-fetch-site": "cross-site"}).text


def shown(http: httpx.Client, path: str, form: dict[str, str]) -> str:
    """The words of a form that was refused, from the page or the JSON."""
    return http.post(path, data=form).text.replace("&#x27;", "'").replace("&#39;", "'")


def test_the_page_says_what_the_server_says(start_server: StartServer) -> None:
    texts = [text.replace('\\"', '"').replace("\\n", "\n") for text in said(start_server)]
    texts += [validate_config(config)[0].message for config in CONFIGS]
    messages = quoted()
    missing = [message for message, pattern in messages.items() if not any(map(pattern.search, texts))]
    assert missing == []
    unquoted = [text for text in texts if not any(pattern.search(text) for pattern in messages.values())]
    assert unquoted == []


@pytest.mark.parametrize("status", ["400", "401", "403", "404", "405", "409", "413", "429", "500", "503"])
def test_every_status_is_explained(status: str) -> None:
    assert f"\n| {status} |" in read("docs/reference/errors.md")
