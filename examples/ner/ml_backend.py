"""Names in texts: by rules, and by a dictionary that grows with every annotation."""

import re
from collections import Counter, defaultdict

from labelwright.ml import LabelwrightMLBase

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
RULES = [
    ("Date", re.compile(rf"\b(?:\d{{1,2}} (?:{MONTHS}) \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})\b")),
    ("Person", re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof)\. [A-Z]\w+(?: [A-Z]\w+)*")),
    ("Organization", re.compile(r"\b[A-Z]\w+(?: [A-Z]\w+)* (?:Corp\.|Inc\.|Ltd\.|GmbH)")),
]
RULE_SCORE = 0.6


class Names(LabelwrightMLBase):
    def setup(self):
        self.control, _, self.field = self.get_first_tag_occurence("Labels", "Text")
        self.labels = set(self.parsed_label_config[self.control]["labels"])
        # {"marked": {text: {label: times}}, "seen": {text: times}}
        self.known = self.store.load() if self.store.latest else {"marked": {}, "seen": {}}

    def predict(self, tasks, context=None, **kwargs):
        predictions = []
        for task in tasks:
            text = str(task["data"].get(self.field, ""))
            spans = [self.span(start, end, text, label, score=score) for start, end, label, score in self.find(text)]
            predictions.append(self.prediction(spans) if spans else None)
        return predictions

    def find(self, text):
        """(start, end, label, score) of each name; what people marked goes before the rules, the longer before the shorter."""
        found = []

        def add(start, end, label, score):
            if label in self.labels and all(end <= other[0] or other[1] <= start for other in found):
                found.append((start, end, label, score))

        for name in sorted(self.known["marked"], key=len, reverse=True):
            label, times = Counter(self.known["marked"][name]).most_common(1)[0]
            share = times / max(self.known["seen"].get(name, 0), times)
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text) if share >= 0.5 else ():
                add(match.start(), match.end(), label, share)
        for label, rule in RULES:
            for match in rule.finditer(text):
                add(match.start(), match.end(), label, RULE_SCORE)
        return sorted(found)

    def fit(self, event, data, **kwargs):
        if event == "ANNOTATION_CREATED":
            self.learn([(data["task"]["data"], data["annotation"])])
        else:  # changed, deleted, or asked for: count all anew, so that nothing is counted twice
            self.known = {"marked": {}, "seen": {}}
            self.learn(
                [(task["data"], annotation) for task in self.annotated_tasks() for annotation in task["annotations"]],
            )
        version = f"names-{len(self.store.versions()) + 1}"
        self.store.save(version, self.known)
        return {"names": len(self.known["marked"]), "version": version}

    def learn(self, answers):
        marked = defaultdict(Counter, {name: Counter(labels) for name, labels in self.known["marked"].items()})
        seen = Counter(self.known["seen"])
        for fields, annotation in answers:
            if annotation.get("was_cancelled"):
                continue
            spans = [region["value"] for region in annotation["result"] if region["from_name"] == self.control]
            for value in spans:
                marked[value["text"]].update(value["labels"])
            text = str(fields.get(self.field, ""))
            for name in marked:
                seen[name] += len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text))
        self.known = {"marked": {name: dict(labels) for name, labels in marked.items()}, "seen": dict(seen)}
