"""Everything that is wrong with a config, or probably not meant, with place and fix: what the config editor shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

from labelwright.labelconfig.attributes import find_misfits
from labelwright.labelconfig.config import ConfigNode, ConfigProblem, LabelConfig, Place
from labelwright.labelconfig.parse import as_config
from labelwright.labelconfig.spelling import nearest
from labelwright.labelconfig.tag import load_tags, tag_schema
from labelwright.labelconfig.validate import findings
from labelwright.labelconfig.variables import has_variable

MOST_PROBLEMS = 200
_OPTIONS = ("Label", "Choice", "Relation")


def lint_config(config: LabelConfig | str) -> list[ConfigProblem]:
    """All problems in document order, at most 200. There is an `error` exactly when `validate_config` finds one.

    >>> [(problem.message, problem.fix) for problem in lint_config('<View><Imge name="i" value="$i"/></View>')]
    [('There is no tag <Imge>', 'Did you mean <Image>?')]
    """
    config = as_config(config)
    if config.problems:
        return list(config.problems)
    errors = (
        ConfigProblem(message=plain, fix=fix, tag=node.tag, place=_place(config, node, attribute))
        for node, _, plain, fix, attribute in findings(config)
    )
    found = [*islice(errors, MOST_PROBLEMS)]
    found += islice(_warnings(config), MOST_PROBLEMS - len(found))
    return sorted(found, key=lambda problem: (problem.place.line, problem.place.column))


def _warnings(config: LabelConfig) -> Iterator[ConfigProblem]:
    missing = {(id(node), plain) for node, _, plain, _, _ in islice(findings(config), MOST_PROBLEMS)}
    if config.root.tag != "View":
        yield _warn(config.root, f"<{config.root.tag}> stands at the top", "Put one <View> around everything.")
    parents = {id(child): node for node in config.root.walk() for child in node.children}
    for node in config.root.walk():
        yield from _spelling(config, node)
        yield from _home(node, parents.get(id(node)))
        yield from (problem for problem in _required(node) if (id(node), problem.message) not in missing)
        yield from _source(config, node)
        yield from _targets(config, node)
        yield from _options(config, node)
        yield from _visibility(config, node)
    yield from _hotkeys(config)


def _spelling(config: LabelConfig, node: ConfigNode) -> Iterator[ConfigProblem]:
    schema = tag_schema(node.tag)
    if schema is None:
        near = nearest(node.tag, load_tags())
        yield _warn(
            node, f"There is no tag <{node.tag}>", f"Did you mean <{near}>?" if near else "Delete it, or check its spelling."
        )
        return
    for misfit in find_misfits(schema, node.written):
        yield _warn(node, misfit.message, misfit.fix, _place(config, node, misfit.attribute.lower()))
    text = node.text.strip()
    if text and schema.content == "tags":
        shown = text if len(text) <= 30 else f"{text[:30]}…"
        yield _warn(node, f'The text "{shown}" inside <{node.tag}> is not shown', 'Write <Header value="…"/> to show a text.')


def _home(node: ConfigNode, parent: ConfigNode | None) -> Iterator[ConfigProblem]:
    schema = tag_schema(node.tag)
    if (
        schema is None
        or schema.kind != "child"
        or parent is None
        or parent.tag in ("View", "Repeater")
        or tag_schema(parent.tag) is None
    ):
        return
    homes = _homes(schema.name)
    if homes and parent.tag not in homes and (node.tag, parent.tag) != ("Choice", "Choice"):
        usual = min(homes, key=len)
        yield _warn(node, f"<{node.tag}> does not belong in <{parent.tag}>", f"Put it into <{usual}>.")


@cache
def _homes(tag: str) -> tuple[str, ...]:
    return tuple(each.name for each in load_tags().values() if tag in each.children and each.name != tag)


def _required(node: ConfigNode) -> Iterator[ConfigProblem]:
    schema = tag_schema(node.tag)
    if schema is None:
        return
    for name, attribute in schema.attributes.items():
        is_given = name.lower() in node.raw
        if name == "value":
            is_given = is_given or "valuelist" in node.raw or "alias" in node.raw or node.text.strip() != ""
        if attribute.required and not is_given:
            example = "$field" if attribute.type == "variable" and schema.kind == "object" else "…"
            yield _warn(node, f"<{node.written_tag}> needs {name}", f'Add {name}="{example}".')


def _source(config: LabelConfig, node: ConfigNode) -> Iterator[ConfigProblem]:
    schema = tag_schema(node.tag)
    value = node.raw.get("value") or node.raw.get("valuelist") or ""
    if schema is None or schema.kind != "object" or not value or has_variable(value):
        return
    if not re.fullmatch(r"[\w-]+", value):
        return
    place = _place(config, node, "value" if node.raw.get("value") else "valuelist")
    message = f'value="{value}" is the same for every task'
    yield _warn(node, message, f'Write value="${value}" to take it from the task.', place)


def _targets(config: LabelConfig, node: ConfigNode) -> Iterator[ConfigProblem]:
    schema = tag_schema(node.tag)
    if schema is None or schema.kind != "control":
        return
    for name in node.to_name:
        target = config.by_name.get(name)
        target_schema = tag_schema(target.tag) if target else None
        if target is None or target is node or target_schema is None:
            continue
        place = _place(config, node, "toname")
        if target_schema.kind != "object" and all(target is not each for each in config.objects):
            message = f'toName="{name}" is a {target.tag}, which shows nothing to label'
            fix = "Point it to an object, such as Text or Image."
        elif schema.accepts and "*" not in schema.accepts and target.tag not in schema.accepts:
            message = f"{node.tag} does not work on {target.tag}"
            fix = f"It works on {', '.join(schema.accepts)}."
        else:
            continue
        yield _warn(node, message, fix, place)


def _options(config: LabelConfig, node: ConfigNode) -> Iterator[ConfigProblem]:
    schema = tag_schema(node.tag)
    option = next((name for name in schema.children if name in _OPTIONS), None) if schema else None
    if schema is None or option is None or node.tag == "Choice":
        return
    options = list(option_nodes(node))
    is_filled = options or node.raw.keys() & {"value", "apiurl"} or node.attrs.get("allowempty") is True
    if not is_filled and node.tag not in ("Choices", "Labels"):  # of those two it is an error
        yield _warn(node, f"<{node.tag}> has no <{option}>", f'Add <{option} value="…"/> inside.')
    seen: set[str] = set()
    for each in options:
        stored = each.raw.get("alias") or each.raw.get("value")
        if stored and stored in seen and not has_variable(stored):
            yield _warn(each, f'"{stored}" is there twice in {node.name or node.tag}', "Delete one, or give it another alias.")
        seen.add(stored or "")


def option_nodes(node: ConfigNode) -> Iterator[ConfigNode]:
    """Labels or choices of the first level; those of levels below may repeat a name."""
    for child in node.children:
        if child.tag in _OPTIONS:
            yield child
        else:
            yield from option_nodes(child)


def _visibility(config: LabelConfig, node: ConfigNode) -> Iterator[ConfigProblem]:
    names = node.attrs.get("whentagname")
    for name in names if isinstance(names, tuple) else ():
        if name not in config.by_name:
            near = nearest(name, config.by_name)
            place = _place(config, node, "whentagname")
            fix = f'Did you mean "{near}"?' if near else "Name a control that is there."
            yield _warn(node, f'whenTagName="{name}" names no control', fix, place)
    if node.attrs.get("perregion") is True and not _has_regions(config):
        fix = "Add a control such as Labels or RectangleLabels, or drop perRegion."
        yield _warn(node, "perRegion asks about regions, but nothing here makes any", fix)


def _has_regions(config: LabelConfig) -> bool:
    """As `makes_regions`, and messages of a Chat count."""
    schemas = (tag_schema(node.tag) for node in config.objects)
    return config.makes_regions or any(schema is not None and schema.regions for schema in schemas)


def _hotkeys(config: LabelConfig) -> Iterator[ConfigProblem]:
    owners: dict[str, ConfigNode] = {}
    for node in config.root.walk():
        schema = tag_schema(node.tag)
        key = node.raw.get("hotkey", "").strip().lower()
        if not key or schema is None or "hotkey" not in schema.attributes:
            continue
        owner = owners.setdefault(key, node)
        if owner is not node:
            who = owner.raw.get("value") or owner.name or owner.tag
            message = f'The key "{key}" is already used by {who} (line {owner.place.line})'
            place = _place(config, node, "hotkey")
            yield _warn(node, message, "Choose another key.", place)


def _warn(node: ConfigNode, message: str, fix: str | None, place: Place | None = None) -> ConfigProblem:
    return ConfigProblem(severity="warning", message=message, fix=fix, tag=node.tag, place=place or node.place)


def _place(config: LabelConfig, node: ConfigNode, attribute: str) -> Place:
    """Where the attribute stands; the tag's own place when it is not written there."""
    if attribute not in node.raw:
        return node.place
    for found in _attributes_from(config.source, node.offset):
        if found[1].lower() == attribute:
            line = node.place.line + config.source.count("\n", node.offset, found.start(1))
            start_of_line = config.source.rfind("\n", 0, found.start(1)) + 1
            return Place(line, found.start(1) - start_of_line + 1)
    return node.place


_ATTRIBUTE = re.compile(r"""\s([^\s=<>"'/]+)\s*=\s*(?:"[^"]*"|'[^']*')""")


def _attributes_from(source: str, offset: int) -> Iterable[re.Match[str]]:
    position = offset
    while found := _ATTRIBUTE.search(source, position):
        if ">" in source[position : found.start()]:
            return
        yield found
        position = found.end()
