"""Files that are whole or not there: a crash or power loss never leaves half of one under its name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO


def settle(out: IO[bytes], part: Path, target: Path) -> None:
    """Turn the finished temporary file `part` (open as `out`) into `target`: fsync, rename, fsync of the folder."""
    out.flush()
    os.fsync(out.fileno())
    os.replace(part, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
