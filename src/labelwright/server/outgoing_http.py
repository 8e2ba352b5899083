"""Talking to other servers over HTTP, with aiohttp, through a `Gate`. Use `outgoing.py`; this module is imported when needed.

How the gate is kept: the name is resolved once, by us, and checked; aiohttp connects through our resolver to exactly these
addresses (TLS and `Host` still carry the name), and the socket factory refuses any address that was not checked. Proxies,
cookies, .netrc and DNS caches play no part.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import re
import socket
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import IO, Any, TypeVar

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from labelwright.server.outgoing import (
    BadAddress,
    Fetched,
    Gate,
    IPAddress,
    Limits,
    OutgoingError,
    Reply,
    TooBig,
    Unreachable,
    Why,
    literal,
)
from labelwright.version import __version__

log = logging.getLogger("labelwright.outgoing")

T = TypeVar("T")

CHUNK = 64 * 1024
RATIO_FREE = 1 << 20
REDIRECTS = {301, 302, 303, 307, 308}
NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?", re.IGNORECASE)
NUMERIC_END = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)\.?$", re.IGNORECASE)
"""What a resolver could take for an IPv4 address in decimal, octal or hexadecimal. Source: WHATWG URL, "ends in a number"."""

_dns_threads = ThreadPoolExecutor(16, thread_name_prefix="dns")
"""Our own, so that a name server that never answers does not keep the loop from ending."""


# ---------------------------------------------------------------- addresses
def read_url(text: str) -> URL:
    """The address, if it is one we call. Raises BadAddress with the reason."""
    text = text.strip()
    if any(character <= " " or character in "\\\x7f" for character in text):
        raise BadAddress("The address has blanks, backslashes or control characters in it.")
    try:
        url = URL(text)
        host, port = url.raw_host, url.port
    except ValueError:
        raise BadAddress("This is not a valid address.") from None
    if url.scheme not in ("http", "https"):
        raise BadAddress("Only http:// and https:// addresses can be fetched.")
    if not host or not port:
        raise BadAddress("The address names no server.")
    if url.raw_user is not None or url.raw_password is not None:
        raise BadAddress("Addresses with a user name or password in them are not fetched.")
    if literal(host) is None and (NUMERIC_END.search(host) or not NAME.fullmatch(host) or len(host) > 253):
        raise BadAddress("The server's name in the address is not a valid one.")
    return url


class _CheckedResolver(AbstractResolver):
    """Gives aiohttp the addresses that the gate has checked, and remembers them for the socket factory."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self.checked: set[IPAddress] = set()

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_UNSPEC) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(_dns_threads, self._gate.addresses, host, port)
        self.checked.update(found)
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET6 if address.version == 6 else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in found
        ]

    async def close(self) -> None:
        """Nothing to close."""

    def open_socket(self, info: Any) -> socket.socket:
        """The last door: a socket for an address that was checked. Raises OSError for any other."""
        family, kind, protocol, _, address = info
        if ipaddress.ip_address(address[0]) not in self.checked:
            raise OSError(f"{address[0]} was not checked")
        opened = socket.socket(family, kind, protocol)
        opened.setblocking(False)
        return opened


# ---------------------------------------------------------------- one exchange
@asynccontextmanager
async def _exchange(
    gate: Gate, method: str, url: URL, limits: Limits, body: bytes | None, headers: Mapping[str, str]
) -> AsyncIterator[aiohttp.ClientResponse]:
    """One request and the head of its answer, on a connection of its own."""
    host, port = str(url.raw_host), int(url.port or 0)
    resolver = _CheckedResolver(gate)
    if (address := literal(host)) is not None:  # aiohttp asks no resolver for these
        await resolver.resolve(str(address), port)
    connector = aiohttp.TCPConnector(
        resolver=resolver,
        socket_factory=resolver.open_socket,
        use_dns_cache=False,
        force_close=True,
        ssl=gate.ssl_context or True,
    )
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=limits.connect_s, sock_read=limits.idle_s)
    own = {"user-agent": f"Labelwright/{__version__}", "accept": "*/*", "accept-encoding": "gzip"}
    async with (
        aiohttp.ClientSession(
            connector=connector,
            timeout=timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
        ) as session,
        session.request(method, url, data=body, headers={**own, **headers}, allow_redirects=False) as response,
    ):
        yield response


class _Unpacker:
    """Undoes the answer's content encoding piece by piece, within the limits."""

    def __init__(self, encoding: str, limits: Limits) -> None:
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise OSError(f"content encoding {encoding!r}")
        self._limits = limits
        self._inflate = _new_inflate() if encoding not in ("", "identity") else None
        self._packed = 0
        self.size = 0

    def __call__(self, chunk: bytes) -> list[bytes]:
        """The plain bytes. Raises TooBig, zlib.error."""
        self._packed += len(chunk)
        if self._inflate is None:
            return [self._counted(chunk)]
        pieces = []
        while chunk:
            if self._inflate.eof:  # a gzip file may have several members
                self._inflate = _new_inflate()
            pieces.append(self._counted(self._inflate.decompress(chunk, CHUNK)))
            chunk = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
        return pieces

    def end(self) -> bytes:
        """What is left. Raises OSError where the packed stream was cut off."""
        rest = self._counted(self._inflate.flush()) if self._inflate is not None else b""
        if self._inflate is not None and self._packed and not self._inflate.eof:
            raise OSError("the packed body ends too early")
        return rest

    def _counted(self, plain: bytes) -> bytes:
        self.size += len(plain)
        is_bomb = self.size > RATIO_FREE and self.size > self._packed * self._limits.most_ratio
        if self.size > self._limits.most_bytes or is_bomb:
            raise TooBig(self._limits.most_bytes)
        return plain


def _new_inflate() -> Any:
    return zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, as the data says


async def _read(response: aiohttp.ClientResponse, sink: Callable[[bytes], Any], limits: Limits) -> int:
    """Hand the body to `sink`; its size. Raises TooBig."""
    unpack = _Unpacker(response.headers.get("content-encoding", "").strip().lower(), limits)
    if (response.content_length or 0) > limits.most_bytes:
        raise TooBig(limits.most_bytes)
    async for chunk in response.content.iter_chunked(CHUNK):
        for piece in unpack(chunk):
            sink(piece)
    sink(unpack.end())
    return unpack.size


# ---------------------------------------------------------------- fetching and calling
def fetch(gate: Gate, url: str, into: IO[bytes], limits: Limits) -> Fetched:
    return _run(_fetch(gate, read_url(url), into, limits), url, limits)


async def _fetch(gate: Gate, url: URL, into: IO[bytes], limits: Limits) -> Fetched:
    for _ in range(limits.redirects + 1):
        async with _exchange(gate, "GET", url, limits, None, {}) as response:
            if response.status in REDIRECTS and (target := response.headers.get("location")):
                url = _redirected(url, target)
                continue
            if response.status != 200:
                log.info("outgoing: %s answered %s", url.raw_host, response.status)
                raise OutgoingError("The server at the address did not give a file.")
            size = await _read(response, into.write, limits)
            return Fetched(str(url), response.content_type.lower(), size)
    raise OSError("too many redirects")


def _redirected(url: URL, target: str) -> URL:
    """Raises OSError where the redirect leads to no address we call: the user did not write it, so we say no more."""
    try:
        return read_url(str(url.join(URL(target))))
    except (BadAddress, ValueError) as error:
        raise OSError(f"redirect to an address that is none: {error}") from None


def call(
    gate: Gate,
    method: str,
    url: str,
    limits: Limits,
    *,
    body: bytes | None,
    headers: Mapping[str, str],
    wants_body: bool = True,
) -> Reply:
    return _run(_call(gate, method, read_url(url), limits, body, headers, wants_body), url, limits)


async def _call(
    gate: Gate, method: str, url: URL, limits: Limits, body: bytes | None, headers: Mapping[str, str], wants_body: bool
) -> Reply:
    pieces: list[bytes] = []
    async with _exchange(gate, method, url, limits, body, headers) as response:
        if wants_body:
            await _read(response, pieces.append, limits)
        return Reply(response.status, {name.lower(): value for name, value in response.headers.items()}, b"".join(pieces))


def _run(work: Coroutine[Any, Any, T], url: str, limits: Limits) -> T:
    """The outcome of `work` within the total time, in an event loop of its own; what went wrong on the way is Unreachable."""

    async def timed() -> T:
        async with asyncio.timeout(limits.total_s):
            return await work

    try:
        return asyncio.run(timed())
    except (OSError, aiohttp.ClientError, zlib.error, ValueError) as error:  # TimeoutError is an OSError
        log.info("outgoing: %s: %s: %s", URL(url.strip()).raw_host, type(error).__name__, error)
        raise Unreachable(_why(error)) from None


def _why(error: Exception) -> Why:
    if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ConnectionTimeoutError):
        return "slow"
    cause = getattr(error, "os_error", error)
    return "refused" if isinstance(cause, OSError) and cause.errno == errno.ECONNREFUSED else "other"
