"""What the server counts about itself, in Prometheus' text format 0.0.4. Counted on the event loop, so without locks."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

from labelwright.server.db.engine import Database

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
STARTED_S = time.time()


class Metrics:
    """Requests by method, route and status; their durations by method and route."""

    def __init__(self) -> None:
        self.requests: dict[tuple[str, str, int], int] = defaultdict(int)
        self.durations: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (len(BUCKETS_S) + 1))
        self.seconds: dict[tuple[str, str], float] = defaultdict(float)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        self.requests[method, route, status] += 1
        self.seconds[method, route] += seconds
        place = next((i for i, edge in enumerate(BUCKETS_S) if seconds <= edge), len(BUCKETS_S))
        self.durations[method, route][place] += 1

    def text(self, db: Database) -> str:
        return "\n".join([*self._requests(), *self._durations(), *_database(db), *_process(), ""])

    def _requests(self) -> list[str]:
        lines = _head("labelwright_http_requests_total", "counter", "Requests by method, route and status.")
        for (method, route, status), count in sorted(self.requests.items()):
            lines.append(f'labelwright_http_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}')
        errors = sum(count for (_, _, status), count in self.requests.items() if status >= 500)
        lines += _head("labelwright_http_errors_total", "counter", "Requests that the server failed (5xx).")
        return [*lines, f"labelwright_http_errors_total {errors}"]

    def _durations(self) -> list[str]:
        name = "labelwright_http_request_duration_seconds"
        lines = _head(name, "histogram", "Time from the first byte in to the last byte out.")
        for (method, route), counts in sorted(self.durations.items()):
            labels, total = f'method="{method}",route="{route}"', 0
            for edge, count in zip([*map(str, BUCKETS_S), "+Inf"], counts, strict=True):
                total += count
                lines.append(f'{name}_bucket{{{labels},le="{edge}"}} {total}')
            lines.append(f"{name}_sum{{{labels}}} {self.seconds[method, route]:.6f}")
            lines.append(f"{name}_count{{{labels}}} {total}")
        return lines


def _database(db: Database) -> list[str]:
    return [
        *_head("labelwright_db_connections_in_use", "gauge", "Database connections at work."),
        f"labelwright_db_connections_in_use {db.connections_in_use}",
        *_head("labelwright_db_write_queue", "gauge", "Writes waiting for the SQLite writer; 0 on PostgreSQL."),
        f"labelwright_db_write_queue {db.writes_waiting}",
    ]


def _process() -> list[str]:
    lines = [
        *_head("process_start_time_seconds", "gauge", "Start of the process, Unix time."),
        f"process_start_time_seconds {STARTED_S:.3f}",
        *_head("process_cpu_seconds_total", "counter", "CPU time used."),
        f"process_cpu_seconds_total {time.process_time():.3f}",
    ]
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):  # no Linux
        return lines
    memory = _head("process_resident_memory_bytes", "gauge", "Memory in use.")
    return [*lines, *memory, f"process_resident_memory_bytes {pages * 4096}"]


def _head(name: str, kind: str, text: str) -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]
