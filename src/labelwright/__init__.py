"""Labelwright: data labeling that works with Label Studio's SDK, configs and exports."""

from typing import TYPE_CHECKING

from labelwright.version import __version__ as __version__

if TYPE_CHECKING:
    from labelwright.sdk import Client as Client
    from labelwright.sdk import Column as Column
    from labelwright.sdk import Filters as Filters
    from labelwright.sdk import Operator as Operator
    from labelwright.sdk import Project as Project
    from labelwright.sdk import Type as Type

_SDK = frozenset({"Client", "Column", "Filters", "Operator", "Project", "Type"})


def __getattr__(name: str) -> object:
    """The client's names, loaded when first asked for: `import labelwright` alone stays cheap."""
    if name in _SDK:
        from labelwright import sdk

        return getattr(sdk, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
