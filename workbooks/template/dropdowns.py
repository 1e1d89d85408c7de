"""What may be typed into an input column: drop-downs and bounds, as XlsxWriter data validations.

Owns: the validation of each field, and the defined names that hold the lists of ids.
A list of ids warns and does not refuse: paths, aliases and later periods are allowed as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from engine.fields import SETTINGS, Field, Table, Type
from workbooks.template.headers import bounds_text

MAX_TITLE, MAX_MESSAGE, MAX_LIST = 32, 255, 255
"""Excel's limits on the texts of a validation and on a list typed into it, in characters."""

LIST_NAMES: dict[Type, tuple[str, str, str]] = {
    Type.METRIC: ("List_of_metrics", "Metrics", "Metric"),
    Type.ORG: ("List_of_org_nodes", "Org", "Node"),
    Type.QUEUE: ("List_of_queues", "Queues", "Node"),
    Type.PERIOD: ("List_of_periods", "Periods", "Period"),
}
"""Type → (defined name, table, key column) of the list of ids it refers to."""

_PARENTS = {"Org": Type.ORG, "Queues": Type.QUEUE, "Periods": Type.PERIOD}


def validation(table: Table, field: Field) -> dict[str, Any] | None:
    """Return the validation of a column as XlsxWriter takes it, or None where anything may be typed."""
    listed = listed_type(table, field)
    if listed is not None:
        return _of_ids(field, LIST_NAMES[listed][0])
    if table.name == "Settings" and field.name == "Setting":
        return _of_list(field, tuple(setting.name for setting in SETTINGS))
    if field.type is Type.CHOICE:
        return _of_list(field, field.choices)
    if field.type is Type.FLAG:
        return _of_list(field, ("yes", "no"))
    if field.type in (Type.NUMBER, Type.SHARE):
        return _of_bounds(field)
    return None


def listed_type(table: Table, field: Field) -> Type | None:
    """Return which list of ids a column refers to, if any."""
    if field.name == "Parent":
        return _PARENTS.get(table.name)
    if table.name == "Baseline" and field.type is Type.PERIOD:
        return None  # history has periods of its own, which no list holds
    return field.type if field.type in LIST_NAMES else None


def lists_used(tables: Sequence[Table]) -> tuple[Type, ...]:
    """Return the lists of ids that these tables refer to, each once."""
    used = {listed_type(table, field) for table in tables for field in table.fields}
    return tuple(listed for listed in LIST_NAMES if listed in used)


def _of_ids(field: Field, list_name: str) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": f"={list_name}",
        "error_type": "warning",
        "error_title": _cut(field.name, MAX_TITLE),
        "error_message": "Not in the list of ids. A path, an alias or a date may stand here too. Keep it?",
    }


def _of_list(field: Field, choices: tuple[str, ...]) -> dict[str, Any] | None:
    if len(",".join(choices)) > MAX_LIST:
        return None
    return {
        "validate": "list",
        "source": list(choices),
        "error_title": _cut(field.name, MAX_TITLE),
        "error_message": _cut(f"Choose one of: {', '.join(choices)}.", MAX_MESSAGE),
    }


def _of_bounds(field: Field) -> dict[str, Any] | None:
    low, high = isfinite(field.lower), isfinite(field.upper)
    if not (low or high):
        return None
    rule: dict[str, Any] = {
        "validate": "decimal",
        "error_title": _cut(field.name, MAX_TITLE),
        "error_message": _cut(f"A number {bounds_text(field)}. {field.description}.", MAX_MESSAGE),
    }
    if low and high and not field.above:
        return {**rule, "criteria": "between", "minimum": field.lower, "maximum": field.upper}
    if low:
        return {**rule, "criteria": ">" if field.above else ">=", "value": field.lower}
    return {**rule, "criteria": "<=", "value": field.upper}


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
