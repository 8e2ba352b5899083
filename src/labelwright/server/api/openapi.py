"""The API's description: an OpenAPI 3.1 document made from the routes themselves, and a page to read it."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from labelwright.server.access import public
from labelwright.server.api.openapi_page import CSP, render_page
from labelwright.server.api.routing import JSON, Answer, Call, Route, route
from labelwright.server.api.schemas.parts import Error
from labelwright.version import __version__

Document = dict[str, Any]

PATH_PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
SECURITY: Document = {
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Authorization: Token <legacy token>`, from the account page or `GET /api/current-user/token`.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of five minutes: `POST /api/token/refresh` gives it for a personal access token.",
    },
    "xApiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Api-Key",
        "description": "A legacy token, for clients that can't set Authorization.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The session of a browser that logged in. Changes must come from this server's own pages.",
    },
}
DESCRIPTION = (
    "Paths, parameters and JSON are those of Label Studio 1.23, so its SDKs work unchanged; addresses under `/api/labelwright/` "
    "are our own. Every path works with and without a slash at its end. Times are ISO 8601 in UTC with microseconds."
)


# ---------------------------------------------------------------- the document
def openapi_document(routes: Sequence[Route[Any]]) -> Document:
    """OpenAPI 3.1: one operation per route, the shapes that routes name under `components`.

    Source: https://spec.openapis.org/oas/v3.1.0
    """
    types = [kind for one in routes for kind in (one.body, one.answer) if kind is not None]
    named = list({repr(kind): kind for kind in [Error, *types]}.values())
    schemas, components = msgspec.json.schema_components(named, ref_template="#/components/schemas/{name}")
    schema_of = dict(zip(map(repr, named), schemas, strict=True))
    paths: dict[str, Document] = {}
    ids: set[str] = set()
    for one in routes:
        operation = _operation(one, schema_of)
        operation["operationId"] = _unique(operation["operationId"], one.method.lower(), ids)
        paths.setdefault(PATH_PARAMETER.sub(r"{\1}", one.path), {})[one.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Labelwright API",
            "version": __version__,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": _tags(routes),
        "security": [{name: []} for name in SECURITY],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": SECURITY,
            "responses": {"Error": {"description": "Refused; `detail` says why.", "content": _json({"$ref": _ERROR})}},
        },
    }


_ERROR = "#/components/schemas/Error"


def _json(schema: Any) -> Document:
    return {JSON: {"schema": schema}}


def _operation(one: Route[Any], schema_of: dict[str, Any]) -> Document:
    """`operationId` is not unique yet."""
    lines = inspect.cleandoc(one.run.__doc__ or one.summary).split("\n", 1)
    operation: Document = {
        "operationId": f"{one.tag}_{one.run.__name__.strip('_')}",
        "tags": [one.tag],
        "summary": lines[0],
        "parameters": [*_path_parameters(one.path), *_query_parameters(one.query)],
        "responses": {str(one.status): _success(one, schema_of), "4XX": {"$ref": "#/components/responses/Error"}},
    }
    if lines[1:] and lines[1].strip():
        operation["description"] = lines[1].strip()
    if one.body is not None:
        operation["requestBody"] = {"required": True, "content": _json(schema_of[repr(one.body)])}
    if one.allow is public:
        operation["security"] = []
    return operation


def _path_parameters(path: str) -> list[Document]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer" if kind == "int" else "string"}}
        for name, kind in PATH_PARAMETER.findall(path)
    ]


def _query_parameters(query: dict[str, str]) -> list[Document]:
    return [{"name": name, "in": "query", "description": text, "schema": {"type": "string"}} for name, text in query.items()]


def _success(one: Route[Any], schema_of: dict[str, Any]) -> Document:
    if one.status == 204:
        return {"description": "Done; no body."}
    if one.answer is not None:
        return {"description": "Done.", "content": _json(schema_of[repr(one.answer)])}
    return {"description": "Done.", "content": _json({}) if one.path.startswith("/api/") else {"*/*": {}}}


def _unique(name: str, method: str, taken: set[str]) -> str:
    candidates = (name, f"{name}_{method}", *(f"{name}_{method}_{number}" for number in range(2, 1000)))
    chosen = next(one for one in candidates if one not in taken)
    taken.add(chosen)
    return chosen


def _tags(routes: Sequence[Route[Any]]) -> list[Document]:
    """One per module, described by its first line; those that are mostly pages come last."""
    found: dict[str, list[Route[Any]]] = {}
    for one in routes:
        found.setdefault(one.tag, []).append(one)
    in_order = sorted(found.items(), key=lambda item: 2 * sum(one.path.startswith("/api/") for one in item[1]) <= len(item[1]))
    return [{"name": tag, "description": _about(some[0])} for tag, some in in_order]


def _about(one: Route[Any]) -> str:
    return (sys.modules[one.run.__module__].__doc__ or "").strip().split("\n")[0]


# ---------------------------------------------------------------- serving it
def docs_of(routes: list[Route[Any]]) -> list[Route[Any]]:
    """The routes that show the description of `routes` and of themselves."""

    @cache
    def document() -> bytes:
        return msgspec.json.encode(openapi_document(everything))

    @cache
    def page() -> bytes:
        return render_page(openapi_document(everything)).encode()

    @route("GET", "/docs/api", allow=public, query={"format": "json: the OpenAPI document; otherwise a page to read"})
    def read(call: Call, _: None) -> Answer:
        """This description of the API."""
        if call.text("format") in ("json", "openapi"):
            return Answer(content=document(), headers={"cache-control": "no-cache"})
        headers = {"cache-control": "no-cache", "content-security-policy": CSP}
        return Answer(content=page(), media_type="text/html", headers=headers)

    own: list[Route[Any]] = [read]
    everything = [*routes, *own]
    return own
