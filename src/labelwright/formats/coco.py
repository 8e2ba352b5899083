"""COCO: boxes, polygons and keypoints on images, as one `result.json` in a zip.

Images and annotations wait in temporary files, as the JSON lists all images before the annotations.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import IO, Any

import msgspec

from labelwright.domain.task import AnsweredTask
from labelwright.formats.answers import Answer, read_answers
from labelwright.formats.coco_keypoints import is_keypoint, keypoint_annotation, merge_keypoint_categories
from labelwright.formats.controls import data_keys
from labelwright.formats.export import ExportContext, ExportFormat, ParsedLabelConfig
from labelwright.formats.image_size import image_size
from labelwright.formats.media_archive import MediaArchive
from labelwright.formats.planned import suits_shapes_in_boxes
from labelwright.geometry.boxes import Box, to_pixels, upright_bounds
from labelwright.geometry.polygons import bounds, polygon_area

MAX_SPOOL_IN_MEMORY_BYTES = 4 << 20
_LABEL_KEYS = ("rectanglelabels", "polygonlabels", "keypointlabels", "labels")
_encode = msgspec.json.Encoder().encode


def write_coco(tasks: Iterable[AnsweredTask], context: ExportContext) -> Iterator[bytes]:
    """A zip of `images/` and `result.json`, with one image entry per answer.

    Sizes in pixels are the image's own if it can be opened, else what the editor saw. Source: the COCO data format
    (cocodataset.org), read as Label Studio does: only the first label of a region counts, labels of every control are categories,
    a label's `category` attribute is its id.
    """
    with ExitStack() as stack:
        archive = stack.enter_context(MediaArchive(context.open_media))
        images = stack.enter_context(_SpooledList())
        annotations = stack.enter_context(_SpooledList())
        writer = _Writer(context, archive, images, annotations)
        for answer in read_answers(tasks, context):
            writer.add(answer)
        archive.add_file("result.json", _result_json(images, writer.categories, annotations))
        yield from archive.chunks()


class _SpooledList:
    """A JSON list on its way to a file."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(MAX_SPOOL_IN_MEMORY_BYTES)  # noqa: SIM115
        self.length = 0

    def __enter__(self) -> _SpooledList:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, item: dict[str, Any]) -> None:
        self._file.write((b",\n" if self.length else b"\n") + _encode(item))
        self.length += 1

    def chunks(self) -> Iterator[bytes]:
        self._file.seek(0)
        while chunk := self._file.read(1 << 16):
            yield chunk


class _Writer:
    """Turns answers into images, categories and annotations; ids count up from 0 in the order of the answers."""

    def __init__(self, context: ExportContext, archive: MediaArchive, images: _SpooledList, annotations: _SpooledList) -> None:
        self._config = context.parsed_label_config
        self._image_key = next(iter(data_keys(self._config)), "")
        self._turns_in_pixels = context.mends_label_studio
        self._archive, self._images, self._annotations = archive, images, annotations
        self.categories, self._category_ids = merge_keypoint_categories(read_categories(self._config), self._config)

    def add(self, answer: Answer) -> None:
        address = answer.data.get(self._image_key)
        address = address if isinstance(address, str) else ""
        file_name, data = self._archive.add_medium(address) if address else ("", None)
        size: tuple[float, float] | None = image_size(data) if data else None
        image_id = self._images.length
        if size or not answer.outputs:
            self._add_image(image_id, file_name, size)
        keypoints = []
        for value in itertools.chain.from_iterable(answer.outputs.values()):
            label = _first_label(value)
            if label is None:
                continue
            if size is None:
                if (size := _labeled_size(value)) is None:
                    continue
                self._add_image(image_id, file_name, size)
            category_id = self._category_id(label)
            if is_keypoint(value):
                keypoints.append(value)
            elif shape := self._shape(value, size):
                self._annotations.append(
                    {"id": self._annotations.length, "image_id": image_id, "category_id": category_id} | shape
                )
        if keypoints:
            self._annotations.append(
                keypoint_annotation(keypoints, self._config, self._category_ids, self._annotations.length, image_id)
            )

    def _add_image(self, image_id: int, file_name: str, size: tuple[float, float] | None) -> None:
        width, height = size or (None, None)
        self._images.append({"width": width, "height": height, "id": image_id, "file_name": file_name})

    def _category_id(self, label: str) -> int:
        """The label's id; a label the config does not know gets the next free one."""
        if label not in self._category_ids:
            taken = {category["id"] for category in self.categories}
            self._category_ids[label] = next(free for free in itertools.count(len(taken)) if free not in taken)
            self.categories.append({"id": self._category_ids[label], "name": label})
        return self._category_ids[label]

    def _shape(self, value: dict[str, Any], size: tuple[float, float]) -> dict[str, Any] | None:
        """`segmentation`, `bbox` and `area` in pixels; None for shapes without a box."""
        try:
            if "rectanglelabels" in value or "labels" in value:
                box = self._pixel_box(value)
                segmentation: list[list[float]] = []
                bbox, area = [box.x, box.y, box.width, box.height], box.width * box.height
            else:
                points = [(x / 100 * size[0], y / 100 * size[1]) for x, y in value["points"]]
                left, top, right, bottom = bounds(points)
                segmentation = [[coordinate for point in points for coordinate in point]]
                bbox, area = [left, top, right - left, bottom - top], polygon_area(points)
        except (KeyError, TypeError, ValueError, ArithmeticError):
            return None
        return {"segmentation": segmentation, "bbox": bbox, "ignore": 0, "iscrowd": 0, "area": area}

    def _pixel_box(self, value: dict[str, Any]) -> Box:
        """The upright box around a region; see `ExportContext.mends_label_studio` for the order of turning and scaling."""
        percent = Box(value["x"], value["y"], value["width"], value["height"], value.get("rotation") or 0)
        size = value["original_width"], value["original_height"]
        if self._turns_in_pixels:
            return upright_bounds(to_pixels(percent, *size))
        return to_pixels(upright_bounds(percent), *size)


def read_categories(parsed_label_config: ParsedLabelConfig) -> list[dict[str, Any]]:
    """`{id, name}` per label of any control: first the ones whose `category` attribute names their id, the others by name.

    >>> read_categories({"box": {"labels": ["b", "a", "c"], "labels_attrs": {"c": {"category": "1"}}}})
    [{'id': 1, 'name': 'c'}, {'id': 0, 'name': 'a'}, {'id': 2, 'name': 'b'}]
    """
    categories = []
    for control in parsed_label_config.values():
        for label, attributes in control.get("labels_attrs", {}).items():
            try:
                categories.append({"id": int(attributes["category"]), "name": label})
            except (KeyError, TypeError, ValueError):
                continue
    named = {category["name"] for category in categories}
    taken = {category["id"] for category in categories}
    others = {label for control in parsed_label_config.values() for label in control.get("labels", ())} - named
    free_ids = (number for number in itertools.count() if number not in taken)
    return categories + [{"id": number, "name": label} for label, number in zip(sorted(others), free_ids, strict=False)]


def _first_label(value: dict[str, Any]) -> str | None:
    for key in _LABEL_KEYS:
        labels = value.get(key)
        if isinstance(labels, list) and labels:
            return str(labels[0])
    return None


def _labeled_size(value: dict[str, Any]) -> tuple[float, float] | None:
    """The image's size in pixels as the editor saw it."""
    size = value.get("original_width"), value.get("original_height")
    return size if all(isinstance(length, int | float) and length for length in size) else None  # type: ignore[return-value]


def _result_json(images: _SpooledList, categories: list[dict[str, Any]], annotations: _SpooledList) -> Iterator[bytes]:
    now = datetime.now(UTC)
    info = {
        "year": now.year,
        "version": "1.0",
        "description": "",
        "contributor": "Labelwright",
        "url": "",
        "date_created": now.strftime("%Y-%m-%d %H:%M:%S.%f"),
    }
    yield b'{"images":['
    yield from images.chunks()
    yield b'],\n"categories":' + _encode(categories) + b',\n"annotations":['
    yield from annotations.chunks()
    yield b'],\n"info":' + _encode(info) + b"}\n"


COCO = ExportFormat(
    name="COCO",
    title="COCO",
    description="Boxes, polygons and keypoints in the COCO dataset's JSON, in pixels; images are named, not included.",
    is_suitable=suits_shapes_in_boxes,
    write=write_coco,
    extension=".zip",
    content_type="application/zip",
    tags=("image segmentation", "object detection", "keypoints"),
)
COCO_WITH_IMAGES = ExportFormat(
    name="COCO_WITH_IMAGES",
    title="COCO with Images",
    description="The same COCO JSON with the image files beside it.",
    is_suitable=suits_shapes_in_boxes,
    write=write_coco,
    extension=".zip",
    content_type="application/zip",
    tags=("image segmentation", "object detection", "keypoints"),
    includes_media=True,
)
