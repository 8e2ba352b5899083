"""Ways to write and read answers and tasks. Pure functions: no database, no HTTP; what they need from outside they are given.

To write: `export` says what a format is; one file per format below it, listed in FORMATS here; `answers` and `controls` hold what
the flattening formats share; `export_formats` answers the list of formats a project can choose from; `planned` names Label
Studio's others. To add a format, write its file and add one line to FORMATS.

To read: `read` opens a file by its extension and gives `rows`, good and bad; `task_items` knows what an item of an import may
look like, `shorthand` the short ways to say a prediction.
"""

from __future__ import annotations

from typing import Any

from labelwright.formats.coco import COCO, COCO_WITH_IMAGES
from labelwright.formats.conll2003 import CONLL2003
from labelwright.formats.csv_format import CSV, TSV
from labelwright.formats.export import ExportFormat, ParsedLabelConfig
from labelwright.formats.json_format import JSON
from labelwright.formats.json_min import JSON_MIN
from labelwright.formats.planned import PLANNED, PlannedFormat

FORMATS: tuple[ExportFormat, ...] = (JSON, JSON_MIN, CSV, TSV, CONLL2003, COCO, COCO_WITH_IMAGES)

_DOCS = "/docs/formats"


def find_format(name: str) -> ExportFormat | None:
    """The format with that name on the wire (`exportType`); None if we do not write it."""
    return next((export_format for export_format in FORMATS if export_format.name == name), None)


def export_formats(parsed_label_config: ParsedLabelConfig) -> list[dict[str, Any]]:
    """What `/export/formats` answers: `{name, title, description, link, tags?, disabled?}`, the suitable ones first.

    Formats of Label Studio that we do not write yet are named only where it would disable them as well.
    """
    suitable = [_describe(known) for known in FORMATS if known.is_suitable(parsed_label_config)]
    all_known: list[ExportFormat | PlannedFormat] = [*FORMATS, *PLANNED]
    unsuitable = [known for known in all_known if not known.is_suitable(parsed_label_config)]
    return suitable + [_describe(known) | {"disabled": True} for known in unsuitable]


def _describe(known: ExportFormat | PlannedFormat) -> dict[str, Any]:
    described = {"name": known.name, "title": known.title, "description": known.description, "link": f"{_DOCS}#{known.name}"}
    return described | ({"tags": list(known.tags)} if known.tags else {})


__all__ = ["FORMATS", "PLANNED", "ExportFormat", "export_formats", "find_format"]
