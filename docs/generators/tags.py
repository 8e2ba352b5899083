"""`reference/tags/`: a page per tag of the config language and one that lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from generators.markdown import code, fence, generated, page, pretty, table
from labelwright.labelconfig import AttrSchema, TagSchema, load_tags

WEB_TAGS = Path(__file__).parents[2] / "web" / "packages" / "tags" / "src"
GROUPS = {
    "Objects": "what is shown",
    "Controls that make regions": "mark a part of an object",
    "Controls that ask": "one answer for the task, the region or the page",
    "Layout and looks": "arrange the rest",
    "Parts of other tags": "stand inside the tag they belong to",
}
TYPES = {
    "boolean": "`true` or `false`",
    "color": "colour",
    "css": "CSS",
    "hotkey": "key",
    "integer": "whole number",
    "list": "comma list",
    "name": "name",
    "names": "name, or comma list of names",
    "number": "number",
    "string": "text",
    "variable": "text, `$field` takes it from the task",
}
DATA_TYPES = {"string": "a text", "number": "a number", "list": "a list", "object": "an object", "null": "null"}
DRAWN = "drawn today"
KEPT = "kept, not drawn yet"


def tag_pages() -> dict[str, str]:
    """Path below `docs/` → text."""
    pages = {f"reference/tags/{name.lower()}.md": tag_page(schema) for name, schema in load_tags().items()}
    return {"reference/tags/README.md": index_page()} | pages


def index_page() -> str:
    parts = []
    for group, about in GROUPS.items():
        rows = [
            (f"[{schema.name}]({schema.name.lower()}.md)", schema.summary, "yes" if is_drawn(schema) else "not yet")
            for schema in load_tags().values()
            if group_of(schema) == group
        ]
        parts.append(f"## {group}\n\n{about[0].upper()}{about[1:]}.\n\n{table(('tag', 'what it is', 'drawn'), rows)}")
    return page("# Tags", generated("src/labelwright/labelconfig/tags"), INTRODUCTION, *parts)


INTRODUCTION = """\
A [label config](../../howto/write-a-label-config.md) is made of these tags. Names of tags and attributes may be written in
any case.

Every tag is read, checked and kept. *Drawn: not yet* means that the labeling screen shows a note in its place; answers that are
there already (imported, or made elsewhere) stay in the task and in exports, and nobody can change them by accident."""


def group_of(schema: TagSchema) -> str:
    if schema.kind == "control":
        return "Controls that make regions" if schema.regions else "Controls that ask"
    return {"object": "Objects", "visual": "Layout and looks", "child": "Parts of other tags"}[schema.kind]


# ---------------------------------------------------------------- one tag
def tag_page(schema: TagSchema) -> str:
    return page(
        f"# {schema.name}",
        generated(f"src/labelwright/labelconfig/tags/{schema.name.lower()}.json"),
        schema.summary,
        "\n".join(f"- {fact}" for fact in facts_of(schema)),
        "## Example",
        fence("xml", schema.example),
        "A task for it:" if schema.data else "",
        fence("json", pretty(schema.data)) if schema.data else "",
        "## Attributes" if schema.attributes else "",
        table(("name", "type", "default", "meaning"), [attribute_row(*each) for each in schema.attributes.items()]),
        *result_parts(schema),
    )


def facts_of(schema: TagSchema) -> Iterator[str]:
    state = DRAWN if is_drawn(schema) else KEPT
    yield f"{group_of(schema)} · **{state}**"
    if schema.kind == "control":
        yield "Asked about: " + ("any object" if "*" in schema.accepts else _links(schema.accepts))
    homes = homes_of(schema)
    if schema.kind == "child" and homes:
        yield f"Stands in: {_links(homes)}"
    if schema.children:
        yield "Holds: " + ("any tag" if "*" in schema.children else _links(schema.children))
    if schema.content == "foreign":
        yield "What stands inside is not tags but the text itself."
    if schema.kind == "object":
        yield "The task's field may hold: " + ", ".join(DATA_TYPES[kind] for kind in schema.data_types)
    if schema.aliases:
        yield "Also written: " + ", ".join(code(alias) for alias in schema.aliases)


def attribute_row(name: str, attribute: AttrSchema) -> tuple[str, str, str, str]:
    kind = " / ".join(code(value) for value in attribute.values) if attribute.values else TYPES[attribute.type]
    bounds = [f"{word} {limit:g}" for word, limit in (("from", attribute.min), ("to", attribute.max)) if limit is not None]
    default = "**required**" if attribute.required else _default(attribute)
    return code(name), " ".join([kind, *bounds]), default, attribute.doc


def _default(attribute: AttrSchema) -> str:
    given = attribute.default
    if given is None or given == "":
        return ""
    return code(str(given).lower() if isinstance(given, bool) else given)


def result_parts(schema: TagSchema) -> Iterator[str]:
    """How its answer is stored."""
    result = schema.result
    if result is None:
        return
    yield "## Result"
    if schema.name == "Relations":
        yield "One item per relation:"
        yield table(("key", "holds"), [(code(key), text) for key, text in dict(result.shape or {}).items()])  # type: ignore[arg-type]
    else:
        per = "region" if schema.regions else "answer"
        yield f"One item per {per}, of `type` {code(result.type)}; `from_name` is the control's name, `to_name` the object's."
        shape = result.shape if isinstance(result.shape, dict) else {result.value_key: result.shape or ""}
        yield table(("key of `value`", "holds"), [(code(key), text) for key, text in shape.items()])
    if schema.sample_result:
        yield fence("json", pretty(list(schema.sample_result)))


def _links(names: tuple[str, ...]) -> str:
    return ", ".join(f"[{name}]({name.lower()}.md)" for name in names)


# ---------------------------------------------------------------- what the editor draws
def homes_of(schema: TagSchema) -> tuple[str, ...]:
    """Tags that are made to hold this one."""
    return tuple(each.name for each in load_tags().values() if schema.name in each.children and each.name != schema.name)


def is_drawn(schema: TagSchema) -> bool:
    """Whether the labeling screen has a view for it; a part of other tags is drawn by them."""
    if schema.kind == "child":
        return any(home in drawn_tags() for home in homes_of(schema))
    return schema.name in drawn_tags()


@cache
def drawn_tags() -> frozenset[str]:
    """Names of the tags that the editor's registry lists. Raises ValueError when its lines are not as this reads them."""
    registry = (WEB_TAGS / "registry.ts").read_text(encoding="utf-8")
    folders = dict[str, str]()
    for names, folder in re.findall(r'^import \{ ([\w, ]+) \} from "\./(\w+)";$', registry, re.MULTILINE):
        folders |= dict.fromkeys(names.split(", "), folder)
    listed = re.search(r"^const tags: readonly TagDef\[\] = \[\n(.*?)^\];", registry, re.MULTILINE | re.DOTALL)
    if listed is None:
        raise ValueError("registry.ts has no list of tags")
    return frozenset(name for record in re.findall(r"\w+", listed[1]) for name in _names_of(record, folders[record]))


def _names_of(record: str, folder: str) -> list[str]:
    source = (WEB_TAGS / folder / "index.ts").read_text(encoding="utf-8")
    names = re.search(rf"^export const {record} = defineTag\(\{{\s*names: \[([^\]]+)\]", source, re.MULTILINE)
    if names is None:
        raise ValueError(f"{folder}/index.ts has no names for {record}")
    return re.findall(r'"(\w+)"', names[1])
