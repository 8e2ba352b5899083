"""What the tests need besides Python packages: a Chromium. Installed with the system's packages where we may, else named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path of a Chromium on this machine; `LABELWRIGHT_CHROMIUM` goes first."""
    return os.environ.get("LABELWRIGHT_CHROMIUM") or next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def main() -> None:
    if find_chromium():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium with apt-get …", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium", "fonts-dejavu-core"],
            check=False,
            env=quiet,
            stdout=subprocess.DEVNULL,
        )
    if not find_chromium():
        sys.exit(
            "The browser tests need Chromium. Install it with your system's packages (Debian, Ubuntu: apt-get install chromium; "
            "macOS: brew install chromium) or set LABELWRIGHT_CHROMIUM to its path."
        )


if __name__ == "__main__":
    main()
