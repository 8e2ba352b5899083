"""The ML-backend SDK: a model is one class with `predict` and `fit`, served to Labelwright and Label Studio.

A tour in reading order:

1. `model`: the class that authors extend. `regions` (and `brush`): answers that fit the label config. `media`: files of tasks.
   `store`: versions of a model. `label_interface`: the config as an object, as Label Studio's backends look at it.
2. `place`: what an instance is bound to; `state`: what it remembers. `answers`: what `predict` may give back.
3. `models`: the instances, one per project. `training`: events, one after the other.
4. `app`: the protocol. `serve`: the process; `backend_file`: the author's file.
5. `check`: do a backend's answers fit a config? `scaffold`: a backend to start from.

Knows nothing of the labeling server's code: it runs where the model runs.
"""

from labelwright.ml.answers import ModelResponse
from labelwright.ml.media import DownloadFailed
from labelwright.ml.model import LabelwrightMLBase
from labelwright.ml.regions import DoesNotFit, RegionMaker
from labelwright.ml.store import Store

LabelStudioMLBase = LabelwrightMLBase
"""The name that backends for Label Studio use."""

__all__ = [
    "DoesNotFit",
    "DownloadFailed",
    "LabelStudioMLBase",
    "LabelwrightMLBase",
    "ModelResponse",
    "RegionMaker",
    "Store",
]
