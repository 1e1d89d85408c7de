"""Headers and their notes, out of the field table.

Owns: what a header says and what its note explains.
Knows nothing of: sheets and cells.
"""

from __future__ import annotations

from math import isfinite

from engine.fields import Field, Type

VALUES = frozenset({"Value", "Min", "Max", "Hold"})
"""Columns counted in the unit of the row's metric."""


def header_text(field: Field, metric_unit: str = "") -> str:
    """Return a header with its unit: ``Handle time (s)``.

    Parameters
    ----------
    field : the column
    metric_unit : what values of metrics are counted in; "" where metrics differ

    >>> header_text(Field("Handle time", Type.NUMBER, "", unit="s"))
    'Handle time (s)'
    """
    unit = "%" if field.type is Type.SHARE else field.unit
    if field.type is Type.NUMBER and field.name in VALUES:
        unit = metric_unit or "unit of the metric"
    return f"{field.name} ({unit})" if unit and unit != field.name else field.name


def bounds_text(field: Field) -> str:
    """Return the bounds of a number in words; "" where it has none.

    >>> bounds_text(Field("Ramp", Type.NUMBER, "", lower=0, upper=1.5))
    'from 0 to 1.5'
    """
    percent = field.type is Type.SHARE

    def shown(bound: float) -> str:
        return f"{bound:.0%}" if percent else f"{bound:g}"

    if isfinite(field.lower) and isfinite(field.upper):
        low = f"above {shown(field.lower)}" if field.above else f"from {shown(field.lower)}"
        return f"{low} to {shown(field.upper)}"
    if isfinite(field.lower):
        return f"above {shown(field.lower)}" if field.above else f"{shown(field.lower)} or more"
    return f"{shown(field.upper)} or less" if isfinite(field.upper) else ""


def blank_text(field: Field) -> str:
    """Return what a blank cell means, in words."""
    if field.required:
        return "must be filled"
    return field.default or "not given"


TYPE_WORDS: dict[Type, str] = {
    Type.TEXT: "text",
    Type.NUMBER: "number",
    Type.SHARE: "share, as a percentage",
    Type.DATE: "date",
    Type.CHOICE: "one of a list",
    Type.FLAG: "yes or no",
    Type.METRIC: "a metric of the sheet Metrics",
    Type.ORG: "a node of the sheet Org",
    Type.QUEUE: "a node of the sheet Queues",
    Type.PERIOD: "a period of the sheet Periods",
    Type.ID: "id, as text",
    Type.ANY: "depends on the row",
}


def header_note(field: Field, extra: str = "") -> str:
    """Return the note on a header: what it is, its type and unit, its bounds, what a blank means.

    Parameters
    ----------
    field : the column
    extra : a sentence of this workbook's own, put last
    """
    lines = [field.description + ".", f"Type: {TYPE_WORDS[field.type]}"]
    if field.unit:
        lines.append(f"Unit: {field.unit}")
    if field.choices:
        lines.append(f"Choices: {', '.join(field.choices)}")
    if bounds := bounds_text(field):
        lines.append(f"Bounds: {bounds}")
    lines.append(f"Blank: {blank_text(field)}")
    if extra:
        lines.append(extra)
    return "\n".join(lines)
