"""Every example of the docs is right: XML is valid, JSON parses, commands and settings exist, links lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import PurePosixPath
from typing import Any

import pytest

from docs.pages import DOCS, PAGES, ROOT, Block, all_blocks, read
from labelwright.labelconfig import lint_config, validate_config
from labelwright.server.app import all_routes

sys.path.insert(0, str(DOCS))
from generators.commands import commands
from generators.settings import THEIRS, asked_names

OTHER_PROGRAMS = {
    "make",
    "pip",
    "export",
    "curl",
    "git",
    "cp",
    "systemctl",
    "createdb",
    "sudo",
    "cd",
    "nginx",
    "python",
    "pg_dump",
}
SETTINGS = {name for names in asked_names()[0].values() for name in names if not name.startswith(THEIRS)}
SETTINGS |= {"LABELWRIGHT_URL", "LABELWRIGHT_API_KEY", "LABELWRIGHT_PASSWORD", "LABELWRIGHT_UNSAFE_", "LABELWRIGHT_"}
SETTINGS |= {"LABELWRIGHT_MODEL_DIR", "LABELWRIGHT_ML_BASIC_AUTH"}
DEVELOPERS = {
    "LABELWRIGHT_SKIP_WEB",
    "LABELWRIGHT_TEST_DATABASE",
    "LABELWRIGHT_TEST_URL",
    "LABELWRIGHT_CHROMIUM",
    "LABELWRIGHT_DEV_SERVER",
}
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("block", all_blocks("xml"), ids=str)
def test_xml_is_a_config_without_problems(block: Block) -> None:
    assert validate_config(block.text) == []
    assert [problem.message for problem in lint_config(block.text)] == []


@pytest.mark.parametrize("block", all_blocks("json"), ids=str)
def test_json_parses(block: Block) -> None:
    json.loads(block.text)


# ---------------------------------------------------------------- commands
def command_lines() -> list[tuple[str, list[str]]]:
    lines = [(block, line) for block in all_blocks("sh") for line in block.text.replace("\\\n", " ").splitlines()]
    return [(f"{block}: {line}", words) for block, line in lines if (words := shlex.split(line, comments=True))]


@pytest.mark.parametrize(("line", "words"), command_lines())
def test_commands_are_known_with_their_options(line: str, words: list[str]) -> None:
    program = PurePosixPath(words[0]).name
    if program == "labelwright":
        check_command(words[1:])
    elif program == "make":
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    elif program == "curl":
        check_request(words[1:])
    else:
        assert program in OTHER_PROGRAMS


def check_command(words: list[str]) -> None:
    """A `labelwright …` line: the command exists, its options exist, as many arguments as it takes."""
    known = {names[1:]: command for names, command in commands()}
    names = next((tuple(words[:count]) for count in (2, 1) if tuple(words[:count]) in known), ())
    assert names, f"no command {' '.join(words)}"
    parameters = known[names].params
    options = {spelling: parameter for parameter in parameters for spelling in (*parameter.opts, *parameter.secondary_opts)}
    rest, arguments = words[len(names) :], 0
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            arguments += 1
            continue
        name, equals, _ = word.partition("=")
        assert name in options, f"{' '.join(names)} has no option {name}"
        if not options[name].is_flag and not equals:
            rest.pop(0)
    takes = [parameter for parameter in parameters if not parameter.opts[0].startswith("-")]
    assert arguments == len(takes) or (arguments > len(takes) and any(parameter.nargs == -1 for parameter in takes))


def check_request(words: list[str]) -> None:
    """A `curl` line: our server has a route for the method and the path."""
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    address = next(word for word in words if word.startswith("http"))
    path = "/" + address.split("/", 3)[3].split("?")[0] if address.count("/") > 2 else "/"
    patterns = [
        re.sub(r"\{\w+:int\}", r"\\d+", re.sub(r"\{\w+:str\}", "[^/]+", route.path))
        for route in all_routes()
        if route.method == method
    ]
    assert any(re.fullmatch(pattern, path.rstrip("/") or "/") for pattern in patterns), f"no route {method} {path}"


# ---------------------------------------------------------------- names and links
@pytest.mark.parametrize("page", PAGES)
def test_settings_that_are_named_exist(page: str) -> None:
    named = set(re.findall(r"\b(?:LABELWRIGHT|LABEL_STUDIO)_[A-Z_]*", read(page)))
    theirs = {name.replace(THEIRS, "LABELWRIGHT_", 1) for name in named if name.startswith(THEIRS)}
    ours = {name for name in named if not name.startswith(THEIRS)}
    assert (ours | theirs) - SETTINGS - DEVELOPERS - {
        "LABELWRIGHT_BASE_DATA_DIR",
        "LABELWRIGHT_DISABLE_SIGNUP_WITHOUT_LINK",
    } == set()


def anchors(text: str) -> set[str]:
    """Names of a page's headings as they are linked to."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = re.sub(r"^ *```.*?^ *```", "", read(page), flags=re.MULTILINE | re.DOTALL)
    for target in LINK.findall(re.sub(r"`[^`]*`", "", text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), f"{target}: no such file"
        assert not anchor or anchor in anchors(file.read_text(encoding="utf-8")), f"{target}: no such heading"


@pytest.mark.parametrize("page", PAGES)
def test_files_of_the_source_that_are_named_exist(page: str) -> None:
    """`tests/…`, `src/…`, `web/…`, `docs/…` in a page's text; a `<name>` or `*` in it stands for any."""
    for path in re.findall(r"`((?:tests|src|web|docs|benchmarks)/[\w./<>*-]+)`", read(page)):
        pattern = re.sub(r"<\w+>", "*", path).rstrip("/")
        assert any(ROOT.glob(pattern)), f"{path}: no such file"


def test_every_page_is_in_the_table_of_contents() -> None:
    listed: Any = set(LINK.findall(read("docs/README.md")))
    pages = [
        page.removeprefix("docs/") for page in PAGES if page.startswith("docs/") and not page.startswith("docs/reference/tags/")
    ]
    missing = [page for page in pages if page != "README.md" and page not in listed and not page.startswith("decisions/")]
    assert missing == []
