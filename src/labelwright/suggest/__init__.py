"""The built-in model: learns from the labels of one project and suggests answers for its other tasks. No database, no HTTP.

A tour in reading order:

1. `plan`: which controls of a config can be learned, and in words why the others cannot.
2. `holdout`: which tasks are kept for testing. Their labels never train anything.
3. `folder`: what the server writes for a worker and what the worker leaves, file by file.
4. `python -m labelwright.suggest FOLDER` (`__main__`) is the worker: `learn` reads the folder, fits one learner per control
   (`choices`, `numbers`, `spans`) on features of `texts`, `images` or `tables`, tests them (`estimate`) and writes
   `predictions.jsonl` and `report.json`.
5. `labelwright.quality` holds what measures suggestions whoever made them: `difference` (what a person changed) and `evaluate`
   (how good predictions are against human answers).

This package imports in a moment: scikit-learn, numpy and Pillow (extra `suggest`) are loaded by the worker alone.
`missing_packages()` says whether they are there.
"""

from labelwright.quality.prediction_score import ControlScore, Score, evaluate
from labelwright.quality.suggestion_difference import Difference, difference
from labelwright.suggest.folder import (
    Answered,
    Estimate,
    Options,
    Prediction,
    Report,
    Unanswered,
    read_predictions,
    read_report,
    write_folder,
)
from labelwright.suggest.holdout import is_holdout
from labelwright.suggest.packages import missing_packages
from labelwright.suggest.plan import ControlPlan, LeftOut, Plan, Unsupported, plan

__all__ = [
    "Answered",
    "ControlPlan",
    "ControlScore",
    "Difference",
    "Estimate",
    "LeftOut",
    "Options",
    "Plan",
    "Prediction",
    "Report",
    "Score",
    "Unanswered",
    "Unsupported",
    "difference",
    "evaluate",
    "is_holdout",
    "missing_packages",
    "plan",
    "read_predictions",
    "read_report",
    "write_folder",
]
