"""The official SDKs, each in a virtual environment of its own, made on first use and kept beside our own environment."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SDKS: Mapping[str, tuple[str, ...]] = {
    "0.0.34": ("label-studio-sdk==0.0.34", "pydantic<3"),
    "1.0.20": ("label-studio-sdk==1.0.20", "pydantic<3"),
    "2.x": ("label-studio-sdk>=2.1,<3",),
    "ml-1.0.9": (
        *("label-studio-ml==1.0.9", "redis<5", "rq<1.11", "MarkupSafe<2.1", "Jinja2<3.1", "itsdangerous<2.1", "Werkzeug<2.1"),
        *("setuptools<80", "semver", "lxml", "attrs", "colorama", "requests"),
    ),
}
"""What each environment installs. The rest is what the SDKs ask for themselves; the old ML SDK does not say all it needs."""
WITH_CLIENT = ("0.0.34", "1.0.20")
"""Those that have `Client`, as the tutorial uses it."""
TIMEOUT_S = 900


class CannotPrepare(Exception):
    """An environment could not be made; the message says why."""


def cache_folder() -> Path:
    """Inside our own virtual environment, else in the user's cache."""
    if sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK):
        return Path(sys.prefix) / "official-sdks"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "labelwright" / "official-sdks"


def python_of(version: str) -> Path:
    """The interpreter of an SDK's environment. CannotPrepare if it cannot be made, with the installer's reason."""
    wanted = SDKS[version]
    mark = hashlib.sha256(repr((wanted, sys.version_info[:2])).encode()).hexdigest()[:8]
    folder = cache_folder() / f"{version}-{mark}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{version}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            install(folder, wanted)
            (folder / "ready").touch()
    return folder / "bin" / "python"


def install(folder: Path, requirements: tuple[str, ...]) -> None:
    """Makes the environment: with uv where there is one, else with venv and pip."""
    python = str(folder / "bin" / "python")
    beside = Path(sys.executable).with_name("uv")
    if uv := str(beside) if beside.exists() else shutil.which("uv"):
        run(uv, "venv", "--quiet", "--python", sys.executable, str(folder))
        run(uv, "pip", "install", "--quiet", "--python", python, *requirements)
    else:
        run(sys.executable, "-m", "venv", str(folder))
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements)


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    if done.returncode:
        raise CannotPrepare(f"{' '.join(command[:4])} … failed:\n{(done.stderr or done.stdout)[-2000:]}")


if __name__ == "__main__":
    for name in sys.argv[1:] or SDKS:
        print(name, python_of(name))
