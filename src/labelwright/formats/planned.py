"""Label Studio's formats that we do not write yet, and when Label Studio offers them.

A project's list of formats names them only where Label Studio greys them out too, so that nobody chooses what then fails.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from labelwright.formats.controls import control_types, data_keys, input_types, shows_lists
from labelwright.formats.export import ParsedLabelConfig

Tags = tuple[str, ...]
_DETECTION: Tags = ("image segmentation", "object detection")
_KEYPOINTS: Tags = (*_DETECTION, "keypoints")


class PlannedFormat(Struct, frozen=True):
    """A format's name on the wire and for people, and whether Label Studio would offer it for a config."""

    name: str
    title: str
    description: str
    tags: Tags
    is_suitable: Callable[[ParsedLabelConfig], bool]


def _suits_boxes(config: ParsedLabelConfig) -> bool:
    tags = control_types(config)
    has_boxes = "RectangleLabels" in tags or {"Rectangle", "Labels"} <= tags
    return _has_one_picture(config) and "Image" in input_types(config) and has_boxes


def suits_shapes(config: ParsedLabelConfig) -> bool:
    """Labeled boxes, polygons or points on one picture per task."""
    tags = control_types(config)
    on_images = "Image" in input_types(config) and tags & {"RectangleLabels", "PolygonLabels", "KeyPointLabels"}
    beside_labels = "Labels" in tags and tags & {"Rectangle", "PolygonLabels", "KeyPointLabels"}
    return _has_one_picture(config) and bool(on_images or beside_labels)


def suits_shapes_in_boxes(config: ParsedLabelConfig) -> bool:
    """The same, but points only beside boxes, which are their categories."""
    tags = control_types(config)
    return suits_shapes(config) and ("KeyPointLabels" not in tags or "RectangleLabels" in tags)


def _suits_masks(config: ParsedLabelConfig) -> bool:
    tags = control_types(config)
    has_masks = "BrushLabels" in tags or {"Brush", "Labels"} <= tags
    return _has_at_most_one_key(config) and "Image" in input_types(config) and has_masks


def _suits_transcripts(config: ParsedLabelConfig) -> bool:
    has_audio = bool(input_types(config) & {"Audio", "AudioPlus"})
    return _has_at_most_one_key(config) and has_audio and "TextArea" in control_types(config)


def _suits_documents(config: ParsedLabelConfig) -> bool:
    return bool(control_types(config) & {"TextArea", "ReactCode", "CustomInterface"})


def _suits_turned_boxes(config: ParsedLabelConfig) -> bool:
    on_video = "Video" in input_types(config) and "TimelineLabels" in control_types(config)
    return suits_shapes(config) and not on_video


def _has_one_picture(config: ParsedLabelConfig) -> bool:
    return _has_at_most_one_key(config) and not shows_lists(config)


def _has_at_most_one_key(config: ParsedLabelConfig) -> bool:
    return len(data_keys(config)) <= 1


PLANNED: tuple[PlannedFormat, ...] = (
    PlannedFormat("VOC", "Pascal VOC XML", "Boxes as one XML file per image.", _DETECTION, _suits_boxes),
    PlannedFormat("YOLO", "YOLO", "Boxes as one text file per image, for YOLO.", _KEYPOINTS, suits_shapes_in_boxes),
    PlannedFormat("YOLO_WITH_IMAGES", "YOLO with Images", "YOLO with the images.", _KEYPOINTS, suits_shapes_in_boxes),
    PlannedFormat("YOLO_OBB", "YOLOv8 OBB", "Turned boxes by their corners, for YOLOv8.", _DETECTION, _suits_turned_boxes),
    PlannedFormat(
        "YOLO_OBB_WITH_IMAGES", "YOLOv8 OBB with Images", "YOLOv8 OBB with the images.", _DETECTION, _suits_turned_boxes
    ),
    PlannedFormat("BRUSH_TO_NUMPY", "Brush labels to NumPy", "Masks as NumPy arrays.", _DETECTION[:1], _suits_masks),
    PlannedFormat("BRUSH_TO_PNG", "Brush labels to PNG", "Masks as PNG images.", _DETECTION[:1], _suits_masks),
    PlannedFormat("ASR_MANIFEST", "ASR Manifest", "Transcripts for NVIDIA NeMo.", ("speech recognition",), _suits_transcripts),
    PlannedFormat(
        "BRUSH_TO_COCO", "Brush labels to COCO", "Masks as COCO polygons.", (*_DETECTION[:1], "brush annotations"), _suits_masks
    ),
    PlannedFormat("DOCLANG", "DocLang (.dclx)", "Documents as DocLang archives.", ("document", "doclang"), _suits_documents),
)
