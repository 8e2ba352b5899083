"""The command `labelwright`: one file per command."""

from __future__ import annotations


def main() -> None:
    from labelwright.cli.app import app

    app()
