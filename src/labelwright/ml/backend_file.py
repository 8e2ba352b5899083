"""The author's file: loading it, and finding the model class in it."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

from labelwright.ml.model import LabelwrightMLBase


class _Fresh(SourceFileLoader):
    """Reads the source each time: Python's compiled copy counts as current for a change of the same length in the same second."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


class NoModel(Exception):
    """There is no model to serve in the file; the text says why."""


def find_file(path: Path) -> Path:
    """The file that is meant: itself, or the one in a folder that looks like a backend. NoModel if there is none."""
    if path.is_file():
        return path.resolve()
    if not path.exists():
        raise NoModel(f"{path} does not exist")
    for name in ("ml_backend.py", "model.py", "_wsgi.py"):
        if (path / name).is_file() and name != "_wsgi.py":
            return (path / name).resolve()
    raise NoModel(f"{path} has no ml_backend.py or model.py; name the file")


def load_model_class(file: Path, wanted: str | None = None) -> type[LabelwrightMLBase]:
    """The model class of a file. Its folder is importable meanwhile and after. NoModel if there is none or more than one.

    Errors of the file itself (a missing package, a typing error) rise as they are.
    """
    folder = str(file.parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(file.stem, file, loader=_Fresh(file.stem, str(file)))
    if spec is None or spec.loader is None:
        raise NoModel(f"{file.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    classes = {
        name: value
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, LabelwrightMLBase) and value is not LabelwrightMLBase
    }
    if wanted is not None:
        if wanted not in classes:
            raise NoModel(f"{file.name} has no model class {wanted}; it has {', '.join(classes) or 'none'}")
        return classes[wanted]
    own = {name: value for name, value in classes.items() if value.__module__ == file.stem} or classes
    last = {name: value for name, value in own.items() if not any(value in other.__mro__[1:] for other in own.values())}
    if len(last) == 1:
        return next(iter(last.values()))
    if not last:
        raise NoModel(f"{file.name} has no model: write a class that extends LabelwrightMLBase (from labelwright.ml)")
    raise NoModel(f"{file.name} has several models ({', '.join(last)}); name one with --class")
