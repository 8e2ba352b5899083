"""The label config as backends for Label Studio look at it: `self.label_interface`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from labelwright.ml.regions import DoesNotFit, Region, RegionMaker


@dataclass(frozen=True)
class LabelTag:
    """A Label or Choice. value: as answers have it."""

    value: str
    attr: dict[str, str]


@dataclass(frozen=True)
class ControlTag:
    """A tag that asks something."""

    name: str
    tag: str
    to_name: list[str]
    labels: list[str]
    labels_attrs: dict[str, LabelTag]
    attr: dict[str, str]

    def label(self, label: str | Sequence[str] | None = None, **value: Any) -> Region:
        """A region of this control: `label("Car", x=10, y=10, width=20, height=20)`. DoesNotFit for a label that it has not."""
        labels = [] if label is None else [label] if isinstance(label, str) else list(label)
        wrong = next((each for each in labels if self.labels and each not in self.labels), None)
        if wrong is not None:
            raise DoesNotFit(f'label "{wrong}" is not in the config; {self.tag} "{self.name}" has {", ".join(self.labels)}')
        kind = self.tag.lower()
        if labels:
            value[kind] = labels
        return {
            "id": uuid.uuid4().hex[:10],
            "from_name": self.name,
            "to_name": self.to_name[0].strip(),
            "type": kind,
            "value": value,
        }


@dataclass(frozen=True)
class ObjectTag:
    """A tag that shows something. value: as the config has it, `$text`."""

    name: str
    tag: str
    value: str
    attr: dict[str, str]

    @property
    def value_name(self) -> str:
        """The task's field."""
        return self.value.lstrip("$")


class LabelInterface:
    """Controls and objects of a config, by name and by type."""

    def __init__(self, config: str) -> None:
        self.config = config
        self._maker = RegionMaker(config)

    @cached_property
    def _controls(self) -> dict[str, ControlTag]:
        from labelwright.labelconfig import parse_config

        nodes = parse_config(self.config).by_name if self.config else {}
        return {
            name: ControlTag(
                name,
                control["type"],
                control["to_name"],
                control["labels"],
                {label: LabelTag(label, attributes) for label, attributes in control["labels_attrs"].items()},
                dict(nodes[name].written) if name in nodes else {},
            )
            for name, control in self._maker.parsed_label_config.items()
        }

    @cached_property
    def _objects(self) -> dict[str, ObjectTag]:
        from labelwright.labelconfig import parse_config

        nodes = parse_config(self.config).objects if self.config else ()
        return {
            node.name: ObjectTag(node.name, node.tag, node.raw.get("value") or node.raw.get("valuelist", ""), dict(node.written))
            for node in nodes
        }

    @property
    def controls(self) -> list[ControlTag]:
        return list(self._controls.values())

    @property
    def objects(self) -> list[ObjectTag]:
        return list(self._objects.values())

    @property
    def labels(self) -> list[list[str]]:
        """The labels of each control."""
        return [control.labels for control in self._controls.values()]

    def get_control(self, name: str | None = None) -> ControlTag:
        """The control of this name; without a name the only one."""
        control: ControlTag = _one("control", self._controls, name)
        return control

    def get_object(self, name: str | None = None) -> ObjectTag:
        """The object of this name; without a name the only one."""
        found: ObjectTag = _one("object", self._objects, name)
        return found

    def get_tag(self, name: str) -> ControlTag | ObjectTag:
        return self._controls.get(name) or self.get_object(name)

    def find_tags_by_class(self, kind: str | Sequence[str]) -> list[ControlTag | ObjectTag]:
        """The tags of a type, given by its name."""
        kinds = {kind} if isinstance(kind, str) else set(kind)
        every: list[ControlTag | ObjectTag] = [*self.controls, *self.objects]
        return [tag for tag in every if tag.tag in kinds]

    def get_first_tag_occurence(
        self,
        control_type: str | Sequence[str],
        object_type: str | Sequence[str],
        name_filter: Callable[[str], bool] | None = None,
        to_name_filter: Callable[[str], bool] | None = None,
    ) -> tuple[str, str, str]:
        """The first control of a type that is about an object of a type: its name, the object's name, and the task's field."""
        return self._maker.get_first_tag_occurence(control_type, object_type, name_filter, to_name_filter)


def _one(what: str, known: dict[str, Any], name: str | None) -> Any:
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name is None or name not in known:
        raise DoesNotFit(f'{what} "{name}" is not in the config; it has {", ".join(known) or "none"}')
    return known[name]
