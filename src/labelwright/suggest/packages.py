"""Whether the packages of the extra `suggest` are installed, found out without loading them."""

from __future__ import annotations

from importlib.util import find_spec

_PACKAGES = {"sklearn": "scikit-learn", "numpy": "numpy", "PIL": "pillow"}


def missing_packages() -> list[str]:
    """Names to install before the built-in model can learn (`pip install "labelwright[suggest]"`); empty when all are there."""
    return [package for module, package in _PACKAGES.items() if find_spec(module) is None]
