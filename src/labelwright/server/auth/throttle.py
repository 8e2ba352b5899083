"""Slow down guessing, without locking anybody out: attempts on one account from one network get turns, further and further apart.

An attempt books its turn and waits for it (holding no thread); only when the queue is longer than half a minute is it refused.
The owner of the account, coming from another network, notices nothing; from the same one, they wait their turn.
"""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta

from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.db.queries import attempts
from labelwright.server.errors import TooMany

FREE = 10
"""Attempts without any delay."""
LONGEST_GAP_S = 15.0
LONGEST_WAIT_S = 30.0
FORGET_S = 15 * 60


def gap_s(count: int) -> float:
    """Seconds between attempt number `count` and the one before it: 0 for the first ten, then 1, 2, 4 … 15."""
    return 0.0 if count <= FREE else min(2.0 ** min(count - FREE - 1, 10), LONGEST_GAP_S)


def book_attempt(conn: Connection, subject: str) -> float:
    """Count an attempt and give the seconds until its turn. Raises TooMany when that is too far away to wait for."""
    moment = datetime.now(UTC)
    count, last_at = attempts.count_attempt(conn, subject, now=clock.stamp(moment), forget_before=clock.after(-FORGET_S))
    turn = max(moment, clock.moment(last_at) + timedelta(seconds=gap_s(count)))
    wait_s = (turn - moment).total_seconds()
    if wait_s > LONGEST_WAIT_S:
        raise TooMany(retry_after_s=LONGEST_GAP_S)
    attempts.set_turn(conn, subject, clock.stamp(turn))
    return wait_s


def limit_rate(conn: Connection, subject: str, per_hour: int) -> None:
    """Count one event of `subject`. Raises TooMany beyond `per_hour`; the count is forgotten after an hour without events."""
    count, _ = attempts.count_attempt(conn, subject, now=clock.now(), forget_before=clock.after(-3600))
    if count > per_hour:
        raise TooMany(retry_after_s=3600)
    attempts.set_turn(conn, subject, clock.now())


def network_of(peer: str, forwarded_for: str = "") -> str:
    """The /24 (IPv6: /64) network of a caller. A proxy on this machine is believed when it says whom it speaks for."""
    address = _address(peer)
    if address is None or address.is_loopback:
        address = _address(forwarded_for.rpartition(",")[2].strip()) or address
    if address is None:
        return peer or "unknown"
    if address.is_loopback:
        return "loopback"
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
