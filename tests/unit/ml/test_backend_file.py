"""Loading an author's file."""

from __future__ import annotations

import os
from pathlib import Path

from labelwright.ml.backend_file import load_model_class

SOURCE = """
from labelwright.ml import LabelwrightMLBase


class Model(LabelwrightMLBase):
    says = "first"
"""


def test_a_change_of_the_same_length_in_the_same_second_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "fresh_backend.py"
    file.write_text(SOURCE)
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert vars(load_model_class(file))["says"] == "first"
    file.write_text(SOURCE.replace("first", "other"))
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert vars(load_model_class(file))["says"] == "other"
