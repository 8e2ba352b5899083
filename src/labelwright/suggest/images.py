"""From pictures to features: colours, edges and a very small copy of the picture."""

from __future__ import annotations

import base64
import binascii
import io
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

FEATURES = 96 + 4 * 24 + 8 * 8 * 9 + 12 * 12 * 3
_MOST_BYTES = 64 << 20
_MOST_PIXELS = 100_000_000
_SIDE_PX = 64


class Unreadable(Exception):
    """A picture that gives no features; the message is for people."""


def read_picture(address: Any, media: Mapping[str, str]) -> bytes:
    """The file that a task's field means: by its address in `media`, or inside the address (`data:image/png;base64,…`)."""
    if not isinstance(address, str) or not address:
        raise Unreadable("the task has no picture")
    if address.startswith("data:"):
        try:
            return base64.b64decode(address.partition(",")[2], validate=True)
        except (binascii.Error, ValueError):
            raise Unreadable("the picture cannot be decoded") from None
    path = media.get(address)
    if path is None:
        raise Unreadable("the picture is not on this server")
    try:
        if os.stat(path).st_size > _MOST_BYTES:
            raise Unreadable("the picture's file is larger than 64 MB")
        return Path(path).read_bytes()
    except OSError:
        raise Unreadable("the picture's file cannot be read") from None


def picture_features(content: bytes) -> Any:
    """A row of FEATURES numbers; raises Unreadable.

    Histogram of hue, saturation and brightness of the whole and coarser ones of its quarters, histograms of oriented gradients in
    8 x 8 cells (Dalal and Triggs 2005, without their blocks), and the picture at 12 x 12.
    """
    import numpy as np
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content))
            if picture.width * picture.height > _MOST_PIXELS:
                raise Unreadable("the picture has more than 100 million pixels")
            picture.draft("RGB", (4 * _SIDE_PX, 4 * _SIDE_PX))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            ground = Image.new("RGBA", upright.size, "white")
            small = Image.alpha_composite(ground, upright).convert("RGB").resize((_SIDE_PX, _SIDE_PX), Image.Resampling.BOX)
    except Unreadable:
        raise
    except Exception as error:  # Pillow raises many kinds for broken files
        raise Unreadable(f"the picture cannot be decoded ({type(error).__name__})") from None
    hsv = np.asarray(small.convert("HSV"), dtype=np.int64)
    grey = np.asarray(small.convert("L"), dtype=np.float64) / 255
    tiny = np.asarray(small.resize((12, 12), Image.Resampling.BOX), dtype=np.float64) / 255
    half = _SIDE_PX // 2
    quarters = [hsv[top : top + half, left : left + half] for top in (0, half) for left in (0, half)]
    parts = [
        _histogram(hsv, 8, 3, 4),
        *(_histogram(quarter, 6, 2, 2) for quarter in quarters),
        _gradients(grey),
        tiny.ravel() - 0.5,
    ]
    return np.concatenate(parts).astype(np.float32)


def _histogram(hsv: Any, hues: int, saturations: int, values: int) -> Any:
    """Square roots of shares, so that a rare colour counts as well. Grey has no hue: it is always the first."""
    import numpy as np

    hue = np.where(hsv[..., 1] < 32, 0, hsv[..., 0] * hues // 256)
    cell = (hue * saturations + hsv[..., 1] * saturations // 256) * values + hsv[..., 2] * values // 256
    counts = np.bincount(cell.ravel(), minlength=hues * saturations * values)
    return np.sqrt(counts / counts.sum())


def _gradients(grey: Any) -> Any:
    import numpy as np

    down, right = np.gradient(grey)
    strength = np.hypot(down, right)
    direction = ((np.arctan2(down, right) % np.pi) / np.pi * 9).astype(int) % 9
    cells = np.zeros((8, 8, 9))
    ys, xs = np.indices(grey.shape) * 8 // _SIDE_PX
    np.add.at(cells, (ys, xs, direction), strength)
    return (np.sqrt(cells) / max(1e-9, float(np.sqrt(cells).max()))).ravel()


def image_features(
    addresses: Sequence[Any], media: Mapping[str, str], cache: Path | None, tick: Callable[[int, int], None]
) -> tuple[Any, dict[int, str]]:
    """A dense matrix, a row per task, and the reason by index for each picture that could not be read (its row is 0).

    cache: a file with the features of earlier runs, by address, size and time of change; it is read and renewed.
    """
    import numpy as np

    known = _load(cache)
    used: dict[str, Any] = {}
    rows = np.zeros((len(addresses), FEATURES), dtype=np.float32)
    failed: dict[int, str] = {}
    for index, address in enumerate(addresses):
        tick(index, len(addresses))
        key = _key(address, media)
        try:
            row = known[key] if key in known else used[key] if key in used else picture_features(read_picture(address, media))
        except Unreadable as reason:
            failed[index] = str(reason)
            continue
        rows[index] = row
        if key:
            used[key] = row
    if cache is not None and used.keys() - known.keys():
        _save(cache, used)
    return rows, failed


def _key(address: Any, media: Mapping[str, str]) -> str:
    """Empty for pictures that are not kept."""
    path = media.get(address) if isinstance(address, str) else None
    try:
        found = os.stat(path) if path else None
    except OSError:
        return ""
    return f"{path}|{found.st_size}|{found.st_mtime_ns}" if found else ""


def _load(cache: Path | None) -> dict[str, Any]:
    import numpy as np

    if cache is None or not cache.exists():
        return {}
    try:
        with np.load(cache, allow_pickle=False) as kept:
            keys, rows = kept["keys"], kept["rows"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    return dict(zip(keys.tolist(), rows, strict=True)) if rows.shape[1:] == (FEATURES,) and len(keys) == len(rows) else {}


def _save(cache: Path, rows: Mapping[str, Any]) -> None:
    import numpy as np

    part = cache.with_name(cache.name + ".part.npz")
    cache.parent.mkdir(parents=True, exist_ok=True)
    np.savez(part, keys=np.array(list(rows)), rows=np.stack(list(rows.values())))
    os.replace(part, cache)
