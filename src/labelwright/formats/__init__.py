"""Ways to write and read answers and tasks. Pure functions: no database, no HTTP; what they need from outside they are given.

To write: `export` says what a format is; one file per format below it, listed in FORMATS here; `answers` and `controls` hold what
the flattening formats share; `formats_for` answers the list of formats a project can choose from.
To add a format, write its file and add one line to FORMATS.
"""

from __future__ import annotations

from labelwright.formats.coco import COCO, COCO_WITH_IMAGES
from labelwright.formats.conll2003 import CONLL2003
from labelwright.formats.csv_format import CSV, TSV
from labelwright.formats.export import ExportFormat
from labelwright.formats.json_format import JSON
from labelwright.formats.json_min import JSON_MIN

FORMATS: tuple[ExportFormat, ...] = (JSON, JSON_MIN, CSV, TSV, CONLL2003, COCO, COCO_WITH_IMAGES)
