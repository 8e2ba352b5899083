"""Live servers for tests that need a real process: compatibility, browser and crash tests.

- `live_server`: one server for the whole session; its administrator's token is `live_server.token`. Tests keep apart by making
  their own projects. With `LABELWRIGHT_TEST_URL` and `LABELWRIGHT_TEST_TOKEN` set it is that server, which may be Label Studio.
- `fresh_server`: a server with an empty database for one test.
- `start_server(**environment)`: as many as a test wants, with settings.

`LABELWRIGHT_TEST_DATABASE` (a PostgreSQL URL, or `postgresql` for the one in the PyPI wheel) makes them all use PostgreSQL, a
database each. The log of a server is printed when a test that used it fails.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from live import LiveServer, free_port
from postgres import throw_away_postgres

StartServer = Callable[..., LiveServer]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    fixtures = getattr(item, "funcargs", {})
    servers = [value for value in fixtures.values() if isinstance(value, LiveServer)]
    if report.failed and servers:
        report.sections += [(f"log of {server.url}", server.tail()) for server in servers]
    return report


@pytest.fixture(scope="session")
def new_database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str | None]]:
    """A function that gives the URL of a new, empty PostgreSQL database; None when the tests run on SQLite."""
    wanted = os.environ.get("LABELWRIGHT_TEST_DATABASE", "")
    if not wanted.startswith("postgres"):
        yield lambda: None
        return
    with ExitStack() as stack:
        if wanted == "postgresql":
            yield _postgres_databases(stack.enter_context(throw_away_postgres()), stack, drop=False)
        else:
            yield _postgres_databases(wanted, stack, drop=True)


def _postgres_databases(url: str, stack: ExitStack, *, drop: bool) -> Callable[[], str]:
    server = sa.engine.make_url(url).set(drivername="postgresql+psycopg")
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    stack.callback(admin.dispose)

    def make() -> str:
        name = f"live_{uuid.uuid4().hex[:12]}"
        with admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        if drop:
            stack.callback(_drop, admin, name)
        return server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    return make


def _drop(admin: sa.Engine, name: str) -> None:
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def _start(folder: Path, database: str | None, environment: dict[str, str]) -> LiveServer:
    options = ("--database", database) if database else ()
    return LiveServer(folder, free_port(), environment, options).start()


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory, new_database_url: Callable[[], str | None]) -> Iterator[LiveServer]:
    """One server for the session."""
    if url := os.environ.get("LABELWRIGHT_TEST_URL"):
        port = int(url.rstrip("/").rpartition(":")[2])
        yield LiveServer(tmp_path_factory.mktemp("live"), port, token=os.environ["LABELWRIGHT_TEST_TOKEN"])
        return
    server = _start(tmp_path_factory.mktemp("live"), new_database_url(), {})
    yield server
    server.stop()


@pytest.fixture
def start_server(tmp_path: Path, new_database_url: Callable[[], str | None]) -> Iterator[StartServer]:
    """Starts servers with an empty database each: `start_server(LABELWRIGHT_SIGNUP="join")`."""
    started: list[LiveServer] = []

    def start(**environment: str) -> LiveServer:
        folder = tmp_path / f"server-{len(started)}"
        folder.mkdir()
        started.append(_start(folder, new_database_url(), environment))
        return started[-1]

    yield start
    for server in started:
        server.kill()


@pytest.fixture
def fresh_server(start_server: StartServer) -> LiveServer:
    """A server with an empty database."""
    return start_server()
