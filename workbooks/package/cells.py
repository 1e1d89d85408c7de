"""Rows of cells as XML, column by column: the part of a sheet that can be large.

Owns: how numbers, texts and formulas are written. Texts stand inside their cells, so that nobody's shared strings
change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import repeat
from math import isfinite

import numpy as np

from workbooks.addresses import cell_name, column_letters
from workbooks.package.texts import escaped, has_specials, inline_text, plain_number
from workbooks.tabs.model import Column, Formulas, LooseCell, Style, Table

StyleNumber = Callable[[Style], int]
"""Gives the number of the cell format of a style."""

_HEADER = Style(bold=True, fill="DDE3EA", align="left", wrap=True)
_NUMBER_HEADER = replace(_HEADER, align="right")


def table_lines(table: Table, number_of: StyleNumber, marks: Mapping[int, str]) -> Iterator[str]:
    """Yield the rows of a table as XML, the header first.

    Parameters
    ----------
    marks : row → its attributes beside its number
    """
    header = "".join(_header_cell(table, at, number_of) for at in range(len(table.columns)))
    yield f'<row r="{table.top}"{marks.get(table.top, "")}>{header}</row>'
    filled = _filled(table)
    starts = [*(_start(table, at) for at in filled), "</row>"]
    tails = [_tails(table, at, number_of, after) for at, after in zip(filled, starts[1:], strict=True)]
    rows = range(table.top + 1, table.top + 1 + table.length)
    heads = (f'"{marks[row]}>{starts[0]}' if row in marks else f'">{starts[0]}' for row in rows)
    # the row's number is all that stands between the pieces: one join makes a row
    for row, pieces in zip(rows, zip(repeat('<row r="'), heads, *tails), strict=False):
        yield str(row).join(pieces)


def loose_cell(cell: LooseCell, number_of: StyleNumber) -> str:
    """Return a cell outside the table."""
    start = f'<c r="{cell_name(cell.row, cell.column)}" s="{number_of(cell.style)}"'
    if isinstance(cell.value, str):
        if cell.formula:
            return f'{start} t="str"><f>{escaped(cell.formula)}</f><v>{escaped(cell.value)}</v></c>'
        return f"{start} {_text_body(cell.value)}</c>" if cell.value else f"{start}/>"
    formula = f"<f>{escaped(cell.formula)}</f>" if cell.formula else ""
    return f"{start}>{formula}<v>{plain_number(float(cell.value))}</v></c>"


def is_numeric(column: Column) -> bool:
    """Whether a column holds numbers."""
    values = column.values.cached if isinstance(column.values, Formulas) else column.values
    return isinstance(values, np.ndarray) and values.dtype.kind == "f"


def _header_cell(table: Table, at: int, number_of: StyleNumber) -> str:
    column = table.columns[at]
    style = _NUMBER_HEADER if is_numeric(column) else replace(_HEADER, indent=column.style.indent)
    return f'<c r="{cell_name(table.top, table.left + at)}" s="{number_of(style)}" {_text_body(column.header)}</c>'


def _filled(table: Table) -> list[int]:
    """Return the columns that have cells: those that hold something, or would be seen without."""
    return [at for at, column in enumerate(table.columns) if _is_seen(column.style) or not _is_empty(column)]


def _is_seen(style: Style) -> bool:
    return bool(style.fill or style.border_top or style.border_bottom)


def _is_empty(column: Column) -> bool:
    values = column.values
    if isinstance(values, Formulas):
        return not any(values.text) and _is_empty(replace(column, values=values.cached))
    if isinstance(values, np.ndarray) and values.dtype.kind == "f":
        return bool(np.isnan(values).all())
    return not any(values)


def _start(table: Table, at: int) -> str:
    """Return a cell of a column up to the number of its row."""
    return f'<c r="{column_letters(table.left + at)}'


def _formats(table: Table, column: Column, number_of: StyleNumber) -> list[str]:
    """Return the format of each record: bold where the table emphasises it, its own number format where it has one."""
    if not column.formats and table.emphasis is None:
        return [f'" s="{number_of(column.style)}"'] * table.length
    formats = column.formats or [column.style.number_format] * table.length
    emphasis = [False] * table.length if table.emphasis is None else table.emphasis.tolist()
    known = {
        (each, bold): f'" s="{number_of(replace(column.style, number_format=each, bold=bold or column.style.bold))}"'
        for each, bold in dict.fromkeys(zip(formats, emphasis, strict=True))
    }
    return [known[key] for key in zip(formats, emphasis, strict=True)]


def _tails(table: Table, at: int, number_of: StyleNumber, after: str) -> list[str]:
    """Return what follows the row's number in each cell of a column, and after the cell."""
    column = table.columns[at]
    values, formats = column.values, _formats(table, column, number_of)
    if isinstance(values, Formulas):
        texts = list(map(escaped, values.text)) if has_specials("".join(values.text)) else values.text
        return [
            f"{each}><f>{text}</f><v>{value:.15g}</v></c>{after}"
            if text and type(value) is float and isfinite(value)
            else f"{each}{_formula_body(text, value)}{after}"
            for each, text, value in zip(formats, texts, values.cached.tolist(), strict=True)
        ]
    if isinstance(values, np.ndarray) and values.dtype.kind == "f":
        return [
            f"{each}/>{after}" if not isfinite(value) else f"{each}><v>{value:.15g}</v></c>{after}"
            for each, value in zip(formats, values.tolist(), strict=True)
        ]
    known = {text: f" {_text_body(text)}</c>{after}" if text else f"/>{after}" for text in set(values)}
    if len(set(formats)) == 1:
        known = {text: formats[0] + cell for text, cell in known.items()}
        return [known[text] for text in values]
    return [each + known[text] for each, text in zip(formats, values, strict=True)]


def _formula_body(formula: str, value: str | float) -> str:
    """Return a cell from its type on. formula : escaped; "" leaves the value, as it is."""
    if not formula:
        if isinstance(value, str):
            return f" {_text_body(value)}</c>" if value else "/>"
        return "/>" if not isfinite(value) else f"><v>{value:.15g}</v></c>"
    if isinstance(value, str):
        return f' t="str"><f>{formula}</f><v>{escaped(value)}</v></c>'
    shown = "" if not isfinite(value) else f"{value:.15g}"
    return f"><f>{formula}</f><v>{shown}</v></c>"


def _text_body(text: str) -> str:
    return f't="inlineStr">{inline_text(text)}'
