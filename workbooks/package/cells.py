"""Rows of cells as XML, column by column: the part of a sheet that can be large.

Owns: how numbers, texts and formulas are written. Texts stand inside their cells, so that nobody's shared strings
change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from workbooks.addresses import cell_name, column_letters
from workbooks.package.texts import escaped, plain_number
from workbooks.tabs.model import Column, Formulas, LooseCell, Style, Table

StyleNumber = Callable[[Style], int]
"""Gives the number of the cell format of a style."""

_HEADER = Style(bold=True, fill="DDE3EA", align="left", wrap=True)
_NUMBER_HEADER = replace(_HEADER, align="right")


def table_rows(table: Table, number_of: StyleNumber) -> dict[int, list[str]]:
    """Return the cells of a table by row, the header first.

    Returns
    -------
    dict
        Row number → cells as XML from left to right.
    """
    columns = [
        _column_cells(column, table.top + 1, table.left + at, _numbers(table, column, number_of))
        for at, column in enumerate(table.columns)
    ]
    header = [_header_cell(table, at, number_of) for at in range(len(table.columns))]
    rows = {table.top: header}
    rows.update(
        zip(range(table.top + 1, table.top + 1 + table.length), map(list, zip(*columns, strict=True)), strict=True)
    )
    return rows


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
    style = _NUMBER_HEADER if is_numeric(column) else _HEADER
    return f'<c r="{cell_name(table.top, table.left + at)}" s="{number_of(style)}" {_text_body(column.header)}</c>'


def _numbers(table: Table, column: Column, number_of: StyleNumber) -> list[int]:
    """Return the format of each record: bold where the table emphasises it, its own number format where it has one."""
    if not column.formats and table.emphasis is None:
        return [number_of(column.style)] * table.length
    formats = column.formats or [column.style.number_format] * table.length
    emphasis = [False] * table.length if table.emphasis is None else table.emphasis.tolist()
    number = {
        (each, bold): number_of(replace(column.style, number_format=each, bold=bold or column.style.bold))
        for each, bold in dict.fromkeys(zip(formats, emphasis, strict=True))
    }
    return [number[key] for key in zip(formats, emphasis, strict=True)]


def _column_cells(column: Column, first: int, sheet_column: int, numbers: Sequence[int]) -> list[str]:
    start = f'<c r="{column_letters(sheet_column)}'
    values = column.values
    rows = range(first, first + len(numbers))
    format_of = {number: f'" s="{number}"' for number in set(numbers)}
    formats = [format_of[number] for number in numbers]
    if isinstance(values, Formulas):
        starts = [f"{start}{row}{each}" for row, each in zip(rows, formats, strict=True)]
        cached = _cached(values.cached)
        return [
            f"{start}{kind}><f>{escaped(text)}</f><v>{value}</v></c>" if text else _plain(start, kind, value)
            for start, text, (kind, value) in zip(starts, values.text, cached, strict=True)
        ]
    if isinstance(values, np.ndarray) and values.dtype.kind == "f":
        return [
            f"{start}{row}{each}/>" if value != value else f"{start}{row}{each}><v>{value:.15g}</v></c>"  # noqa: PLR0124 - nan
            for row, each, value in zip(rows, formats, values.tolist(), strict=True)
        ]
    known = {text: f" {_text_body(text)}</c>" if text else "/>" for text in set(values)}
    return [f"{start}{row}{each}{known[text]}" for row, each, text in zip(rows, formats, values, strict=True)]


def _plain(start: str, kind: str, value: str) -> str:
    if not value:
        return f"{start}/>"
    if kind:
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
    return f"{start}><v>{value}</v></c>"


def _cached(values: np.ndarray) -> list[tuple[str, str]]:
    """Return type attribute and text of cached values; nothing for an empty one."""
    if values.dtype.kind == "f":
        return [("", "") if value != value else ("", f"{value:.15g}") for value in values.tolist()]  # noqa: PLR0124 - nan
    return [
        (' t="str"', escaped(value)) if isinstance(value, str) else ("", plain_number(float(value)))
        for value in values.tolist()
    ]


def _text_body(text: str) -> str:
    return f't="inlineStr"><is><t xml:space="preserve">{escaped(text)}</t></is>'
