"""Versions of a model, as files: each in a folder of its own that appears whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
_ABOUT = "about.json"


class Store:
    """Keeps versions in a folder.

    now_used: told the version that predictions carry from now on.
    """

    def __init__(self, folder: Path, now_used: Callable[[str], None] | None = None) -> None:
        self.folder = folder
        self._now_used = now_used

    def save(self, version: str, content: Any) -> Path:
        """Keeps a version and makes it the one in use; the path of its file or folder.

        content: a path (the file or folder is copied), bytes, or a value that JSON can hold. ValueError for a version that
        exists, or whose name is not made of letters, digits and `._+-`; FileNotFoundError for a path with nothing there.
        """
        if not SAFE_NAME.fullmatch(version):
            raise ValueError(f"{version!r} is no name for a version: letters, digits, and . _ + - after the first")
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / version
        if target.exists():
            raise ValueError(f"version {version} exists; versions are not changed, save a new one")
        draft = Path(tempfile.mkdtemp(prefix=".saving-", dir=self.folder))
        try:
            name = _write(content, draft)
            about = {"version": version, "file": name, "saved_at_ns": time.time_ns()}
            (draft / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
            _flush(draft)
            os.rename(draft, target)
        except BaseException as error:
            shutil.rmtree(draft, ignore_errors=True)
            if isinstance(error, OSError) and target.exists():
                raise ValueError(f"version {version} exists; versions are not changed, save a new one") from None
            raise
        self._in_use(version)
        return target / name

    def versions(self) -> list[str]:
        """All versions, the oldest first."""
        found = [about for folder in self._folders() if (about := _about(folder))]
        return [about["version"] for about in sorted(found, key=lambda about: about["saved_at_ns"])]

    @property
    def latest(self) -> str | None:
        """The version saved last, None if there is none."""
        versions = self.versions()
        return versions[-1] if versions else None

    def path(self, version: str | None = None) -> Path:
        """The file or folder of a version (the latest). KeyError if there is none."""
        version = version or self.latest
        about = _about(self.folder / version) if version and SAFE_NAME.fullmatch(version) else None
        if version is None or about is None:
            raise KeyError(f"there is no version {version}" if version else "no version has been saved yet")
        return self.folder / version / str(about["file"])

    def load(self, version: str | None = None) -> Any:
        """The content of a version (the latest) as it was saved: bytes, or a JSON value; the path of what was a folder."""
        path = self.path(version)
        if path.is_dir():
            return path
        return json.loads(path.read_text(encoding="utf-8")) if path.name == "model.json" else path.read_bytes()

    def use(self, version: str) -> None:
        """Makes an older version the one that predictions carry."""
        self.path(version)
        self._in_use(version)

    def delete(self, version: str) -> None:
        """Deletes a version."""
        shutil.rmtree(self.path(version).parent)

    def _in_use(self, version: str) -> None:
        if self._now_used is not None:
            self._now_used(version)

    def _folders(self) -> list[Path]:
        return [entry for entry in self.folder.iterdir() if entry.is_dir()] if self.folder.is_dir() else []


def _write(content: Any, folder: Path) -> str:
    """Its name in the folder."""
    if isinstance(content, str | os.PathLike):
        source = Path(content)
        name = source.name if source.name != _ABOUT else f"model-{_ABOUT}"
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copyfile(source, folder / name)
        return name
    if isinstance(content, bytes | bytearray | memoryview):
        (folder / "model.bin").write_bytes(content)
        return "model.bin"
    (folder / "model.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return "model.json"


def _flush(folder: Path) -> None:
    """Onto the disk, so that a version that is there after a power cut is whole."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())


def _about(folder: Path) -> dict[str, Any] | None:
    if folder.name.startswith("."):
        return None
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return about if isinstance(about, dict) and about.get("version") == folder.name else None
