"""What people put on an engine's sheet stays, run after run."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from tests.triggers.planning import PLAN
from tests.triggers.safety import edited_again, table_sheet
from tests.workbooks.books import as_saved, book, changed, opened, replaced
from tests.workbooks.package.test_lossless import contents, edited, plan_with, run, saved
from workbooks.package.compose import ComposeOptions, compose
from workbooks.tabs.looks import WRAPPED, line_heights
from workbooks.tabs.model import Column, Sheet, Table

YELLOW = PatternFill("solid", fgColor="FFFFEE00")


def first_run() -> bytes:
    return compose(book(PLAN), [table_sheet("A", "B")], ComposeOptions()).data or b""


def again(data: bytes, *names: str) -> bytes:
    composed = compose(data, [table_sheet(*names)], ComposeOptions())
    assert composed.data is not None, [issue.found for issue in composed.issues]
    return composed.data


def with_change(change: Callable[[openpyxl.Worksheet], object]) -> bytes:
    return edited(first_run(), lambda book: change(book["Cascade"]))


def test_a_remark_stays_for_as_many_runs_as_there_are_and_nothing_grows_but_the_run_log() -> None:
    data = saved(edited(saved(plan_with()), lambda book: book["Org Targets"].__setitem__("Z10", "my remark")))
    log = next(name for name, part in contents(data).items() if b"Input fingerprint" in part)
    first, length = contents(data), len(data)
    for _ in range(4):
        data = saved(data)
        assert opened(data)["Org Targets"]["Z10"].value == "my remark"
    grown = {name for name, part in contents(data).items() if len(part) != len(first[name])}
    assert {name for name in grown if "/tables/" not in name} == {log}
    assert len(data) < length + 4 * 1000


def test_runs_after_an_edit_change_the_run_log_and_nothing_else() -> None:
    first = saved(edited(saved(plan_with()), lambda book: book["Org Targets"].__setitem__("Z10", "mine")))
    second = contents(saved(first))
    before = contents(first)
    assert set(second) == set(before)
    assert len({name for name in before if before[name] != second[name]}) == 2  # the log and its table


def test_an_empty_cell_keeps_its_colour() -> None:
    def paint(sheet: openpyxl.Worksheet) -> None:
        sheet["F2"].fill = YELLOW
        sheet["F20"].fill = YELLOW
        sheet.row_dimensions[22].height = 44

    sheet = opened(again(again(with_change(paint), "A", "B", "C"), "A"))["Cascade"]
    assert sheet["F2"].fill.fgColor.rgb == sheet["F20"].fill.fgColor.rgb == "FFFFEE00"
    assert sheet.row_dimensions[22].height == 44


def texts_sheet(*texts: str) -> Sheet:
    columns = [Column("Org", [f"{at}" for at in range(len(texts))], width=20), Column("Why", texts, WRAPPED, 62)]
    heights = line_heights([(texts, 62)])
    return Sheet("Cascade", Table("Cascade", 4, 1, columns), heights=heights, fits_lines=True)


def texts_after(first: str, now: str, widths: Callable[[openpyxl.Worksheet], object]) -> openpyxl.Worksheet:
    data = compose(book(PLAN), [texts_sheet(first)], ComposeOptions()).data or b""
    data = edited(data, lambda book: widths(book["Cascade"]))
    return opened(compose(data, [texts_sheet(now)], ComposeOptions()).data or b"")["Cascade"]


def test_rows_are_high_enough_for_texts_in_a_column_that_somebody_made_narrower() -> None:
    def narrow(sheet: openpyxl.Worksheet) -> None:
        sheet.column_dimensions["B"].width = 20

    sheet = texts_after("short", "word " * 30, narrow)
    assert sheet.column_dimensions["B"].width == 20
    assert sheet.row_dimensions[5].height == 15 * 9  # 18 letters a line


def test_a_column_that_held_no_text_gets_the_width_that_its_first_texts_need_and_its_neighbours_keep_theirs() -> None:
    def alike(sheet: openpyxl.Worksheet) -> None:
        sheet.column_dimensions["A"].min, sheet.column_dimensions["A"].max = 1, 4
        del sheet.column_dimensions["B"]

    sheet = texts_after("", "word " * 30, alike)
    widths = {name: each.width for name, each in sheet.column_dimensions.items()}
    assert widths == {"A": 20, "B": 62, "C": 20}
    assert (sheet.column_dimensions["C"].min, sheet.column_dimensions["C"].max) == (3, 4)
    assert sheet.row_dimensions[5].height == 15 * 3


@pytest.mark.parametrize("said", [b"", b'<cols><col min="2" max="2" width="NaN"/></cols>'])
def test_a_column_of_which_nothing_is_said_is_as_wide_as_programs_make_it(said: bytes) -> None:
    data = compose(book(PLAN), [texts_sheet("short")], ComposeOptions()).data or b""
    part = next(name for name, content in contents(data).items() if b'width="62"' in content)
    data = changed(data, {part: lambda old: re.sub(rb"<cols>.*</cols>", said, old)})
    sheet = opened(compose(data, [texts_sheet("word " * 30)], ComposeOptions()).data or b"")["Cascade"]
    assert sheet.row_dimensions[5].height == 15 * 22  # 7 letters a line


def test_rules_over_a_whole_column_follow_the_table() -> None:
    def decorate(sheet: openpyxl.Worksheet) -> None:
        sheet.conditional_formatting.add("B5:B6", CellIsRule("greaterThan", ["1"], fill=YELLOW))
        sheet.conditional_formatting.add("B5", CellIsRule("lessThan", ["0"], fill=YELLOW))
        choice = DataValidation("list", formula1='"a,b"')
        choice.add("D5:D6")
        sheet.add_data_validation(choice)

    sheet = opened(again(with_change(decorate), "A", "B", "C", "D"))["Cascade"]
    assert {str(each.sqref) for each in sheet.conditional_formatting} == {"B5:B8", "B5"}
    assert str(sheet.data_validations.dataValidation[0].sqref) == "D5:D6"  # beside the table: theirs alone


def test_comments_and_charts_of_people_stay_on_our_sheet() -> None:
    def decorate(sheet: openpyxl.Worksheet) -> None:
        sheet["B5"].comment = Comment("ask Aoife", "Liam")
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=2, min_row=4, max_row=6), titles_from_data=True)
        sheet.add_chart(chart, "J2")
        sheet.column_dimensions["A"].width = 41

    for names in (("A", "B"), ("A", "B", "C"), ("A",)):
        sheet = opened(again(with_change(decorate), *names))["Cascade"]
        assert sheet["B5"].comment.text == "ask Aoife"
        assert len(sheet._charts) == 1
        assert sheet.column_dimensions["A"].width == 41


def test_a_sorted_table_is_not_typed_over() -> None:
    def sort(sheet: openpyxl.Worksheet) -> None:
        rows = [[sheet.cell(row, column).value for column in (1, 2)] for row in (6, 5)]
        for at, values in enumerate(rows, start=5):
            for column, value in enumerate(values, start=1):
                sheet.cell(at, column).value = value

    composed = compose(with_change(sort), [table_sheet("A", "B")], ComposeOptions())
    assert composed.edits == ()
    assert composed.data is not None


def test_one_number_typed_over_in_a_sorted_table_is_named_alone() -> None:
    def sort_and_type(sheet: openpyxl.Worksheet) -> None:
        sheet["A5"], sheet["B5"], sheet["A6"], sheet["B6"] = "B", 2, "A", 77

    composed = compose(with_change(sort_and_type), [table_sheet("A", "B")], ComposeOptions())
    assert [(edit.header, edit.value, edit.key) for edit in composed.edits] == [("Target", 77.0, {"Org": "A"})]


def test_a_column_that_people_added_to_our_table_stays_in_it() -> None:
    def widen(sheet: openpyxl.Worksheet) -> None:
        sheet["C4"], sheet["C5"], sheet["C6"] = "My note", "x", "y"
        table = sheet.tables["Cascade"]
        table.ref = table.autoFilter.ref = "A4:C6"
        column = openpyxl.worksheet.table.TableColumn(id=9, name="My note")
        table.tableColumns.append(column)

    book = opened(again(with_change(widen), "A", "B", "C"))
    table = book["Cascade"].tables["Cascade"]
    assert table.ref == "A4:C7"
    assert [(each.id, each.name) for each in table.tableColumns] == [(1, "Org"), (2, "Target"), (9, "My note")]
    assert book["Cascade"]["C6"].value == "y"


def test_a_total_row_stays_where_as_many_records_stand_above_it() -> None:
    def total(sheet: openpyxl.Worksheet) -> None:
        sheet.tables["Cascade"].ref, sheet.tables["Cascade"].totalsRowCount = "A4:B7", 1
        sheet["B7"] = "=SUBTOTAL(109,Cascade[Target])"

    sheet = opened(again(with_change(total), "A", "X"))["Cascade"]
    assert sheet.tables["Cascade"].ref == "A4:B7"
    assert sheet["B7"].value == "=SUBTOTAL(109,Cascade[Target])"


def test_table_and_column_ids_stay_when_columns_come_and_go() -> None:
    first = first_run()
    before = table_sheet("A", "B").table
    wider = replace(before, columns=[before.columns[0], Column("Fair share", np.ones(2)), before.columns[1]])
    composed = compose(first, [Sheet("Cascade", wider)], ComposeOptions())
    table = opened(composed.data)["Cascade"].tables["Cascade"]
    assert table.id == opened(first)["Cascade"].tables["Cascade"].id
    assert [(each.id, each.name) for each in table.tableColumns] == [(1, "Org"), (3, "Fair share"), (2, "Target")]


def test_a_copy_of_our_sheet_is_not_ours() -> None:
    def copy(part: bytes) -> bytes:
        local = (
            b'<definedName name="_tc_Cascade" localSheetId="0" hidden="1">\'Metrics\'!$A$1</definedName></definedNames>'
        )
        return replaced(b"</definedNames>", local)(part)

    after = run(changed(saved(plan_with()), {"xl/workbook.xml": copy}))
    assert after.data is not None
    assert opened(after.data)["Metrics"].tables["Metrics"].ref == opened(plan_with())["Metrics"].tables["Metrics"].ref


def test_what_looks_at_a_plain_range_of_a_moved_table_is_named() -> None:
    def point(edited: openpyxl.Workbook) -> None:
        chart = BarChart()
        chart.add_data(Reference(edited["Cascade"], min_col=2, min_row=4, max_row=6), titles_from_data=True)
        edited["Metrics"].add_chart(chart, "J2")

    found = [issue.found for issue in edited_again(point, "0", "A", "B") if issue.code == "TC662"]
    assert found == ["a chart on 'Metrics': Cascade!B4", "a chart on 'Metrics': Cascade!$B$5:$B$6"]
    assert not [issue for issue in edited_again(point, "A", "B") if issue.code == "TC662"]


@pytest.mark.parametrize("formula", ["=SUM(Cascade!B5:B6)", "=SUM(Cascade[Target])", "='Cascade'!B5"])
def test_formulas_on_our_numbers_are_calculated_anew_when_the_book_is_opened(formula: str) -> None:
    def trusted(data: bytes) -> bytes:
        return changed(data, {"xl/workbook.xml": replaced(b' fullCalcOnLoad="1"', b"")})

    reads = trusted(edited(first_run(), lambda book: book["Metrics"].__setitem__("J2", formula)))
    other = table_sheet("A", "B")
    other.table.columns[1].values[:] = 7.0
    composed = compose(reads, [other], ComposeOptions())
    assert b'fullCalcOnLoad="1"' in contents(composed.data)["xl/workbook.xml"]
    plain = compose(trusted(first_run()), [other], ComposeOptions())
    assert b"fullCalcOnLoad" not in contents(plain.data)["xl/workbook.xml"]


def test_a_total_row_is_a_refusal_where_the_records_change() -> None:
    def total(edited: openpyxl.Workbook) -> None:
        table = edited["Cascade"].tables["Cascade"]
        table.ref, table.totalsRowCount = "A4:B7", 1

    assert [issue.code for issue in edited_again(total, "A")] == ["TC661"]


def test_people_keep_a_book_that_openpyxl_made_of_ours() -> None:
    data = as_saved(opened(saved(plan_with())))
    assert run(saved(data)).numbers_changed == 0
