"""Files of the server's own disk, for tasks that name them: only what a local-files storage of the caller's organization covers.

There are no storages yet, so nothing is covered; the answers are those of the contract all the same.
"""

from __future__ import annotations

from typing import Any

from labelwright.server.access import signed_in
from labelwright.server.api.routing import Answer, Call, Route, route
from labelwright.server.auth.credentials import User
from labelwright.server.errors import Forbidden, NotFound


@route("GET", "/data/local-files", allow=signed_in, query={"d": "path below the document root"})
def read(call: Call, user: User) -> Answer:
    """403 while serving is off or without `d`; 404 for what no storage covers."""
    if not call.settings.local_files_serving:
        raise Forbidden("Serving local files is switched off. LABELWRIGHT_LOCAL_FILES_SERVING_ENABLED switches it on.")
    if not call.text("d"):
        raise Forbidden("Name the file: ?d=<path below the document root>.")
    raise NotFound("No storage covers this file.")


routes: list[Route[Any]] = [read]
