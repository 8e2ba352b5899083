"""Boxes around words, with the words in them."""

import shutil

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from labelwright.ml import LabelwrightMLBase


class Tesseract:
    """Any text, by Tesseract."""

    def __init__(self):
        import pytesseract

        self.engine = pytesseract

    def read(self, path):
        """((left, top, width, height) in pixels, text, score) of each word."""
        data = self.engine.image_to_data(Image.open(path), output_type=self.engine.Output.DICT)
        for index, text in enumerate(data["text"]):
            if text.strip():
                place = tuple(data[key][index] for key in ("left", "top", "width", "height"))
                yield place, text, max(float(data["conf"][index]), 0) / 100


class Digits:
    """Printed digits, by comparing each dark spot with digits drawn in a font."""

    SIZE = (16, 24)  # width, height

    def __init__(self):
        font = ImageFont.load_default(size=48)
        self.known = {}
        for digit in "0123456789":
            image = Image.new("L", (80, 80), 0)
            ImageDraw.Draw(image).text((20, 10), digit, font=font, fill=255)
            self.known[digit] = self.normal(np.asarray(image.crop(image.getbbox())))

    def normal(self, spot):
        """The spot in one size, its shape kept in a last row, as a vector of length 1."""
        scaled = cv2.resize(spot.astype(np.float32), self.SIZE, interpolation=cv2.INTER_AREA).ravel()
        vector = np.concatenate([scaled / 255, [8 * spot.shape[1] / spot.shape[0]]])
        return vector / np.linalg.norm(vector)

    def read(self, path):
        """((left, top, width, height) in pixels, text, score) of each number."""
        grey = np.asarray(Image.open(path).convert("L"))
        ink = 255 - grey if np.median(grey) > 127 else grey
        _, mask = cv2.threshold(ink, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        spots = sorted(box for box in map(cv2.boundingRect, contours) if box[3] >= 8)
        for word in self.words(spots):
            digits = [self.digit(ink[y : y + h, x : x + w]) for x, y, w, h in word]
            left, top = min(x for x, *_ in word), min(y for _, y, *_ in word)
            right, bottom = max(x + w for x, _, w, _ in word), max(y + h for _, y, _, h in word)
            score = float(np.mean([likeness for _, likeness in digits]))
            yield (left, top, right - left, bottom - top), "".join(digit for digit, _ in digits), score

    def words(self, spots):
        """Spots on one line with little room between them, together."""
        words = []
        for x, y, w, h in spots:
            for word in words:
                last = word[-1]
                if x - (last[0] + last[2]) < 0.6 * h and abs((y + h / 2) - (last[1] + last[3] / 2)) < 0.5 * h:
                    word.append((x, y, w, h))
                    break
            else:
                words.append([(x, y, w, h)])
        return words

    def digit(self, spot):
        likeness = {digit: float(self.normal(spot) @ known) for digit, known in self.known.items()}
        best = max(likeness, key=likeness.get)
        return best, likeness[best]


class Reader(LabelwrightMLBase):
    def __init__(self, reader=None, **kwargs):
        super().__init__(**kwargs)
        chosen = reader or ("tesseract" if shutil.which("tesseract") else "digits")
        self.reader = Tesseract() if chosen == "tesseract" else Digits()
        self.model_version = chosen

    def predict(self, tasks, context=None, **kwargs):
        _, _, field = self.get_first_tag_occurence("RectangleLabels", "Image")
        return [self.read(self.download(task["data"][field], task)) for task in tasks]

    def read(self, path):
        with Image.open(path) as image:
            size = image.size
        regions = []
        for (x, y, width, height), text, score in self.reader.read(path):
            box = self.box(x, y, width, height, "Text", image_size=size, score=score)
            regions += [box, self.text(text, region=box, score=score)]
        return self.prediction(regions)
