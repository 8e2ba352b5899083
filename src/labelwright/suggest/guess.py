"""What a learner says about a task, and what every learner can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from msgspec import Struct

from labelwright.suggest.folder import Estimate


class Guess(Struct, frozen=True):
    """A suggested answer in the learner's own terms."""

    answer: Any
    confidence: float
    """Probability in [0, 1] that the answer is right."""
    uncertainty: float
    """In [0, 1]: how much its label would teach."""


class Trained(Protocol):
    """What came out of training on some rows."""

    unseen: list[Guess] | None
    """For each training row, in order, the guess of a model that did not see it; None if there was no cross-validation."""

    def guess(self, rows: Any) -> list[Guess]:
        """A guess per row (index of a task)."""


class Learner(Protocol):
    """One control's learner. Rows are indices of tasks; answers are given by row."""

    words: str
    """What it learns from, for people."""

    def why_not(self, rows: Any) -> str:
        """Why these rows teach nothing yet, in words; empty if they do."""

    def train(self, rows: Any, is_tuned: bool) -> Trained:
        """A model of these rows alone. Tuned: with cross-validation, for settings, calibration and `unseen`."""

    def baseline(self, rows: Any) -> Guess:
        """What someone would say who knows these rows' answers and does not look at the task."""

    def measure(self, rows: Any, guesses: Sequence[Guess]) -> list[Estimate]:
        """How good the guesses are for these answered rows, the main figure first."""

    def points(self, rows: Any, guesses: Sequence[Guess]) -> tuple[Any, Any]:
        """The main figure as a ratio of sums over tasks: numerators and denominators by row."""

    def items(self, row: int, guess: Guess) -> list[dict[str, Any]]:
        """The guess as items of a result."""

    def failed(self, row: int) -> str | None:
        """Why this task gets no guess; None if it gets one."""
