"""Regions that fit a label config: which control and object they belong to is found, what does not fit is refused.

Numbers of images are percent of the image's width and height, with `image_size=(width, height)` pixels. Sound is in seconds.
Each function gives a region as the wire has it; put them into `prediction([…])`. `control=` names the control where several
would do, `object=` the object where a control is about several, `score=` how sure the model is of this region, usually 0 to 1.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from labelwright.ml.brush import run_lengths

if TYPE_CHECKING:
    from labelwright.labelconfig import ResultChecker

Region = dict[str, Any]
Point = Sequence[float]

MOST_NAMED = 12
_NO_TEXT = frozenset({"Audio", "AudioPlus", "Image", "Video"})


class DoesNotFit(ValueError):
    """A label, control or number that the config does not have room for. The text names what it has."""


class RegionMaker:
    """Makes regions for one label config."""

    def __init__(self, label_config: str) -> None:
        self._config = label_config

    @property
    def label_config(self) -> str:
        return self._config

    @cached_property
    def parsed_label_config(self) -> dict[str, dict[str, Any]]:
        """The controls of the config: `{"sentiment": {"type": "Choices", "to_name": ["text"], "inputs": […], "labels": […]}}`."""
        from labelwright.labelconfig import parsed_label_config

        return parsed_label_config(self.label_config) if self.label_config else {}

    # Answers about a whole task, or with `region=` about one region

    def label(
        self,
        *labels: str | Sequence[str],
        control: str | None = None,
        object: str | None = None,
        score: float | None = None,
        region: Region | None = None,
    ) -> Region:
        """A choice: one label, several where the config allows them, or a path (a list) in a Taxonomy.

        With `region` and a Labels control beside plain shapes, the label of that shape.
        """
        if not labels:
            raise DoesNotFit("label() needs a label")
        kinds = ("Choices", "Taxonomy") if region is None else ("Choices", "Taxonomy", "Labels")
        flat = [part for label in labels for part in ([label] if isinstance(label, str) else label)]
        name, found = self._control("choice", kinds, flat, control)
        stored = [_stored(found, label) for label in labels]
        if found["type"] == "Taxonomy":
            value: Any = [[label] if isinstance(label, str) else label for label in stored]
        else:
            value = stored
        key = found["type"].lower()
        if len(value) > 1 and found["type"] == "Choices" and not self._allows_several(name):
            raise DoesNotFit(f'Choices "{name}" takes one label, not {len(value)}; set choice="multiple" in the config')
        return self._region(name, found, key, {key: value}, object, score, region)

    choice = label

    def rating(
        self,
        stars: int,
        *,
        control: str | None = None,
        object: str | None = None,
        score: float | None = None,
        region: Region | None = None,
    ) -> Region:
        """A number of stars."""
        name, found = self._control("rating", ("Rating",), (), control)
        return self._region(name, found, "rating", {"rating": int(stars)}, object, score, region)

    def number(
        self,
        value: float,
        *,
        control: str | None = None,
        object: str | None = None,
        score: float | None = None,
        region: Region | None = None,
    ) -> Region:
        """A number."""
        name, found = self._control("number", ("Number",), (), control)
        return self._region(name, found, "number", {"number": _finite("number", value)}, object, score, region)

    def text(
        self,
        text: str | Sequence[str],
        *,
        control: str | None = None,
        object: str | None = None,
        score: float | None = None,
        region: Region | None = None,
    ) -> Region:
        """Words for a TextArea: a summary, a translation; with `region=` what is written in that box."""
        name, found = self._control("text", ("TextArea",), (), control)
        lines = [text] if isinstance(text, str) else list(text)
        return self._region(name, found, "textarea", {"text": lines}, object, score, region)

    # Parts of an image

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        label: str | Sequence[str] | None = None,
        *,
        image_size: tuple[int, int] | None = None,
        rotation: float = 0,
        control: str | None = None,
        object: str | None = None,
        score: float | None = None,
    ) -> Region:
        """A box: left, top, width, height; cut off at the image's edge. rotation: degrees, clockwise about its top left."""
        x, y = _percent_point((x, y), image_size)
        width, height = _percent_point((width, height), image_size)
        if not rotation:
            right, bottom = min(x + width, 100.0), min(y + height, 100.0)
            x, y = max(x, 0.0), max(y, 0.0)
            width, height = right - x, bottom - y
        if width <= 0 or height <= 0:
            raise DoesNotFit("the box is empty, or outside the image" + ("" if image_size else "; pixels? then give image_size"))
        value = {"x": x, "y": y, "width": width, "height": height, "rotation": float(rotation)}
        return self._shape("box", "Rectangle", value, label, control, object, score, image_size)

    def ellipse(
        self,
        x: float,
        y: float,
        radius_x: float,
        radius_y: float,
        label: str | Sequence[str] | None = None,
        *,
        image_size: tuple[int, int] | None = None,
        rotation: float = 0,
        control: str | None = None,
        object: str | None = None,
        score: float | None = None,
    ) -> Region:
        """An ellipse: its centre and half its width and height."""
        x, y = _percent_point((x, y), image_size)
        radius_x, radius_y = _percent_point((radius_x, radius_y), image_size)
        value = {"x": x, "y": y, "radiusX": radius_x, "radiusY": radius_y, "rotation": float(rotation)}
        return self._shape("ellipse", "Ellipse", value, label, control, object, score, image_size)

    def polygon(
        self,
        points: Iterable[Point],
        label: str | Sequence[str] | None = None,
        *,
        image_size: tuple[int, int] | None = None,
        control: str | None = None,
        object: str | None = None,
        score: float | None = None,
    ) -> Region:
        """A polygon by its corners, `[(x, y), …]`, at least three."""
        corners = [_inside(_percent_point(point, image_size)) for point in points]
        if len(corners) < 3:
            raise DoesNotFit(f"a polygon needs three corners; this has {len(corners)}")
        return self._shape("polygon", "Polygon", {"points": corners, "closed": True}, label, control, object, score, image_size)

    def keypoint(
        self,
        x: float,
        y: float,
        label: str | Sequence[str] | None = None,
        *,
        width: float = 0.75,
        image_size: tuple[int, int] | None = None,
        control: str | None = None,
        object: str | None = None,
        score: float | None = None,
    ) -> Region:
        """A point. width: how large it is drawn, in percent."""
        x, y = _inside(_percent_point((x, y), image_size))
        return self._shape("keypoint", "KeyPoint", {"x": x, "y": y, "width": width}, label, control, object, score, image_size)

    def brush(
        self,
        mask: Any,
        label: str | Sequence[str] | None = None,
        *,
        control: str | None = None,
        object: str | None = None,
        score: float | None = None,
    ) -> Region:
        """A painted area. mask: rows of the image, one value per pixel (a 2-d array or lists), painted where it is not 0."""
        encoded, width, height = run_lengths(mask)
        value = {"format": "rle", "rle": encoded}
        return self._shape("brush", "Brush", value, label, control, object, score, (width, height))

    mask = brush

    # Parts of a text, of a sound

    def span(
        self,
        start: int,
        end: int,
        text: str,
        label: str | Sequence[str],
        *,
        paragraph: int | None = None,
        control: str | None = None,
        object: str | None = None,
        score: float | None = None,
    ) -> Region:
        """A part of a text, from character `start` up to, without, `end`, counted as Python does.

        text: the whole text of the task (recommended), or only the marked part. Browsers count an emoji as two; with the whole
        text that is put right. paragraph: which one, from 0, for ParagraphLabels; the offsets count within it.
        """
        labels = [label] if isinstance(label, str) else list(label)
        kinds = ("Labels", "HyperTextLabels") if paragraph is None else ("ParagraphLabels",)
        name, found = self._control("span", kinds, labels, control, of=lambda kind: kind not in _NO_TEXT)
        if not 0 <= start < end:
            raise DoesNotFit(f"a span needs 0 <= start < end, not {start} and {end}")
        if len(text) >= end and text[start:end]:
            marked, shift, inner = text[start:end], _extra_units(text[:start]), _extra_units(text[start:end])
        elif len(text) == end - start:
            marked, shift, inner = text, 0, _extra_units(text)
        else:
            raise DoesNotFit(f"the text has {len(text)} characters: neither the whole text nor the part from {start} to {end}")
        start, end = start + shift, end + shift + inner
        key = found["type"].lower()
        value: dict[str, Any] = {"start": start, "end": end, "text": marked, key: [_stored(found, each) for each in labels]}
        if paragraph is not None:
            value |= {"start": str(paragraph), "end": str(paragraph), "startOffset": start, "endOffset": end}
        elif found["type"] == "HyperTextLabels" or any(each["type"] == "HyperText" for each in found["inputs"]):
            value["globalOffsets"] = {"start": start, "end": end}
        return self._region(name, found, key, value, object, score, None)

    def segment(
        self,
        start_s: float,
        end_s: float,
        label: str | Sequence[str],
        *,
        channel: int = 0,
        control: str | None = None,
        object: str | None = None,
        score: float | None = None,
    ) -> Region:
        """A part of a sound, in seconds; of a time series, in its own time."""
        labels = [label] if isinstance(label, str) else list(label)
        of_sound = {"Audio", "AudioPlus", "Video", "TimeSeries"}
        name, found = self._control("segment", ("Labels", "TimeSeriesLabels"), labels, control, of=lambda kind: kind in of_sound)
        start_s, end_s = _finite("start", start_s), _finite("end", end_s)
        if not start_s <= end_s:
            raise DoesNotFit(f"a segment cannot end ({end_s}) before it starts ({start_s})")
        key = found["type"].lower()
        value: dict[str, Any] = {"start": start_s, "end": end_s, key: [_stored(found, each) for each in labels]}
        value |= {"instant": start_s == end_s} if key == "timeserieslabels" else {"channel": channel}
        return self._region(name, found, key, value, object, score, None)

    # All together

    def prediction(
        self, regions: Region | Iterable[Region | Iterable[Region]], score: float | None = None, model_version: str | None = None
    ) -> dict[str, Any]:
        """A prediction of these regions. Without `score` it is the mean of the regions' scores, where all have one.

        DoesNotFit if a region does not fit the config.
        """
        listed: list[Region] = []
        for item in [regions] if isinstance(regions, Mapping) else regions:
            listed.extend([item] if isinstance(item, dict) else item)  # type: ignore[arg-type]
        if self._checker and (problems := self._checker.check(listed)):
            raise DoesNotFit("; ".join(problem.message for problem in problems))
        scores = [region["score"] for region in listed if region.get("score") is not None]
        if score is None and scores and len(scores) == len(listed):
            score = sum(scores) / len(scores)
        prediction: dict[str, Any] = {"result": listed}
        if score is not None:
            prediction["score"] = _score(score)
        if model_version is not None:
            prediction["model_version"] = model_version
        return prediction

    # Which control

    def get_first_tag_occurence(
        self,
        control_type: str | Sequence[str],
        object_type: str | Sequence[str],
        name_filter: Callable[[str], bool] | None = None,
        to_name_filter: Callable[[str], bool] | None = None,
    ) -> tuple[str, str, str]:
        """The first control of a type that is about an object of a type: its name, the object's name, and the task's field.

        Types are names of tags, or several: `("Choices", "Taxonomy")`. DoesNotFit if there is none.
        """
        controls = {control_type} if isinstance(control_type, str) else set(control_type)
        objects = {object_type} if isinstance(object_type, str) else set(object_type)
        for name, control in self.parsed_label_config.items():
            if control["type"] not in controls or (name_filter and not name_filter(name)):
                continue
            for target, shown in zip(control["to_name"], control["inputs"], strict=False):
                if shown["type"] in objects and (to_name_filter is None or to_name_filter(target)):
                    return name, target, shown.get("value") or shown.get("valueList") or ""
        raise DoesNotFit(f"the config has no {_or(controls)} about a {_or(objects)}; it has {self._listing()}")

    get_first_tag_occurrence = get_first_tag_occurence

    def build_label_map(self, tag_name: str, names: Iterable[str]) -> dict[str, str]:
        """The config's label for each of a model's own names: by `predicted_values="car,truck"` of a Label, else by spelling."""
        control = self.parsed_label_config.get(tag_name)
        if control is None:
            raise DoesNotFit(f'control "{tag_name}" is not in the config; it has {self._listing()}')
        by_name = {label.lower(): label for label in control["labels"]}
        found = {name: by_name[name.lower()] for name in names if name.lower() in by_name}
        for label, attributes in control["labels_attrs"].items():
            found |= {name: label for name in names if name in _predicted(attributes)}
        return found

    def _control(
        self,
        what: str,
        kinds: Sequence[str],
        labels: Sequence[str],
        wanted: str | None,
        of: Callable[[str], bool] = lambda kind: True,
    ) -> tuple[str, dict[str, Any]]:
        """The one control of these kinds that has the labels."""
        every = self.parsed_label_config
        if wanted is not None and wanted not in every:
            raise DoesNotFit(f'control "{wanted}" is not in the config; it has {self._listing()}')
        fitting = {
            name: control
            for name, control in every.items()
            if control["type"] in kinds and wanted in (None, name) and all(of(shown["type"]) for shown in control["inputs"])
        }
        if not fitting:
            place = f'control "{wanted}" is a {every[wanted]["type"]}' if wanted else f"the config has {self._listing()}"
            raise DoesNotFit(f"no place for a {what}: that needs {_or(kinds)}, and {place}")
        having = {name: control for name, control in fitting.items() if all(_knows(control, label) for label in labels)}
        if not having:
            wrong = next((label for label in labels if not any(_knows(each, label) for each in fitting.values())), labels[0])
            raise DoesNotFit(_wrong_label(wrong, fitting))
        if len(having) > 1:
            names = " or ".join(f'control="{name}"' for name in having)
            raise DoesNotFit(f"several controls would do for this {what}: say {names}")
        return next(iter(having.items()))

    def _shape(
        self,
        what: str,
        shape: str,
        value: dict[str, Any],
        label: str | Sequence[str] | None,
        control: str | None,
        object: str | None,
        score: float | None,
        image_size: tuple[int, int] | None,
    ) -> Region:
        labels = [] if label is None else [label] if isinstance(label, str) else list(label)
        kinds = (f"{shape}Labels",) if labels else (shape, f"{shape}Labels")
        name, found = self._control(what, kinds, labels, control)
        key = found["type"].lower()
        if key == f"{shape.lower()}labels":
            if not labels and len(found["labels"]) != 1:
                raise DoesNotFit(f'which label? {found["type"]} "{name}" has {_listed(found["labels"])}')
            value = {**value, key: [_stored(found, each) for each in labels or found["labels"]]}
        region = self._region(name, found, key, value, object, score, None)
        if image_size is not None:
            region |= {"original_width": int(image_size[0]), "original_height": int(image_size[1]), "image_rotation": 0}
        return region

    def _region(
        self,
        name: str,
        control: dict[str, Any],
        kind: str,
        value: dict[str, Any],
        object: str | None,
        score: float | None,
        region: Region | None,
    ) -> Region:
        if object is not None and object not in control["to_name"]:
            raise DoesNotFit(f'control "{name}" is about {_listed(control["to_name"])}, not "{object}"')
        made: Region = {
            "id": uuid.uuid4().hex[:10],
            "from_name": name,
            "to_name": object or control["to_name"][0].strip(),
            "type": kind,
            "value": value,
        }
        if region is not None:
            # an answer about a region carries the region's id and its place
            place = {key: item for key, item in region["value"].items() if not isinstance(item, list) or key in {"points", "rle"}}
            made |= {"id": region["id"], "to_name": region["to_name"], "value": {**place, **value}}
            made |= {key: region[key] for key in ("original_width", "original_height", "image_rotation") if key in region}
        if score is not None:
            made["score"] = _score(score)
        return made

    def _allows_several(self, name: str) -> bool:
        node = self._checker.config.by_name.get(name) if self._checker else None
        return node is None or node.raw.get("choice", "").startswith("multiple")

    @cached_property
    def _checker(self) -> ResultChecker | None:
        from labelwright.labelconfig import ResultChecker

        return ResultChecker(self.label_config) if self.label_config else None

    def _listing(self) -> str:
        return ", ".join(f'{control["type"]} "{name}"' for name, control in self.parsed_label_config.items()) or "no controls"


def _knows(control: Mapping[str, Any], label: str) -> bool:
    if control.get("dynamic_labels") or not control["labels"]:
        return True
    return label in control["labels"] or any(label in _also(each) for each in control["labels_attrs"].values())


def _stored(control: Mapping[str, Any], label: Any) -> Any:
    """The label as answers have it: its alias, where it has one."""
    if not isinstance(label, str):
        return [_stored(control, part) for part in label]
    if label in control["labels"]:
        return label
    return next((stored for stored, each in control["labels_attrs"].items() if label in _also(each)), label)


def _also(attributes: Mapping[str, str]) -> list[str]:
    return [attributes.get("value", ""), *_predicted(attributes)]


def _predicted(attributes: Mapping[str, str]) -> list[str]:
    return [name.strip() for name in attributes.get("predicted_values", "").split(",") if name.strip()]


def _wrong_label(label: str, controls: Mapping[str, Mapping[str, Any]]) -> str:
    from labelwright.labelconfig.spelling import nearest

    known = [each for control in controls.values() for each in control["labels"]]
    near = nearest(label, known)
    having = "; ".join(f'{control["type"]} "{name}" has {_listed(control["labels"])}' for name, control in controls.items())
    return f'label "{label}" is not in the config; {having}' + (f'. Is it "{near}"?' if near else "")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:MOST_NAMED])
    return f"{shown} and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else shown


def _or(names: Iterable[str]) -> str:
    return " or ".join(sorted(names))


def _finite(what: str, value: float) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise DoesNotFit(f"the {what} is {number}, which is no number")
    return int(number) if isinstance(value, int) else number


def _score(score: float) -> float:
    return float(_finite("score", score))


def _percent_point(point: Point, image_size: tuple[int, int] | None) -> tuple[float, float]:
    x, y = float(_finite("x", point[0])), float(_finite("y", point[1]))
    return (x, y) if image_size is None else (x / image_size[0] * 100.0, y / image_size[1] * 100.0)


def _inside(point: tuple[float, float]) -> tuple[float, float]:
    return min(max(point[0], 0.0), 100.0), min(max(point[1], 0.0), 100.0)


def _extra_units(text: str) -> int:
    """How many more UTF-16 units than characters."""
    return sum(1 for letter in text if ord(letter) > 0xFFFF)
