"""A mask for what the annotator draws a box around or clicks on."""

import cv2
import numpy as np

from labelwright.ml import LabelwrightMLBase


class GrabCut:
    """Cuts a thing out by its colours (Rother et al., 2004). No model to download."""

    def segment(self, image, box, points):
        """A mask of the image's size: True on the thing. box: (left, top, right, bottom) or None; points: [(x, y, is_thing)]."""
        height, width = image.shape[:2]
        mask = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
        if box is not None:
            left, top, right, bottom = box
            mask[:] = cv2.GC_BGD
            mask[top:bottom, left:right] = cv2.GC_PR_FGD
        else:
            # around the clicks: perhaps the thing; the image's edge: surely not
            reach = max(height, width) // 4
            for x, y, is_thing in points:
                if is_thing:
                    mask[max(y - reach, 0) : y + reach, max(x - reach, 0) : x + reach] = cv2.GC_PR_FGD
            mask[:2], mask[-2:], mask[:, :2], mask[:, -2:] = (cv2.GC_BGD,) * 4
        for x, y, is_thing in points:
            cv2.circle(mask, (x, y), 3, cv2.GC_FGD if is_thing else cv2.GC_BGD, -1)
        if not np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).any() or not np.isin(mask, (cv2.GC_BGD, cv2.GC_PR_BGD)).any():
            return np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD))
        cv2.setRNGSeed(0)
        cv2.grabCut(image, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 5, cv2.GC_INIT_WITH_MASK)
        return np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD))


class SegmentAnything:
    """The same with Segment Anything: `--with segmenter=sam --with checkpoint=sam_vit_b_01ec64.pth`."""

    def __init__(self, checkpoint, kind="vit_b"):
        import torch
        from segment_anything import SamPredictor, sam_model_registry

        model = sam_model_registry[kind](checkpoint=checkpoint)
        self.predictor = SamPredictor(model.to("cuda" if torch.cuda.is_available() else "cpu"))

    def segment(self, image, box, points):
        self.predictor.set_image(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
        masks, scores, _ = self.predictor.predict(
            point_coords=np.array([point[:2] for point in points]) if points else None,
            point_labels=np.array([int(point[2]) for point in points]) if points else None,
            box=None if box is None else np.array(box),
            multimask_output=True,
        )
        return masks[scores.argmax()]


class Segmenter(LabelwrightMLBase):
    def __init__(self, segmenter="grabcut", checkpoint=None, **kwargs):
        super().__init__(**kwargs)
        self.segmenter = SegmentAnything(checkpoint) if segmenter == "sam" else GrabCut()
        self.model_version = segmenter

    def setup(self):
        self.control, _, self.field = self.get_first_tag_occurence("BrushLabels", "Image")
        self.labels = self.parsed_label_config[self.control]["labels"]

    def predict(self, tasks, context=None, **kwargs):
        if not context or not context.get("result"):
            return None  # no prompt, no mask: nothing to say about whole images
        task = tasks[0]
        image = cv2.imread(str(self.download(task["data"][self.field], task)))
        if image is None:
            return None
        box, points, label = self.prompt(context["result"], image.shape[1], image.shape[0])
        mask = self.segmenter.segment(image, box, points)
        if not mask.any():
            return None
        return [self.prediction([self.brush(mask, label, control=self.control)], score=0.9)]

    def prompt(self, regions, width, height):
        """What was drawn, in pixels: (left, top, right, bottom) or None, [(x, y, is_thing)], and the label."""
        box, points, label = None, [], self.labels[0]
        for region in regions:
            value = region["value"]
            x, y = value["x"] / 100 * width, value["y"] / 100 * height
            drawn = (value.get("rectanglelabels") or value.get("keypointlabels") or [label])[0]
            if region["type"] == "rectanglelabels":
                right, bottom = x + value["width"] / 100 * width, y + value["height"] / 100 * height
                box = (int(x), int(y), int(np.ceil(right)), int(np.ceil(bottom)))
            elif region["type"] == "keypointlabels":
                # `is_positive` comes from the tool's minus key
                is_thing = drawn in self.labels and region.get("is_positive", True)
                points.append((min(int(x), width - 1), min(int(y), height - 1), bool(is_thing)))
            if drawn in self.labels:
                label = drawn
        return box, points, label
