"""What a backend remembers between requests, restarts and processes: values by project, and training events until they are done.

One SQLite file in the model folder. Several processes may have it open; each call is one transaction.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any, Literal, NamedTuple

EventState = Literal["queued", "running", "done", "failed"]

MOST_ATTEMPTS = 3
"""An event in whose training the process died this often is given up: it would kill the next process too."""

KEPT_EVENTS = 1000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (project TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (project, key));
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, action TEXT NOT NULL, payload TEXT,
    state TEXT NOT NULL DEFAULT 'queued', attempts INTEGER NOT NULL DEFAULT 0, result TEXT, error TEXT
);
CREATE INDEX IF NOT EXISTS waiting_events ON events (project, id) WHERE state IN ('queued', 'running');
"""


class Event(NamedTuple):
    """Something that happened to a project's annotations, or the wish to train."""

    id: int
    project: str
    action: str
    payload: dict[str, Any]
    state: EventState
    result: Any
    error: str | None


class State:
    """Values and events. `path` None keeps them in memory only."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        if path is not None:
            path.touch(mode=0o600)
            os.chmod(path, 0o600)  # the server's token is in it
        self._db = sqlite3.connect(path or ":memory:", timeout=30, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.executescript(_SCHEMA)

    def get(self, project: str, key: str) -> Any:
        """The value, None if there is none."""
        rows = self._run("SELECT value FROM settings WHERE project = ? AND key = ?", project, key)
        return json.loads(rows[0][0]) if rows else None

    def has(self, project: str, key: str) -> bool:
        return bool(self._run("SELECT 1 FROM settings WHERE project = ? AND key = ?", project, key))

    def set(self, project: str, key: str, value: Any) -> None:
        """Keeps a value. TypeError for what JSON cannot hold."""
        text = json.dumps(value)
        self._run("INSERT OR REPLACE INTO settings VALUES (?, ?, ?)", project, key, text)

    def projects(self) -> list[str]:
        return [row[0] for row in self._run("SELECT DISTINCT project FROM settings ORDER BY project")]

    def add_event(self, project: str, action: str, payload: dict[str, Any]) -> int:
        """Its number. It is on the disk when this returns."""
        rows = self._run(
            "INSERT INTO events (project, action, payload) VALUES (?, ?, ?) RETURNING id", project, action, json.dumps(payload)
        )
        return int(rows[0][0])

    def event(self, number: int) -> Event | None:
        """The event; its payload is empty when it is done."""
        rows = self._run("SELECT id, project, action, payload, state, result, error FROM events WHERE id = ?", number)
        return _event(rows[0]) if rows else None

    def start_next_event(self, project: str) -> Event | None:
        """The project's oldest event that is not done, now running. Ask only while no other process trains the project."""
        self._run(
            "UPDATE events SET state = 'failed', error = 'the process ended while it ran', payload = NULL"
            " WHERE project = ? AND state = 'running' AND attempts >= ?",
            project,
            MOST_ATTEMPTS,
        )
        rows = self._run(
            "UPDATE events SET state = 'running', attempts = attempts + 1 WHERE id ="
            " (SELECT min(id) FROM events WHERE project = ? AND state IN ('queued', 'running'))"
            " RETURNING id, project, action, payload, state, result, error",
            project,
        )
        return _event(rows[0]) if rows else None

    def finish_event(self, number: int, state: EventState, result: Any = None, error: str | None = None) -> None:
        self._run(
            "UPDATE events SET state = ?, result = ?, error = ?, payload = NULL WHERE id = ?",
            state,
            json.dumps(result, default=str),
            error,
            number,
        )
        self._run("DELETE FROM events WHERE state IN ('done', 'failed') AND id <= ?", number - KEPT_EVENTS)

    def projects_with_events(self) -> list[str]:
        """Projects that have something to do."""
        return [row[0] for row in self._run("SELECT DISTINCT project FROM events WHERE state IN ('queued', 'running')")]

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()


def _event(row: tuple[Any, ...]) -> Event:
    number, project, action, payload, state, result, error = row
    return Event(number, project, action, json.loads(payload or "{}"), state, json.loads(result or "null"), error)
