"""The real app, in process, on a real database.

`LABELWRIGHT_TEST_DATABASE` unset: a SQLite file. Set to a PostgreSQL URL, or to `postgresql` for the server in the PyPI wheel:
databases of our own on that server, dropped at the end.

- `server`: shared by the whole session; tests keep apart by signing up their own people (each gets an own organization).
- `new_server(**settings)`: a fresh app with an empty database, for tests of the first user or of settings;
  `new_module_server` for the tests of a file.
- `server.sign_up(email=…)` → a `Person`: `.client` speaks with the legacy token, `.browser` with the session cookie.
- `person`, `stranger`: two people of different organizations; `colleague`: of `person`'s organization.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from inprocess import BASE, Person, Server, numbers
from litestar.testing import TestClient

from labelwright.server.app import create_app
from labelwright.server.db.engine import Database
from labelwright.server.db.migrate import upgrade
from labelwright.server.settings import read_settings
from postgres import throw_away_postgres


# ---------------------------------------------------------------- databases
@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A function that makes an empty database of the newest schema and gives its URL. Copies of one that was migrated once."""
    url = os.environ.get("LABELWRIGHT_TEST_DATABASE", "")
    folder = tmp_path_factory.mktemp("databases")
    if not url.startswith("postgres"):
        yield _sqlite_copies(folder)
        return
    with ExitStack() as stack:
        if url == "postgresql":
            yield _postgres_copies(stack.enter_context(throw_away_postgres()), stack, drop=False)
        else:
            yield _postgres_copies(url, stack, drop=True)


def _sqlite_copies(folder: Path) -> Callable[[], str]:
    template = folder / "template.sqlite3"
    db = Database(f"sqlite:///{template}")
    upgrade(db.engine)
    db.close()

    def make() -> str:
        copy = folder / f"{next(numbers)}.sqlite3"
        shutil.copy(template, copy)
        return f"sqlite:///{copy}"

    return make


def _postgres_copies(url: str, stack: ExitStack, *, drop: bool) -> Callable[[], str]:
    server = sa.make_url(url.replace("postgres://", "postgresql://", 1))
    admin = sa.create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    template = f"labelwright_{os.getpid()}"

    def make(name: str | None = None, source: str = template) -> str:
        name = name or f"{template}_{next(numbers)}"
        with admin.connect() as conn:
            conn.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {source}")
        if drop:
            stack.callback(remove, name)
        return server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    def remove(name: str) -> None:
        with admin.connect() as conn:
            conn.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    stack.callback(admin.dispose)
    db = Database(make(template, "template1"))
    upgrade(db.engine)
    db.close()
    return make


# ---------------------------------------------------------------- servers
def _running(url: str, folder: Path, stack: ExitStack, **options: Any) -> Server:
    folder.mkdir(exist_ok=True)
    env = {"LABELWRIGHT_SECRET_KEY": "secret-of-the-tests-0123456789abcdef", **options}
    settings = read_settings(data_dir=folder, database_url=url, env=env)
    app = create_app(settings)
    return Server(app, settings, stack.enter_context(TestClient(app, base_url=BASE, raise_server_exceptions=False)))


@pytest.fixture(scope="session")
def server(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with ExitStack() as stack:
        yield _running(new_database(), tmp_path_factory.mktemp("data"), stack)


@pytest.fixture
def new_server(new_database: Callable[[], str], tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """`new_server(LABELWRIGHT_SIGNUP="invite", …)`: environment names as keywords."""
    with ExitStack() as stack:
        yield lambda **env: _running(new_database(), tmp_path / f"data{next(numbers)}", stack, **env)


@pytest.fixture(scope="module")
def new_module_server(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Server]]:
    """The same for servers that the tests of a file share."""
    with ExitStack() as stack:
        yield lambda **env: _running(new_database(), tmp_path_factory.mktemp("data"), stack, **env)


# ---------------------------------------------------------------- people
@pytest.fixture
def person(server: Server) -> Person:
    return server.sign_up()


@pytest.fixture
def stranger(server: Server) -> Person:
    return server.sign_up()


@pytest.fixture
def colleague(server: Server, person: Person) -> Person:
    return server.sign_up(organization_id=person.organization_id)


@pytest.fixture
def as_user(person: Person) -> httpx.Client:
    """`person`'s token client."""
    return person.client
