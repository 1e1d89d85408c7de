"""A pack as a workbook: filled in with nothing but Excel or LibreOffice.

Owns: its sheets, and which of its cells may be typed into.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

from workbooks.packs.contents import Contents, Row
from workbooks.packs.pack import BY_ORG, BY_QUEUE, HEADERS, PACK_SHEET, Pack, packed
from workbooks.template import styles
from workbooks.template.formats import Formats
from workbooks.template.write import CREATED

ANSWERS = ("accept", "counter")
_RESPONSES = ("Metric", "", "Period", "Proposed", "Answer", "Value", "Reason", "By", "At")
_TYPED = _RESPONSES.index("Answer")
_FIRST = 5
_WIDTHS = (16, 22, 14, 14, 12, 14, 44, 18, 14)
_NUMBER = "#,##0.######"
_HOURS = '#,##0.## "h"'
_LINE = 120
"""Letters of a step that fit into one line."""

_CHUNK = 30_000
_ASKED_NUMBER = {
    "validate": "decimal", "criteria": ">=", "value": 0, "error_title": "A number",
    "error_message": "Type your own number, 0 or more.",
}  # fmt: skip
_ASKED_SHARE = {
    "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1, "error_title": "A share",
    "error_message": "Type your own share, between 0% and 100%.",
}  # fmt: skip
_STEPS = (
    "Open the sheet Responses. Each row is a number that is proposed to you: one metric, one node, one period.",
    "Choose accept, or counter and type your own number under Value, with a reason. Leave open what is not decided.",
    "To share your own numbers out differently, answer counter on the rows of your {parts} so that they come to yours: "
    "volumes as their sum, rates as their average.",
    "Type your name and the day, save, and send the file back. It may be renamed.",
)
_PARTS = {BY_ORG: "teams", BY_QUEUE: "queues"}
_NOT_ASKED = (
    "Backlogs belong to queues, and several sites may work on one: they are not asked here, but of whoever owns the "
    "queue. Your backlogs lists those of queues that nobody else works on, as they are planned."
)
_OF_QUEUES = (
    "A backlog is what is open at the end of the period. Turnaround is the number of hours within which items are due, "
    "for the whole time."
)


def responses(node: str) -> tuple[str, ...]:
    """Return the columns of the table Responses; from Answer on they are the site's. node : Org or Queue."""
    return tuple(name or node for name in _RESPONSES)


def pack_workbook(pack: Pack, contents: Contents, plan_name: str) -> bytes:
    """Return the workbook of a pack; the same pack gives the same bytes."""
    import xlsxwriter

    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"title": f"{plan_name}: {pack.site}", "created": CREATED})
    formats = Formats(book)
    _write_start(book.add_worksheet("Start"), formats, pack, (plan_name, _note(pack, contents)))
    _write_responses(book.add_worksheet("Responses"), formats, pack, contents.formats)
    for name, headers, rows in _pages(contents):
        if rows:
            _write_page(book.add_worksheet(name), formats, (name, headers, rows), contents.formats)
    stamp = book.add_worksheet(PACK_SHEET)
    text = packed(pack)
    for at in range(0, len(text), _CHUNK):
        stamp.write_string(0, at // _CHUNK, text[at : at + _CHUNK])
    stamp.very_hidden()
    book.close()
    return target.getvalue()


def _pages(contents: Contents) -> Sequence[tuple[str, Sequence[str], Sequence[Row]]]:
    return (
        ("Your targets", ("Metric", "Org", "Queue", "Period", "Target"), contents.targets),
        ("Your hours", ("Org", "Queue", "Period", "Hours"), contents.hours),
        ("Your limits", ("Metric", "Org", "Queue", "Period", "Min", "Max"), contents.limits),
        ("Your actuals", ("Metric", "Org", "Queue", "Period", "Actual"), contents.actuals),
        ("Your backlogs", ("Metric", "Queue", "Period", "Open at the end"), contents.backlogs),
        ("Your nodes", ("Node", "Name", "Level"), contents.names),
    )


def _note(pack: Pack, contents: Contents) -> str:
    """Return what whoever answers has to know about backlogs."""
    if pack.by == BY_QUEUE:
        return _OF_QUEUES if contents.has_backlogs else ""
    return _NOT_ASKED if contents.has_backlogs else ""


def _write_start(sheet: Any, formats: Formats, pack: Pack, told: tuple[str, str]) -> None:
    """Write the page that says what to do. told : name of the plan, and a note."""
    plan_name, note = told
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 110)
    sheet.set_row(0, 30)
    sheet.write_string(0, 1, f"{plan_name or 'Plan'}: proposal to {pack.site}", formats(styles.TITLE))
    due = f" Please answer by {pack.due}." if pack.due else ""
    sheet.write_string(1, 1, f"Version {pack.version}.{due}", formats(styles.PLAIN))
    for at, step in enumerate(_STEPS):
        sheet.write_number(3 + at, 0, at + 1, formats(styles.COUNT))
        sheet.write_string(3 + at, 1, step.format(parts=_PARTS[pack.by]), formats(styles.TEXT))
        sheet.set_row(3 + at, 36 if len(step) > _LINE else 22)
    sheet.write_url(8, 1, "internal:'Responses'!A1", formats(styles.LINK_TEXT), "→ Responses")
    open_rows = f"COUNTBLANK(Responses!{_column(_TYPED)}{_FIRST + 1}:{_column(_TYPED)}{_FIRST + len(pack.lines)})"
    sheet.write_formula(10, 1, f'={open_rows}&" rows are still open"', formats(styles.HEADING),
                        f"{len(pack.lines)} rows are still open")  # fmt: skip
    if note:
        sheet.set_row(12, 36)
        sheet.write_string(12, 1, note, formats(styles.TEXT))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_responses(sheet: Any, formats: Formats, pack: Pack, shown: Mapping[str, str]) -> None:
    _head(sheet, formats, "Responses", "Yellow cells are yours. Everything else is as it was proposed.")
    last, names = _FIRST + len(pack.lines) - 1, responses(HEADERS[pack.by])
    given = formats({**styles.input_style("General", assumed=False), "locked": False})
    day = formats({**styles.input_style("yyyy-mm-dd", assumed=False), "locked": False})
    for at, line in enumerate(pack.lines):
        row, shape = _FIRST + at, shown[line.metric] if line.weight else _HOURS if line.is_due else _NUMBER
        plain = formats({**styles.PLAIN, "num_format": shape, "border": 1, "border_color": styles.LINE})
        value = formats({**styles.input_style(shape, assumed=False), "locked": False})
        for column, text in enumerate((line.metric, line.node, line.period)):
            sheet.write_string(row, column, text, plain)
        sheet.write_number(row, 3, line.proposed, plain)
        for column in range(_TYPED, len(names)):
            look = {"Value": value, "At": day}.get(names[column], given)
            sheet.write_blank(row, column, None, look)
    headers = [
        {"header": name, "header_format": formats(styles.header_style(required=at < _TYPED))}
        for at, name in enumerate(names)
    ]
    sheet.add_table(_FIRST - 1, 0, last, len(names) - 1, {"name": "Responses", "style": None, "columns": headers})
    sheet.data_validation(_FIRST, _TYPED, last, _TYPED, {
        "validate": "list", "source": list(ANSWERS), "error_title": "accept or counter",
        "error_message": "Choose accept or counter, or leave the cell empty.",
    })  # fmt: skip
    row = _FIRST
    for is_share, lines in groupby(pack.lines, key=lambda line: line.is_share):
        end = row + len(list(lines)) - 1
        sheet.data_validation(row, _TYPED + 1, end, _TYPED + 1, _ASKED_SHARE if is_share else _ASKED_NUMBER)
        row = end + 1
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(_FIRST, 4)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})


def _write_page(
    sheet: Any, formats: Formats, page: tuple[str, Sequence[str], Sequence[Row]], shown: Mapping[str, str]
) -> None:
    name, headers, rows = page
    _head(sheet, formats, name, "For your information; changes here are not read.")
    for column, header in enumerate(headers):
        sheet.write_string(_FIRST - 1, column, header, formats(styles.GRID_HEADER))
        texts = [len(str(row[column])) for row in rows if row[column] is not None]
        sheet.set_column(column, column, min(max([len(header), *texts]) + 4, 44))
    for at, row in enumerate(rows):
        shape = shown.get(str(row[0]), _NUMBER) if headers[0] == "Metric" else _NUMBER
        plain = formats({**styles.PLAIN, "num_format": shape if "%" in shape else _NUMBER})
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(_FIRST + at, column, value, plain)
            elif value is not None:
                sheet.write_number(_FIRST + at, column, value, plain)
    sheet.freeze_panes(_FIRST, 0)


def _head(sheet: Any, formats: Formats, title: str, words: str) -> None:
    sheet.hide_gridlines(2)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, title, formats(styles.TITLE))
    sheet.write_string(1, 0, words, formats(styles.PLAIN))
    sheet.write_url(2, 0, "internal:'Start'!A1", formats(styles.LINK_TEXT), "← Start")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST - 1)


def _column(at: int) -> str:
    from workbooks.addresses import column_letters

    return column_letters(at + 1)
