"""What of a config can be learned: one control after the other, each apart from the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from labelwright.labelconfig import ConfigNode, LabelConfig, has_variable, parse_config

AnswerKind = Literal["one_label", "many_labels", "stars", "number", "spans"]
Source = Literal["text", "image", "fields"]

_TEXT_TAGS = ("Text", "HyperText", "RichText", "Paragraphs", "Dialog", "Chat", "Markdown", "List")
_SOURCES: dict[str, Source] = {**dict.fromkeys(_TEXT_TAGS, "text"), "Image": "image", "Table": "fields"}
_NEEDS_A_MODEL = "connect a model of your own for it"


class ControlPlan(Struct, frozen=True, kw_only=True):
    """A control that can be learned."""

    control: str
    """Its name: `from_name` of results."""
    object: str
    """Name of the object it is asked about: `to_name` of results."""
    tag: str
    """`Choices`, `Rating`, `Number` or `Labels`."""
    answer: AnswerKind
    source: Source
    """What it is learned from: the texts that the config shows, the picture, or the plain fields of the task."""
    values: tuple[tuple[str, str], ...] = ()
    """(tag, `value` attribute) of the objects it is learned from; the control's own object first."""
    labels: tuple[tuple[str, ...], ...] = ()
    """Labels as paths from the root; paths of one step where the control is not nested."""
    is_nested: bool = False
    is_required: bool = False
    shown_when: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    """(controls, choices): shown only while one of these choices is made; None if it does not depend on choices."""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None


class LeftOut(Struct, frozen=True, kw_only=True):
    """A control that is not learned, and why, in words for people."""

    control: str
    tag: str
    reason: str


class Plan(Struct, frozen=True, kw_only=True):
    """At least one control can be learned."""

    controls: tuple[ControlPlan, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def image_values(self) -> tuple[str, ...]:
        """`value` attributes (`$photo`) of the pictures that it learns from: their files must be given to the worker."""
        shown = (value for each in self.controls if each.source == "image" for tag, value in each.values if tag == "Image")
        return tuple(dict.fromkeys(shown))


class Unsupported(Struct, frozen=True, kw_only=True):
    """Nothing of the config can be learned."""

    reason: str
    left_out: tuple[LeftOut, ...] = ()


def plan(config: LabelConfig | str) -> Plan | Unsupported:
    """Which controls the built-in model can learn.

    >>> from labelwright.labelconfig import parse_config
    >>> found = plan('<View><Text name="t" value="$text"/><Rating name="r" toName="t"/></View>')
    >>> [(each.control, each.answer, each.source) for each in found.controls]
    [('r', 'stars', 'text')]
    >>> plan('<View><Audio name="a" value="$audio"/><Rating name="r" toName="a"/></View>').reason
    'The built-in model cannot learn this project: "r": Audio is not learned yet; connect a model of your own for it.'
    """
    config = parse_config(config) if isinstance(config, str) else config
    learned: list[ControlPlan] = []
    left_out: list[LeftOut] = []
    for node in {node.name: node for node in config.controls}.values():
        found = _plan_control(config, node)
        if isinstance(found, ControlPlan):
            learned.append(found)
        else:
            left_out.append(LeftOut(control=node.name, tag=node.tag, reason=found))
    if learned:
        return Plan(controls=tuple(learned), left_out=tuple(left_out))
    reasons = "; ".join(dict.fromkeys(f'"{each.control}": {each.reason}' for each in left_out[:3]))
    reason = f"The built-in model cannot learn this project: {reasons}." if reasons else "The config asks nothing yet."
    return Unsupported(reason=reason, left_out=tuple(left_out))


def _plan_control(config: LabelConfig, node: ConfigNode) -> ControlPlan | str:
    """The plan, or the reason against it."""
    if node.tag not in ("Choices", "Rating", "Number", "Labels"):
        return f"{node.tag} is not learned yet; {_NEEDS_A_MODEL}"
    if node.attrs.get("perregion") is True or node.raw.get("visiblewhen") in ("region-selected", "no-region-selected"):
        return "it is asked per region; only answers about the whole task and spans are learned"
    if node.attrs.get("peritem") is True:
        return "it is asked per page; only answers about the whole task are learned"
    if has_variable(node.raw.get("value", "")):
        return "its labels come from each task, so there is nothing in common to learn"
    shown = config.by_name.get(node.to_name[0]) if node.to_name else None
    if shown is None:
        return "it points to nothing that is shown"
    if "{{" in node.name or "{{" in shown.name:
        return "it is repeated for each element of a list; only answers about the whole task are learned"
    return _plan_for(config, node, shown)


def _plan_for(config: LabelConfig, node: ConfigNode, shown: ConfigNode) -> ControlPlan | str:
    source = _SOURCES.get(shown.tag)
    if source is None:
        return f"{shown.tag} is not learned yet; {_NEEDS_A_MODEL}"
    reason = _unreadable(shown)
    if reason:
        return reason
    labels = tuple(_label_paths(node))
    if node.tag == "Labels" and shown.tag != "Text":
        return f"marks on {shown.tag} are not learned yet, on Text they are; {_NEEDS_A_MODEL}"
    if node.tag in ("Labels", "Choices") and len(labels) < (1 if node.tag == "Labels" else 2):
        return "it has too few labels to choose from"
    return ControlPlan(
        control=node.name,
        object=shown.name,
        tag=node.tag,
        answer=_answer_kind(node),
        source=source,
        values=tuple(_values(config, node, shown)),
        labels=labels,
        is_nested=node.attrs.get("allownested") is True,
        is_required=node.attrs.get("required") is True,
        shown_when=_shown_when(node),
        minimum=_number(node, "min"),
        maximum=_number(node, "maxrating" if node.tag == "Rating" else "max"),
        step=_number(node, "step"),
    )


def _answer_kind(node: ConfigNode) -> AnswerKind:
    if node.tag == "Choices":
        return "many_labels" if node.attrs.get("choice") == "multiple" else "one_label"
    return {"Rating": "stars", "Number": "number"}.get(node.tag, "spans")  # type: ignore[return-value]


def _unreadable(shown: ConfigNode) -> str | None:
    value = shown.raw.get("value", "")
    if shown.raw.get("valuelist"):
        return "it shows several pages; only single pictures and texts are learned"
    if not has_variable(value):
        return f'"{shown.name}" shows the same in every task'
    if shown.tag != "Image" and shown.attrs.get("valuetype") == "url":
        return f'the text of "{shown.name}" is behind an address; only texts inside the task are learned'
    if shown.raw.get("encoding", "none") not in ("none", ""):
        return f'the text of "{shown.name}" is encoded; only plain texts are learned'
    return None


def _values(config: LabelConfig, node: ConfigNode, shown: ConfigNode) -> Iterator[tuple[str, str]]:
    """Spans are learned from their own text; all else from everything of the same kind that the annotator sees."""
    yield shown.tag, shown.raw["value"]
    if node.tag == "Labels" or _SOURCES.get(shown.tag) == "image":
        return
    for other in config.objects:
        if other is not shown and _SOURCES.get(other.tag) == _SOURCES[shown.tag] and _unreadable(other) is None:
            yield other.tag, other.raw["value"]


def _label_paths(node: ConfigNode, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for child in node.children:
        if child.tag in ("Choice", "Label"):
            path = (*above, child.raw.get("alias") or child.raw.get("value", ""))
            if path[-1]:
                yield path
                yield from _label_paths(child, path)
        else:
            yield from _label_paths(child, above)


def _shown_when(node: ConfigNode) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    if node.raw.get("visiblewhen") != "choice-selected":
        return None
    return _parts(node.raw.get("whentagname", "")), _parts(node.raw.get("whenchoicevalue", ""))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _number(node: ConfigNode, attribute: str) -> float | None:
    value = node.attrs.get(attribute)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
