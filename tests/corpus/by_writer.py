"""Workbooks that XlsxWriter makes, one per kind of thing that people put on their sheets."""

from __future__ import annotations

import base64
import io

import xlsxwriter

from tests.corpus.packing import OLE

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def plain(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Plain data")
    formats = [
        book.add_format({"num_format": code, "bold": at % 2, "font_color": colour, "bg_color": fill, "border": at % 5})
        for at, (code, colour, fill) in enumerate(
            [("0.00%", "#FF0000", "#EEEEEE"), ("yyyy-mm-dd", "#00FF00", "#DDDDFF"), ('#,##0 "pcs"', "blue", "yellow")]
        )
    ]
    for row in range(40):
        page.write_row(row, 0, [f"row {row}", row * 1.5, row % 2 == 0], formats[row % 3])
        page.write_formula(row, 4, f"=B{row + 1}*2", formats[(row + 1) % 3], row * 3)
    page.write_array_formula("G1:G3", "{=B1:B3*2}", None, 0)
    page.write_string("H1", "ünïcödé ✓ 漢字 \U0001f600")
    page.merge_range("J1:K2", "merged", formats[0])
    page.set_row(5, 33, formats[1])
    page.set_column("B:B", 21, formats[2], {"level": 1})
    page.freeze_panes(3, 2)
    page.autofilter("A1:C40")
    page.protect("secret", {"sort": True})
    page.unprotect_range("A1:A9", "range")
    page.ignore_errors({"number_stored_as_text": "A1:A9"})
    page.set_header("&LLeft&R&P")
    page.repeat_rows(0, 1)
    page.print_area("A1:F20")


def charts(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Charts")
    page.write_column("A1", list(range(1, 11)))
    page.write_column("B1", [each * each for each in range(10)])
    for at, kind in enumerate(["line", "bar", "column", "pie", "scatter", "area", "radar", "doughnut", "stock"]):
        chart = book.add_chart({"type": kind})
        chart.add_series({"values": "=Charts!$B$1:$B$10", "categories": "=Charts!$A$1:$A$10", "trendline":
                          {"type": "linear"} if kind in ("line", "scatter") else None})  # fmt: skip
        page.insert_chart(at * 16, 4, chart)
    sheet = book.add_chartsheet("A chart sheet")
    alone = book.add_chart({"type": "bar"})
    alone.add_series({"values": "=Charts!$B$1:$B$10"})
    sheet.set_chart(alone)


def rules(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Rules")
    page.write_column("A2", list(range(20)))
    page.add_table("C1:D9", {"name": "Theirs", "columns": [{"header": "A"}, {"header": "B", "total_function": "sum"}],
                             "total_row": True, "style": "Table Style Medium 4"})  # fmt: skip
    bold = book.add_format({"bold": True, "font_color": "red"})
    for options in (
        {"type": "2_color_scale"}, {"type": "3_color_scale"}, {"type": "data_bar", "data_bar_2010": True},
        {"type": "icon_set", "icon_style": "4_traffic_lights"}, {"type": "top", "value": 3, "format": bold},
        {"type": "cell", "criteria": ">", "value": 5, "format": bold}, {"type": "duplicate", "format": bold},
        {"type": "formula", "criteria": "=$A2>3", "format": bold},
    ):  # fmt: skip
        page.conditional_format("A2:A21", options)
    page.data_validation("F1", {"validate": "list", "source": ["a", "b"], "input_message": "choose"})
    page.data_validation("F2", {"validate": "custom", "value": "=AND(F2>1,A2<3)"})
    page.add_sparkline("G2", {"range": "Rules!A2:A21", "type": "column"})
    page.write_rich_string("H1", bold, "bold", " and ", book.add_format({"italic": True}), "slanted")


def pictures(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Pictures")
    page.insert_image("B2", "dot.png", {"image_data": io.BytesIO(PNG), "url": "https://example.com"})
    page.set_background(io.BytesIO(PNG))
    page.set_header("&C&G", {"image_center": "dot.png", "image_data_center": io.BytesIO(PNG)})
    page.insert_textbox("D4", "a box", {"font": {"bold": True}})
    page.embed_image("F2", "dot.png", {"image_data": io.BytesIO(PNG)})  # in the cell: richData
    page.write_comment("A1", "Ask Aoife", {"author": "Liam", "visible": True})
    page.write_comment("A2", "and Niamh")


def arrays(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Arrays")
    page.write_column("A1", [3, 1, 2])
    page.write_dynamic_array_formula("C1:C3", "=_xlfn._xlws.SORT(A1:A3)", None, 1)
    page.write_formula("E1", "=_xlfn.LET(_xlpm.x,A1,_xlpm.x*2)", None, 6)


def scopes(book: xlsxwriter.Workbook) -> None:
    for name in ("First", "It's “quoted” & more", "Hidden", "Very hidden", "Last"):
        book.add_worksheet(name).write("A1", name)
    book.get_worksheet_by_name("Hidden").hide()
    book.get_worksheet_by_name("Very hidden").very_hidden()
    book.get_worksheet_by_name("Last").activate()
    book.define_name("Everywhere", "=First!$A$1")
    book.define_name("First!Here", "=First!$A$1")
    book.define_name("Last!Here", "=Last!$A$1")
    book.define_name("A_number", "=3.14")
    book.define_name("Gone", "=#REF!$A$1")
    book.set_calc_mode("manual")


def linked(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Links")
    page.write_url("A1", "https://example.com/?a=1&b=2", string="outside", tip="go & see")
    page.write_url("A2", "internal:'Links'!B9")
    page.write_url("A3", r"external:other.xlsx#Sheet1!A1")


def buttons(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Buttons")
    book.add_vba_project(io.BytesIO(OLE), True)
    book.set_vba_name("ThisWorkbook")
    page.set_vba_name("Sheet1")
    page.insert_button("B2", {"macro": "Go", "caption": "Go"})
    page.insert_checkbox("B5", True)
