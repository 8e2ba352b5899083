"""A server in this process, its people and their clients. `conftest.py` makes the fixtures of them."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from typing import Any

import httpx
import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import TestClient

from labelwright.server.actions.create_user import create_user
from labelwright.server.auth.passwords import hash_password
from labelwright.server.db.engine import Database
from labelwright.server.db.queries import people
from labelwright.server.settings import Settings

PASSWORD = "Pass-1234!"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (8).to_bytes(4, "big") + (6).to_bytes(4, "big") + b"\x08\2\0\0\0"
"""The head of a picture of 8 x 6 pixels: all that is looked at."""
BASE = "http://testserver.local"

numbers = itertools.count(1)
_password_hash = hash_password(PASSWORD)


@dataclass(frozen=True)
class Person:
    id: int
    email: str
    organization_id: int
    token: str
    client: httpx.Client
    """Calls with `Authorization: Token …`."""
    server: Server

    @property
    def browser(self) -> httpx.Client:
        """A new log-in: calls with a session cookie."""
        browser = self.server.anonymous()
        self.server.log_in(browser, self.email)
        return browser


class Server:
    """One running app. Clients of it share nothing but the server."""

    def __init__(self, app: Litestar, settings: Settings, portal: TestClient[Litestar]) -> None:
        self.app = app
        self.settings = settings
        self.db: Database = app.state.services.db
        self._portal = portal

    def anonymous(self, **headers: str) -> httpx.Client:
        """A client without credentials. Follows no redirects."""
        return httpx.Client(base_url=BASE, transport=self._portal._transport, headers=headers, follow_redirects=False)

    def with_token(self, token: str) -> httpx.Client:
        return self.anonymous(authorization=f"Token {token}")

    def sign_up(self, email: str | None = None, *, organization_id: int | None = None, **fields: Any) -> Person:
        """A new account in an organization of its own, or in `organization_id`. Straight into the database: fast."""
        email = email or f"person{next(numbers)}@example.com"
        token = os.urandom(20).hex()
        key = self.settings.secret_key

        def make(conn: sa.Connection) -> int:
            return create_user(
                conn,
                email=email,
                secret_key=key,
                password_hash=_password_hash,
                organization_id=organization_id,
                legacy_token=token,
                **fields,
            )

        user_id = self.db.write(make)
        client = self.with_token(token)
        row = self.db.read(lambda conn: people.user_row(conn, user_id))
        assert row is not None
        return Person(user_id, email, row.active_organization_id, token, client, self)

    def log_in(self, client: httpx.Client, email: str, password: str = PASSWORD, **form: str) -> httpx.Response:
        """Log in as a browser does: read the form, send it back."""
        client.get("/user/login/")
        fields = {"email": email, "password": password, "csrfmiddlewaretoken": client.cookies["csrftoken"], **form}
        return client.post("/user/login/", data=fields)
