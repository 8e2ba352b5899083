"""Boxes around what stands out from the background."""

import cv2
import numpy as np

from labelwright.ml import LabelwrightMLBase

ROUND_FROM = 0.85  # area over that of the enclosing circle's: 1 is a disc, a square has 0.64


class Contours(LabelwrightMLBase):
    INITIAL_MODEL_VERSION = "contours-1"

    def setup(self):
        _, _, self.field = self.get_first_tag_occurence("RectangleLabels", "Image")
        self.smallest_percent = float(self.extra_params.get("smallest_percent", 0.1))

    def predict(self, tasks, context=None, **kwargs):
        predictions = []
        for task in tasks:
            image = cv2.imread(str(self.download(task["data"][self.field], task)))
            if image is None:
                predictions.append(None)  # no image, or of a kind that OpenCV cannot read
                continue
            height, width = image.shape[:2]
            boxes = [
                self.box(x, y, w, h, label, image_size=(width, height), score=score)
                for (x, y, w, h), label, score in self.detect(image)
            ]
            predictions.append(self.prediction(boxes))
        return predictions

    def detect(self, image):
        """((left, top, width, height) in pixels, label, score) of each thing."""
        grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (3, 3), 0)
        _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        border = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
        if border.mean() > 127:  # the background is the bright part
            mask = cv2.bitwise_not(mask)
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            area = cv2.contourArea(contour)
            if area < mask.size * self.smallest_percent / 100:
                continue
            _, radius = cv2.minEnclosingCircle(contour)
            fill = area / (np.pi * radius * radius)
            label = "Round" if fill >= ROUND_FROM else "Angular"
            yield cv2.boundingRect(contour), label, min(1.0, 0.5 + abs(fill - ROUND_FROM))
