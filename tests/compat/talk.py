"""One conversation with a server: named requests, their answers kept in order, so that two servers can be compared.

A scenario (`scenarios/*.py`) is a function that takes a `Talk` and makes requests by name. Recording runs it against Label
Studio and stores the answers; replaying runs it against another server and compares answer by answer (`compare.py`).
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

import httpx

HTML_BODY = "<html>"


@dataclass(frozen=True)
class Answer:
    """What a server said to one named request; `body` is JSON, CSV rows, text, or None for no content."""

    name: str
    request: str
    status: int
    content_type: str
    body: Any
    filename: str = ""
    kind: str = ""
    """What `id` means at the top of the body: project, task, annotation…"""
    loose: frozenset[str] = frozenset()
    """Keys whose lists may come in any order."""
    skip: frozenset[str] = frozenset()
    """Keys that are not compared (descriptions, help texts)."""

    def pick(self, *path: str | int) -> Any:
        """The value at the path of keys and indexes, or 0 where the answer has none: the next request then shows it."""
        value = self.body
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return 0
        return value


@dataclass
class Talk:
    """A scripted conversation. `run` makes e-mails unique on servers that outlive a run; it is scrubbed before comparing."""

    base_url: str
    token: str
    run: str
    answers: list[Answer] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.base_url, timeout=60, follow_redirects=False, trust_env=False)
        self.tokens["admin"] = self.token

    def __call__(
        self,
        name: str,
        method: str,
        path: str,
        *,
        json: Any = None,
        kind: str = "",
        who: str | None = "admin",
        headers: dict[str, str] | None = None,
        loose: tuple[str, ...] = (),
        skip: tuple[str, ...] = (),
        **options: Any,
    ) -> Answer:
        """Make one request and keep its answer under `name`. who: whose token goes with it; None for nobody's."""
        sent = dict(headers or {})
        if who is not None and "Authorization" not in sent:
            sent["Authorization"] = f"Token {self.tokens[who]}"
        self.http.cookies.clear()
        response = self.http.request(method, path, json=json, headers=sent, **options)
        answer = Answer(
            name=name,
            request=f"{method} {re.sub(r'(?<=[/=])[0-9]+', '{n}', path)}",
            status=response.status_code,
            content_type=response.headers.get("content-type", "").split(";")[0],
            body=read_body(response),
            filename=disposition(response),
            kind=kind,
            loose=frozenset(loose),
            skip=frozenset(skip),
        )
        self.answers.append(answer)
        return answer

    def email(self, name: str) -> str:
        return f"{name}-{self.run}@example.com"

    def sign_up(self, name: str) -> None:
        """Make a second member through the invitation link, as a browser does; then `who=name` speaks for them. Not recorded."""
        invite = self.http.get("/api/invite", headers={"Authorization": f"Token {self.token}"}).json()["invite_url"]
        with httpx.Client(base_url=self.base_url, timeout=60, follow_redirects=False, trust_env=False) as browser:
            browser.get(invite)
            form = {
                "email": self.email(name),
                "password": "Pass-1234!",
                "csrfmiddlewaretoken": browser.cookies.get("csrftoken", ""),
            }
            joined = browser.post(invite, data=form, headers={"Referer": self.base_url})
            if joined.status_code != 302:
                raise RuntimeError(f"sign-up by invitation answered {joined.status_code}")
            self.tokens[name] = browser.get("/api/current-user/token").json()["token"]

    def project(self, title: str, label_config: str, **fields: Any) -> int:
        """A new project's id; not recorded."""
        made = self.http.post(
            "/api/projects/",
            json={"title": title, "label_config": label_config, **fields},
            headers={"Authorization": f"Token {self.token}"},
        )
        made.raise_for_status()
        return int(made.json()["id"])

    def tasks(self, project: int, items: list[Any]) -> list[int]:
        """Import items and give back the new tasks' ids, in order; not recorded."""
        made = self.http.post(
            f"/api/projects/{project}/import?return_task_ids=true", json=items, headers={"Authorization": f"Token {self.token}"}
        )
        made.raise_for_status()
        return list(made.json()["task_ids"])


def disposition(response: httpx.Response) -> str:
    """The file name the answer offers, or ''."""
    found = re.search(r'filename="?([^";]+)"?', response.headers.get("content-disposition", ""))
    return found.group(1) if found else ""


def read_body(response: httpx.Response) -> Any:
    """JSON as values, CSV and TSV as rows, a zip as {name: content}, HTML as a mere mark, other text as it is."""
    if not response.content:
        return None
    name = disposition(response)
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            return {item: read_member(archive, item) for item in sorted(archive.namelist()) if not item.endswith("/")}
    if name.endswith((".csv", ".tsv")):
        return read_table(response.text)
    try:
        return json.loads(response.text)
    except ValueError:
        return HTML_BODY if response.text.lstrip().startswith("<") else response.text


def read_member(archive: zipfile.ZipFile, name: str) -> Any:
    text = archive.read(name).decode("utf-8", "replace")
    return json.loads(text) if name.endswith(".json") else text


def read_table(text: str) -> dict[str, Any]:
    """Columns in order and rows by column name; what the file does not quote is a number."""
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    if not text.strip():
        return {"columns": [], "rows": []}
    columns, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC)
    numbers = [[int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row] for row in rows]
    return {"delimiter": delimiter, "columns": columns, "rows": [dict(zip(columns, row, strict=True)) for row in numbers]}
