"""Import: tasks from JSON bodies, forms and files; all of an import or nothing."""

from __future__ import annotations

import io
import time
from collections import Counter
from typing import IO, Any

import msgspec
import sqlalchemy as sa

from labelwright.domain.strictjson import InvalidJSON, decode_json
from labelwright.formats.read import JSON_LINES_EXTENSIONS, LIST_EXTENSIONS, extension_of
from labelwright.formats.rows import Bad, Good, Row
from labelwright.formats.shorthand import predictions_from_fields
from labelwright.formats.task_items import import_items
from labelwright.labelconfig import data_types, parsed_label_config
from labelwright.server.access import Record, project_for_members
from labelwright.server.actions.change_tasks import delete_tasks
from labelwright.server.actions.fetch_upload import fetch_upload
from labelwright.server.actions.import_tasks import Imported, NewTask, import_tasks, prepare
from labelwright.server.actions.read_upload import read_upload
from labelwright.server.actions.save_uploads import Upload, save_upload
from labelwright.server.api import fields as f
from labelwright.server.api.routing import Answer, Call, Route, json_answer, route
from labelwright.server.api.schemas.projects import ImportReport, ReimportRequest
from labelwright.server.db.queries.tasks import lock_growth
from labelwright.server.db.tables import file_uploads, projects, tasks
from labelwright.server.errors import Invalid, NotFound
from labelwright.server.outgoing import Gate
from labelwright.server.storage import media

ONE_KEY_ONLY = (
    "Your label config has more than one data key and direct file upload supports only one data key. "
    "To import data with multiple data keys, use a JSON or CSV file."
)


class Source:
    """What a request brings: rows to import, and the files they came from."""

    def __init__(self, rows: list[Row], uploads: list[Upload]) -> None:
        self.rows = rows
        self.uploads = uploads

    @property
    def formats(self) -> dict[str, int]:
        return dict(Counter("." + media.extension(upload.name) for upload in self.uploads))

    @property
    def columns(self) -> list[str]:
        if not self.uploads:
            return []
        names: dict[str, None] = {}
        for row in self.rows:
            names |= dict.fromkeys(row.data if isinstance(row, Good) else ())
        return list(names)


def _import(call: Call, project: Record) -> Answer:
    """Import tasks. All of them, or 400 with the reason for each bad one.

    The body is JSON (a task or a list of them), a multipart form with files, or a form's `url`: an address or JSON.
    """
    began = time.perf_counter()
    source = _source(call, project)
    if not source.rows:
        raise Invalid.general("load_tasks: No tasks added")
    fields = [name for text in call.texts("preannotated_from_fields") for name in text.split(",") if name]
    rows = [_preannotated(project, row, fields) for row in source.rows] if fields else source.rows
    commits = call.flag("commit_to_project", True)
    done = commit(call, project, rows) if commits else Imported([], 0, 0)
    answer: dict[str, Any] = {
        "task_count": len(rows),
        "annotation_count": done.annotation_count if commits else None,
        "prediction_count": done.prediction_count if commits else None,
        "duration": time.perf_counter() - began,
        "file_upload_ids": [upload.id for upload in source.uploads],
        "could_be_tasks_list": any(media.extension(upload.name) in ("csv", "tsv", "txt") for upload in source.uploads),
        "found_formats": source.formats if source.uploads else [],
        "data_columns": source.columns,
    }
    if call.flag("return_task_ids"):
        answer["task_ids"] = done.task_ids
    return json_answer(answer, status=201)


def commit(call: Call, project: Record, rows: list[Row]) -> Imported:
    """Prepare outside the transaction, write inside it; the project is read again there, since it may have changed."""
    prepared = call.db.read(lambda conn: prepare(conn, project, call.user, rows))
    return call.db.write(lambda conn: _write(conn, project, call, rows, prepared))


def _write(conn: sa.Connection, project: Record, call: Call, rows: list[Row], prepared: list[NewTask]) -> Imported:
    query = sa.select(projects).where(projects.c.id == project.id, projects.c.deleted_at.is_(None))
    lock_growth(conn, project.id)
    fresh = conn.execute(query.with_for_update(key_share=True)).first()
    if fresh is None:
        raise NotFound("Project")
    if fresh.label_config != project.label_config:
        prepared = prepare(conn, fresh, call.user, rows)
    return import_tasks(conn, fresh, call.user, prepared)


create = route(
    "POST",
    "/api/projects/{project_id:int}/import",
    allow=project_for_members,
    mode="work",
    body=list[dict[str, Any]],
    answer=ImportReport,
)(_import)
create_bulk = route(
    "POST",
    "/api/projects/{project_id:int}/tasks/bulk",
    allow=project_for_members,
    mode="work",
    body=list[dict[str, Any]],
    answer=ImportReport,
)(_import)


# ---------------------------------------------------------------- where the rows come from
def _source(call: Call, project: Record) -> Source:
    body = call.body
    if body.files:
        return _from_uploads(call, project, [_save(call, project, file.name, file.stream) for file in body.files])
    if body.content_type == "application/x-www-form-urlencoded":
        return _from_form(call, project, body.fields)
    if not body.raw.strip():
        raise Invalid.general("load_tasks: No data found in DATA or in FILES")
    value = body.value
    if not isinstance(value, (dict, list)):
        raise Invalid.general("load_tasks: No data found in DATA or in FILES")
    return Source(list(import_items(value)), [])


def _save(call: Call, project: Record, name: str, stream: IO[bytes]) -> Upload:
    return save_upload(call.db, call.settings.upload_dir, project.id, call.user.id, name, stream)


def _from_form(call: Call, project: Record, fields: dict[str, Any]) -> Source:
    """A form's `url`: an address to fetch from, or the JSON itself (single quotes pass)."""
    text = fields.get("url")
    if not isinstance(text, str) or not text.strip():
        raise Invalid.general('"url" is not found in request data')
    if text.strip().lower().startswith(("http://", "https://")):
        gate, root = Gate.of(call.settings), call.settings.upload_dir
        upload = fetch_upload(call.db, gate, root, project.id, call.user.id, text.strip(), call.settings.max_body_bytes)
        return _from_uploads(call, project, [upload])
    for spelled in (text, text.replace("'", '"')):
        try:
            decode_json(spelled)
        except InvalidJSON:
            continue
        return _from_uploads(call, project, [_save(call, project, "tasks.json", io.BytesIO(spelled.encode()))])
    raise Invalid.general(f"The form's url is neither an address nor JSON: {text[:100]}")


def _from_uploads(call: Call, project: Record, uploads: list[Upload], *, as_lists: bool = True) -> Source:
    rows: list[Row] = []
    keys: dict[str, set[str]] = {}
    has_one_key = len(data_types(project.label_config)) <= 1
    names_keys = {".json"} | JSON_LINES_EXTENSIONS | (LIST_EXTENSIONS if as_lists else set())
    for upload in uploads:
        if not has_one_key and extension_of(upload.name) not in names_keys:
            raise Invalid.general(f"Failed to parse input file {upload.key.rsplit('/', 1)[-1]}: {ONE_KEY_ONLY}")
        read = list(read_upload(call.settings.upload_dir, upload, is_single_asset=not as_lists))
        if broken := next((row for row in read if isinstance(row, Bad) and row.item is None), None):
            raise Invalid.general(f"Failed to parse input file {upload.key.rsplit('/', 1)[-1]}: {broken.place}: {broken.reason}")
        rows += read
        keys[upload.name] = set().union(*(row.data for row in read[:1] if isinstance(row, Good)))
    if len(uploads) > 1 and not set.intersection(*keys.values()):
        listing = "\n".join(f"{name}: {', '.join(sorted(found))}" for name, found in keys.items())
        raise Invalid.general(f"You're trying to import inconsistent data:\n{listing}")
    return Source(rows, uploads)


def _preannotated(project: Record, row: Row, fields: list[str]) -> Row:
    """The row with a prediction for each named data field: the field's value as the answer of the control of that name."""
    if isinstance(row, Bad):
        return row
    made = predictions_from_fields(row.data, fields, parsed_label_config(project.label_config))
    return msgspec.structs.replace(row, predictions=[*row.predictions, *made])


# ---------------------------------------------------------------- reimport
@route(
    "POST",
    "/api/projects/{project_id:int}/reimport",
    allow=project_for_members,
    mode="work",
    body=ReimportRequest,
    answer=ImportReport,
)
def reimport(call: Call, project: Record) -> Answer:
    """Read uploaded files again; their tasks are replaced."""
    began = time.perf_counter()
    fields = call.body.fields
    ids: list[int] = f.integers(fields, "file_upload_ids", None) if fields.get("file_upload_ids") else []
    if not ids:
        empty = {
            "task_count": 0,
            "annotation_count": 0,
            "prediction_count": 0,
            "duration": 0,
            "file_upload_ids": [],
            "found_formats": {},
            "data_columns": [],
        }
        return json_answer(empty)
    uploads = call.db.read(lambda conn: _uploads(conn, project.id, ids))
    if len(uploads) != len(set(ids)):
        raise NotFound("FileUpload")
    source = _from_uploads(call, project, uploads, as_lists=f.boolean(fields, "files_as_tasks_list", True))
    prepared = call.db.read(lambda conn: prepare(conn, project, call.user, source.rows))

    def write(conn: sa.Connection) -> Imported:
        lock_growth(conn, project.id)
        old = (
            conn.execute(sa.select(tasks.c.id).where(tasks.c.project_id == project.id, tasks.c.file_upload_id.in_(ids)))
            .scalars()
            .all()
        )
        delete_tasks(conn, project.id, old)
        return _write(conn, project, call, source.rows, prepared)

    done = call.db.write(write)
    return json_answer(
        {
            "task_count": len(source.rows),
            "annotation_count": done.annotation_count,
            "prediction_count": done.prediction_count,
            "duration": time.perf_counter() - began,
            "file_upload_ids": [upload.id for upload in uploads],
            "found_formats": source.formats,
            "data_columns": source.columns,
        },
        status=201,
    )


def _uploads(conn: sa.Connection, project_id: int, ids: list[int]) -> list[Upload]:
    rows = conn.execute(
        sa.select(file_uploads)
        .where(file_uploads.c.project_id == project_id, file_uploads.c.id.in_(ids))
        .order_by(file_uploads.c.id)
    )
    return [Upload(row.id, row.key, row.name, row.size) for row in rows]


routes: list[Route[Any]] = [create, create_bulk, reimport]
