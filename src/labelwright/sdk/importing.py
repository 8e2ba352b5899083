"""Import of tasks: rows in batches, files as uploads; what the server refuses comes back with its row."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labelwright.sdk.errors import ImportRefused, Invalid, RefusedRow
from labelwright.sdk.progress import Progress, Report, reporting
from labelwright.sdk.transport import CHUNK, encode

if TYPE_CHECKING:
    from labelwright.sdk.client import Client

BATCH_SIZE = 500
BATCH_BYTES = 4 << 20
IMPORT_TIMEOUT_S = 600.0
OnRefused = Callable[[RefusedRow], None]

_ITEM = re.compile(r"^Error at item (?P<row>\d+): (?P<reason>.*?)(?: \[assume: .*?\])?\s* :: .*$", re.DOTALL)


@dataclass
class RowImport:
    """An import under way: sends rows batch by batch to one project."""

    client: Client
    project_id: int
    params: Mapping[str, Any]
    on_refused: OnRefused | None
    task_ids: list[int] = field(default_factory=list)

    def send(self, batch: Sequence[Any], first_row: int) -> None:
        """Imports a batch. A refused row refuses the batch; with `on_refused` it is handed over and the others go in."""
        rows = list(enumerate(batch, first_row))
        while True:
            try:
                answer = self.client.post(self._path, [task for _, task in rows], params=self.params, timeout_s=IMPORT_TIMEOUT_S)
            except Invalid as error:
                refused = refused_rows(error, rows)
                if self.on_refused is None or not refused:
                    raise ImportRefused(refused, error.request, self.task_ids, reason_of(error)) from error
                for row in refused:
                    self.on_refused(row)
                bad = {row.row for row in refused}
                rows = [(number, task) for number, task in rows if number not in bad]
                if not rows:
                    return
            else:
                self.task_ids += answer.get("task_ids") or []
                return

    @property
    def _path(self) -> str:
        return f"/api/projects/{self.project_id}/import"


def import_rows(running: RowImport, rows: Iterable[Any], batch_size: int, progress: Progress) -> list[int]:
    """The new tasks' ids, in order. rows are read as they are sent, so they may be a generator of any length."""
    total = len(rows) if isinstance(rows, Sequence) else None
    done = 0
    with reporting(progress, "Importing tasks") as report:
        report(0, total)
        for batch in batches(rows, batch_size):
            running.send(batch, done)
            done += len(batch)
            report(done, total)
    return running.task_ids


def batches(rows: Iterable[Any], size: int, max_bytes: int = BATCH_BYTES) -> Iterator[list[Any]]:
    """Lists of at most `size` rows and about `max_bytes` of JSON; one empty list if there are no rows.

    >>> [len(batch) for batch in batches(range(7), 3)]
    [3, 3, 1]
    """
    if size < 1:
        raise ValueError("a batch needs at least one row")
    batch: list[Any] = []
    room = max_bytes
    sent = False
    for row in rows:
        cost = len(encode(row))
        if batch and (len(batch) == size or cost > room):
            yield batch
            batch, room, sent = [], max_bytes, True
        batch.append(row)
        room -= cost
    if batch or not sent:
        yield batch


def refused_rows(error: Invalid, rows: Sequence[tuple[int, Any]]) -> list[RefusedRow]:
    """The rows an answer complains about; its texts count them within what was sent."""
    found = [item for entry in error.fields.get("non_field_errors", ()) if (item := _ITEM.match(str(entry)))]
    numbered = [(rows[int(item["row"])], item["reason"].strip()) for item in found if int(item["row"]) < len(rows)]
    return [RefusedRow(number, reason, task) for (number, task), reason in numbered]


def plain_reason(entry: object) -> str:
    """The reason without the repeated row.

    >>> plain_reason('Error at item 3: "text" key is expected in task data [assume: item as is = task root]  :: {"a": 1}')
    '"text" key is expected in task data'
    """
    found = _ITEM.match(str(entry))
    return found["reason"].strip() if found else str(entry)


def reason_of(error: Invalid) -> str:
    texts = [plain_reason(text) for reasons in error.fields.values() for text in reasons if text]
    return "; ".join(texts) or error.detail


def import_file(running: RowImport, path: Path, batch_size: int, progress: Progress) -> list[int]:
    """Uploads a file and gives back the new tasks' ids. JSON Lines are read here and sent as rows."""
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path} to import")
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        return import_rows(running, read_lines(path), batch_size, progress)
    size = path.stat().st_size
    boundary = uuid.uuid4().hex
    head, tail = multipart(path.name, boundary)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Content-Length": str(len(head) + size + len(tail))}
    with reporting(progress, f"Uploading {path.name}", in_bytes=True) as report:
        try:
            answer = running.client.request(
                "POST",
                f"/api/projects/{running.project_id}/import",
                params=running.params,
                body=lambda: chain([head], read_chunks(path, size, report), [tail]),
                headers=headers,
                timeout_s=IMPORT_TIMEOUT_S,
            ).json()
        except Invalid as error:
            raise ImportRefused(refused_in_file(error), error.request, (), reason_of(error)) from error
    return list(answer.get("task_ids") or [])


def refused_in_file(error: Invalid) -> list[RefusedRow]:
    """The rows of a file that an answer complains about, counted from 0."""
    found = [item for entry in error.fields.get("non_field_errors", ()) if (item := _ITEM.match(str(entry)))]
    return [RefusedRow(int(item["row"]), item["reason"].strip()) for item in found]


def multipart(name: str, boundary: str) -> tuple[bytes, bytes]:
    """What goes before and after the file in a form."""
    quoted = name.replace("\\", "_").replace('"', "%22").replace("\r", "_").replace("\n", "_")
    disposition = f'Content-Disposition: form-data; name="file"; filename="{quoted}"'
    head = f"--{boundary}\r\n{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n"
    return head.encode(), f"\r\n--{boundary}--\r\n".encode()


def read_chunks(path: Path, size: int, report: Report) -> Iterator[bytes]:
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK * 4):
            yield chunk
            done += len(chunk)
            report(done, size)


def read_lines(path: Path) -> Iterator[Any]:
    """The values of a JSON Lines file; ValueError that names the line."""
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                yield json.loads(line)
            except ValueError as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from error
