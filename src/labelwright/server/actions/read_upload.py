"""The rows in an uploaded file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from labelwright.formats.read import read_tasks
from labelwright.formats.rows import Good, Row
from labelwright.server.actions.save_uploads import Upload
from labelwright.server.errors import NotFound
from labelwright.server.storage import media


def read_upload(root: Path, upload: Upload, *, is_single_asset: bool = False) -> Iterator[Row]:
    """Rows in order; each good one knows its upload. Raises NotFound where the file is gone."""
    path = media.path_of(root, upload.key)
    if path is None:
        raise NotFound("FileUpload")
    with open(path, "rb") as file:
        for row in read_tasks(file, upload.name, media_url=f"/data/{upload.key}", is_single_asset=is_single_asset):
            yield msgspec.structs.replace(row, file_upload_id=upload.id) if isinstance(row, Good) else row
