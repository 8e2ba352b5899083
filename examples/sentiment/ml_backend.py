"""Sentiment of reviews by a transformer."""

from transformers import pipeline

from labelwright.ml import LabelwrightMLBase


class SentimentPreLabeler(LabelwrightMLBase):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.model = pipeline(
            "sentiment-analysis",
            model="distilbert-base-uncased-finetuned-sst-2-english",
        )
        self.model_version = "distilbert-sst-2"

    def predict(self, tasks, **kwargs):
        # all texts at once: a model is quicker with a batch
        answers = self.model([task["data"]["review_text"] for task in tasks])
        return [self.prediction([self.label(answer["label"].capitalize())], score=answer["score"]) for answer in answers]
