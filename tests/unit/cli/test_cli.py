"""The command line, run in process on a data directory of its own."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from labelwright import __version__
from labelwright.cli.app import app
from labelwright.cli.start import address_of, port_fault
from labelwright.server.settings import read_settings

runner = CliRunner()
PASSWORD = "Pass-1234!"


def run(*words: str, data_dir: Path, ok: bool = True) -> str:
    """What the command prints; its exit code must say `ok`."""
    result = runner.invoke(app, [*words, "--data-dir", str(data_dir)])
    assert (result.exit_code == 0) is ok, result.output
    return result.output


def test_version() -> None:
    assert runner.invoke(app, ["version"]).output.strip() == __version__


def test_init_twice(tmp_path: Path) -> None:
    for _ in range(2):
        assert "Ready" in run("init", data_dir=tmp_path)
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_accounts_from_the_shell(tmp_path: Path) -> None:
    run("user", "create", "Ann@Example.com", "--password", PASSWORD, "--token", "a" * 40, data_dir=tmp_path)
    run("user", "create", "bob@example.com", "--password", PASSWORD, "--join", data_dir=tmp_path)
    run("user", "create", "eve@example.com", "--password", PASSWORD, data_dir=tmp_path)
    titles = [line.split("\t")[1:3] for line in run("user", "list", data_dir=tmp_path).splitlines()]
    assert titles == [
        ["ann@example.com", "Labelwright"],
        ["bob@example.com", "Labelwright"],
        ["eve@example.com", "eve@example.com"],
    ]
    assert run("user", "token", "ann@example.com", data_dir=tmp_path).strip() == "a" * 40
    new = run("user", "token", "ann@example.com", "--reset", data_dir=tmp_path).strip()
    assert new == run("user", "token", "ann@example.com", data_dir=tmp_path).strip() != "a" * 40
    assert "sessions have ended" in run("user", "set-password", "bob@example.com", "--password", "Other-1234", data_dir=tmp_path)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("user", "create", "ann@example.com", "--password", "short"), "8 to 128"),
        (("user", "create", "nonsense", "--password", PASSWORD), "valid email"),
        (("user", "token", "nobody@example.com"), "no account"),
        (("user", "set-password", "nobody@example.com", "--password", PASSWORD), "no account"),
    ],
)
def test_refusals_are_sentences(tmp_path: Path, words: tuple[str, ...], reason: str) -> None:
    output = run(*words, data_dir=tmp_path, ok=False)
    assert reason in output
    assert "Traceback" not in output


def test_doctor_finds_nothing_wrong_after_init(tmp_path: Path) -> None:
    run("init", data_dir=tmp_path)
    assert "bad" not in run("doctor", "--port", "0", data_dir=tmp_path)


def test_doctor_sees_a_broken_database(tmp_path: Path) -> None:
    (tmp_path / "labelwright.sqlite3").write_bytes(b"not a database" * 100)
    assert "bad  database" in run("doctor", data_dir=tmp_path, ok=False)


def test_doctor_sees_a_newer_schema(tmp_path: Path) -> None:
    run("init", data_dir=tmp_path)
    import sqlite3

    with sqlite3.connect(tmp_path / "labelwright.sqlite3") as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "install a newer one" in run("doctor", data_dir=tmp_path, ok=False)
    assert "Install a newer one" in run("init", data_dir=tmp_path, ok=False)


def test_start_says_that_the_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "Can't listen" in (port_fault("127.0.0.1", port) or "")
        assert "--port" in run("start", "--port", str(port), "--no-browser", data_dir=tmp_path, ok=False)


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://localhost:8080"), ("0.0.0.0", "http://localhost:8080"), ("fe80::1", "http://[fe80::1]:8080")],
)
def test_address(tmp_path: Path, host: str, address: str) -> None:
    assert address_of(read_settings(data_dir=tmp_path, host=host, env={})) == address


@pytest.mark.parametrize(
    "env",
    [
        {"LABELWRIGHT_SIGNUP": "x"},
        {"LABELWRIGHT_LOG_FORMAT": "x"},
        {"LABELWRIGHT_LOG_LEVEL": "x"},
        {"LABELWRIGHT_SECRET_KEY": "short"},
    ],
)
def test_bad_settings_are_refused(tmp_path: Path, env: dict[str, str]) -> None:
    with pytest.raises(SystemExit, match=next(iter(env))):
        read_settings(data_dir=tmp_path, env=env)
