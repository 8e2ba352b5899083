"""The documentation's pages and the code blocks in them.

A block may be told what it is by a comment on the line before its fence: `<!-- file: reviews.csv -->` puts it where the page's
Python finds it, `<!-- with: 2.x -->` names the SDK that runs it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
HOWTOS = [page for page in PAGES if page.startswith("docs/howto/")]
_BLOCK = re.compile(
    r"^(?:(?P<lead> *)<!-- (?P<note>[^\n]*?) -->\n)?(?P<indent> *)```(?P<language>\w+)\n(?P<text>.*?)^(?P=indent)```$",
    re.M | re.S,
)
_COMMENT = re.compile(r"^<!-- test: (.*?) -->$", re.M)


@dataclass(frozen=True)
class Block:
    """A fenced block. `note`: the comment before it, or ""."""

    page: str
    line: int
    language: str
    text: str
    note: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file(self) -> str | None:
        """The name that the block's text is to be saved under."""
        return self.note.removeprefix("file: ") if self.note.startswith("file: ") else None


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, *languages: str) -> list[Block]:
    """The page's blocks in order; of these languages, if any are named."""
    text = read(page)
    found = []
    for match in _BLOCK.finditer(text):
        inside = re.sub(rf"^{match['indent']}", "", match["text"], flags=re.M)
        line = text.count("\n", 0, match.start("indent")) + 1
        found.append(Block(page, line, match["language"], inside, match["note"] or ""))
    return [block for block in found if not languages or block.language in languages]


def all_blocks(*languages: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page, *languages)]
