"""What `labelwright ml create` writes: `common/` and the folder of the template.

Python files are kept as .py.txt there: they are no modules of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

TEMPLATES = {
    "text": "a choice for a text",
    "ner": "names in a text",
    "image": "a choice for an image",
    "boxes": "boxes in an image",
    "audio": "parts of a sound",
}


def write_scaffold(folder: Path, template: str) -> None:
    """Writes a backend of a template into a folder."""
    names = {"ClassName": class_name(folder.resolve().name), "folder": folder.name, "about": TEMPLATES[template]}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _files(template):
        filled = re.sub(r"\{\{(\w+)\}\}", lambda found: names[found[1]], text)
        (folder / name).write_text(filled, encoding="utf-8")


def class_name(folder_name: str) -> str:
    """A class's name for a folder's: `my-reviews` → `MyReviews`.

    >>> class_name("2nd try")
    'Model2ndTry'
    """
    words = re.findall(r"[A-Za-z0-9]+", folder_name)
    name = "".join(word[0].upper() + word[1:] for word in words)
    return name if name and not name[0].isdigit() else f"Model{name}"


def _files(template: str) -> Iterator[tuple[str, str]]:
    for part in ("common", template):
        for file in (files(__package__) / part).iterdir():
            yield file.name.removesuffix(".txt") if ".py" in file.name else file.name, file.read_text(encoding="utf-8")
