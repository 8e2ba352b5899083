"""Configs to start from: one file of `templates/<group>/` each, XML with a comment on top that says what it is for."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import msgspec
from msgspec import Struct

GROUPS: dict[str, str] = {
    "natural-language-processing": "Text",
    "computer-vision": "Images",
    "audio-speech-processing": "Audio and speech",
    "generative-ai": "Generative AI",
    "chat": "Chat",
    "conversational-ai": "Dialogues",
    "ranking-and-scoring": "Ranking and scoring",
    "structured-data-parsing": "Structured data",
    "time-series-analysis": "Time series",
    "videos": "Video",
    "community-contributions": "From the community",
}
"""Folder and title of each group, in the order shown."""


class Template(Struct, frozen=True, kw_only=True):
    """A config for one use, with a task it fits."""

    id: str
    group: str
    """A key of GROUPS."""
    title: str
    description: str
    config: str
    data: dict[str, Any]


@cache
def load_templates() -> tuple[Template, ...]:
    """All templates, by group and then by title. Read once."""
    folder = files(__package__) / "templates"
    found = []
    for group in GROUPS:
        of_group = [_read(file, group) for file in (folder / group).iterdir() if file.name.endswith(".xml")]
        found += sorted(of_group, key=lambda template: template.title)
    return tuple(found)


def template_named(template_id: str) -> Template | None:
    """The template with this id, or None."""
    return next((template for template in load_templates() if template.id == template_id), None)


def _read(file: Traversable, group: str) -> Template:
    head, _, config = file.read_text(encoding="utf-8").removeprefix("<!--\n").partition("\n-->\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    return Template(
        id=file.name.removesuffix(".xml"),
        group=group,
        title=facts["title"],
        description=facts["description"],
        config=config,
        data=msgspec.json.decode(facts["data"]),
    )
