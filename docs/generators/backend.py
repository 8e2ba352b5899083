"""`reference/backend.md`: the class that a model extends, from its own docstrings."""

from __future__ import annotations

from generators.sdk import code, describe_class, inline
from labelwright import ml

INTRODUCTION = """\
# The class of a backend

```python
from labelwright.ml import LabelwrightMLBase
```

[Write a backend](../howto/write-a-backend.md) shows how to use it. This page is made from the docstrings by `docs/build.py`."""
ERRORS = (ml.DoesNotFit, ml.DownloadFailed)


def backend_page() -> str:
    """The page's text."""
    parts = [INTRODUCTION, "## LabelwrightMLBase", describe_class(ml.LabelwrightMLBase)]
    parts += [
        "## Regions",
        "Methods of the same class. `RegionMaker` has them alone, for scripts.",
        describe_class(ml.RegionMaker),
    ]
    parts += ["## Versions", "`self.store`.", describe_class(ml.Store)]
    parts += ["## ModelResponse", code("ModelResponse(predictions, model_version=None)"), inline(ml.ModelResponse)]
    parts += ["## Errors", "\n".join(f"- **`{error.__name__}`** {inline(error)}" for error in ERRORS)]
    return "\n\n".join(part for part in parts if part) + "\n"
