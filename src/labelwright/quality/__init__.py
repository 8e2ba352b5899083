"""How good answers are, and how alike. Pure functions of results: no database, no HTTP.

In reading order: `answer_parts` takes a result apart into what a person would count; `suggestion_difference` tells what somebody
changed about a suggestion; `prediction_score` how good predictions are against human answers. `intervals` and `text_distance`
are the arithmetic below them.
"""

from labelwright.quality.intervals import Interval, ratio_interval, wilson
from labelwright.quality.prediction_score import ControlScore, Score, evaluate
from labelwright.quality.suggestion_difference import Difference, difference
from labelwright.quality.text_distance import text_distance

__all__ = [
    "ControlScore",
    "Difference",
    "Interval",
    "Score",
    "difference",
    "evaluate",
    "ratio_interval",
    "text_distance",
    "wilson",
]
