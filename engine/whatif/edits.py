"""Cells of input tables changed: what an analyst would type, as a value.

Owns: finding the cell behind a place, and input tables with some cells changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.issues import Place
from engine.tables import Inputs, InputTable, RawColumn
from solver.frozen import frozen

BOUNDS = ("Min", "Max", "Hold")
"""Columns of Limits that bind."""


@frozen
class Edit:
    """One cell with another number. now : None = the cell is emptied."""

    place: Place
    before: float | None
    now: float | None


@frozen
class WordEdit:
    """One cell with another word. before : "" where the cell was empty."""

    place: Place
    before: str
    now: str


def edited(inputs: Inputs, edits: Sequence[Edit | WordEdit]) -> Inputs:
    """Return the input tables with some cells changed.

    Raises
    ------
    KeyError
        A place stands in no table that was read.
    """
    tables = dict(inputs.tables)
    columns: dict[tuple[str, str, int], list[Edit | WordEdit]] = {}
    for edit in edits:
        columns.setdefault((edit.place.table, edit.place.field, edit.place.column), []).append(edit)
    for (table, _, _), own in columns.items():
        tables[table] = _edited(tables[table], own)
    return replace(inputs, tables=tables)


def raw_at(inputs: Inputs, place: Place) -> object:
    """Return what stands in a cell, None where nothing does."""
    table = inputs.tables.get(place.table)
    column = None if table is None else _column(table, place)
    return None if table is None or column is None else column[_record(table, place)]


def value_at(inputs: Inputs, place: Place) -> float | None:
    """Return the number that stands in a cell, None where there is none."""
    raw = raw_at(inputs, place)
    if isinstance(raw, bool) or raw is None:
        return None
    try:
        return float(str(raw))
    except ValueError:
        return None


def _edited(table: InputTable, edits: Sequence[Edit | WordEdit]) -> InputTable:
    """Return a table with some cells of one column changed: that is copied once, however many they are."""
    place = edits[0].place
    column = _column(table, place)
    if column is None:
        raise KeyError(place)
    changed = column.copy()
    for edit in edits:
        changed[_record(table, edit.place)] = edit.now
    if place.field in table.values and table.columns.get(place.field) == place.column:
        return replace(table, values={**table.values, place.field: changed})
    extra = tuple(replace(each, values=changed) if each.column == place.column else each for each in table.extra)
    return replace(table, extra=extra)


def _record(table: InputTable, place: Place) -> int:
    at = int(np.searchsorted(table.rows, place.row))  # most often rows are read from above
    if at < len(table) and table.rows[at] == place.row:
        return at
    found = np.flatnonzero(table.rows == place.row)
    if not len(found):
        raise KeyError(place)
    return int(found[0])


def _column(table: InputTable, place: Place) -> RawColumn | None:
    if place.field in table.values and table.columns.get(place.field) == place.column:
        return table.values[place.field]
    return next((each.values for each in table.extra if each.column == place.column), None)


def released(inputs: Inputs, place: Place) -> tuple[Edit, ...]:
    """Return the edits that empty every bound in a row of Limits."""
    table = inputs.tables[place.table]
    places = [replace(place, field=name, column=table.columns[name]) for name in BOUNDS if name in table.columns]
    standing = [(each, value_at(inputs, each)) for each in places]
    return tuple(Edit(each, value, None) for each, value in standing if value is not None)


def scaled(inputs: Inputs, place: Place, factor: float) -> Edit | None:
    """Return the edit that multiplies a number in a cell; None where none stands there."""
    before = value_at(inputs, place)
    return None if before is None else Edit(place, before, before * factor)
