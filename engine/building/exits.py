"""Exits: what leaves a queue unhandled, in any of the shapes that Inflow may have.

    one row per period: a column Exits beside Value · periods or metrics as columns: Exits 2026-01, or 2026-01 Exits

Owns: telling columns of exits from those of inflow.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from engine.building.columns import TableReader
from engine.building.journal import Journal
from engine.building.references import References, find_metric, find_period
from engine.building.texts import text_of
from engine.tables import ExtraColumn, RawColumn

_HEADER = re.compile(r"exits?[\s:_–-]+(?P<after>\S.*)|(?P<before>.*\S)[\s:_–-]+exits?", re.IGNORECASE)


def without_exits(reader: TableReader, references: References) -> tuple[TableReader, TableReader | None]:
    """Return Inflow without columns of exits, and the exits as a table of the same shape; None where there are none.

    What is wrong with names is told of the first table only.
    """
    lone = reader.numbers("Exits")
    if reader.has("Value"):
        return reader, _as_values(reader, lone) if np.isfinite(lone).any() else None
    table = reader.table
    named = {at: header for at, extra in enumerate(table.extra) if (header := _named(reader, extra, references))}
    arriving = tuple(extra for at, extra in enumerate(table.extra) if at not in named)
    leaving = [
        ExtraColumn(header, table.extra[at].column, _numbers(reader, table.extra[at])) for at, header in named.items()
    ]
    if np.isfinite(lone).any():
        of_values = [extra for extra in arriving if _means(reader, extra.header, references)]
        if len(of_values) == 1:
            leaving.append(ExtraColumn(of_values[0].header, table.columns["Exits"], _raw(lone)))
        else:
            first = int(np.flatnonzero(np.isfinite(lone))[0])
            reader.journal.add("TC256", reader.place(first, "Exits"), f"Exits beside {len(of_values)} columns")
    apart = TableReader(replace(table, extra=arriving), reader.journal)
    if not leaving:
        return apart, None
    return apart, TableReader(replace(table, extra=tuple(leaving)), Journal())


def _as_values(reader: TableReader, numbers: np.ndarray) -> TableReader:
    """Return Inflow with its exits in the place of its values."""
    table = reader.table
    values = {**table.values, "Value": _raw(numbers)}
    return TableReader(
        replace(table, values=values, columns={**table.columns, "Value": table.columns["Exits"]}), Journal()
    )


def _raw(numbers: np.ndarray) -> RawColumn:
    return np.array([None if np.isnan(number) else number for number in numbers.tolist()], dtype=object)


def _numbers(reader: TableReader, extra: ExtraColumn) -> RawColumn:
    """Return a column of exits as numbers, what is none reported."""
    field = next(field for field in reader.fields if field.name == "Exits")
    return _raw(reader.numbers_of(extra.values, field, lambda record: reader.table.place_in(record, extra)))


def _named(reader: TableReader, extra: ExtraColumn, references: References) -> str:
    """Return the period or metric whose exits a column holds, "" where it holds none."""
    found = _HEADER.fullmatch(text_of(extra.header).strip())
    header = (found["after"] or found["before"]).strip() if found else ""
    return header if header and _means(reader, header, references) else ""


def _means(reader: TableReader, header: object, references: References) -> bool:
    """Whether a header names a column of values, in the shape that the table has."""
    known = references.known
    if reader.has("Metric"):
        return known.periods is not None and find_period(known.periods, header, known.month_names).position >= 0
    return known.metrics is not None and find_metric(known.metrics, header).position >= 0
