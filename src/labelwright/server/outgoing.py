"""The only way out of the process: requests go to public addresses and to what the administrator listed, nowhere else.

A `Gate` knows the rules: which hosts and addresses may be called. `fetch` gets a file, `call` sends a request and reads a short
answer; both block, so call them from `work` functions and jobs. What the far side says in words never reaches the user: whatever
goes wrong on the way, the message is the same, and the log has the reason. `outgoing_http.py` does the talking (aiohttp, imported
at the first call).
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Literal

from msgspec import Struct

from labelwright.server.errors import Busy, LabelwrightError
from labelwright.server.settings import Settings

if TYPE_CHECKING:
    import ssl

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Host and port → addresses as text. Raises OSError."""

MOST_AT_ONCE = 8
"""Fewer than the threads that call: slow servers must not keep them all."""


class OutgoingError(LabelwrightError):
    """A call that brought nothing; the message is for people."""


class BadAddress(OutgoingError):
    """The text is no address that can be called; known without asking anybody."""


Why = Literal["refused", "slow", "other"]


class Unreachable(OutgoingError):
    """Refused by our rules, not there, too slow, broken: to the user all the same.

    `why` is for callers that may tell more, because the far side is on the user's own machine.
    """

    def __init__(self, why: Why = "other") -> None:
        super().__init__("The address can't be reached from this server, or calling it is not allowed.")
        self.why = why


class TooBig(OutgoingError):
    """More bytes than we take, or a small body that unpacks to a large one."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"The file at the address is larger than the {most_bytes:,} bytes this server takes.")


class Limits(Struct, frozen=True, kw_only=True):
    """How long and how much."""

    total_s: float = 60.0
    connect_s: float = 5.0
    idle_s: float = 20.0
    """Longest wait for the next bytes."""
    most_bytes: int = 10 << 20
    most_ratio: int = 100
    """Unpacked bytes per packed byte, once a body is over 1 MiB."""
    redirects: int = 5


class Fetched(Struct, frozen=True):
    """A body that arrived whole. `url` is the last one, after redirects."""

    url: str
    content_type: str
    size: int


class Reply(Struct, frozen=True):
    status: int
    headers: Mapping[str, str]
    body: bytes


# ---------------------------------------------------------------- who may be called
NOT_PUBLIC: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)
"""Source: IANA's special-purpose address registries. Of IPv6, only 2000::/3 without these is public (see `is_public`)."""
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


def is_public(address: IPAddress) -> bool:
    """Whether the address belongs to the open internet.

    Not so: private, shared, loopback, link-local, unique-local, multicast and reserved ones, and every form that carries an IPv4
    address inside (mapped, compatible, translated, NAT64, 6to4, Teredo).

    >>> [is_public(ipaddress.ip_address(text)) for text in ("93.184.216.34", "::ffff:127.0.0.1", "64:ff9b::1.1.1.1")]
    [True, False, False]
    """
    if address.version == 6 and address not in GLOBAL_UNICAST:
        return False
    return address.is_global and not any(address in network for network in NOT_PUBLIC)


def literal(host: str) -> IPAddress | None:
    """The IP address that the host spells in its usual form; None for names."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def system_addresses(host: str, port: int) -> Sequence[str]:
    """What the machine's resolver says: every address of the host."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Gate(Struct, frozen=True, kw_only=True):
    """Who may be called. `allowed` holds what the administrator listed: `host` (any port) or `host:port`."""

    allowed: frozenset[str] = frozenset()
    allows_loopback: bool = False
    """For ML backends on a laptop's own server."""
    resolve: Resolve = system_addresses
    ssl_context: ssl.SSLContext | None = None
    """None: the machine's own certificate authorities."""

    @classmethod
    def of(cls, settings: Settings, *, allows_loopback: bool = False) -> Gate:
        return cls(allowed=frozenset(settings.allowed_hosts), allows_loopback=allows_loopback)

    def is_listed(self, host: str, port: int) -> bool:
        """Whether the administrator listed the host under this very name or address."""
        name = host.lower().rstrip(".")
        if ":" in name:
            name = f"[{name}]"
        return bool(self.allowed & {name, f"{name}:{port}"})

    def addresses(self, host: str, port: int) -> list[IPAddress]:
        """The host's addresses, asked for once: connect to these and no others.

        Raises OSError when there are none, or when any of them is not public and the host is not listed.
        """
        address = literal(host)
        found = [address] if address else [ipaddress.ip_address(text) for text in dict.fromkeys(self.resolve(host, port))]
        if not found:
            raise OSError(f"{host} has no address")
        if not self.is_listed(host, port):
            for address in found:
                if not is_public(address) and not (self.allows_loopback and address.is_loopback):
                    raise OSError(f"{host} is at {address}, which is not public")
        return found


# ---------------------------------------------------------------- calling
_slots = threading.BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(blocking=False):
        raise Busy("This server fetches from as many addresses as it can already. Try again in a moment.")
    try:
        yield
    finally:
        _slots.release()


def fetch(gate: Gate, url: str, into: IO[bytes], limits: Limits) -> Fetched:
    """Write the body behind `url` to `into`; redirects are followed, each checked like the first address.

    Raises BadAddress, Unreachable, TooBig, OutgoingError (an answer that is no success) and Busy.
    """
    from labelwright.server import outgoing_http

    with _slot():
        return outgoing_http.fetch(gate, url, into, limits)


def call(
    gate: Gate,
    method: str,
    url: str,
    limits: Limits,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    wants_body: bool = True,
) -> Reply:
    """Send one request and read its answer, whatever its status. Redirects are not followed.

    Without `wants_body` the status is all that counts: the reply's body is empty, however much came.
    Raises BadAddress, Unreachable and TooBig.
    """
    from labelwright.server import outgoing_http

    return outgoing_http.call(gate, method, url, limits, body=body, headers=headers or {}, wants_body=wants_body)
