"""Writes the generated pages of the documentation: `make docs`.

Each page comes from what it describes, by a module of `generators/`. `python docs/build.py --check` writes nothing and says which
pages are out of date. The hotkeys are listed where they are defined, in TypeScript: their page is a snapshot of a web test, which
`make docs` renews as well.
"""

from __future__ import annotations

import sys
from pathlib import Path

from generators.api import api_page
from generators.backend import backend_page
from generators.commands import commands_page
from generators.formats import formats_page
from generators.sdk import sdk_page
from generators.settings import settings_page
from generators.tags import tag_pages

DOCS = Path(__file__).resolve().parent
TAGS = "reference/tags/"


def build_pages() -> dict[str, str]:
    """Path below `docs/` → text, of every generated page but that of the hotkeys."""
    return {
        **tag_pages(),
        "reference/formats.md": formats_page(),
        "reference/settings.md": settings_page(),
        "reference/commands.md": commands_page(),
        "reference/api.md": api_page(),
        "reference/sdk.md": sdk_page(),
        "reference/backend.md": backend_page(),
    }


def outdated(pages: dict[str, str]) -> list[str]:
    """Pages that are missing, differ, or are those of a tag that is gone."""
    differing = [path for path, text in pages.items() if _read(path) != text]
    gone = [TAGS + file.name for file in sorted((DOCS / TAGS).glob("*.md")) if TAGS + file.name not in pages]
    return differing + gone


def _read(path: str) -> str | None:
    file = DOCS / path
    return file.read_text(encoding="utf-8") if file.exists() else None


def write(pages: dict[str, str]) -> list[str]:
    """The paths that changed."""
    changed = outdated(pages)
    for path in changed:
        file = DOCS / path
        if path in pages:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(pages[path], encoding="utf-8")
        else:
            file.unlink()
    return changed


def main() -> int:
    """The exit code."""
    pages = build_pages()
    if "--check" in sys.argv:
        wrong = outdated(pages)
        print("\n".join([*(f"out of date: docs/{path}" for path in wrong), "Run: make docs"] if wrong else ["Up to date."]))
        return 1 if wrong else 0
    for path in write(pages):
        print(f"wrote docs/{path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
