"""A project as a browser test sees it, and pictures to put into one."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import BrowserContext

NewContext = Callable[..., BrowserContext]


@dataclass
class Project:
    """A project and the shortest words to ask about it."""

    api: httpx.Client
    id: int

    def task_ids(self) -> list[int]:
        tasks = self.api.get("/api/tasks", params={"project": self.id, "page_size": 1000}).json()["tasks"]
        return sorted(task["id"] for task in tasks)

    def annotations(self) -> list[dict[str, Any]]:
        """All annotations, skips too, in the order they were made."""
        tasks = self.api.get(f"/api/projects/{self.id}/tasks", params={"page_size": -1}).json()
        return sorted((each for task in tasks for each in task["annotations"]), key=lambda each: int(each["id"]))

    def results(self) -> list[list[dict[str, Any]]]:
        return [each["result"] for each in self.annotations()]

    def drafts(self, task_id: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get(f"/api/tasks/{task_id}/drafts").json()
        return found


MakeProject = Callable[..., Project]


def picture(n: int, width: int = 640, height: int = 480) -> bytes:
    """A plain PNG, another shade for each n."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (40 + 60 * n % 200, 120, 160)).save(out, "PNG")
    return out.getvalue()
