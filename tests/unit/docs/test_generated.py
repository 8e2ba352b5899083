"""The generated reference is what the code says, and nothing lacks a page. The hotkeys: `web/app/docs/hotkeys.test.tsx`."""

from __future__ import annotations

import doctest
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from docs.pages import DOCS, read
from labelwright.formats import FORMATS
from labelwright.labelconfig import load_tags
from labelwright.server.app import all_routes


@pytest.fixture(scope="module")
def build() -> Iterator[ModuleType]:
    """`docs/build.py`."""
    sys.path.insert(0, str(DOCS))
    import build

    yield build
    sys.path.remove(str(DOCS))


def test_generated_pages_are_up_to_date(build: ModuleType) -> None:
    assert build.outdated(build.build_pages()) == [], "run: make docs"


def test_every_tag_has_a_page_that_is_in_the_index() -> None:
    index = read("docs/reference/tags/README.md")
    for name in load_tags():
        assert (DOCS / f"reference/tags/{name.lower()}.md").exists()
        assert f"[{name}]({name.lower()}.md)" in index


def test_every_format_route_command_and_setting_is_on_its_page(build: ModuleType) -> None:
    from generators.api import plain_path
    from generators.commands import commands
    from generators.settings import PREFIX, asked_names

    formats, api = read("docs/reference/formats.md"), read("docs/reference/api.md")
    assert [one.name for one in FORMATS if f"\n## {one.name}\n" not in formats] == []
    assert [route.path for route in all_routes() if f"`{plain_path(route)}`" not in api] == []
    shown = read("docs/reference/commands.md")
    assert [names for names, _ in commands() if f"\n## {' '.join(names)}\n" not in shown] == []
    settings = read("docs/reference/settings.md")
    looked_at = [name for names in asked_names()[0].values() for name in names if not name.startswith(f"{PREFIX}BASE")]
    assert [name for name in looked_at if f"`{name}`" not in settings and name != f"{PREFIX}DISABLE_SIGNUP_WITHOUT_LINK"] == []


def test_the_parts_of_pages_are_as_their_docstrings_say(build: ModuleType) -> None:
    from generators import markdown

    assert doctest.testmod(markdown) == (0, 1)


def test_tags_the_editor_draws_are_read_from_its_registry(build: ModuleType) -> None:
    from generators.tags import drawn_tags

    assert {"Text", "Image", "Choices", "RectangleLabels", "Relations"} <= drawn_tags()
    assert drawn_tags() <= set(load_tags())
