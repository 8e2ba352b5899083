"""The place a model works in: its project, its folder, and the labeling server that asked for it."""

from __future__ import annotations

import atexit
import tempfile
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from labelwright.ml.state import State


@dataclass(frozen=True)
class Place:
    """What a model instance is bound to. In an author's own script: memory and a temporary folder."""

    project_id: str = ""
    label_config: str = ""
    state: State = field(default_factory=State)
    folder: Path | None = None

    def folder_of(self, *parts: str) -> Path:
        """A folder of the backend's own, made if it is missing."""
        base = self.folder or _scratch()
        folder = base.joinpath(*map(safe_name, parts))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


@cache
def _scratch() -> Path:
    """A folder for a script that has none, gone when it ends."""
    folder = tempfile.TemporaryDirectory(prefix="labelwright-ml-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


HERE: ContextVar[Place | None] = ContextVar("place", default=None)
"""Set while the server makes a model, so that an `__init__` that hands nothing on works too."""


def safe_name(name: str) -> str:
    """A name for a file or folder: what a stranger sent must not lead out of ours."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)[:80] or "_"
