"""Filters for lists of tasks, spelled as the official SDK's `data_manager` module spells them.

>>> Filters.create(Filters.AND, [Filters.item(Column.data("city"), Operator.EQUAL, Type.String, "Oslo")])
{'conjunction': 'and', 'items': [{'filter': 'filter:tasks:data.city', 'operator': 'equal', 'type': 'String', 'value': 'Oslo'}]}
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TypedDict


class FilterItem(TypedDict):
    """One condition on one column."""

    filter: str
    operator: str
    type: str
    value: Any


class FilterSet(TypedDict):
    """Conditions that must all (`and`) or at least once (`or`) hold."""

    conjunction: Literal["and", "or"]
    items: list[FilterItem]


class Operator:
    """How a column is compared."""

    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    LESS = "less"
    GREATER = "greater"
    LESS_OR_EQUAL = "less_or_equal"
    GREATER_OR_EQUAL = "greater_or_equal"
    IN = "in"
    NOT_IN = "not_in"
    IN_LIST = "in_list"
    NOT_IN_LIST = "not_in_list"
    EMPTY = "empty"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    REGEX = "regex"


class Type:
    """What a column holds."""

    Number = "Number"
    Datetime = "Datetime"
    Boolean = "Boolean"
    String = "String"
    List = "List"
    Unknown = "Unknown"


class Column:
    """What a task can be filtered and sorted by."""

    id = "tasks:id"
    inner_id = "tasks:inner_id"
    created_at = "tasks:created_at"
    updated_at = "tasks:updated_at"
    completed_at = "tasks:completed_at"
    annotators = "tasks:annotators"
    total_annotations = "tasks:total_annotations"
    cancelled_annotations = "tasks:cancelled_annotations"
    total_predictions = "tasks:total_predictions"
    annotations_results = "tasks:annotations_results"
    predictions_results = "tasks:predictions_results"
    predictions_score = "tasks:predictions_score"
    predictions_model_versions = "tasks:predictions_model_versions"
    annotations_ids = "tasks:annotations_ids"
    avg_lead_time = "tasks:avg_lead_time"
    draft_exists = "tasks:draft_exists"
    file_upload = "tasks:file_upload"
    updated_by = "tasks:updated_by"

    @staticmethod
    def data(field: str) -> str:
        """The column of a field of the task's data; dots lead into nested fields."""
        return f"tasks:data.{field}"


class Filters:
    """Makes filters."""

    AND: Literal["and"] = "and"
    OR: Literal["or"] = "or"

    @staticmethod
    def create(conjunction: Literal["and", "or"], items: Sequence[FilterItem]) -> FilterSet:
        return {"conjunction": conjunction, "items": list(items)}

    @staticmethod
    def item(name: str, operator: str, column_type: str, value: Any) -> FilterItem:
        """A condition. name: a `Column`; operator: of `Operator`; column_type: of `Type`; value: see `Filters.value`."""
        return {"filter": f"filter:{name}", "operator": operator, "type": column_type, "value": value}

    @staticmethod
    def datetime(moment: datetime) -> str:
        """A moment as filters want it, in UTC; one without time zone is taken as UTC."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    @staticmethod
    def value(value: Any, maximum: Any = None) -> Any:
        """A value, or with `maximum` a range for `Operator.IN` (both ends belong to it)."""
        plain = [Filters.datetime(item) if isinstance(item, datetime) else item for item in (value, maximum)]
        return plain[0] if maximum is None else {"min": plain[0], "max": plain[1]}


def is_empty(column: str, column_type: str, empty: bool) -> FilterSet:
    """A filter for tasks that have nothing, or something, in a column."""
    return Filters.create(Filters.AND, [Filters.item(column, Operator.EMPTY, column_type, empty)])
