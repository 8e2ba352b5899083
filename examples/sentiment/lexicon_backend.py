"""Sentiment of texts by a list of words and their weights: no download, no graphics card."""

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from labelwright.ml import LabelwrightMLBase

NEUTRAL_BELOW = 0.05  # of a sum from -1 to 1


class LexiconSentiment(LabelwrightMLBase):
    INITIAL_MODEL_VERSION = "vader-3.3"

    def setup(self):
        self.analyzer = SentimentIntensityAnalyzer()
        self.control, _, self.field = self.get_first_tag_occurence("Choices", "Text")

    def predict(self, tasks, context=None, **kwargs):
        return [self.guess(str(task["data"].get(self.field, ""))) for task in tasks]

    def guess(self, text):
        total = self.analyzer.polarity_scores(text)["compound"]
        if abs(total) < NEUTRAL_BELOW:
            return self.prediction([self.label("Neutral")], score=1 - abs(total))
        return self.prediction([self.label("Positive" if total > 0 else "Negative")], score=(1 + abs(total)) / 2)
