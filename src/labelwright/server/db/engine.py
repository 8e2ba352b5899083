"""How the server reads and writes: one code path for SQLite and PostgreSQL, synchronous SQLAlchemy Core in threads.

SQLite: a pool of readers, and one writer thread with group commit: it drains what is waiting, runs each unit in a savepoint
and commits once (fsync once), so many small writes cost one. A unit's result is given out only after the commit.
PostgreSQL: a connection pool; each unit is its own transaction.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from typing import Any, Literal, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from labelwright.server.errors import Busy

T = TypeVar("T")
Unit = Callable[[Connection], T]
Topic = Literal["jobs", "deliveries"]

MAX_GROUP = 256
MAX_ATTEMPTS = 5
READ_LIMIT_S = 30.0
PROGRESS_STEPS = 50_000
"""SQLite asks for the time every so many steps of its virtual machine: about every millisecond."""
READERS = 8
SNAPSHOTS = 8
SNAPSHOT_WAIT_S = 10
WRITES = "writes"
ANNOUNCED = "announced"
OVERFLOW = 24
"""Connections beyond the pool's, for imports and exports (16 threads) besides the requests."""


def announce(conn: Connection, topic: Topic) -> None:
    """Within a unit that writes: whoever listens to the topic is called after the commit."""
    conn.info.setdefault(ANNOUNCED, set()).add(topic)


class Database:
    """Runs units of work. `read`/`write` block the calling thread; `aread`/`awrite` are their awaitable forms."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.engine = engine_of(url)
        self._listeners: dict[Topic, Callable[[], None]] = {}
        self._threads = ThreadPoolExecutor(READERS if self.is_sqlite else 2 * READERS, thread_name_prefix="db")
        self._writer = _Writer(self.engine, self._tell) if self.is_sqlite else None
        self._snapshots = threading.Semaphore(SNAPSHOTS)

    # ------------------------------------------------------------ announcements
    def listen(self, topic: Topic, listener: Callable[[], None]) -> None:
        """Call `listener`, which must be quick, after commits of units that announced the topic."""
        self._listeners[topic] = listener

    def _tell(self, conn: Connection) -> None:
        for topic in conn.info.pop(ANNOUNCED, ()):
            self._listeners.get(topic, _nobody)()

    # ------------------------------------------------------------ blocking
    def read(self, unit: Unit[T]) -> T:
        with self.engine.connect() as conn:
            return unit(conn)

    def write(self, unit: Unit[T]) -> T:
        """The unit's result, after the commit. An exception rolls back this unit only.

        Where PostgreSQL breaks a deadlock by ending this transaction, the unit runs again from its beginning.
        """
        if self._writer is not None:
            return self._writer.submit(unit).result()
        for attempt in count(1):
            try:
                with self.engine.connect() as conn:
                    conn.info.pop(ANNOUNCED, None)
                    with conn.begin():
                        value = unit(conn)
                    self._tell(conn)
                    return value
            except OperationalError as error:
                if attempt == MAX_ATTEMPTS or not _lost_a_race(error):
                    raise
                time.sleep(0.01 * attempt)
        raise AssertionError("unreachable")

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees one state of the database however long it reads.

        At most `SNAPSHOTS` at once: slow readers (a download over a thin line) leave connections for everybody else. Raises Busy.
        """
        if not self._snapshots.acquire(timeout=SNAPSHOT_WAIT_S):
            raise Busy("Too many exports at once. Try again in a moment.")
        try:
            with self.engine.connect() as conn:
                if not self.is_sqlite:
                    conn = conn.execution_options(isolation_level="REPEATABLE READ")
                yield conn
        finally:
            self._snapshots.release()

    # ------------------------------------------------------------ awaitable
    async def run(self, work: Callable[[], T]) -> T:
        """Run blocking work in a database thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def aread(self, unit: Unit[T]) -> T:
        """A request's read: ends with OperationalError after `READ_LIMIT_S`, so that one query can't hold a thread for good."""
        return await self.run(lambda: self._read_bounded(unit))

    def _read_bounded(self, unit: Unit[T]) -> T:
        with self.engine.connect() as conn:
            if not self.is_sqlite:
                conn.exec_driver_sql(f"SET LOCAL statement_timeout = {int(READ_LIMIT_S * 1000)}")
                return unit(conn)
            deadline = time.monotonic() + READ_LIMIT_S
            driver: Any = conn.connection.driver_connection
            driver.set_progress_handler(lambda: time.monotonic() > deadline, PROGRESS_STEPS)
            try:
                return unit(conn)
            finally:
                driver.set_progress_handler(None, 0)

    async def awrite(self, unit: Unit[T]) -> T:
        if self._writer is not None:
            return await self._writer.submit_here(unit)
        return await self.run(lambda: self.write(unit))

    @property
    def connections_in_use(self) -> int:
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    @property
    def writes_waiting(self) -> int:
        return self._writer.waiting if self._writer is not None else 0

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.engine.dispose()


_Asked = tuple[Unit[Any], "Future[Any] | asyncio.Future[Any]", "asyncio.AbstractEventLoop | None"]
_Outcome = tuple[_Asked, Any, "BaseException | None"]


class _Writer:
    """The one thread that writes to SQLite."""

    def __init__(self, engine: Engine, committed: Callable[[Connection], None]) -> None:
        self._engine = engine
        self._committed = committed
        self._conn: Connection | None = None
        self._queue: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    def submit(self, unit: Unit[T]) -> Future[T]:
        future: Future[T] = Future()
        self._put((unit, future, None))
        return future

    def submit_here(self, unit: Unit[T]) -> asyncio.Future[T]:
        """The same for the event loop that calls: it is woken once for all of its units that one commit brings."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put((unit, future, loop))
        return future

    def _put(self, asked: _Asked) -> None:
        """What comes after `close` fails: whoever waits for it, like a job in the middle of a step, must not wait for ever."""
        with self._closing:
            if self._is_closed:
                asked[1].set_exception(RuntimeError("the database is closed"))
            else:
                self._queue.put(asked)

    @property
    def waiting(self) -> int:
        return self._queue.qsize()

    def close(self) -> None:
        with self._closing:
            self._is_closed = True
            self._queue.put(None)
        self._thread.join(timeout=30)

    def _run(self) -> None:
        stop = False
        while not stop:
            first = self._queue.get()
            if first is None:
                return
            group, stop = self._drain(first)
            try:
                self._commit(self._connection(), group)
            except Exception as error:  # no connection: the file is gone or broken; say so to everybody and go on
                self._conn = None
                _give([(asked, None, error) for asked in group if not asked[1].done()])
        if self._conn is not None:
            self._conn.close()

    def _connection(self) -> Connection:
        if self._conn is None or self._conn.invalidated:
            self._conn = writing(self._engine)
        return self._conn

    def _drain(self, first: _Asked) -> tuple[list[_Asked], bool]:
        group = [first]
        while len(group) < MAX_GROUP:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return group, False
            if item is None:
                return group, True
            group.append(item)
        return group, False

    def _commit(self, conn: Connection, group: list[_Asked]) -> None:
        done: list[_Outcome] = []
        conn.info.pop(ANNOUNCED, None)
        try:
            with conn.begin():
                for asked in group:
                    unit, future, _ = asked
                    if future.cancelled() or (isinstance(future, Future) and not future.set_running_or_notify_cancel()):
                        continue
                    if len(group) == 1:  # alone, the transaction itself is what is rolled back
                        done.append((asked, unit(conn), None))
                        continue
                    try:
                        with _savepoint(conn):
                            done.append((asked, unit(conn), None))
                    except Exception as error:
                        done.append((asked, None, error))
            self._committed(conn)
        except Exception as error:  # the commit itself failed (disk full, locked): nothing was kept
            done = [(asked, None, error) for asked in group if not asked[1].cancelled()]
        _give(done)


def _give(done: list[_Outcome]) -> None:
    """Hand out what became of units: to waiting threads at once, to each event loop in one go."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Outcome]] = {}
    for outcome in done:
        loop = outcome[0][2]
        if loop is None:
            _settle([outcome])
        else:
            by_loop.setdefault(loop, []).append(outcome)
    for loop, outcomes in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: the server stops
            loop.call_soon_threadsafe(_settle, outcomes)


def _settle(outcomes: list[_Outcome]) -> None:
    for (_, future, _), value, failure in outcomes:
        if future.done():  # cancelled: whoever asked went away
            continue
        if failure is None:
            future.set_result(value)
        else:
            future.set_exception(failure)


def _nobody() -> None:
    """Nobody listens to the topic."""


def engine_of(url: str) -> Engine:
    """A connection pool alone, without the writer."""
    return _sqlite_engine(url) if url.startswith("sqlite") else _postgres_engine(url)


@contextmanager
def _savepoint(conn: Connection) -> Iterator[None]:
    """What `conn.begin_nested()` does, at a tenth of its cost: SQLite's driver is asked directly."""
    driver: Any = conn.connection.dbapi_connection
    driver.execute("SAVEPOINT unit")
    try:
        yield
    except BaseException:
        driver.execute("ROLLBACK TO unit")
        raise
    finally:
        driver.execute("RELEASE unit")


def writing(engine: Engine) -> Connection:
    """A connection for transactions that write; not of the pool any more."""
    conn = engine.connect()
    conn.detach()
    conn.connection.info[WRITES] = True
    return conn


def _sqlite_engine(url: str) -> Engine:
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=READERS + 2,
        max_overflow=OVERFLOW,
        connect_args={"check_same_thread": False, "timeout": 30, "cached_statements": 512},
        query_cache_size=2000,
        hide_parameters=True,  # errors go to the log, data does not
    )

    @event.listens_for(engine, "connect")
    def _on_connect(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None  # we send BEGIN ourselves
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "temp_store=MEMORY",
            "cache_size=-16000",
            "mmap_size=268435456",
            "journal_size_limit=67108864",
        ):
            dbapi.execute(f"PRAGMA {pragma}")
        dbapi.create_function("regexp", 2, _regexp, deterministic=True)

    def begin(connection: Any) -> None:
        # Only the writer thread and migrations write; readers take a plain (deferred) snapshot.
        connection.dbapi_connection.execute("BEGIN IMMEDIATE" if connection.info.get(WRITES) else "BEGIN")

    engine.dialect.do_begin = begin  # type: ignore[assignment]  # an event on the engine would slow every statement down
    return engine


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    import re2

    return re2.compile(pattern)


def _regexp(pattern: str, text: str | None) -> bool:
    """SQLite's `text REGEXP pattern`: RE2, so linear in the text."""
    return text is not None and _compiled(pattern).search(text) is not None


def _postgres_engine(url: str) -> Engine:
    address = url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)
    return sa.create_engine(
        address, pool_size=2 * READERS, max_overflow=OVERFLOW, pool_pre_ping=True, query_cache_size=2000, hide_parameters=True
    )


def _lost_a_race(error: OperationalError) -> bool:
    """Whether PostgreSQL ended the transaction because of another one: deadlock or serialization failure."""
    return getattr(error.orig, "sqlstate", None) in ("40P01", "40001")
