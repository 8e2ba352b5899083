"""`reference/api.md`: every route with what it does, who may, and its query parameters."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from generators.markdown import code, generated, page, table
from labelwright.server.api.routing import Route
from labelwright.server.app import all_routes

WHO: Mapping[str, str] = {
    "public": "anybody",
    "signed_in": "signed in",
    "project_for_members": "members",
    "task_for_members": "members",
    "annotation_for_members": "members",
    "_annotation_of_task": "members",
    "prediction_for_members": "members",
    "view_for_members": "members",
    "file_upload_for_members": "members",
    "upload_for_members": "members",
    "snapshot_for_members": "members",
    "organization_for_members": "members",
    "label_of_organization": "members",
    "link_for_members": "members",
    "ml_backend_for_members": "members",
    "job_for_members": "members",
    "webhook_for_members": "members",
    "delivery_for_members": "members",
    "training_run_for_members": "members",
    "colleague": "members",
    "avatar_of_colleague": "members",
    "draft_for_its_author": "its author",
    "organization_owner": "owner",
    "organization_for_its_owner": "owner",
    "colleague_to_remove": "owner",
}
"""The rule on a route (`server/access.py`) → who that lets in."""
TITLES: Mapping[str, str] = {
    "server_info": "The server",
    "current_user": "The caller",
    "dm": "Data manager",
    "data_manager": "Data manager",
    "label_stream": "The queue",
    "project_import": "Import",
    "media": "Uploaded files",
    "pages": "Pages of the web UI (without an account: on to the log-in page)",
    "session_pages": "Signing up, in and out",
    "openapi": "This description",
}
INTRODUCTION = """\
The HTTP API is that of Label Studio 1.23, so its SDKs and scripts work; addresses under `/api/labelwright/` are ours.
A running server shows the bodies and answers of each address at [`/docs/api`](http://localhost:8080/docs/api), and as
OpenAPI 3.1 at `/docs/api?format=json`.

- **Signing in.** `Authorization: Token <legacy token>`, or `Authorization: Bearer <access token>` (personal access tokens
  give these at `POST /api/token/refresh`), or `X-Api-Key: <legacy token>`, or the cookie of a browser that is logged in.
- **Who may.** *anybody*: no sign-in. *signed in*: any account. *members*: people of the organization that owns what the path
  names; others get 404, as if it did not exist. *its author*: only who made it. *owner*: the owner of the organization;
  others get 403.
- **Addresses** work with and without a slash at their end. Query parameters that are not listed are ignored.
- **Times** are ISO 8601 in UTC with microseconds. **Errors** have [one shape](errors.md)."""
EXAMPLE = """\
```sh
curl -H "Authorization: Token $LABELWRIGHT_API_KEY" http://localhost:8080/api/projects
```"""


def api_page() -> str:
    """Raises KeyError for a rule that has no words here."""
    parts = [part for tag, routes in by_tag() for part in section(tag, routes)]
    return page("# HTTP API", generated("the routes in src/labelwright/server/api"), INTRODUCTION, EXAMPLE, *parts)


def by_tag() -> Iterator[tuple[str, list[Route[Any]]]]:
    """Routes by the module they stand in; modules of pages come last."""
    found: dict[str, list[Route[Any]]] = {}
    for route in all_routes():
        found.setdefault(route.tag, []).append(route)
    yield from sorted(found.items(), key=lambda item: item[0] in ("pages", "session_pages"))


def section(tag: str, routes: list[Route[Any]]) -> Iterator[str]:
    yield f"## {TITLES.get(tag, tag.replace('_', ' ').capitalize())}"
    yield (sys.modules[routes[0].run.__module__].__doc__ or "").strip().split("\n")[0]
    alike: dict[tuple[str, str], list[Route[Any]]] = {}
    for route in routes:
        alike.setdefault((what(route), WHO[route.allow.__name__]), []).append(route)
    rows = [(*places(group), told, who) for (told, who), group in alike.items()]
    yield table(("method", "path", "what", "who may"), rows)


def places(routes: list[Route[Any]]) -> tuple[str, str]:
    """Methods and paths, each once, of routes that do the same."""
    methods = dict.fromkeys(route.method for route in routes)
    return ", ".join(methods), "<br>".join(code(path) for path in dict.fromkeys(map(plain_path, routes)))


def plain_path(route: Route[Any]) -> str:
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)


def what(route: Route[Any]) -> str:
    """The summary, and what the query may say."""
    summary = inspect.cleandoc(route.run.__doc__ or route.summary).split("\n", 1)[0]
    query = "; ".join(f"{code(name)} {text}" for name, text in route.query.items())
    return f"{summary} Query: {query}." if query else summary
