"""The Start page: what to do, where things are, what the colours mean, and one check cell.

Owns: its layout and its formulas.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.fields import Table
from solver.frozen import frozen
from workbooks.template import styles
from workbooks.template.contents import BookOptions
from workbooks.template.formats import Formats
from workbooks.template.headers import header_text
from workbooks.template.table_sheet import InputColumn

START = "Start"
FIRST_STEP = 7

STEPS = (
    "Put your own plan over the values on the input sheets, from Org to Targets. Delete rows you do not need.",
    "Paste your trees into Org, Queues and Periods: one row per node, its parent beside it.",
    "Paste history into Baseline, people into Capacity, and what is asked into Targets.",
    "Save, and run:  targets check BOOK.xlsx  — it lists every problem with its cell and how to mend it.",
    "Run:  targets cascade BOOK.xlsx  — the result sheets appear in this workbook; your own sheets stay as they are.",
)

WIDTHS = (2, 20, 74, 14, 14, 12)
"""Column widths: a margin, the sheet, what is on it, and three columns of checks."""

LEFT, RIGHT = 1, 5
BLANKS_LETTER = "E"
CHECK_ROW = 4
LINE_HEIGHT, HEADING_HEIGHT, LETTERS_A_LINE = 16, 24, 128


@frozen
class Entry:
    """One line of the contents: a sheet, and, for an input table, how to count what is missing."""

    sheet: str
    about: str
    count: str = ""
    counted: int = 0
    blanks: str = ""
    blank: int = 0


def table_entry(table: Table, columns: Sequence[InputColumn], metric_unit: str) -> Entry:
    """Return the line of an input table, with formulas over its required columns."""
    required = [column for column in columns if column.field is not None and column.field.required]
    counted = (required or list(columns))[0]  # a table that people fill as it comes requires nothing

    def named(column: InputColumn) -> str:
        return _structured(
            table.name, column.header if column.field is None else header_text(column.field, metric_unit)
        )

    def blanks(column: InputColumn) -> int:
        return sum(1 for value in column.values if value in (None, ""))

    return Entry(
        table.name,
        table.description,
        f"COUNTA({named(counted)})",
        len(counted.values) - blanks(counted),
        "+".join(f"COUNTBLANK({named(column)})" for column in required),
        sum(blanks(column) for column in required),
    )


def _structured(table: str, header: str) -> str:
    # headers with brackets and spaces need the doubled form, which is right for all others too
    return f"{table}[[{header}]]" if not header.isalnum() else f"{table}[{header}]"


def write_start(sheet: Any, formats: Formats, options: BookOptions, entries: Sequence[Entry]) -> None:
    """Write the Start page.

    Parameters
    ----------
    sheet : an empty XlsxWriter worksheet
    formats : the workbook's formats
    options : title, purpose and status of the workbook
    entries : one per sheet, in the order of the sheets
    """
    sheet.hide_gridlines(2)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    heading = FIRST_STEP + len(STEPS) + 1
    last = heading + len(entries)
    _write_title(sheet, formats, options)
    _write_overall_check(sheet, formats, (heading + 1, last), all(entry.blank == 0 for entry in entries))
    _write_steps(sheet, formats)
    _write_contents(sheet, formats, entries, heading)
    _write_legend(sheet, formats, last + 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_footer("&L&A&RPage &P of &N")


def _write_title(sheet: Any, formats: Formats, options: BookOptions) -> None:
    sheet.set_row(0, 30)
    sheet.write_string(0, LEFT, options.title, formats(styles.TITLE))
    _write_across(sheet, 1, options.purpose, formats(styles.TEXT))
    _write_across(sheet, 2, options.status, formats({**styles.TEXT, "bg_color": styles.ASSUMED}))


def _write_across(sheet: Any, row: int, text: str, style: Any) -> None:
    sheet.merge_range(row, LEFT, row, RIGHT, text, style)
    sheet.set_row(row, LINE_HEIGHT * (1 + len(text) // LETTERS_A_LINE) + 4)


def _write_overall_check(sheet: Any, formats: Formats, lines: tuple[int, int], complete: bool) -> None:
    first, last = (f"${BLANKS_LETTER}${line + 1}" for line in lines)
    sheet.write_string(CHECK_ROW, LEFT, "All checks", formats({**styles.PLAIN, "bold": True}))
    sheet.write_formula(
        CHECK_ROW, RIGHT, f'=IF(SUM({first}:{last})=0,"OK","look")', formats(styles.CHECK), _verdict(complete)
    )
    text = "OK: no required cell is blank. The command  targets check  finds everything else."
    sheet.write_string(CHECK_ROW, LEFT + 1, text, formats(styles.QUIET_TEXT))
    _colour_checks(sheet, formats, CHECK_ROW, RIGHT, CHECK_ROW)


def _verdict(complete: bool) -> str:
    return "OK" if complete else "look"


def _colour_checks(sheet: Any, formats: Formats, first: int, column: int, last: int) -> None:
    good = {"bg_color": styles.GOOD, "font_color": styles.GOOD_INK}
    look = {"bg_color": styles.LOOK, "font_color": styles.LOOK_INK}
    for text, style in (("OK", good), ("look", look)):
        rule = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": formats(style)}
        sheet.conditional_format(first, column, last, column, rule)


def _write_heading(sheet: Any, formats: Formats, row: int, texts: Sequence[str]) -> None:
    style = formats({**styles.HEADING, "text_wrap": True})
    sheet.set_row(row, HEADING_HEIGHT)
    for column in range(LEFT, RIGHT + 1):
        sheet.write_string(row, column, texts[column - LEFT] if column - LEFT < len(texts) else "", style)


def _write_steps(sheet: Any, formats: Formats) -> None:
    _write_heading(sheet, formats, FIRST_STEP - 1, ["What to do"])
    for number, step in enumerate(STEPS, 1):
        _write_across(sheet, FIRST_STEP + number - 1, f"{number}.  {step}", formats(styles.TEXT))


def _write_contents(sheet: Any, formats: Formats, entries: Sequence[Entry], heading: int) -> None:
    _write_heading(sheet, formats, heading, ["Sheet", "What is on it", "Rows filled", "Required, but blank", "Check"])
    sheet.set_row(heading, 34)
    count = formats(styles.COUNT)
    for row, entry in enumerate(entries, heading + 1):
        sheet.write_url(row, LEFT, f"internal:'{entry.sheet}'!A1", formats(styles.LINK_TEXT), entry.sheet)
        sheet.write_string(row, LEFT + 1, entry.about, formats(styles.TEXT))
        if entry.count:
            sheet.write_formula(row, LEFT + 2, f"={entry.count}", count, entry.counted)
            sheet.write_formula(row, LEFT + 3, f"={entry.blanks}", count, entry.blank)
            check = f'=IF({BLANKS_LETTER}{row + 1}=0,"OK","look")'
            sheet.write_formula(row, LEFT + 4, check, formats(styles.CHECK), _verdict(entry.blank == 0))
    _colour_checks(sheet, formats, heading + 1, LEFT + 4, heading + len(entries))


def _write_legend(sheet: Any, formats: Formats, row: int) -> None:
    _write_heading(sheet, formats, row, ["Colours"])
    legend = (
        (styles.input_style("@", assumed=False), "Input", "Type or paste here."),
        (styles.input_style("@", assumed=True), "Assumption", "An input that nobody measured or published: check it."),
        (styles.header_style(required=True), "Header", "Required: every row needs a value."),
        (styles.header_style(required=False), "Header", "May stay blank; the note on it says what a blank means."),
    )
    for line, (style, sample, meaning) in enumerate(legend, row + 1):
        sheet.write_string(line, LEFT, sample, formats(style))
        sheet.write_string(line, LEFT + 1, meaning, formats(styles.TEXT))
