"""Many people and scripts on one live server at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import sqlalchemy as sa

from live import LiveServer

T = TypeVar("T")
PASSWORD = "Pass-1234!"


@dataclass(frozen=True)
class Member:
    """A person of the administrator's organization."""

    id: int
    email: str
    client: httpx.Client


def client(server: LiveServer, token: str) -> httpx.Client:
    return httpx.Client(base_url=server.url, headers={"authorization": f"Token {token}"}, timeout=60, trust_env=False)


def members(server: LiveServer, count: int) -> list[Member]:
    """The administrator and `count - 1` others, who join by the invitation link."""
    administrator = client(server, server.token)
    invitation = administrator.get("/api/invite").json()["invite_url"]
    me = administrator.get("/api/current-user/whoami").json()
    emails = [f"member{number}@example.com" for number in range(1, count)]
    with ThreadPoolExecutor(4) as pool:
        others = pool.map(lambda email: _join(server, invitation, email), emails)
        return [Member(me["id"], me["email"], administrator), *others]


def _join(server: LiveServer, invitation: str, email: str) -> Member:
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as browser:
        browser.get(invitation)
        form = {"email": email, "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        answer = browser.post(invitation, data=form)
        assert answer.status_code == 302, answer.text
        token = browser.get("/api/current-user/token").json()["token"]
        user_id = browser.get("/api/current-user/whoami").json()["id"]
    return Member(user_id, email, client(server, token))


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """What each gives, all begun at the same moment in a thread each."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def database(server: LiveServer) -> sa.Engine:
    """A way into the server's database beside it."""
    if "--database" in server.options:
        url = sa.make_url(server.options[server.options.index("--database") + 1]).set(drivername="postgresql+psycopg")
        return sa.create_engine(url)
    return sa.create_engine(f"sqlite:///{server.folder / 'data' / 'labelwright.sqlite3'}")


def refused(answers: Sequence[httpx.Response], *expected: int) -> list[tuple[int, str, Any]]:
    """The answers with another status than those expected."""
    return [(one.status_code, str(one.request.url), one.text[:300]) for one in answers if one.status_code not in expected]
