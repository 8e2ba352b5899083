"""Versions: whole or not there, oldest first, never changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labelwright.ml import Store


@pytest.mark.parametrize("content", [b"\x00weights", {"word": 1.5}, [1, 2], None])
def test_what_is_saved_is_loaded(tmp_path: Path, content: Any) -> None:
    store = Store(tmp_path)
    store.save("v1", content)
    assert store.load() == store.load("v1") == content


def test_files_and_folders_are_copied(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "a.bin").write_bytes(b"a")
    store = Store(tmp_path / "store")
    assert (store.save("folder", weights) / "a.bin").read_bytes() == b"a"
    assert store.save("file", str(weights / "a.bin")).name == "a.bin"
    assert store.load("file") == b"a"
    assert (store.load("folder") / "a.bin").exists()


def test_versions_are_listed_in_the_order_of_saving(tmp_path: Path) -> None:
    used: list[str] = []
    store = Store(tmp_path, used.append)
    assert (store.versions(), store.latest) == ([], None)
    for version in ("v10", "v9", "v2"):
        store.save(version, version.encode())
    assert (store.versions(), store.latest, used) == (["v10", "v9", "v2"], "v2", ["v10", "v9", "v2"])
    store.use("v9")
    assert used[-1] == "v9"
    store.delete("v2")
    assert store.latest == "v9"
    with pytest.raises(KeyError, match="no version v2"):
        store.load("v2")


def test_a_version_is_not_changed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save("v1", b"one")
    with pytest.raises(ValueError, match="v1 exists"):
        store.save("v1", b"two")
    assert store.load("v1") == b"one"


@pytest.mark.parametrize("name", ["", ".", "..", "../v1", "a/b", "a\\b", ".hidden", "v 1", "v1\n", "x" * 101, "/tmp/x"])
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name for a version"):
        Store(tmp_path / "store").save(name, b"")
    with pytest.raises(KeyError):
        Store(tmp_path / "store").path(name)


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with pytest.raises(FileNotFoundError):
        store.save("v1", tmp_path / "missing")
    with pytest.raises(TypeError):
        store.save("v1", {"not": object()})
    assert (store.versions(), list((tmp_path / "store").iterdir())) == ([], [])


def test_a_half_written_version_is_none(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save("v1", b"one")
    (tmp_path / ".saving-x").mkdir()
    (tmp_path / "v2").mkdir()
    assert store.versions() == ["v1"]
