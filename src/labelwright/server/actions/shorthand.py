"""(replaced by formats when it lands)"""

from typing import Any


class ShorthandError(ValueError):
    pass


def expand_result(result: Any, parsed: Any) -> list[Any]:
    if isinstance(result, list):
        return result
    raise ShorthandError("short result")
