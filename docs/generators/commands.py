"""`reference/commands.md`: every command of `labelwright` with its arguments and options."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from generators.markdown import code, fence, generated, page, table
from labelwright.cli.app import app

INTRODUCTION = """\
`labelwright --help` lists the commands, `labelwright COMMAND --help` explains one.

`start`, `init`, `user` and `doctor` work on the data directory of this machine. `import` and `export` speak to a running
server, here or elsewhere, with your API token. Exit code 0: done; 1: refused, with a sentence that says why; 2: the command
was not understood.

What no option says comes from the [settings](settings.md)."""
PLACEHOLDERS: dict[Any, str] = {int: "NUMBER", str: "TEXT", Path: "PATH"}


def commands_page() -> str:
    parts = [part for names, command in commands() for part in describe(" ".join(names), command)]
    return page("# Commands", generated("src/labelwright/cli"), INTRODUCTION, *parts)


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command by the words one types, in the order of `--help`: `(("labelwright", "user", "create"), command)`."""
    yield from _walk(("labelwright",), typer.main.get_command(app))


def _walk(names: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not hasattr(command, "commands"):
        yield names, command
        return
    for name, inner in command.commands.items():
        yield from _walk((*names, name), inner)


def describe(name: str, command: Any) -> Iterator[str]:
    shown = [parameter for parameter in command.params if not parameter.hidden]
    arguments = [parameter for parameter in shown if not is_option(parameter)]
    options = [parameter for parameter in shown if is_option(parameter)]
    usage = " ".join([name, *map(_usage, arguments), "[OPTIONS]" if options else ""]).strip()
    yield f"## {name}"
    yield command.help
    yield fence("text", usage)
    yield table(("argument", "meaning"), [(code(_usage(argument)), argument.help or "") for argument in arguments])
    yield table(("option", "meaning"), [(_spelling(option), _meaning(option)) for option in options])


def is_option(parameter: Any) -> bool:
    return bool(parameter.opts[0].startswith("-"))


def _usage(argument: Any) -> str:
    return str(argument.name).upper() + ("…" if argument.nargs == -1 else "")


def _spelling(option: Any) -> str:
    takes = "" if option.is_flag else f" {PLACEHOLDERS.get(_type(option), 'TEXT')}"
    names = sorted(option.opts, key=len, reverse=True) + list(option.secondary_opts)
    return ", ".join(code(name + takes) for name in names)


def _type(option: Any) -> Any:
    annotation = option.type_descriptor.annotation
    return next((kind for kind in PLACEHOLDERS if annotation == kind or kind in getattr(annotation, "__args__", ())), str)


def _meaning(option: Any) -> str:
    parts = [option.help or str(option.name).replace("_", " ").capitalize() + "."]
    if option.envvar:
        parts.append(f"Also from {code(option.envvar)}.")
    if option.is_flag:
        on, off = option.opts[0], next(iter(option.secondary_opts), None)
        parts.append(f"Default: {code(on if option.default else off)}." if off and option.default is not None else "")
    elif option.default not in (None, ""):
        parts.append(f"Default: {code(option.default)}.")
    return " ".join(part for part in parts if part)
