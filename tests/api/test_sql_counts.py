"""How many SQL statements the hot requests cost; the same for ten tasks and for two hundred."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from inprocess import Person, Server

import given

FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET LOCAL")
BACKGROUND = ("job", "webhook")
"""Threads that look for work every few seconds, whatever is asked."""
UNIFORM, WIDE = {"sampling": "Uniform sampling"}, {"maximum_annotations": 3}
RESULT: dict[str, Any] = {"result": given.GOOD}
WITH_DRAFT, ONCE = {**RESULT, "draft_id": "{draft}", "lead_time": 1.5}, {**RESULT, "unique_id": "{task}"}


@contextmanager
def counted(server: Server, *, with_background: bool = False) -> Iterator[list[str]]:
    """The statements meanwhile, without those that frame a transaction and those of threads that look for work."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked = with_background or not threading.current_thread().name.startswith(BACKGROUND)
        if asked and not statement.startswith(FRAME):
            seen.append(statement)

    sa.event.listen(server.db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(server.db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("limit", "method", "path", "body", "settings"),
    [
        pytest.param(10, "POST", "/api/tasks/{task}/annotations", RESULT, {}, id="submit"),
        pytest.param(10, "POST", "/api/tasks/{task}/annotations", ONCE, WIDE, id="submit once, with overlap"),
        pytest.param(10, "POST", "/api/tasks/{task}/annotations", WITH_DRAFT, {}, id="submit a draft"),
        pytest.param(8, "GET", "/api/projects/{project}/next", None, {}, id="next"),
        pytest.param(10, "GET", "/api/projects/{project}/next", None, UNIFORM, id="next of uniform sampling"),
        pytest.param(10, "GET", "/api/projects/{project}/next", None, WIDE, id="next with overlap"),
        pytest.param(8, "GET", "/api/tasks?project={project}&page_size=100", None, {}, id="page"),
        pytest.param(8, "GET", "/api/tasks?project={project}&fields=all", None, {}, id="page with answers"),
        pytest.param(8, "GET", "/api/projects/{project}/tasks?page_size=100", None, {}, id="plain page"),
        pytest.param(6, "GET", "/api/tasks/{task}", None, {}, id="task"),
        pytest.param(6, "GET", "/api/projects/{project}", None, {}, id="project"),
        pytest.param(6, "GET", "/api/projects", None, {}, id="projects"),
        pytest.param(5, "POST", "/api/tasks/{task}/drafts", RESULT, {}, id="save a draft"),
        pytest.param(5, "PATCH", "/api/drafts/{draft}", RESULT, {}, id="save a draft again"),
        pytest.param(13, "PATCH", "/api/annotations/{annotation}", {"result": given.BAD}, {}, id="change an annotation"),
    ],
)
def test_statements(
    server: Server, person: Person, limit: int, method: str, path: str, body: Any, settings: dict[str, Any]
) -> None:
    counts = []
    for tasks in (10, 200):
        project_id = given.project(person.client, tasks=tasks, **settings)
        first, second = given.ok(person.client.get(f"/api/tasks?project={project_id}&page_size=2"))["tasks"]
        annotation = given.submit(person.client, second["id"])
        draft = given.ok(person.client.post(f"/api/tasks/{first['id']}/drafts", json={"result": given.GOOD}))["id"]
        names = {"project": project_id, "task": first["id"], "annotation": annotation, "draft": draft}
        sent = None if body is None else {k: v.format(**names) if isinstance(v, str) else v for k, v in body.items()}
        given.ok(person.client.get(f"/api/projects/{project_id}"))
        with counted(server) as seen:
            given.ok(person.client.request(method, path.format(**names), json=sent))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= limit, "\n".join(seen)


@pytest.mark.parametrize("size", [10, 200])
def test_an_import_is_a_fixed_number_of_statements(server: Server, person: Person, size: int) -> None:
    project_id = given.project(person.client)
    answers: dict[str, Any] = {"annotations": [RESULT], "predictions": [RESULT]}
    with counted(server) as seen:
        given.import_tasks(person.client, project_id, [{"data": {"text": "a"}, **answers}] * size)
    assert len(seen) <= 20, "\n".join(seen)
