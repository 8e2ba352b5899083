"""Choices for images, by the labeled images that look alike. Learns from every annotation; suggests nothing before that."""

import numpy as np
from PIL import Image

from labelwright.ml import LabelwrightMLBase

NEIGHBOURS = 5
BINS = 4
SIDE = 8


class LooksAlike(LabelwrightMLBase):
    def setup(self):
        self.control, _, self.field = self.get_first_tag_occurence("Choices", "Image")
        # {task id: [label, features]}: a task that is answered again replaces its example
        self.examples = self.store.load() if self.store.latest else {}

    def predict(self, tasks, context=None, **kwargs):
        if len({label for label, _ in self.examples.values()}) < 2:
            return None
        labels = np.array([label for label, _ in self.examples.values()])
        known = np.array([features for _, features in self.examples.values()])
        predictions = []
        for task in tasks:
            distance = np.linalg.norm(known - features(self.download(task["data"][self.field], task)), axis=1)
            nearest = np.argsort(distance)[:NEIGHBOURS]
            weight = 1 / (distance[nearest] + 1e-3)
            votes = {label: weight[labels[nearest] == label].sum() for label in set(labels[nearest])}
            best = max(votes, key=votes.get)
            predictions.append(self.prediction([self.label(str(best))], score=votes[best] / weight.sum()))
        return predictions

    def fit(self, event, data, **kwargs):
        if event in ("ANNOTATION_CREATED", "ANNOTATION_UPDATED"):
            self.learn(data["task"], data["annotation"])
        else:
            self.examples = {}
            for task in self.annotated_tasks():
                for annotation in task["annotations"]:
                    self.learn(task, annotation)
        version = f"examples-{len(self.store.versions()) + 1}"
        self.store.save(version, self.examples)
        return {"examples": len(self.examples), "version": version}

    def learn(self, task, annotation):
        for region in annotation["result"]:
            if region["from_name"] == self.control and not annotation.get("was_cancelled"):
                values = features(self.download(task["data"][self.field], task)).tolist()
                self.examples[str(task["id"])] = [region["value"]["choices"][0], values]


def features(path):
    """A histogram of the colours, and the image in 8 x 8 grey pixels: numbers from 0 to 1."""
    with Image.open(path) as image:
        small = image.convert("RGB").resize((64, 64))
    colours = np.asarray(small).reshape(-1, 3)
    histogram, _ = np.histogramdd(colours, bins=(BINS, BINS, BINS), range=[(0, 256)] * 3)
    grey = np.asarray(small.convert("L").resize((SIDE, SIDE)), dtype=float).ravel() / 255
    return np.concatenate([histogram.ravel() / len(colours), grey / SIDE])
