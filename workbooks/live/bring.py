"""What changed, brought into the open workbook: whole sheets where they are new, else our cells and nothing around.

Ranges are copied by Excel itself, so that looks, rules, notes and links come along and no text turns into a date;
then formulas that refer to other sheets are written anew, since a copied one refers to where it came from.

Owns: the order of steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from workbooks.addresses import cell_name, quoted, split_cell_name
from workbooks.click.delivery import Age, Delivered
from workbooks.live.grids import read_grid
from workbooks.package.old_sheet import Rectangle

if TYPE_CHECKING:
    import xlwings

Lines = Mapping[str, Sequence[Sequence[str]]]
"""Texts of hidden sheets, by sheet and row."""


def bring(book: xlwings.Book, scratch: xlwings.Book, delivered: Sequence[Delivered], hidden: Lines) -> None:
    """Bring what changed into the open workbook.

    Parameters
    ----------
    scratch : the result, opened beside it
    hidden : what the hidden sheets hold
    """
    seen = [each for each in delivered if not each.is_hidden]
    for each in seen:
        if each.age is Age.GONE:
            _remove(book, each)
        elif each.age is Age.NEW:
            _add(book, scratch, each)
    for each in seen:
        if each.age in (Age.OLD, Age.CONTENT, Age.INPUT):
            _exchange(book.sheets[each.name], scratch.sheets[each.name], each)
        elif each.age is Age.NEW:
            used = scratch.sheets[each.name].used_range
            _write_formulas(book.sheets[each.name], used, [Rectangle.of(used.get_address(False, False))])
    for each in delivered:
        if each.is_hidden:
            _write_hidden(book, each, hidden.get(each.name, ()))


def _add(book: xlwings.Book, scratch: xlwings.Book, each: Delivered) -> None:
    scratch.sheets[each.name].copy(after=book.sheets[len(book.sheets) - 1], name=each.name)
    _follow(book, each)


def _follow(book: xlwings.Book, each: Delivered) -> None:
    """Let a hidden name follow the sheet."""
    name, target = each.following_name, f"={quoted(each.name)}!$A$1"
    present = {found.name: found for found in book.names}
    if name in present:
        present[name].refers_to = target
        return
    made = book.names.add(name, target)
    with suppress(Exception):  # only Windows lets a name be hidden this way; seen, it does no harm
        made.api.Visible = False


def _remove(book: xlwings.Book, each: Delivered) -> None:
    for found in book.names:
        if found.name == each.following_name:
            found.delete()
    book.sheets[each.name].delete()


def _exchange(sheet: xlwings.Sheet, source: xlwings.Sheet, each: Delivered) -> None:
    if each.age is Age.INPUT:
        _fit_input(sheet, each)
    elif each.table:
        _fit_table(sheet, each)
    gone = sorted({*each.old_loose} - {*each.loose})
    for area in rectangles(gone):
        sheet.range(area).clear_contents()
    areas = [each.table] if each.table and each.age is not Age.INPUT else []
    areas += rectangles(each.loose)
    for area in areas:
        _copy(source.range(area), sheet.range(area), with_looks=each.age is not Age.CONTENT)
    _write_formulas(sheet, source.used_range, [Rectangle.of(area) for area in areas])


def _copy(source: xlwings.Range, target: xlwings.Range, *, with_looks: bool) -> None:
    if with_looks:
        source.copy(target)
    else:
        source.copy()
        target.paste("formulas")


def _write_formulas(sheet: xlwings.Sheet, source: xlwings.Range, areas: Sequence[Rectangle]) -> None:
    """Write formulas that refer to other sheets as they stand in the source, block by block down the columns.

    Parameters
    ----------
    areas : where cells are ours
    """
    grid = read_grid(source)
    for at in range(len(grid.formulas[0]) if grid.formulas else 0):
        column = grid.left + at
        wanted = [
            "!" in row[at] and any(area.holds(number, column) for area in areas)
            for number, row in enumerate(grid.formulas, start=grid.top)
        ]
        for first, last in _filled_runs(wanted):
            texts = [grid.formulas[number][at] for number in range(first, last + 1)]
            area = sheet.range((grid.top + first, column), (grid.top + last, column))
            area.formula = [[text] for text in texts] if last > first else texts[0]


def _filled_runs(wanted: Sequence[bool]) -> Iterator[tuple[int, int]]:
    first = None
    for at, is_wanted in enumerate([*wanted, False]):
        if is_wanted and first is None:
            first = at
        elif not is_wanted and first is not None:
            yield first, at - 1
            first = None


def _fit_table(sheet: xlwings.Sheet, each: Delivered) -> None:
    """Let the Excel table cover what it will, and empty what it does not any more."""
    table = next((found for found in sheet.tables if found.name == each.table_name), None)
    if each.old_table and each.old_table != each.table:
        before, now = Rectangle.of(each.old_table), Rectangle.of(each.table)
        if table is not None:
            table.resize(sheet.range(each.table))
        if before.bottom > now.bottom:
            sheet.range((now.bottom + 1, before.left), (before.bottom, before.right)).clear()
        if before.right > now.right:
            sheet.range((before.top, now.right + 1), (before.bottom, before.right)).clear()


def _fit_input(sheet: xlwings.Sheet, each: Delivered) -> None:
    for table in sheet.tables:
        if table.name == each.table_name:
            table.resize(sheet.range(each.table))


def rectangles(cells: Sequence[str]) -> list[str]:
    """Return cells as few ranges: runs along their rows, and equal runs of rows below each other together."""
    runs: list[Rectangle] = []
    for row, column in sorted(split_cell_name(cell) for cell in cells):
        last = runs[-1] if runs else None
        if last is not None and last.bottom == row and last.right == column - 1:
            runs[-1] = replace(last, right=column)
        else:
            runs.append(Rectangle(row, column, row, column))
    found: dict[tuple[int, int, int], Rectangle] = {}
    for run in runs:
        above = found.pop((run.top - 1, run.left, run.right), None)
        found[run.bottom, run.left, run.right] = run if above is None else replace(above, bottom=run.bottom)
    return [_address(area) for area in found.values()]


def _address(area: Rectangle) -> str:
    first, last = cell_name(area.top, area.left), cell_name(area.bottom, area.right)
    return first if first == last else f"{first}:{last}"


def _write_hidden(book: xlwings.Book, each: Delivered, lines: Sequence[Sequence[str]]) -> None:
    """Write a sheet that people do not see: texts alone."""
    present = {sheet.name: sheet for sheet in book.sheets}
    sheet = present.get(each.name)
    if sheet is None:
        sheet = book.sheets.add(each.name, after=book.sheets[len(book.sheets) - 1])
    sheet.clear_contents()
    width = max((len(line) for line in lines), default=0)
    if width:
        area = sheet.range((1, 1), (len(lines), width))
        area.number_format = "@"  # nothing in it may become a number or a formula
        area.value = [[*line, *[None] * (width - len(line))] for line in lines]
    sheet.visible = False
    with suppress(Exception):  # only Windows hides it from the list of hidden sheets, too
        sheet.api.Visible = 2
