"""The web UI: every page is the same small document; the app in it reads the address.

Who may see a page is decided here all the same: anonymous visitors go to the log-in, and somebody else's project is a 404.
"""

from __future__ import annotations

import hashlib
import html
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from litestar.datastructures import Cookie

from labelwright.server.access import find_project, public
from labelwright.server.api.routing import Answer, Call, Route, json_answer, route
from labelwright.server.api.wire_people import current_user
from labelwright.server.auth import csrf
from labelwright.server.db.queries import people
from labelwright.server.errors import NotFound
from labelwright.version import __version__

HTML = "text/html"
LOGIN = "/user/login/"

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data: blob: http: https:",
        "media-src 'self' data: blob: http: https:",
        "connect-src 'self' data: blob: http: https:",
        "frame-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Scripts come from this server's files only. Task media may lie anywhere: images, sound and downloads may, too."""

HEADERS = {
    "content-security-policy": CSP,
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), payment=(), usb=()",
}

NOT_BUILT = """<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Labelwright</title></head>
  <body>
    <h1>Labelwright is running</h1>
    <p>Its web UI is not built. In the source tree, <code>make start</code> builds it. The API works without it.</p>
  </body>
</html>
"""


# ---------------------------------------------------------------- the document
def shell(web_dir: Path) -> str:
    """The built `index.html`, or a page that says how to build it."""
    file = web_dir / "index.html"
    try:
        return _read(file, file.stat().st_mtime_ns)
    except OSError:
        return NOT_BUILT


@lru_cache(maxsize=4)
def _read(file: Path, changed_ns: int) -> str:
    return file.read_text(encoding="utf-8")


def page(call: Call, *, status: int = 200, insert: str = "") -> Answer:
    """The document, with `insert` (HTML) before the end of its body. 304 when the browser has it already."""
    text = shell(call.settings.web_dir)
    if insert:
        text = text.replace("</body>", insert + "</body>") if "</body>" in text else text + insert
        return Answer(status=status, content=text.encode(), media_type=HTML, headers={**HEADERS, "cache-control": "no-store"})
    content = text.encode()
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    headers = {**HEADERS, "cache-control": "no-cache, private", "etag": etag, "vary": "Cookie"}
    if status == 200 and etag in call.headers.get("if-none-match", ""):
        return Answer(status=304, media_type=HTML, headers=headers)
    return Answer(status=status, content=content, media_type=HTML, headers=headers)


def form_page(call: Call, *, error: str = "", email: str = "", status: int = 200) -> Answer:
    """A page whose form is checked against the CSRF cookie. The UI reads the hidden form; legacy clients parse it."""
    token = csrf.csrf_token(call.cookies)
    is_built = (call.settings.web_dir / "index.html").exists()
    insert = f'<form method="post"{" hidden" if is_built else ""}><input type="hidden" name="{csrf.FIELD}" value="{token}">'
    if not is_built:
        insert += (
            '<input name="email" type="email" placeholder="E-mail"><input name="password" type="password"><button>Go</button>'
        )
    insert += "</form>"
    if error:
        hidden = " hidden" if is_built else ""
        insert += f'<p data-form-error data-form-email="{html.escape(email)}"{hidden}>{html.escape(error)}</p>'
    answer = page(call, status=status, insert=insert)
    answer.cookies.append(cookie(call, csrf.COOKIE, token, max_age=csrf.YEAR_S, httponly=False))
    return answer


def cookie(call: Call, name: str, value: str, *, max_age: int | None, httponly: bool = True) -> Cookie:
    """Lax, and for https only where the request came that way. `max_age=0` deletes, None ends with the browser."""
    secure = call.settings.secure_cookies or call.base_url.startswith("https:")
    return Cookie(name, value=value, max_age=max_age, httponly=httponly, secure=secure, samesite="lax")


def redirect(to: str) -> Answer:
    return Answer(status=302, headers={"location": to}, media_type=HTML)


def to_login(call: Call) -> Answer:
    """Off to the log-in, and back here afterwards."""
    if call.path == "/":
        return redirect(LOGIN)
    path = f"{call.path}/" if call.path in MEMBER_PAGES else call.path
    query = f"?{call.query_string}" if call.query_string else ""
    return redirect(f"{LOGIN}?next={quote(path + query, safe='/')}")


def safe_next(target: str) -> str:
    """`target` when it is a path on this server, else `/`."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    plain = target.isprintable() and "\\" not in target
    parts = urlsplit(target) if is_path and plain else None
    return target if parts is not None and not parts.scheme and not parts.netloc else "/"


# ---------------------------------------------------------------- pages
def _member_page(call: Call, _: None) -> Answer:
    """A page of the web UI for people who are logged in."""
    return page(call) if call.maybe_user else to_login(call)


def _project_page(call: Call, _: None) -> Answer:
    """A page about one project of the caller's organization."""
    if call.maybe_user is None:
        return to_login(call)
    try:
        find_project(call, call.conn, call.params["project_id"])
    except NotFound:
        return page(call, status=404)
    return page(call)


MEMBER_PAGES = (
    "/",
    "/projects",
    "/projects/new",
    "/user/account",
    "/user/account/{section:str}",
    "/organization",
    "/organization/{section:str}",
    "/people",
    "/people/{section:str}",
)
PROJECT = "/projects/{project_id:int}"
PROJECT_PAGES = (
    PROJECT,
    f"{PROJECT}/data",
    f"{PROJECT}/label",
    f"{PROJECT}/skim",
    f"{PROJECT}/review",
    f"{PROJECT}/dashboard",
    f"{PROJECT}/settings",
    f"{PROJECT}/settings/{{section:str}}",
)


@route("GET", "/api/labelwright/boot", allow=public)
def boot(call: Call, _: None) -> Answer:
    """What the web UI needs to know before its first screen."""
    user = call.maybe_user
    return json_answer(
        {
            "version": __version__,
            "has_users": people.has_users(call.conn),
            "signup": call.settings.signup,
            "user": current_user(call.conn, user) if user else None,
            "unsafe_options": call.settings.unsafe_options,
        }
    )


routes: list[Route[Any]] = [
    *(route("GET", path, allow=public)(_member_page) for path in MEMBER_PAGES),
    *(route("GET", path, allow=public)(_project_page) for path in PROJECT_PAGES),
    boot,
]
