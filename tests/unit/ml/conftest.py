"""`serve(code)`: a backend of that code, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from live_backend import LiveBackend

Serve = Callable[..., LiveBackend]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts backends: of code, or of a file. Further arguments are those of LiveBackend."""
    started: list[LiveBackend] = []

    def start(code: str | Path, **options: Any) -> LiveBackend:
        folder = tmp_path / f"backend-{len(started)}"
        folder.mkdir()
        file = code if isinstance(code, Path) else folder / "ml_backend.py"
        if isinstance(code, str):
            file.write_text(dedent(code), encoding="utf-8")
        started.append(LiveBackend(file, folder, **options))
        return started[-1].start()

    yield start
    for backend in started:
        backend.kill()
