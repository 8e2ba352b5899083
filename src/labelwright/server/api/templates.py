"""Configs to start from: templates, which of them fit some data, sample tasks, and the files that samples name."""

from __future__ import annotations

import html
from functools import cache
from typing import Any

import msgspec

from labelwright.labelconfig import (
    GROUPS,
    Template,
    complete_sample,
    fitted_config,
    load_templates,
    parse_config,
    sample_file,
    sample_task,
    suggest_templates,
    template_named,
)
from labelwright.server.access import Record, project_for_members, public, signed_in
from labelwright.server.api import fields as f
from labelwright.server.api.media import requested_range
from labelwright.server.api.routing import Answer, Call, Route, json_answer, route
from labelwright.server.api.schemas.projects import DataSample, SampleRequest, SampleTask, TemplateList
from labelwright.server.auth.credentials import User
from labelwright.server.errors import Invalid, NotFound
from labelwright.server.storage.media import ACTIVE

MOST_COLUMNS = 200


# ---------------------------------------------------------------- templates
@route("GET", "/api/templates", allow=signed_in, answer=TemplateList)
def list_templates(call: Call, user: User) -> Answer:
    """The templates a project can start from, by group."""
    return Answer(content=_templates_json())


@cache
def _templates_json() -> bytes:
    templates = [_card(template) for template in load_templates()]
    return msgspec.json.encode({"templates": templates, "groups": list(GROUPS.values())})


def _card(template: Template) -> dict[str, Any]:
    return {
        "id": template.id,
        "title": template.title,
        "type": "community",
        "group": GROUPS[template.group],
        "description": template.description,
        "details": f"<p>{html.escape(template.description)}</p>",
        "config": template.config,
        "data": template.data,
    }


@route(
    "POST", "/api/labelwright/suggest-templates", allow=signed_in, mode="read", status=200, body=DataSample, answer=TemplateList
)
def suggest(call: Call, user: User) -> Answer:
    """Templates whose fields the data can fill, the best first, each with its config fitted to the columns."""
    try:
        given = msgspec.convert(call.body.value, DataSample)
    except msgspec.ValidationError as error:
        raise Invalid.general(str(error)) from None
    columns = given.columns[:MOST_COLUMNS]
    found = [template_named(name) for name in suggest_templates(columns, given.rows)]
    fitted = [_card(one) | {"config": fitted_config(one, columns, given.rows)} for one in found if one is not None]
    return json_answer({"templates": fitted})


# ---------------------------------------------------------------- samples
@route(
    "POST",
    "/api/projects/{project_id:int}/sample-task",
    allow=project_for_members,
    mode="read",
    status=200,
    body=SampleRequest,
    answer=SampleTask,
)
def make_sample_task(call: Call, project: Record) -> Answer:
    """A made-up task that fits a label config; with an annotation and a prediction where the body asks for them."""
    text = f.text(call.body.fields, "label_config", "")
    if not text:
        raise Invalid.general("Label config is not set or is empty")
    config = parse_config(text)
    if config.problems:
        raise Invalid.field("label_config", config.problems[0].message)
    if not f.boolean(call.body.fields, "include_annotation_and_prediction", False):
        return json_answer({"sample_task": sample_task(config)})
    task = complete_sample(config)
    signed = [one | {"completed_by": call.user.id} if isinstance(one, dict) else one for one in task["annotations"]]
    return json_answer({"sample_task": task | {"annotations": signed}})


def _sample_file(call: Call, _: None) -> Answer:
    """A file that sample tasks name: made up here, the same for everybody."""
    found = sample_file(call.params["name"], {name: values[0] for name, values in call.query.items()})
    if found is None:
        raise NotFound("There is no sample file of this name.")
    kind = found.media_type.partition(";")[0]  # Litestar adds the charset
    headers = {"accept-ranges": "bytes", "cache-control": "public, max-age=3600", "cross-origin-resource-policy": "cross-origin"}
    if kind in ACTIVE:
        headers["content-disposition"] = "attachment"
    size = len(found.content)
    try:
        part = requested_range(call, size)
    except ValueError:
        return Answer(status=416, headers=headers | {"content-range": f"bytes */{size}"}, media_type=kind)
    if part is None:
        return Answer(content=found.content, headers=headers, media_type=kind)
    start, end = part
    headers["content-range"] = f"bytes {start}-{end}/{size}"
    return Answer(status=206, content=found.content[start : end + 1], headers=headers, media_type=kind)


read_sample = route("GET", "/samples/{name:str}", allow=public)(_sample_file)
read_static_sample = route("GET", "/static/samples/{name:str}", allow=public)(_sample_file)

routes: list[Route[Any]] = [list_templates, suggest, make_sample_task, read_sample, read_static_sample]
