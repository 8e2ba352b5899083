"""A route is data: method, path, who may, and a synchronous function from a `Call` to an `Answer`.

The request's path on one screen (`_serve`): read the body → open a transaction → authenticate → `allow` loads and authorizes what
the path names → the function acts → the answer goes out after the commit, then what was put on `call.after_commit`.

Modes: `read` runs in a reader's snapshot, `write` in one write transaction, `work` opens its own (`call.read`, `call.write`)
because it parses or streams outside them.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response
from litestar import route as litestar_route
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.api.body import Body, read_body
from labelwright.server.api.errors import answer_to_error
from labelwright.server.api.fields import whole_numbers
from labelwright.server.auth.credentials import Credentials, User, authenticate, credentials_of
from labelwright.server.db.engine import Database
from labelwright.server.errors import Forbidden, Invalid, NotFound, NotSignedIn
from labelwright.server.metrics import Metrics
from labelwright.server.settings import Settings

T = TypeVar("T")
S = TypeVar("S")
Mode = Literal["read", "write", "work"]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

SAFE = {"GET", "HEAD", "OPTIONS"}
JSON = "application/json"
HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
}
"""Of every answer that does not say otherwise: data, never a document that can act."""


@dataclass(slots=True)
class Answer:
    """What goes back: `content`, and after it what `stream` gives, for long bodies.

    `later`, if given, is asked for the answer instead: after the commit, outside of transactions, and again after each `Wait`.
    """

    status: int = 200
    content: bytes = b""
    media_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[Cookie] = field(default_factory=list)
    stream: Iterator[bytes] | None = None
    later: Callable[[], Answer] | None = None


def json_answer(value: Any, status: int = 200, **headers: str) -> Answer:
    """`value` as JSON; msgspec structs, `msgspec.Raw` and plain values alike."""
    return Answer(status=status, content=msgspec.json.encode(value), headers=headers)


def nothing(status: int = 204) -> Answer:
    return Answer(status=status)


class Wait(Exception):
    """Raised by a `work` function before it did anything: call it again in `seconds`. Meanwhile no thread is held.

    So does what an answer names as `later`.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(slots=True)
class Services:
    """What lives as long as the process, handed to every call."""

    db: Database
    settings: Settings
    streams: ThreadPoolExecutor
    metrics: Metrics = field(default_factory=Metrics)
    purge: Callable[[int], None] = lambda _: None
    """Removes a deleted project's rows behind the answer."""
    job_titles: Mapping[str, str] = field(default_factory=dict)
    """Kind of job → what people see."""


class Call:
    """One request being served. `conn` exists in `read` and `write` mode."""

    __slots__ = (
        "_user",
        "after_commit",
        "body",
        "conn",
        "cookies",
        "credentials",
        "has_waited",
        "headers",
        "method",
        "params",
        "path",
        "peer",
        "query",
        "query_string",
        "services",
    )

    def __init__(self, services: Services, request: Request[Any, Any, Any], body: Body) -> None:
        self.services = services
        self.method = request.method
        self.path = request.url.path
        self.params: dict[str, Any] = {name: _bounded(value) for name, value in request.path_params.items()}
        self.query: dict[str, list[str]] = request.query_params.dict()
        self.query_string: str = request.url.query
        self.headers = request.headers
        self.cookies = request.cookies
        self.credentials: Credentials = credentials_of(request.headers, request.cookies)
        self.peer: str = request.client.host if request.client else ""
        _refuse_nul(self.path, self.query_string)
        self.body = body
        self.has_waited = False
        self.conn: Connection = None  # type: ignore[assignment]
        self.after_commit: list[Callable[[], None]] = []
        self._user: User | None = None

    # ------------------------------------------------------------ the caller
    @property
    def user(self) -> User:
        """The signed-in caller; 401 otherwise."""
        if self._user is None:
            raise NotSignedIn()
        return self._user

    @property
    def maybe_user(self) -> User | None:
        return self._user

    def authenticate(self, conn: Connection) -> None:
        self._user = authenticate(conn, self.credentials, self.settings.secret_key)

    # ------------------------------------------------------------ services
    @property
    def settings(self) -> Settings:
        return self.services.settings

    @property
    def db(self) -> Database:
        return self.services.db

    # ------------------------------------------------------------ query parameters
    def text(self, name: str, default: str = "") -> str:
        values = self.query.get(name)
        return values[0] if values else default

    def texts(self, name: str) -> list[str]:
        return self.query.get(name, [])

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).lower()
        return default if value == "" else value in ("1", "true", "yes", "on", "t")

    def integer(self, name: str, default: int | None = None) -> int | None:
        value = self.text(name)
        if value == "":
            return default
        try:
            number = int(value)
        except ValueError:
            raise Invalid.field(name, "A valid integer is required.") from None
        if not -(2**63) <= number < 2**63:
            raise Invalid.field(name, "This number is too large.")
        return number

    def integers(self, name: str, reason: str) -> list[int]:
        """The numbers of a comma list (also `[1,2]`, also given several times)."""
        parts = [part for text in self.texts(name) for part in text.strip("[] ").split(",") if part.strip()]
        try:
            return whole_numbers(parts)
        except ValueError:
            raise Invalid.field(name, reason) from None

    @property
    def base_url(self) -> str:
        scheme = self.headers.get("x-forwarded-proto", "http").split(",")[0].strip()
        return f"{scheme}://{self.headers.get('host', 'localhost')}"


def _refuse_nul(path: str, query_string: str) -> None:
    """PostgreSQL takes no NUL in texts; SQLite would. Neither gets one."""
    if "\x00" in path:
        raise NotFound()
    if "%00" in query_string:
        raise Invalid("Null characters are not allowed.")


def _bounded(value: Any) -> Any:
    """A path's id; one that no row can have is -1, which no row has either."""
    return -1 if isinstance(value, int) and not 0 <= value < 2**63 else value


Allow = Callable[[Call, Connection], S]
"""Loads what the path names and checks the caller's right to it in one go; raises NotFound, Forbidden or NotSignedIn."""


@dataclass(frozen=True, slots=True)
class Route(Generic[S]):
    method: Method
    path: str
    allow: Allow[S]
    mode: Mode
    run: Callable[[Call, S], Answer]
    status: int
    body: Any = None
    """msgspec type of the JSON body, for the OpenAPI document."""
    answer: Any = None
    query: dict[str, str] = field(default_factory=dict)
    """Query parameter → what it means, for the OpenAPI document."""
    tag: str = ""

    @property
    def summary(self) -> str:
        return (self.run.__doc__ or self.run.__name__.replace("_", " ")).strip().split("\n")[0]


def route(
    method: Method,
    path: str,
    *,
    allow: Allow[S],
    mode: Mode | None = None,
    status: int | None = None,
    body: Any = None,
    answer: Any = None,
    query: dict[str, str] | None = None,
) -> Callable[[Callable[[Call, S], Answer]], Route[S]]:
    """Turn a function into a `Route`. GET reads, the rest write, unless `mode` says otherwise."""

    def make(run: Callable[[Call, S], Answer]) -> Route[S]:
        return Route(
            method=method,
            path=path,
            allow=allow,
            mode=mode or ("read" if method == "GET" else "write"),
            run=run,
            status=status or {"POST": 201, "DELETE": 204}.get(method, 200),
            body=body,
            answer=answer,
            query=query or {},
            tag=run.__module__.rsplit(".", 1)[-1],
        )

    return make


# ---------------------------------------------------------------- serving
async def _serve(services: Services, entry: Route[Any], request: Request[Any, Any, Any]) -> Response[Any]:
    try:
        body = await read_body(request, services.settings.max_body_bytes)
        call = Call(services, request, body)
        refuse_cross_site(call)

        def unit(conn: Connection) -> Answer:
            call.conn = conn
            call.after_commit.clear()  # the unit may run a second time
            call.authenticate(conn)
            return entry.run(call, entry.allow(call, conn))

        def work() -> Answer:
            def admit(conn: Connection) -> Any:
                call.authenticate(conn)
                return entry.allow(call, conn)

            return _begun(entry.run(call, services.db.read(admit)))

        if entry.mode == "write":
            if body.is_large:
                await services.db.run(body.decode)
            answer = await services.db.awrite(unit)
        elif entry.mode == "read":
            answer = await services.db.aread(unit)
        else:
            answer = await _work(services, call, work)
        for then in call.after_commit:
            then()
        if answer.later is not None:
            answer = await _work(services, call, answer.later)
        _touch_session(services, call)
    except Exception as error:
        answer = answer_to_error(error, request, services.settings)
    return to_response(answer, services)


def _begun(answer: Answer) -> Answer:
    """The answer with the first part of its stream, so that what fails at once is an error and not a torn file."""
    if answer.stream is not None and not answer.content:
        answer.content = next(answer.stream, b"")
    return answer


async def _work(services: Services, call: Call, work: Callable[[], Answer]) -> Answer:
    loop = asyncio.get_running_loop()
    while True:
        try:
            return await loop.run_in_executor(services.streams, work)
        except Wait as wait:
            await asyncio.sleep(wait.seconds)
            call.has_waited = True


def to_response(answer: Answer, services: Services) -> Response[Any]:
    headers = {**HEADERS, **answer.headers}
    response: Response[Any]
    if answer.stream is not None:
        chunks = _pump(answer.content, _Chunks(answer.stream), services.streams)
        response = Stream(
            chunks, status_code=answer.status, media_type=answer.media_type, headers=headers, cookies=answer.cookies
        )
    else:
        response = Response(
            answer.content, status_code=answer.status, media_type=answer.media_type, headers=headers, cookies=answer.cookies
        )
    return response


class _Chunks:
    """A blocking iterator that one thread pulls while another may close it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._lock = threading.Lock()
        self._is_closed = False

    def pull(self) -> bytes | None:
        with self._lock:
            return None if self._is_closed else next(self._chunks, None)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            getattr(self._chunks, "close", lambda: None)()


async def _pump(first: bytes, chunks: _Chunks, pool: ThreadPoolExecutor) -> AsyncIterator[bytes]:
    """Pull a blocking iterator in a thread, one chunk at a time; close it at the end or when the client goes away.

    Going away cancels this wherever it waits: the thread may be in the middle of a chunk, and nothing can be awaited any more.
    """
    loop = asyncio.get_running_loop()
    try:
        yield first
        while (chunk := await loop.run_in_executor(pool, chunks.pull)) is not None:
            yield chunk
    finally:
        with suppress(RuntimeError):  # the server stops
            pool.submit(chunks.close)


def refuse_cross_site(call: Call) -> None:
    """CSRF: a cookie-authenticated unsafe request must come from our own pages (or from no browser at all)."""
    if call.method in SAFE or not call.credentials.by_cookie:
        return
    if not is_same_origin(call):
        raise Forbidden("Cross-site request refused: send the request from this server's own pages, or use a token.")


def is_same_origin(call: Call) -> bool:
    """Whether the browser says that our own page (or its address bar) sent this; True without a browser.

    Pages can't forge `Sec-Fetch-Site`, so it decides. Older browsers send `Origin`, which behind a proxy may name the outer host.
    """
    site = call.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = call.headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc in {call.headers.get("host"), call.headers.get("x-forwarded-host")}


def _touch_session(services: Services, call: Call) -> None:
    """Note activity, at most every 15 s: the shortest idle time of a session policy is a minute."""
    user = call.maybe_user
    if user is None or user.session_hash is None or (user.session_seen_at or "") > clock.after(-15):
        return
    from labelwright.server.db.queries.people import touch_session

    session_hash, user_id = user.session_hash, user.id
    task = asyncio.ensure_future(services.db.awrite(lambda conn: touch_session(conn, session_hash, user_id)))
    task.add_done_callback(lambda done: done.exception())


def handlers(routes: list[Route[Any]], services: Services) -> list[HTTPRouteHandler]:
    """Litestar's handlers for our routes, one per path (a path's methods share it, so that others get 405)."""
    by_path: dict[str, dict[str, Route[Any]]] = {}
    for entry in routes:
        methods = by_path.setdefault(entry.path, {})
        if entry.method in methods:
            raise RuntimeError(f"two routes for {entry.method} {entry.path}")
        methods[entry.method] = entry
    return [_handler(path, methods, services) for path, methods in by_path.items()]


def _handler(path: str, methods: dict[str, Route[Any]], services: Services) -> HTTPRouteHandler:
    verbs: Any = [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]
    allowed = {**HEADERS, "allow": ", ".join(verbs)}

    async def handle(request: Request[Any, Any, Any]) -> Response[Any]:
        if request.method == "OPTIONS":
            return Response(b"", status_code=204, headers=allowed)
        method = "GET" if request.method == "HEAD" else request.method
        return await _serve(services, methods[method], request)

    handle.__annotations__ = {"request": Request, "return": Response}
    return litestar_route(path, http_method=verbs, status_code=200)(handle)
