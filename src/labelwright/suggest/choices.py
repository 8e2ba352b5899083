"""Learns which label, which labels, or how many stars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from labelwright.suggest.answers import Path, choice_item, number_item
from labelwright.suggest.classify import Classifier, fit_classifier, margins
from labelwright.suggest.estimate import estimate_macro_f1, estimate_mean, estimate_ratio
from labelwright.suggest.features import Features
from labelwright.suggest.folder import Estimate
from labelwright.suggest.guess import Guess
from labelwright.suggest.plan import ControlPlan

_NOTHING = "nothing"


class OneOf:
    """One label of several; for stars the labels are numbers. `None` is a label as well: the control is left empty."""

    def __init__(
        self, control: ControlPlan, features: Features, answers: Mapping[int, Any], task_ids: Sequence[int], seed: int
    ) -> None:
        self._control = control
        self._features = features
        self._answers = answers
        self._task_ids = task_ids
        self._seed = seed
        # from the config, not from the answers: those of held-out tasks must not even be counted
        self._classes = _classes(control)
        self._codes = {answer: code for code, answer in enumerate(self._classes)}
        self.words = features.words

    def why_not(self, rows: Any) -> str:
        given = Counter(self._answers[row] for row in rows)
        if len(given) < 2:
            return f"every answer so far is {_name(next(iter(given), None))}; it needs to see at least two different ones"
        return ""

    def train(self, rows: Any, is_tuned: bool) -> _TrainedOneOf:
        import numpy as np

        codes = np.array([self._codes[self._answers[row]] for row in rows], dtype=int)
        classifier, unseen = fit_classifier(self._features, rows, codes, len(self._classes), self._seed, is_tuned)
        return _TrainedOneOf(classifier, self._classes, None if unseen is None else _guesses(unseen, self._classes))

    def baseline(self, rows: Any) -> Guess:
        answer, count = Counter(self._answers[row] for row in rows).most_common(1)[0]
        return Guess(answer, count / len(rows), 1.0)

    def measure(self, rows: Any, guesses: Sequence[Guess]) -> list[Estimate]:
        import numpy as np

        right = np.array([self._codes[self._answers[row]] for row in rows], dtype=int)
        guessed = np.array([self._codes[guess.answer] for guess in guesses], dtype=int)
        estimates = [
            estimate_ratio("accuracy", *self.points(rows, guesses)),
            estimate_macro_f1(right, guessed, len(self._classes), self._seed),
        ]
        if self._control.answer == "stars":
            errors = np.array([abs(self._answers[row] - guess.answer) for row, guess in zip(rows, guesses, strict=True)])
            estimates.append(estimate_mean("mae", errors, self._seed))
        return estimates

    def points(self, rows: Any, guesses: Sequence[Guess]) -> tuple[Any, Any]:
        right = [float(self._answers[row] == guess.answer) for row, guess in zip(rows, guesses, strict=True)]
        return right, [1.0] * len(right)

    def items(self, row: int, guess: Guess) -> list[dict[str, Any]]:
        if guess.answer is None:
            return []
        if self._control.answer == "stars":
            return [number_item(self._control, self._task_ids[row], guess.answer, guess.confidence)]
        return [choice_item(self._control, self._task_ids[row], [guess.answer], guess.confidence)]

    def failed(self, row: int) -> str | None:
        return self._features.failed.get(row)


class _TrainedOneOf:
    def __init__(self, classifier: Classifier, classes: Sequence[Any], unseen: list[Guess] | None) -> None:
        self._classifier = classifier
        self._classes = classes
        self.unseen = unseen

    def guess(self, rows: Any) -> list[Guess]:
        return _guesses(self._classifier.probabilities(rows), self._classes)


class SeveralOf:
    """Any set of labels: each label apart, yes or no."""

    def __init__(
        self, control: ControlPlan, features: Features, answers: Mapping[int, frozenset[Path]], task_ids: Sequence[int], seed: int
    ) -> None:
        self._control = control
        self._features = features
        self._answers = answers
        self._task_ids = task_ids
        self._seed = seed
        self._labels = control.labels
        self.words = features.words

    def why_not(self, rows: Any) -> str:
        sets = {self._answers[row] for row in rows}
        if len(sets) < 2:
            only = next(iter(sets), frozenset())
            said = " and ".join(_name(label) for label in sorted(only)) or _NOTHING
            return f"every answer so far is {said}; it needs to see at least two different ones"
        return ""

    def train(self, rows: Any, is_tuned: bool) -> _TrainedSeveralOf:
        import numpy as np

        classifiers, unseen = [], []
        for label in self._labels:
            flags = np.array([label in self._answers[row] for row in rows], dtype=int)
            classifier, guessed = fit_classifier(self._features, rows, flags, 2, self._seed, is_tuned)
            classifiers.append(classifier)
            # a label that all rows have, or none, needs no cross-validation to be foreseen
            unseen.append(guessed[:, 1] if guessed is not None else flags.astype(float))
        needs_one = self._control.is_required
        guesses = _set_guesses(np.array(unseen).T, self._labels, needs_one) if is_tuned else None
        return _TrainedSeveralOf(classifiers, self._labels, needs_one, guesses)

    def baseline(self, rows: Any) -> Guess:
        counts = Counter(label for row in rows for label in self._answers[row])
        frequent = frozenset(label for label, count in counts.items() if count > len(rows) / 2)
        if not frequent and counts:
            frequent = frozenset([counts.most_common(1)[0][0]])
        return Guess(frequent, 0.5, 1.0)

    def measure(self, rows: Any, guesses: Sequence[Guess]) -> list[Estimate]:
        exact = [float(self._answers[row] == guess.answer) for row, guess in zip(rows, guesses, strict=True)]
        return [
            estimate_ratio("micro_f1", *self.points(rows, guesses)),
            estimate_ratio("accuracy", exact, [1.0] * len(exact)),
        ]

    def points(self, rows: Any, guesses: Sequence[Guess]) -> tuple[Any, Any]:
        pairs = [(self._answers[row], guess.answer) for row, guess in zip(rows, guesses, strict=True)]
        return [2.0 * len(right & said) for right, said in pairs], [float(len(right) + len(said)) for right, said in pairs]

    def items(self, row: int, guess: Guess) -> list[dict[str, Any]]:
        chosen = [label for label in self._labels if label in guess.answer]
        return [choice_item(self._control, self._task_ids[row], chosen, guess.confidence)] if chosen else []

    def failed(self, row: int) -> str | None:
        return self._features.failed.get(row)


class _TrainedSeveralOf:
    def __init__(
        self, classifiers: Sequence[Classifier], labels: Sequence[Path], needs_one: bool, unseen: list[Guess] | None
    ) -> None:
        self._classifiers = classifiers
        self._labels = labels
        self._needs_one = needs_one
        self.unseen = unseen

    def guess(self, rows: Any) -> list[Guess]:
        import numpy as np

        each = [classifier.probabilities(rows)[:, 1] for classifier in self._classifiers]
        return _set_guesses(np.array(each).reshape(len(self._labels), len(rows)).T, self._labels, self._needs_one)


def _classes(control: ControlPlan) -> list[Any]:
    if control.answer == "stars":
        return [float(stars) for stars in range(1, 1 + int(control.maximum or 5))]
    return [*dict.fromkeys(control.labels), *([] if control.is_required else [None])]


def _guesses(probabilities: Any, classes: Sequence[Any]) -> list[Guess]:
    best = probabilities.argmax(axis=1)
    unsure = margins(probabilities)
    return [
        Guess(classes[code], float(row[code]), float(margin))
        for code, row, margin in zip(best, probabilities, unsure, strict=True)
    ]


def _set_guesses(probabilities: Any, labels: Sequence[Path], needs_one: bool) -> list[Guess]:
    """The confidence is that of the whole set, as if the labels were independent."""
    import numpy as np

    guesses = []
    for row in probabilities:
        chosen = row > 0.5
        if needs_one and len(row) and not chosen.any():
            chosen[row.argmax()] = True
        right = np.where(chosen, row, 1 - row)
        answer = frozenset(label for label, is_chosen in zip(labels, chosen, strict=True) if is_chosen)
        unsure = float(1 - 2 * np.abs(row - 0.5).min()) if len(row) else 0.0
        guesses.append(Guess(answer, float(right.prod()), unsure))
    return guesses


def _name(answer: Any) -> str:
    if answer is None:
        return _NOTHING
    return f'"{" / ".join(answer)}"' if isinstance(answer, tuple) else f"{answer:g}"
