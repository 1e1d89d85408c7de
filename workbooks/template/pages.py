"""Sheets of text and of assumptions beside the input tables.

Owns: the layout of the sheet Assumptions and of pages such as Notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbooks.template import styles
from workbooks.template.contents import Assumption, Grid, Page
from workbooks.template.formats import Formats

ASSUMPTIONS = "Assumptions"
TEXT_COLUMNS = 6
TEXT_WIDTH = 22.0
LETTERS_A_LINE = 125
LETTERS_A_CELL = 22
LINE_HEIGHT = 16
_FIRST_ASSUMPTION = 5


def assumption_cells(assumptions: Sequence[Assumption]) -> dict[str, str]:
    """Return the defined names of assumptions and the cells they stand for: ``'Assumptions'!$B$6``."""
    return {each.name: f"'{ASSUMPTIONS}'!$B${_FIRST_ASSUMPTION + 1 + row}" for row, each in enumerate(assumptions)}


def write_assumptions(sheet: Any, formats: Formats, assumptions: Sequence[Assumption]) -> None:
    """Write the assumptions, one per row: label, value, unit, name, why."""
    sheet.hide_gridlines(2)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, ASSUMPTIONS, formats(styles.TITLE))
    text = "Numbers that nobody publishes. Change one here and every cell that uses it follows, by its name."
    sheet.write_string(1, 0, text, formats(styles.PLAIN))
    sheet.write_url(2, 0, "internal:'Start'!A1", formats(styles.LINK_TEXT), "← Start")
    for column, (header, width) in enumerate(
        (("Assumption", 46), ("Value", 14), ("Unit", 22), ("Name in formulas", 28), ("Why this value", 76))
    ):
        sheet.set_column(column, column, width)
        sheet.write_string(_FIRST_ASSUMPTION - 1, column, header, formats(styles.GRID_HEADER))
    for row, each in enumerate(assumptions, _FIRST_ASSUMPTION):
        sheet.write_string(row, 0, each.label, formats(styles.TEXT))
        sheet.write_number(row, 1, each.value, formats(styles.input_style(each.number_format, assumed=True)))
        sheet.write_string(row, 2, each.unit, formats({**styles.TEXT, "indent": 1}))
        sheet.write_string(row, 3, each.name, formats(styles.TEXT))
        sheet.write_string(row, 4, each.why, formats(styles.TEXT))
        sheet.set_row(row, LINE_HEIGHT * (1 + len(each.why) // 74))
    sheet.freeze_panes(_FIRST_ASSUMPTION, 0)
    _set_up_print(sheet)


def write_page(sheet: Any, formats: Formats, page: Page) -> None:
    """Write a page of text, paragraphs over the full width, grids below one another."""
    sheet.hide_gridlines(2)
    sheet.set_row(0, 26)
    sheet.set_column(0, TEXT_COLUMNS - 1, TEXT_WIDTH)
    sheet.write_string(0, 0, page.title, formats(styles.TITLE))
    sheet.write_url(1, 0, "internal:'Start'!A1", formats(styles.LINK_TEXT), "← Start")
    row = 3
    for block in page.blocks:
        row = (
            _write_grid(sheet, formats, block, row)
            if isinstance(block, Grid)
            else _write_text(sheet, formats, block, row)
        )
    _set_up_print(sheet)


def _write_text(sheet: Any, formats: Formats, text: str, row: int) -> int:
    sheet.merge_range(row, 0, row, TEXT_COLUMNS - 1, text, formats(styles.TEXT))
    sheet.set_row(row, LINE_HEIGHT * (1 + len(text) // LETTERS_A_LINE))
    return row + 2


def _write_grid(sheet: Any, formats: Formats, grid: Grid, row: int) -> int:
    over_numbers = formats({**styles.GRID_HEADER, "align": "right"})
    for column, header in enumerate(grid.headers):
        holds_numbers = any(not isinstance(record[column], str) for record in grid.rows)
        sheet.write_string(row, column, header, over_numbers if holds_numbers else formats(styles.GRID_HEADER))
    number = formats({**styles.PLAIN, "num_format": grid.number_format})
    text = formats(styles.TEXT if grid.is_wrapped else styles.PLAIN)
    for offset, record in enumerate(grid.rows, 1):
        if grid.is_wrapped:
            longest = max(len(value) for value in record if isinstance(value, str))
            sheet.set_row(row + offset, LINE_HEIGHT * (1 + longest // LETTERS_A_CELL))
        for column, value in enumerate(record):
            if isinstance(value, str):
                sheet.write_string(row + offset, column, value, text)
            else:
                sheet.write_number(row + offset, column, value, number)
    return row + len(grid.rows) + 2


def _set_up_print(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RPage &P of &N")
