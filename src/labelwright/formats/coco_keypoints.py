"""COCO keypoints: all points of one answer make one annotation of one category."""

from __future__ import annotations

from typing import Any

from labelwright.formats.export import ParsedLabelConfig


def merge_keypoint_categories(
    categories: list[dict[str, Any]], parsed_label_config: ParsedLabelConfig
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The categories with all keypoint labels merged into one named `default`, and the id of each label.

    >>> merge_keypoint_categories([{"id": 0, "name": "Car"}], {})
    ([{'id': 0, 'name': 'Car'}], {'Car': 0})
    """
    keypoints = _keypoint_labels(parsed_label_config)
    kept = [category for category in categories if category["name"] not in keypoints]
    ids = {category["name"]: category["id"] for category in kept}
    if keypoints:
        merged = max((category["id"] for category in kept), default=-1) + 1
        kept.append({"id": merged, "name": "default", "supercategory": "default", "keypoints": keypoints, "skeleton": []})
        ids |= dict.fromkeys(keypoints, merged)
    return kept, ids


def is_keypoint(value: dict[str, Any]) -> bool:
    """Whether a value is a labeled point whose place in pixels is known."""
    is_other_shape = value.keys() & {"rectanglelabels", "labels", "polygonlabels"}
    numbers = (value.get(key) for key in ("x", "y", "original_width", "original_height"))
    return "keypointlabels" in value and not is_other_shape and all(isinstance(number, int | float) for number in numbers)


def keypoint_annotation(
    values: list[dict[str, Any]],
    parsed_label_config: ParsedLabelConfig,
    category_ids: dict[str, int],
    annotation_id: int,
    image_id: int,
) -> dict[str, Any]:
    """One annotation: `keypoints` is x, y, visibility (2 seen, 0 not marked) per label in model order, in whole pixels."""
    order = keypoint_order(parsed_label_config)
    keypoints = [0] * (3 * len(order))
    for value in values:
        x = round(value["x"] / 100 * value["original_width"])
        y = round(value["y"] / 100 * value["original_height"])
        for label in value["keypointlabels"]:
            if label in order:
                place = 3 * order.index(label)
                keypoints[place : place + 3] = [x, y, 2]
    seen = [index for index in range(0, len(keypoints), 3) if keypoints[index + 2]]
    xs, ys = [keypoints[index] for index in seen], [keypoints[index + 1] for index in seen]
    return {
        "id": annotation_id,
        "image_id": image_id,
        "category_id": category_ids.get(order[0], 0) if order else 0,
        "keypoints": keypoints,
        "num_keypoints": len(seen),
        "bbox": [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)] if seen else [0, 0, 0, 0],
        "iscrowd": 0,
    }


def keypoint_order(parsed_label_config: ParsedLabelConfig) -> list[str]:
    """The labels by their `model_index` attribute; without any such attribute in the order of the config."""
    attributes: dict[str, Any] = {}
    for control in parsed_label_config.values():
        if control.get("type") == "KeyPointLabels":
            attributes |= control.get("labels_attrs", {})
    by_index: dict[int, str] = {}
    for label, given in attributes.items():
        try:
            by_index.setdefault(int(given["model_index"]), label)
        except (KeyError, TypeError, ValueError):
            continue
    return [by_index[index] for index in sorted(by_index)] or _keypoint_labels(parsed_label_config)


def _keypoint_labels(parsed_label_config: ParsedLabelConfig) -> list[str]:
    labels = (
        label
        for control in parsed_label_config.values()
        if control.get("type") == "KeyPointLabels"
        for label in control.get("labels", ())
    )
    return list(dict.fromkeys(labels))
