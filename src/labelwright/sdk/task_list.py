"""Lists of tasks, read page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from labelwright.sdk.errors import NotFound
from labelwright.sdk.filters import FilterSet
from labelwright.sdk.progress import Progress, reporting
from labelwright.sdk.shapes import JSONObject, Task, TaskPage

if TYPE_CHECKING:
    from labelwright.sdk.client import Client

TASK_PAGE = 100


@dataclass(frozen=True)
class TaskQuery:
    """Which tasks of a project, in which order, and whether whole or only their ids."""

    client: Client
    project_id: int
    filters: FilterSet | None = None
    ordering: Sequence[str] | None = None
    view_id: int | None = None
    selected_ids: Sequence[int] | None = None
    only_ids: bool = False

    def page(self, number: int, size: int) -> TaskPage:
        """A page, counted from 1; past the end its list is empty. With `only_ids` the list holds ids."""
        params: dict[str, Any] = {
            "project": self.project_id,
            "view": self.view_id,
            "page": number,
            "page_size": size,
            "query": self._query(),
            **({"include": "id"} if self.only_ids else {"fields": "all"}),
        }
        try:
            answer: Any = self.client.get("/api/tasks/", params)
        except NotFound:
            if number == 1:
                raise
            return {"tasks": [], "total": 0, "total_annotations": 0, "total_predictions": 0}
        if self.only_ids:
            answer["tasks"] = [task["id"] for task in answer["tasks"]]
        page: TaskPage = answer
        return page

    def walk(self, size: int, progress: Progress) -> Iterator[Any]:
        """All tasks, or ids, one after the other."""
        done, number = 0, 0
        with reporting(progress, "Reading tasks") as report:
            while True:
                number += 1
                page = self.page(number, size)
                yield from page["tasks"]
                done += len(page["tasks"])
                report(done, page["total"])
                if not page["tasks"] or done >= page["total"]:
                    return

    def _query(self) -> JSONObject:
        some = {"all": False, "included": list(self.selected_ids)} if self.selected_ids is not None else None
        query: JSONObject = {"ordering": list(self.ordering or ()), "selectedItems": some or {"all": True, "excluded": []}}
        return query | ({"filters": self.filters} if self.filters else {})


class TaskList(Sequence[Task]):
    """All tasks of a project, read when asked for: iterate, take the length or an index, or call it with filters."""

    def __init__(self, client: Client, project_id: int) -> None:
        self._client = client
        self._project_id = project_id

    def __call__(self, filters: FilterSet | None = None, ordering: Sequence[str] | None = None) -> Iterator[Task]:
        """Tasks one after the other, read page by page: for projects that do not fit into memory."""
        return TaskQuery(self._client, self._project_id, filters, ordering).walk(TASK_PAGE, False)

    def __iter__(self) -> Iterator[Task]:
        return self()

    def __len__(self) -> int:
        return TaskQuery(self._client, self._project_id, only_ids=True).page(1, 1)["total"]

    @overload
    def __getitem__(self, index: int) -> Task: ...
    @overload
    def __getitem__(self, index: slice) -> list[Task]: ...
    def __getitem__(self, index: int | slice) -> Task | list[Task]:
        return list(self())[index]
