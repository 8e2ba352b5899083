"""What tests start from: label configs, projects with tasks, answers. All through the front door."""

from __future__ import annotations

import io
from typing import Any

import httpx

CONFIG = """<View>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices>
</View>"""
SPANS = """<View>
  <Text name="text" value="$text"/>
  <Labels name="kind" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
</View>"""
IMAGE = """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image"><Label value="Cat"/></RectangleLabels>
</View>"""

Json = dict[str, Any]


def choice(*labels: str, control: str = "mood") -> list[Json]:
    """A result that picks these choices."""
    return [{"from_name": control, "to_name": "text", "type": "choices", "value": {"choices": list(labels)}}]


GOOD, BAD = choice("Good"), choice("Bad")


def span(start: int, end: int, *labels: str, region: str = "r1") -> Json:
    value = {"start": start, "end": end, "text": "…", "labels": list(labels)}
    return {"id": region, "from_name": "kind", "to_name": "text", "type": "labels", "value": value}


def ok(answer: httpx.Response) -> Any:
    """The JSON of an answer that must be a success."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url} → {answer.status_code}: {answer.text[:600]}"
    return answer.json() if answer.content else None


def project(client: httpx.Client, tasks: int = 0, **settings: Any) -> int:
    """A new project's id, with `tasks` tasks `{"text": "t1"}`, …"""
    fields = {"title": "Moods", "label_config": CONFIG, **settings}
    project_id: int = ok(client.post("/api/projects", json=fields))["id"]
    if tasks:
        import_tasks(client, project_id, [{"text": f"t{number}"} for number in range(1, tasks + 1)])
    return project_id


def import_tasks(client: httpx.Client, project_id: int, items: Any) -> list[int]:
    """The ids of the imported tasks."""
    answer = client.post(f"/api/projects/{project_id}/import", params={"return_task_ids": "1"}, json=items)
    ids: list[int] = ok(answer)["task_ids"]
    return ids


def submit(client: httpx.Client, task_id: int, result: Any = GOOD, **fields: Any) -> int:
    """The new annotation's id."""
    annotation_id: int = ok(client.post(f"/api/tasks/{task_id}/annotations", json={"result": result, **fields}))["id"]
    return annotation_id


def skip(client: httpx.Client, task_id: int) -> int:
    return submit(client, task_id, [], was_cancelled=True)


def next_id(client: httpx.Client, project_id: int, **query: Any) -> int | None:
    """The task that this person is given next; None when there is none."""
    answer = client.get(f"/api/projects/{project_id}/next", params=query)
    if answer.status_code == 404:
        return None
    task_id: int = ok(answer)["id"]
    return task_id


def upload(name: str, content: str | bytes) -> dict[str, Any]:
    """The `files=` of a multipart request with one file."""
    data = content.encode() if isinstance(content, str) else content
    return {"file": (name, io.BytesIO(data), "application/octet-stream")}


def names(text: str) -> set[str]:
    """The words of a text."""
    return set(text.split())
