"""HTTP with the standard library: kept-alive connections, retries with back-off, time limits, streamed bodies.

Safe to use from several threads: each request takes a connection of its own from the pool.
"""

from __future__ import annotations

import http.client
import json
import random
import select
import ssl
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from labelwright.sdk.errors import ConnectionFailed, refusal

CHUNK = 1 << 16
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
TRY_LATER = frozenset({429, 503})
"""The server did not do it: any request may be sent again."""
MAYBE_DONE = frozenset({502, 504})
"""A proxy gave up: only what may happen twice is sent again."""
MAX_REDIRECTS = 5

Body = bytes | Callable[[], Iterator[bytes]]
"""Bytes, or a function that starts the stream of them (again, when a request is repeated)."""


@dataclass(frozen=True)
class Response:
    """An answer, read whole."""

    status_code: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes
    cookies: tuple[str, ...] = ()
    """The `Set-Cookie` lines."""

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON values; ValueError if it is none."""
        try:
            return msgspec.json.decode(self.content)
        except msgspec.DecodeError:
            return json.loads(self.content)


@dataclass
class Download:
    """An answer whose body is still to come: iterate over it for chunks. Close it, or use it in a `with`."""

    headers: Mapping[str, str]
    _raw: http.client.HTTPResponse
    _release: Callable[[bool], None]

    @property
    def size(self) -> int | None:
        """Bytes to come, None if the server does not say."""
        length = self.headers.get("content-length")
        return int(length) if length else None

    def __iter__(self) -> Iterator[bytes]:
        done = 0
        try:
            while chunk := self._raw.read(CHUNK):
                done += len(chunk)
                yield chunk
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionFailed(f"the download broke off after {done} bytes: {error}") from error
        if self.size is not None and done < self.size:
            raise ConnectionFailed(f"the download broke off after {done} of {self.size} bytes")

    def __enter__(self) -> Download:
        return self

    def __exit__(self, *error: object) -> None:
        self._release(self._raw.isclosed())


@dataclass
class Transport:
    """Requests to one server.

    base_url: scheme, host and optional path prefix. timeout_s: for connecting and for each read. retries: further attempts after
    the first, with `backoff_s`, twice it, four times it … in between (a `Retry-After` of the server goes first).
    """

    base_url: str
    timeout_s: float = 60.0
    retries: int = 3
    backoff_s: float = 0.3
    headers: dict[str, str] = field(default_factory=dict)
    ssl_context: ssl.SSLContext | None = None
    _idle: deque[http.client.HTTPConnection] = field(default_factory=lambda: deque(maxlen=16), repr=False)

    def __post_init__(self) -> None:
        if "://" not in self.base_url:
            self.base_url = f"http://{self.base_url}"
        self.base_url = self.base_url.rstrip("/")
        parts = urlsplit(self.base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{self.base_url!r} is no address of a server; give one like http://localhost:8080")

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json_body: Any = None,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> Response:
        """The answer, whatever its status. ConnectionFailed if there was none."""
        sent = dict(headers or {})
        if json_body is not None:
            body = encode(json_body)
            sent.setdefault("Content-Type", "application/json")
        raw, release = self._attempt(method, self._target(path, params), body, sent, timeout_s)
        try:
            content = raw.read()
        except (OSError, http.client.HTTPException) as error:
            release(False)
            raise ConnectionFailed(f"{method} {path}: the answer broke off: {error}") from error
        release(True)
        return Response(raw.status, lower(raw), content, tuple(raw.headers.get_all("Set-Cookie") or ()))

    def download(
        self, path: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Download:
        """The answer to a GET as a stream. Raises the `RequestRefused` of a status of 400 and above."""
        raw, release = self._attempt("GET", self._target(path, params), None, dict(headers or {}), None)
        if raw.status >= 400:
            response = Response(raw.status, lower(raw), raw.read())
            release(True)
            raise refused(response, f"GET {path}")
        return Download(lower(raw), raw, release)

    def close(self) -> None:
        """Closes the idle connections."""
        while self._idle:
            self._idle.pop().close()

    def _target(self, path: str, params: Mapping[str, Any] | None) -> str:
        url = path if "://" in path else f"{self.base_url}/{path.lstrip('/')}"
        given = [(name, value) for name, value in (params or {}).items() if value is not None]
        if not given:
            return url
        plain = [
            (name, [_plain(item) for item in value] if isinstance(value, list | tuple) else _plain(value))
            for name, value in given
        ]
        return f"{url}{'&' if '?' in url else '?'}{urlencode(plain, doseq=True)}"

    def _attempt(
        self, method: str, url: str, body: Body | None, headers: dict[str, str], timeout_s: float | None
    ) -> tuple[http.client.HTTPResponse, Callable[[bool], None]]:
        """Sends until there is an answer worth giving back: retries, then follows redirects of GETs."""
        for attempt in range(self.retries + 1):
            last = attempt == self.retries
            try:
                raw, release = self._send(method, url, body, headers, timeout_s)
            except _Unsent as error:
                if last:
                    raise ConnectionFailed(f"cannot reach {self.base_url}: {error.cause}") from error.cause
            except (OSError, http.client.HTTPException) as error:
                if last or method not in REPEATABLE:
                    raise ConnectionFailed(f"{method} {url}: no answer: {error or type(error).__name__}") from error
            else:
                wait = raw.status in TRY_LATER or (raw.status in MAYBE_DONE and method in REPEATABLE)
                if wait and not last:
                    raw.read()
                    release(True)
                    self._pause(attempt, raw.headers.get("Retry-After"))
                    continue
                return self._follow(method, url, headers, timeout_s, raw, release)
            self._pause(attempt, None)
        raise AssertionError("the last attempt returns or raises")

    def _follow(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        timeout_s: float | None,
        raw: http.client.HTTPResponse,
        release: Callable[[bool], None],
    ) -> tuple[http.client.HTTPResponse, Callable[[bool], None]]:
        """Follows a GET's redirects; the key does not go along to another host. Redirects of other methods are not followed."""
        hops = 0
        while method == "GET" and raw.status in {301, 302, 303, 307, 308} and (place := raw.headers.get("Location")):
            raw.read()
            release(True)
            hops += 1
            if hops > MAX_REDIRECTS:
                raise ConnectionFailed(f"GET {url}: more than {MAX_REDIRECTS} redirects")
            following = urljoin(url, place)
            if urlsplit(following)[:2] != urlsplit(url)[:2]:
                headers = {**headers, "Authorization": ""}
            url = following
            raw, release = self._send(method, url, None, headers, timeout_s)
        return raw, release

    def _send(
        self, method: str, url: str, body: Body | None, headers: dict[str, str], timeout_s: float | None
    ) -> tuple[http.client.HTTPResponse, Callable[[bool], None]]:
        """One attempt. _Unsent if the server cannot have seen it."""
        parts = urlsplit(url)
        ours = url.startswith(self.base_url)
        wanted = timeout_s or self.timeout_s
        try:
            connection = self._connect(parts.scheme, parts.netloc, wanted, pooled=ours)
        except (OSError, http.client.HTTPException) as error:
            raise _Unsent(error) from error
        sent = {"Accept": "application/json, */*", **self.headers, **headers}
        payload = body() if callable(body) else body
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        if isinstance(connection, _ProxyConnection):
            target = url
        try:
            connection.request(
                method,
                target,
                payload,
                {name: value for name, value in sent.items() if value},
                encode_chunked="Transfer-Encoding" in sent,
            )
            raw = connection.getresponse()
        except BaseException:
            connection.close()
            raise

        def release(reusable: bool) -> None:
            if reusable and ours and not raw.will_close:
                self._idle.append(connection)
            else:
                connection.close()

        return raw, release

    def _connect(self, scheme: str, netloc: str, timeout_s: float, *, pooled: bool) -> http.client.HTTPConnection:
        """An idle connection that is still open, else a new one, through the system's proxy if it names one."""
        while pooled and self._idle:
            idle = self._idle.pop()
            if idle.sock is not None and not select.select([idle.sock], [], [], 0)[0]:
                idle.sock.settimeout(timeout_s)
                return idle
            idle.close()
        if proxy := proxy_for(scheme, urlsplit(f"//{netloc}").hostname or ""):
            return self._connect_through(proxy, scheme, netloc, timeout_s)
        if scheme == "https":
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                netloc, timeout=timeout_s, context=self.ssl_context
            )
        else:
            connection = http.client.HTTPConnection(netloc, timeout=timeout_s)
        connection.connect()
        return connection

    def _connect_through(self, proxy: str, scheme: str, netloc: str, timeout_s: float) -> http.client.HTTPConnection:
        way = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        if scheme == "https":
            connection = http.client.HTTPSConnection(way.hostname or "", way.port, timeout=timeout_s, context=self.ssl_context)
            connection.set_tunnel(netloc)
            connection.connect()
            return connection
        plain = _ProxyConnection(way.hostname or "", way.port, timeout=timeout_s)
        plain.connect()
        return plain

    def _pause(self, attempt: int, retry_after: str | None) -> None:
        wished = float(retry_after) if retry_after and retry_after.isdigit() else 0.0
        time.sleep(min(max(wished, self.backoff_s * 2**attempt * random.uniform(0.75, 1.25)), 30.0))  # noqa: S311 (spreads retries)


class _ProxyConnection(http.client.HTTPConnection):
    """A plain connection to a proxy, which wants the whole address in the request line."""


class _Unsent(Exception):
    """The connection could not be made: nothing was sent."""

    def __init__(self, cause: Exception) -> None:
        self.cause = cause
        super().__init__(str(cause))


def proxy_for(scheme: str, host: str) -> str | None:
    """The system's proxy for a host (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`); never one for this machine."""
    if host == "localhost" or host.endswith(".localhost") or host.startswith("127.") or host == "::1":
        return None
    proxy = urllib.request.getproxies().get(scheme)
    return None if proxy is None or urllib.request.proxy_bypass(host) else proxy


def refused(response: Response, request: str) -> Exception:
    """The error for an answer of 400 and above."""
    try:
        body = response.json()
    except ValueError:
        body = None
    return refusal(response.status_code, body, response.text, request)


def lower(raw: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in raw.headers.items()}


def encode(value: Any) -> bytes:
    """JSON as bytes; NaN and infinities are refused (ValueError), for no server takes them."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, dict) else str(value)
