"""Sheets put into a new book by XlsxWriter, to recalculate them with other people's code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import xlsxwriter

from workbooks.tabs.model import Formulas, Sheet, Style


def cells_of(sheet: Sheet) -> Iterator[tuple[int, int, str | float, str, Style]]:
    """Yield (row, column, value, formula, style) of every cell that holds something; headers included."""
    for cell in sheet.cells:
        yield cell.row, cell.column, cell.value, cell.formula, cell.style
    if sheet.table is None:
        return
    for at, column in enumerate(sheet.table.columns):
        place = sheet.table.left + at
        yield sheet.table.top, place, column.header, "", Style(bold=True, fill="DDE3EA", wrap=True)
        values = column.values
        text = values.text if isinstance(values, Formulas) else [""] * len(values)
        cached = values.cached if isinstance(values, Formulas) else values
        assert len(text) == len(cached) == sheet.table.length
        for row, (formula, value) in enumerate(zip(text, cached, strict=True), sheet.table.top + 1):
            if formula or not (value == "" or (not isinstance(value, str) and np.isnan(value))):
                yield row, place, value if isinstance(value, str) else float(value), formula, column.style


def render(sheets: Sequence[Sheet], path: Path) -> None:
    """Write sheets with their formulas, cached values, outline, colours, bars, links and charts."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    formats: dict[tuple[Style, bool], object] = {}

    def look(style: Style, is_bold: bool) -> object:
        if (style, is_bold) not in formats:
            formats[style, is_bold] = book.add_format(_properties(style, is_bold))
        return formats[style, is_bold]

    pages = [book.add_worksheet(sheet.name) for sheet in sheets]
    for sheet, page in zip(sheets, pages, strict=True):
        page.outline_settings(True, False, True, False)
        _frame(sheet, page, book)
        for row, column, value, formula, style in cells_of(sheet):
            place = (row - 1, column - 1)
            form = look(style, _is_bold(sheet, row))
            if formula:
                page.write_formula(*place, "=" + formula, form, value)
            elif isinstance(value, str):
                page.write_string(*place, value, form)
            else:
                page.write_number(*place, value, form)
        for link in (*sheet.links, *(cell for cell in sheet.cells if cell.link)):
            _link(page, link)
        for chart in sheet.charts:
            _chart(chart, page, book)
    book.close()


def _properties(style: Style, is_bold: bool) -> dict[str, object]:
    found: dict[str, object] = {"num_format": style.number_format, "valign": "top"}
    found.update(bold=style.bold or is_bold, italic=style.italic, text_wrap=style.wrap, font_size=style.size or 11)
    if style.colour:
        found["font_color"] = "#" + style.colour
    if style.fill:
        found["bg_color"] = "#" + style.fill
    if style.align:
        found["align"] = style.align
    if style.indent:
        found["indent"] = style.indent
    if style.border_bottom:
        found.update(bottom=1, bottom_color="#" + style.border_bottom)
    return found


def _is_bold(sheet: Sheet, row: int) -> bool:
    table = sheet.table
    if table is None or table.emphasis is None or not table.top < row <= table.top + table.length:
        return False
    return bool(table.emphasis[row - table.top - 1])


def _frame(sheet: Sheet, page: object, book: object) -> None:
    page.freeze_panes(sheet.freeze[0] - 1, sheet.freeze[1] - 1)
    page.hide_gridlines(2)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    for row, height in sheet.heights.items():
        page.set_row(row - 1, height)
    for column, width in sheet.widths.items():
        page.set_column(column - 1, column - 1, width)
    if sheet.table is not None:
        for at, column in enumerate(sheet.table.columns, sheet.table.left - 1):
            page.set_column(at, at, column.width)
        for row, level in enumerate(sheet.table.outline if sheet.table.outline is not None else (), sheet.table.top):
            page.set_row(row, None, None, {"level": int(level)})
    for rule in sheet.colours:
        form = book.add_format({"bg_color": "#" + rule.fill, "font_color": "#" + rule.colour})
        page.conditional_format(rule.cells, {"type": "formula", "criteria": "=" + rule.formula, "format": form})
    for bar in sheet.bars:
        page.conditional_format(
            bar.cells,
            {
                "type": "data_bar", "bar_color": "#" + bar.colour, "bar_solid": True, "data_bar_2010": True,
                "min_type": "num", "min_value": 0, "max_type": "num", "max_value": bar.full,
            },
        )  # fmt: skip


def _link(page: object, link: object) -> None:
    to = getattr(link, "to", "") or link.link
    value = getattr(link, "value", None)
    if value is not None:
        page.write_url(link.row - 1, link.column - 1, "internal:" + to, string=str(value))


def _chart(chart: object, page: object, book: object) -> None:
    drawn = book.add_chart({"type": chart.kind})
    for series in chart.series:
        fill = {"none": True} if series.outlined else {"color": "#" + series.fill}
        drawn.add_series(
            {
                "name": series.name, "categories": "=" + series.categories, "values": "=" + series.values,
                "fill": fill, "border": {"color": "#" + series.fill},
            }
        )  # fmt: skip
    drawn.set_title({"name": chart.title, "name_font": {"size": 11}})
    drawn.set_y_axis({"reverse": chart.kind == "bar"})
    drawn.set_size({"width": chart.width, "height": chart.height})
    page.insert_chart(chart.row - 1, chart.column - 1, drawn)
