"""The data manager's filters and orderings, compiled to SQL on `tasks`.

An item is `{"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": …, "child_filter": {…}}`.
What does not compile is `BadFilter` with the reason; a `value` of null means the item is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import re2
import sqlalchemy as sa

from labelwright.server.clock import moment, stamp
from labelwright.server.db.queries.ids import among
from labelwright.server.db.queries.json_field import is_postgres
from labelwright.server.db.queries.task_columns import ColumnUse, as_number, column
from labelwright.server.db.tables import tasks

PREFIX = "filter:tasks:"
MAX_ITEMS = 100


class BadFilter(ValueError):
    """A filter that means nothing here; the message names the column or operator."""


class UnknownColumn(BadFilter):
    """A column that no task here has."""


class TaskQuery:
    """Filters, ordering and selection of a request or a view, as conditions."""

    def __init__(self, where: Sequence[Any], order: Sequence[Any], *, is_plain: bool, columns: set[str]) -> None:
        self.where = list(where)
        self.order = list(order)
        self.is_plain = is_plain
        """Whether it names no filter and no selection: all tasks of the project."""
        self.columns = columns
        """Columns that it filters or orders by."""


def compile_query(conn: Any, given: Any, number_columns: Sequence[str] = ()) -> TaskQuery:
    """`given`: `{"filters", "ordering", "selectedItems"}`; all optional. Raises BadFilter."""
    given = given if isinstance(given, dict) else {}
    filters = given.get("filters") or {}
    items = filters.get("items") if isinstance(filters, dict) else None
    conjunction = filters.get("conjunction", "and") if isinstance(filters, dict) else "and"
    where, columns = [], set()
    if isinstance(items, list):
        if len(items) > MAX_ITEMS:
            raise BadFilter(f"At most {MAX_ITEMS} filters at once, not {len(items)}.")
        conditions = [made for made in (_item(conn, item) for item in items) if made is not None]
        columns |= {column_name(item) for item in items if isinstance(item, dict)}
        if conditions:
            where.append(sa.or_(*conditions) if conjunction == "or" else sa.and_(*conditions))
    selection = _selection(conn, given.get("selectedItems"))
    if selection is not None:
        where.append(selection)
    order, ordered = _ordering(conn, given.get("ordering"), number_columns)
    return TaskQuery(where, order, is_plain=not where, columns=columns | ordered)


def column_name(item: dict[str, Any]) -> str:
    return str(item.get("filter", "")).removeprefix(PREFIX)


# ---------------------------------------------------------------- one item
def _item(conn: Any, item: Any) -> Any:
    if not isinstance(item, dict):
        raise BadFilter("Each filter must be an object.")
    name = str(item.get("filter", ""))
    value = item.get("value")
    if not name.startswith(PREFIX) or value is None:
        return None
    name = name.removeprefix(PREFIX)
    use = column(conn, name)
    if use is None:
        raise UnknownColumn(f"There is no column {name}.")
    made = _condition(conn, use, name, str(item.get("operator", "")), str(item.get("type", "Unknown")), value)
    child = item.get("child_filter")
    if isinstance(child, dict) and (inner := _item(conn, child)) is not None:
        made = sa.and_(made, inner)
    return made


def _condition(conn: Any, use: ColumnUse, name: str, operator: str, kind: str, value: Any) -> Any:
    if operator == "empty":
        return _empty(use, name, kind, _is_true(value))
    if use.has is not None and operator in ("contains", "not_contains", "equal", "not_equal", "in_list", "not_in_list"):
        found = use.has([_user_or_text(v, name) for v in (value if isinstance(value, list) else [value])])
        return sa.func.coalesce(~found, sa.true()) if operator.startswith("not") else found
    if use.has_text is not None:
        positive = operator.removeprefix("not_")
        test = _text_test(conn, positive, value)
        return ~use.has_text(test) if operator.startswith("not_") else use.has_text(test)
    if kind == "Number" or (kind in ("Unknown", "Time") and _is_number(value)):
        if operator in ("contains", "not_contains", "regex"):
            return _texts(conn, sa.cast(use.value(), sa.Text), operator, value)
        number = as_number(conn, use.value()) if name.startswith("data.") else use.value()
        return _ordered(number, operator, value, _number)
    if kind == "Datetime":
        return _ordered(use.value(), operator, value, _time)
    if kind == "Boolean":
        expression = use.value()
        wanted = _is_true(value)
        if name.startswith("data."):
            truth = sa.func.lower(sa.cast(expression, sa.Text)).in_(["true", "1"])
            return truth if wanted == (operator == "equal") else sa.func.coalesce(~truth, sa.true())
        return expression if wanted == (operator == "equal") else ~expression
    return _texts(conn, sa.cast(use.value(), sa.Text), operator, value)


def _empty(use: ColumnUse, name: str, kind: str, wanted: bool) -> Any:
    expression = use.value()
    blank = expression.is_(None)
    if name.startswith("data.") or kind in ("String", "Unknown"):
        blank = sa.or_(blank, sa.cast(expression, sa.Text) == "")
    return blank if wanted else ~blank


def _texts(conn: Any, text: Any, operator: str, value: Any) -> Any:
    if operator in ("in_list", "not_in_list"):
        found = text.in_([_text(v) for v in (value if isinstance(value, list) else [value])])
        return sa.func.coalesce(~found, sa.true()) if operator.startswith("not") else found
    if operator in ("less", "greater", "less_or_equal", "greater_or_equal", "in", "not_in"):
        return _ordered(text, operator, value, _text)
    made = _text_test(conn, operator.removeprefix("not_"), value)(text)
    return sa.func.coalesce(~made, sa.true()) if operator.startswith("not_") else made


def _text_test(conn: Any, operator: str, value: Any) -> Callable[[Any], Any]:
    wanted = _text(value)
    if operator == "contains":
        pattern = "%" + re.sub(r"([\\%_])", r"\\\1", wanted) + "%"
        return lambda text: text.ilike(pattern, escape="\\") if is_postgres(conn) else text.like(pattern, escape="\\")
    if operator == "equal":
        return lambda text: text == wanted
    if operator == "regex":
        return _regex(conn, wanted)
    raise BadFilter(f"There is no operator {operator} for texts.")


def _regex(conn: Any, pattern: str) -> Callable[[Any], Any]:
    """RE2 on SQLite, linear in the text; PostgreSQL sees only what is a pattern for RE2 too. A bad one matches nothing."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        return lambda text: sa.false()
    return lambda text: text.op("~")(pattern) if is_postgres(conn) else text.op("REGEXP")(pattern)


def _ordered(expression: Any, operator: str, value: Any, read: Callable[[Any], Any]) -> Any:
    if operator in ("in", "not_in"):
        if not isinstance(value, dict):
            raise BadFilter(f"{operator} wants an object with min and max.")
        inside = expression.between(read(value.get("min")), read(value.get("max")))
        return ~inside if operator == "not_in" else inside
    if operator in ("in_list", "not_in_list"):
        among = expression.in_([read(v) for v in (value if isinstance(value, list) else [value])])
        return ~among if operator == "not_in_list" else among
    wanted = read(value)
    tests: dict[str, Callable[[], Any]] = {
        "equal": lambda: expression == wanted,
        "not_equal": lambda: sa.func.coalesce(expression != wanted, sa.true()),
        "less": lambda: expression < wanted,
        "greater": lambda: expression > wanted,
        "less_or_equal": lambda: expression <= wanted,
        "greater_or_equal": lambda: expression >= wanted,
    }
    if operator not in tests:
        raise BadFilter(f"There is no operator {operator} for this column.")
    return tests[operator]()


# ---------------------------------------------------------------- values
def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _number(value: Any) -> float | int:
    if _is_number(value):
        return value  # type: ignore[no-any-return]
    try:
        return float(str(value))
    except ValueError:
        raise BadFilter(f"{value!r} is not a number.") from None


def _time(value: Any) -> str:
    try:
        parsed = moment(str(value).replace("Z", "+00:00"))
    except ValueError:
        raise BadFilter(f"{value!r} is not a date like 2026-11-23T20:20:31.393Z.") from None
    if parsed.tzinfo is None:
        parsed = moment(parsed.isoformat() + "+00:00")
    return stamp(parsed)


def _is_true(value: Any) -> bool:
    return value is True or str(value).lower() in ("true", "1", "yes")


def _user_or_text(value: Any, name: str) -> Any:
    if name in ("annotators", "updated_by"):
        try:
            user_id = int(value)
        except (TypeError, ValueError, OverflowError):
            return -1
        return user_id if 0 <= user_id < 2**63 else -1
    return _text(value)


# ---------------------------------------------------------------- selection and order
def _selection(conn: Any, given: Any) -> Any:
    if not isinstance(given, dict):
        return None
    if given.get("all") is False:
        return among(conn, tasks.c.id, _ids(given.get("included")))
    excluded = _ids(given.get("excluded"))
    return ~among(conn, tasks.c.id, excluded) if excluded else None


def _ids(values: Any) -> list[int]:
    if values is None:
        return []
    if not isinstance(values, list) or not all(isinstance(v, int) and not isinstance(v, bool) and abs(v) < 2**63 for v in values):
        raise BadFilter("Selected items must be a list of task ids.")
    return values


def _ordering(conn: Any, given: Any, number_columns: Sequence[str]) -> tuple[list[Any], set[str]]:
    """(SQL order, its columns): the first entry counts; `-` before or after `tasks:` turns it round; nulls last, then id."""
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list) or not given or not isinstance(given[0], str):
        return [tasks.c.id], set()
    text = given[0]
    is_descending = text.startswith("-") or text.startswith("tasks:-")
    name = text.removeprefix("-").removeprefix("tasks:").removeprefix("-")
    use = column(conn, name)
    if use is None:
        raise UnknownColumn(f"There is no column {name} to order by.")
    expression = use.value()
    if name.startswith("data."):
        numbers = as_number(conn, expression)
        texts = [] if name in number_columns else [expression]
        return [*(_turned(e, is_descending) for e in [numbers, *texts]), tasks.c.id], {name}
    if name == "id":
        return [tasks.c.id.desc() if is_descending else tasks.c.id], {name}
    return [_turned(expression, is_descending), tasks.c.id], {name}


def _turned(expression: Any, is_descending: bool) -> Any:
    return (expression.desc() if is_descending else expression.asc()).nulls_last()
