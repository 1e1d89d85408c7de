"""One input table on its sheet: title, headers with notes, input cells, drop-downs, print setup.

Owns: the layout of an input sheet.
Knows nothing of: which tables there are, and what their values mean.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from engine.fields import Field, Table, Type
from solver.frozen import frozen
from workbooks.template import styles
from workbooks.template.contents import FilledTable, Formula, Value
from workbooks.template.dropdowns import validation
from workbooks.template.formats import Formats
from workbooks.template.headers import header_note, header_text

HEADER_ROW = 4
"""0-based row of the headers; title, description and a hint stand above."""

FIRST_ROW = HEADER_ROW + 1
NARROWEST, WIDEST = 9.0, 44.0
NOTE_LINE_HEIGHT, NOTE_WIDTH, NOTE_LETTERS = 17, 300, 46


@frozen
class InputColumn:
    """One column as it is written: a field with its values, or a column of the workbook's own."""

    header: str
    field: Field | None
    values: Sequence[Value]
    assumed: bool
    note: str

    @property
    def number_format(self) -> str:
        """How its cells are shown."""
        return styles.number_format(self.field) if self.field else "General"


def input_columns(table: Table, filled: FilledTable, metric_unit: str) -> tuple[InputColumn, ...]:
    """Return the columns of an input sheet: the fields served, in their order, then the workbook's own."""
    blank: Sequence[Value] = [None] * max(len(filled), 1)
    fields = {field.name: field for field in table.fields}
    columns = [
        InputColumn(
            header_text(field, metric_unit),
            field,
            filled.columns.get(name, blank) or blank,
            name in filled.assumed,
            header_note(field, _extra(filled, name)),
        )
        for name, field in fields.items()
    ]
    columns += [
        InputColumn(name, None, values, name in filled.assumed, filled.notes.get(name, ""))
        for name, values in filled.columns.items()
        if name not in fields
    ]
    return tuple(columns)


def _extra(filled: FilledTable, name: str) -> str:
    own = filled.notes.get(name, "")
    return f"Assumption. {own}".strip() if name in filled.assumed else own


def write_table_sheet(sheet: Any, formats: Formats, table: Table, columns: Sequence[InputColumn], room: int) -> None:
    """Write one input table.

    Parameters
    ----------
    sheet : an empty XlsxWriter worksheet
    formats : the workbook's formats
    table : what the table is
    columns : its columns, all of one length, at least one record
    room : rows below the last record for which drop-downs and bounds already hold
    """
    length = len(columns[0].values)
    last_row, last_column = HEADER_ROW + length, len(columns) - 1
    _write_heading(sheet, formats, table)
    sheet.add_table(
        HEADER_ROW,
        0,
        last_row,
        last_column,
        {"name": table.name, "style": None, "columns": [_table_column(column, formats) for column in columns]},
    )
    for position, column in enumerate(columns):
        _write_column(sheet, formats, column, position)
        rule = validation(table, column.field) if column.field else None
        if rule is not None:
            sheet.data_validation(FIRST_ROW, position, last_row + room, position, rule)
    sheet.set_row(HEADER_ROW, 32)
    sheet.freeze_panes(FIRST_ROW, _frozen_columns(columns))
    _set_up_print(sheet, table)


def _write_heading(sheet: Any, formats: Formats, table: Table) -> None:
    sheet.hide_gridlines(2)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, table.name, formats(styles.TITLE))
    sheet.write_string(1, 0, table.description + ".", formats(styles.PLAIN))
    kind = "This table is optional." if table.optional else "This table is needed."
    hint = f"{kind} Type or paste below the headers; a note on each header says what belongs there."
    sheet.write_string(2, 0, hint, formats(styles.QUIET_TEXT))
    sheet.write_url(3, 0, "internal:'Start'!A1", formats(styles.LINK_TEXT), "← Start")


def _table_column(column: InputColumn, formats: Formats) -> dict[str, Any]:
    required = column.field is not None and column.field.required
    return {
        "header": column.header,
        "header_format": formats(styles.header_style(required=required)),
        "format": formats(styles.input_style(column.number_format, assumed=column.assumed)),
    }


def _write_column(sheet: Any, formats: Formats, column: InputColumn, position: int) -> None:
    for record, value in enumerate(column.values):
        assumed = column.assumed and value is not None
        style = formats(styles.input_style(_format_of(column, value), assumed=assumed))
        write_value(sheet, FIRST_ROW + record, position, value, style)
    if column.note:
        sheet.write_comment(HEADER_ROW, position, column.note, note_options(column.note))
    sheet.set_column(position, position, _width(column))


def _format_of(column: InputColumn, value: Value) -> str:
    """Return a cell's number format; a column that holds anything shows shares as percentages."""
    if column.field is not None and column.field.type is Type.ANY and isinstance(value, float) and 0 < value < 1:
        return "0.0%"
    return column.number_format


def write_value(sheet: Any, row: int, column: int, value: Value, style: Any) -> None:
    """Write one cell; text stays text, whatever sign it starts with."""
    match value:
        case None:
            sheet.write_blank(row, column, None, style)
        case Formula():
            sheet.write_formula(row, column, "=" + value.text, style, value.value)
        case bool():
            sheet.write_boolean(row, column, value, style)
        case str():
            sheet.write_string(row, column, value, style)
        case datetime.date():
            sheet.write_datetime(row, column, value, style)
        case _:
            sheet.write_number(row, column, value, style)


def note_options(note: str) -> dict[str, Any]:
    """Return the size of a note that shows all of its text."""
    lines = sum(1 + len(line) // NOTE_LETTERS for line in note.split("\n"))
    return {"width": NOTE_WIDTH, "height": NOTE_LINE_HEIGHT * (lines + 1), "font_size": 9, "author": ""}


def _width(column: InputColumn) -> float:
    longest = max((len(_shown(value)) for value in column.values), default=0)
    header = max(len(word) for word in column.header.split()) + 4  # room for the filter button
    return min(WIDEST, max(NARROWEST, longest * 1.05 + 2, header, len(column.header) / 2 + 4))


def _shown(value: Value) -> str:
    match value:
        case None:
            return ""
        case Formula():
            return _shown(value.value)
        case datetime.date():
            return value.isoformat()[:10]
        case str():
            return value
        case _:
            return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def _frozen_columns(columns: Sequence[InputColumn]) -> int:
    """Return how many key columns at the left stay in sight; none where they would fill the window."""
    keys = 0
    for column in columns:
        if column.field is None or not column.field.key:
            break
        keys += 1
    return keys if sum(_width(column) for column in columns[:keys]) < 2 * WIDEST else 0


def _set_up_print(sheet: Any, table: Table) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_footer(f"&L{table.name}&RPage &P of &N")
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
