"""Learns to mark spans of a text: a dictionary of what was marked, and a model of words in their surroundings.

Each word gets a tag: the first of a span of some label, a further one of it, or outside (BIO). A logistic regression gives the
tags' probabilities from the word, its neighbours, its spelling and the dictionary; the best sequence of tags is found by Viterbi
with the transitions seen in training.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from labelwright.formats.conll2003 import to_codepoint_spans
from labelwright.geometry.spans import OffsetMap
from labelwright.suggest.answers import span_item
from labelwright.suggest.estimate import estimate_ratio
from labelwright.suggest.folder import Estimate
from labelwright.suggest.guess import Guess
from labelwright.suggest.plan import ControlPlan
from labelwright.suggest.texts import CJK

MOST_WORDS = 4_000
"""Of a longer text only the beginning is read."""
_MOST_TRAINING_WORDS = 200_000
_MOST_WEIGHTS = 3_000_000
_HASHES = 1 << 18
_LONGEST_PHRASE = 8
_FOLDS = 4
_STRENGTH = 3.0
_SURE = 0.995
"""Words that are outside with this probability need no search."""
_TOKEN = re.compile(rf"[{CJK}]|(?:(?![{CJK}])[^\W\d_])+|\d+|[^\w\s]|_")

Span = tuple[int, int, str]
"""Start, end (exclusive), label; offsets in code points."""


class Spans:
    """Marks spans with one label each. Of overlapping spans the longest trains."""

    words = "words in their surroundings, and a dictionary of what was marked"

    def __init__(
        self,
        control: ControlPlan,
        texts: Sequence[str],
        answers: Mapping[int, Sequence[Mapping[str, Any]]],
        task_ids: Sequence[int],
        seed: int,
    ) -> None:
        self._control = control
        self._texts = texts
        self._task_ids = task_ids
        self._seed = seed
        known = {path[-1] for path in control.labels}
        self._labels = list(dict.fromkeys(path[-1] for path in control.labels))
        self._answers = {row: _spans(texts[row], values, known) for row, values in answers.items()}
        self._read: dict[int, _Words] = {}

    def why_not(self, rows: Any) -> str:
        if not any(self._answers[row] for row in rows):
            return "no answer so far marks anything"
        return ""

    def train(self, rows: Any, is_tuned: bool) -> _TrainedSpans:
        import numpy as np

        rows = np.asarray(rows)
        if not is_tuned or len(rows) < 4:
            return _TrainedSpans(self, self._fit(rows), None, None)
        unseen: dict[int, Guess] = {}
        folds = np.arange(len(rows)) % (5 if len(rows) <= 100 else 3)
        for fold in np.unique(folds):
            part = _TrainedSpans(self, self._fit(rows[folds != fold]), None, None)
            unseen.update(zip(rows[folds == fold].tolist(), part.guess(rows[folds == fold]), strict=True))
        raw = [unseen[row] for row in rows.tolist()]
        calibrator = _Calibrator(raw, [self._is_right(row, guess) for row, guess in zip(rows, raw, strict=True)])
        return _TrainedSpans(self, self._fit(rows), calibrator, [calibrator(guess) for guess in raw])

    def baseline(self, rows: Any) -> Guess:
        return Guess((), 0.5, 1.0)

    def measure(self, rows: Any, guesses: Sequence[Guess]) -> list[Estimate]:
        exact = [float(self._is_right(row, guess)) for row, guess in zip(rows, guesses, strict=True)]
        return [
            estimate_ratio("span_f1", *self.points(rows, guesses)),
            estimate_ratio("accuracy", exact, [1.0] * len(exact)),
        ]

    def points(self, rows: Any, guesses: Sequence[Guess]) -> tuple[Any, Any]:
        pairs = [(set(self._answers[row]), _plain(guess)) for row, guess in zip(rows, guesses, strict=True)]
        return [2.0 * len(right & said) for right, said in pairs], [float(len(right) + len(said)) for right, said in pairs]

    def items(self, row: int, guess: Guess) -> list[dict[str, Any]]:
        text = self._texts[row]
        offsets = OffsetMap(text)
        return [
            span_item(
                self._control,
                self._task_ids[row],
                offsets.to_utf16(start),
                offsets.to_utf16(end),
                text[start:end],
                label,
                score,
            )
            for start, end, label, score in guess.answer
        ]

    def failed(self, row: int) -> str | None:
        return None if self._texts[row].strip() else "the task has no text"

    def read(self, row: int) -> _Words:
        """The words of a text; kept for answered tasks, which are read again and again."""
        if row not in self._answers:
            return _Words(self._texts[row])
        if row not in self._read:
            self._read[row] = _Words(self._texts[row])
        return self._read[row]

    def _is_right(self, row: int, guess: Guess) -> bool:
        return set(self._answers[row]) == _plain(guess)

    def _fit(self, rows: Any) -> _Tagger:
        return _Tagger(self._labels, [(self.read(row), self._answers[row]) for row in rows.tolist()])


class _TrainedSpans:
    def __init__(self, learner: Spans, tagger: _Tagger, calibrator: _Calibrator | None, unseen: list[Guess] | None) -> None:
        self._learner = learner
        self._tagger = tagger
        self._calibrator = calibrator
        self.unseen = unseen

    def guess(self, rows: Any) -> list[Guess]:
        guesses: list[Guess] = []
        for start in range(0, len(rows), 100):
            guesses += self._tagger.tag([self._learner.read(int(row)) for row in rows[start : start + 100]])
        return [self._calibrator(guess) for guess in guesses] if self._calibrator is not None else guesses


class _Calibrator:
    """From how likely the tags are to how likely the whole answer is right: a logistic curve on guesses for unseen tasks."""

    def __init__(self, guesses: Sequence[Guess], are_right: Sequence[bool]) -> None:
        from sklearn.linear_model import LogisticRegression

        self._share = (sum(are_right) + 1) / (len(are_right) + 2)
        self._curve: Any = None
        if len(set(are_right)) == 2:
            curve = LogisticRegression().fit([_log_odds(guess.confidence) for guess in guesses], are_right)
            # a curve that falls says that there is nothing to see
            self._curve = curve if curve.coef_[0][0] > 0 else None

    def __call__(self, guess: Guess) -> Guess:
        if self._curve is None:
            return Guess(guess.answer, self._share, guess.uncertainty)
        return Guess(guess.answer, float(self._curve.predict_proba([_log_odds(guess.confidence)])[0, 1]), guess.uncertainty)


def _log_odds(confidence: float) -> list[float]:
    from math import log

    held = min(max(confidence, 1e-6), 1 - 1e-6)
    return [log(held / (1 - held))]


class _Words:
    """A text cut into words, numbers and single signs, with what describes each of them. Hashed once."""

    def __init__(self, text: str) -> None:
        self.places: list[tuple[int, int]] = []
        for found in _TOKEN.finditer(text):
            if len(self.places) == MOST_WORDS:
                break
            self.places.append(found.span())
        self.lower = [text[start:end].lower() for start, end in self.places]
        self._spelled = [_shape(text[start:end]) for start, end in self.places]
        self._matrix: Any = None

    def matrix(self) -> Any:
        if self._matrix is None:
            import numpy as np
            from sklearn.feature_extraction import FeatureHasher

            hasher = FeatureHasher(_HASHES, input_type="string", alternate_sign=False, dtype=np.float32)
            self._matrix = hasher.transform(self._describe()) if self.places else None
        return self._matrix

    def _describe(self) -> Iterator[list[str]]:
        padded = ["<<", "<", *self.lower, ">", ">>"]
        shapes = ["<", *self._spelled, ">"]
        for index, word in enumerate(self.lower):
            before2, before, _, after, after2 = padded[index : index + 5]
            yield [
                "=",
                f"w={word}",
                f"s={shapes[index + 1]}",
                f"s-{shapes[index]}",
                f"s+{shapes[index + 2]}",
                f"ss={shapes[index]}{shapes[index + 1]}{shapes[index + 2]}",
                f"w-{before}",
                f"w+{after}",
                f"w--{before2}",
                f"w++{after2}",
                f"b-{before} {word}",
                f"b+{word} {after}",
                *(f"p{word[:size]}" for size in (1, 2, 3, 4) if len(word) > size),
                *(f"e{word[-size:]}" for size in (1, 2, 3, 4) if len(word) > size),
            ]


def _shape(word: str) -> str:
    """Upper, lower and mixed case, digits by their number, other signs as they are."""
    if word.isdecimal():
        return f"d{min(len(word), 5)}"
    if word.islower():
        return "x"
    if word.isupper():
        return "X" if len(word) == 1 else "XX"
    return "Xx" if word[:1].isupper() else word if len(word) == 1 and not word.isalnum() else "o"


class _Dictionary:
    """Phrases that were marked at least half of the times they occurred, with their usual label."""

    def __init__(self, read: Sequence[tuple[_Words, Sequence[Span]]]) -> None:
        marked: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for words, spans in read:
            for first, end, label in _word_spans(words, spans):
                if end - first <= _LONGEST_PHRASE:
                    marked[tuple(words.lower[first:end])][label] += 1
        starts: dict[str, set[int]] = defaultdict(set)
        for phrase in marked:
            starts[phrase[0]].add(len(phrase))
        occurred: Counter[tuple[str, ...]] = Counter()
        for words, _ in read:
            for _, phrase in _phrases(words.lower, starts):
                if phrase in marked:
                    occurred[phrase] += 1
        self._label = {
            phrase: labels.most_common(1)[0][0]
            for phrase, labels in marked.items()
            if 2 * labels.total() >= occurred[phrase] and any(word.isalnum() for word in phrase)
        }
        self._starts: dict[str, set[int]] = defaultdict(set)
        for phrase in self._label:
            self._starts[phrase[0]].add(len(phrase))

    def columns(self, words: _Words, labels: Sequence[str]) -> Any:
        """(words, 2 per label): 1 where a phrase of that label starts, and where it goes on. The longest phrase wins."""
        import numpy as np

        found = np.zeros((len(words.places), 2 * len(labels)), dtype=np.float32)
        known = [(first, phrase) for first, phrase in _phrases(words.lower, self._starts) if phrase in self._label]
        free = 0
        for first, phrase in sorted(known, key=lambda place: (place[0], -len(place[1]))):
            if first >= free:
                code = 2 * labels.index(self._label[phrase])
                found[first, code] = 1
                found[first + 1 : first + len(phrase), code + 1] = 1
                free = first + len(phrase)
        return found


def _phrases(lower: Sequence[str], starts: Mapping[str, set[int]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for first, word in enumerate(lower):
        if word in starts:
            for size in starts[word]:
                if first + size <= len(lower):
                    yield first, tuple(lower[first : first + size])


class _Tagger:
    """Tags are numbers: 0 outside, 1 + 2i the first word of label i, 2 + 2i a further one."""

    def __init__(self, labels: Sequence[str], read: Sequence[tuple[_Words, Sequence[Span]]]) -> None:
        import numpy as np
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression

        self._labels = labels
        n_tags = 1 + 2 * len(labels)
        read = [(words, spans) for words, spans in read if words.places]
        total = 0
        kept: list[tuple[_Words, Sequence[Span]]] = []
        for words, spans in read:
            total += len(words.places)
            if total > _MOST_TRAINING_WORDS and kept:
                break
            kept.append((words, spans))
        tags = [_tags(words, spans, labels) for words, spans in kept]
        # what a task marks must not be in the dictionary that describes it, or the model would trust dictionaries alone
        parts = min(_FOLDS, len(kept))
        dictionaries = [_Dictionary([each for index, each in enumerate(kept) if index % parts != part]) for part in range(parts)]
        looked_up = [dictionaries[index % parts].columns(words, labels) for index, (words, _) in enumerate(kept)]
        self._dictionary = _Dictionary(read)
        self._model: Any = None
        self._columns = np.zeros(0, dtype=int)
        self._moves = np.zeros((n_tags, n_tags))
        if not kept:
            return
        every = sparse.vstack([words.matrix() for words, _ in kept], format="csr")
        counts = np.bincount(every.indices, minlength=_HASHES)
        columns = np.flatnonzero(counts)
        most = _MOST_WEIGHTS // n_tags
        if len(columns) > most:
            columns = np.sort(columns[np.argsort(-counts[columns], kind="stable")[:most]])
        self._columns = columns
        matrix = sparse.hstack([every[:, columns], sparse.csr_matrix(2 * np.vstack(looked_up))], format="csr")
        flat = np.concatenate(tags)
        self._moves = _transitions(tags, n_tags)
        if len(np.unique(flat)) > 1:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._model = LogisticRegression(C=_STRENGTH, max_iter=60, tol=1e-3).fit(matrix, flat)

    def tag(self, texts: Sequence[_Words]) -> list[Guess]:
        """A guess per text: its spans with their scores, as `(start, end, label, score)` in code points."""
        import numpy as np
        from scipy import sparse

        filled = [words for words in texts if words.places]
        if self._model is None or not filled:
            return [Guess((), 0.5, 1.0) for _ in texts]
        matrix = sparse.hstack(
            [
                sparse.vstack([words.matrix() for words in filled], format="csr")[:, self._columns],
                sparse.csr_matrix(2 * np.vstack([self._dictionary.columns(words, self._labels) for words in filled])),
            ],
            format="csr",
        )
        probabilities = np.full((matrix.shape[0], len(self._moves)), 1e-7)
        probabilities[:, self._model.classes_] = np.clip(self._model.predict_proba(matrix), 1e-7, None)
        guesses = []
        start = 0
        for words in texts:
            own = probabilities[start : start + len(words.places)]
            start += len(words.places)
            guesses.append(self._guess(words, own) if words.places else Guess((), 1.0, 0.0))
        return guesses

    def _guess(self, words: _Words, probabilities: Any) -> Guess:
        import numpy as np

        tags = self._search(probabilities)
        chosen = probabilities[np.arange(len(tags)), tags]
        unsure = chosen[chosen < _SURE]
        confidence = float(np.exp(np.log(unsure).sum())) if len(unsure) else float(chosen.min())
        spans = []
        for first, end, label in _read_tags(tags):
            score = float(np.exp(np.log(chosen[first:end]).mean()))
            spans.append((words.places[first][0], words.places[end - 1][1], self._labels[label], score))
        return Guess(tuple(spans), confidence, float(1 - chosen.min()))

    def _search(self, probabilities: Any) -> Any:
        """The likeliest tags; only stretches of words that may be inside a span are searched."""
        import numpy as np

        tags = np.zeros(len(probabilities), dtype=int)
        doubtful = np.flatnonzero(probabilities[:, 0] < _SURE)
        if len(doubtful):
            for stretch in np.split(doubtful, np.flatnonzero(np.diff(doubtful) > 1) + 1):
                tags[stretch] = _viterbi(np.log(probabilities[stretch]), self._moves)
        return tags


def _viterbi(log_probabilities: Any, moves: Any) -> Any:
    """The best path from outside through all words. moves: (from, to) log weights."""
    import numpy as np

    best = log_probabilities[0] + moves[0]
    came_from = np.zeros(log_probabilities.shape, dtype=int)
    for index in range(1, len(log_probabilities)):
        paths = best[:, None] + moves
        came_from[index] = paths.argmax(axis=0)
        best = paths[came_from[index], np.arange(len(best))] + log_probabilities[index]
    tags = np.zeros(len(log_probabilities), dtype=int)
    tags[-1] = best.argmax()
    for index in range(len(tags) - 1, 0, -1):
        tags[index - 1] = came_from[index, tags[index]]
    return tags


def _transitions(tags: Sequence[Any], n_tags: int) -> Any:
    """Log of how much likelier a tag is after another than anywhere; a span cannot go on where none is."""
    import numpy as np

    counts = np.full((n_tags, n_tags), 0.5)
    for each in tags:
        np.add.at(counts, (np.concatenate([[0], each[:-1]]), each), 1)
    after = counts / counts.sum(axis=1, keepdims=True)
    anywhere = counts.sum(axis=0) / counts.sum()
    moves = np.clip(np.log(after / anywhere), -4, 4)
    for tag in range(2, n_tags, 2):
        allowed = (tag - 1, tag)
        moves[[other for other in range(n_tags) if other not in allowed], tag] = -1e9
    return moves


def _tags(words: _Words, spans: Sequence[Span], labels: Sequence[str]) -> Any:
    import numpy as np

    tags = np.zeros(len(words.places), dtype=int)
    for first, end, label in sorted(_word_spans(words, spans), key=lambda span: span[0] - span[1]):
        if not tags[first:end].any():
            code = 1 + 2 * labels.index(label)
            tags[first:end] = code + 1
            tags[first] = code
    return tags


def _word_spans(words: _Words, spans: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """Spans as (first word, word after the last, label): every word that a span reaches belongs to it."""
    from bisect import bisect_left, bisect_right

    starts = [start for start, _ in words.places]
    ends = [end for _, end in words.places]
    for start, end, label in spans:
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        if first < last:
            yield first, last, label


def _read_tags(tags: Any) -> Iterator[tuple[int, int, int]]:
    """(first word, word after the last, label) of each span."""
    first = None
    for index, tag in enumerate([*tags.tolist(), 0]):
        if first is not None and (tag == 0 or tag % 2 == 1):
            yield first, index, (tags[first] - 1) // 2
            first = None
        if tag % 2 == 1:
            first = index


def _spans(text: str, values: Sequence[Mapping[str, Any]], known: set[str]) -> list[Span]:
    spans = []
    for value in to_codepoint_spans(text, [dict(value) for value in values]):
        label = value["labels"][0]
        if label in known and 0 <= value["start"] < value["end"] <= len(text):
            spans.append((value["start"], value["end"], label))
    return spans


def _plain(guess: Guess) -> set[Span]:
    return {(start, end, label) for start, end, label, _ in guess.answer}
