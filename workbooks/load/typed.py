"""Rows of a source as cells of an input table: which column is which, and whether each value is what it should be.

Owns: these checks, by the field table. What nodes and periods mean is judged later, in the workbook.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

import numpy as np

from engine.building.columns import TableReader
from engine.building.journal import Journal
from engine.codes import issue
from engine.fields import TABLE, Field, Type, normalise_header
from engine.issues import Issue, Place, stops
from engine.tables import ExtraColumn, InputTable
from solver.frozen import frozen
from workbooks.load.sources import Source
from workbooks.read.located import Located

_NUMERIC = frozenset({Type.NUMBER, Type.SHARE})


@frozen
class Typed:
    """Columns ready to be written. cells : sheet column → object array of None, text, float, bool or datetime."""

    cells: Mapping[int, np.ndarray]
    issues: tuple[Issue, ...]


def type_rows(source: Source, located: Located, renamed: Mapping[str, str]) -> Typed:
    """Return the rows of a source as columns of a table in a workbook.

    Parameters
    ----------
    renamed : header of the source → header of the table, where they are not called the same
    """
    pairs, issues = _matched(source, located, renamed)
    if stops(issues):
        return Typed({}, tuple(issues))
    journal = Journal()
    reader = TableReader(_as_input(source, located, pairs), journal)
    cells: dict[int, np.ndarray] = {}
    for column, at in pairs.items():
        field = _field(located, column)
        cells[column] = _cells(reader, field, source.columns[at], source.mark)
    return Typed(cells, (*issues, *journal.issues))


def _matched(source: Source, located: Located, renamed: Mapping[str, str]) -> tuple[dict[int, int], list[Issue]]:
    """Return sheet column → column of the source, and what does not match."""
    wanted = {normalise_header(header): located.left + at for at, header in enumerate(located.headers) if header}
    called = {normalise_header(old): new for old, new in renamed.items()}
    pairs: dict[int, int] = {}
    issues = []
    for at, header in enumerate(source.headers):
        name = called.get(normalise_header(header), header)
        column = wanted.get(normalise_header(name))
        place = Place(located.name, source.name, 1, at + 1, header)
        if column is None or column in pairs:
            issues.append(issue("TC911", place, _near(name, wanted, located)))
        else:
            pairs[column] = at
    table = TABLE[located.name]
    for field in table.fields:
        given = wanted.get(normalise_header(field.name))
        if field.required and given is not None and given not in pairs:
            issues.append(issue("TC912", Place(located.name, source.name, 1, 0, field.name), field.name))
    return pairs, issues


def _near(name: str, wanted: Mapping[str, int], located: Located) -> str:
    near = get_close_matches(normalise_header(name), list(wanted), 1, 0.7)
    return f"{name}; did you mean {located.headers[wanted[near[0]] - located.left]}?" if near else name


def _field(located: Located, column: int) -> Field | None:
    header = normalise_header(located.headers[column - located.left])
    return next((each for each in TABLE[located.name].fields if normalise_header(each.name) == header), None)


def _as_input(source: Source, located: Located, pairs: Mapping[int, int]) -> InputTable:
    """Return the source as if it stood in a sheet of its own name: a place in it is the line of the file."""
    values, columns, extra = {}, {}, []
    for column, at in pairs.items():
        field = _field(located, column)
        raw = _numbers_as_written(source.columns[at], source.mark) if _is_number(field) else source.columns[at]
        if field is None:
            extra.append(ExtraColumn(source.headers[at], at + 1, raw))
        else:
            values[field.name], columns[field.name] = raw, at + 1
    return InputTable(located.name, source.name, 1, source.lines, values, columns, tuple(extra))


def _is_number(field: Field | None) -> bool:
    return field is not None and field.type in _NUMERIC


def _numbers_as_written(values: np.ndarray, mark: str) -> np.ndarray:
    """Return a column in which texts that are plainly numbers, as programs write them, are numbers."""
    known: dict[str, object] = {}
    for text in {each for each in values.tolist() if isinstance(each, str)}:
        try:
            known[text] = float(text if mark == "." else text.replace(mark, "."))
        except ValueError:
            known[text] = text
    plain = np.empty(len(values), dtype=object)
    plain[:] = [known.get(each, each) if isinstance(each, str) else each for each in values.tolist()]
    return plain


def _cells(reader: TableReader, field: Field | None, values: np.ndarray, mark: str) -> np.ndarray:
    """Return what stands in the cells of a column; what is wrong with it goes into the reader's journal."""
    if field is None:
        return _numbers_as_written(values, mark)  # a period, a metric, or somebody's own column
    if field.type in _NUMERIC:
        return _objects([None if np.isnan(each) else each for each in reader.numbers(field.name).tolist()])
    if field.type is Type.DATE:
        return _objects(reader.dates(field.name).astype("datetime64[s]").tolist())
    if field.type is Type.CHOICE:
        return _objects([each or None for each in reader.choices(field.name)])
    if field.type is Type.FLAG:
        return _objects([None if each is None else ("yes" if each else "no") for each in reader.flags(field.name)])
    reader.labels(field.name, required=field.required)
    return values


def _objects(values: list[object]) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
