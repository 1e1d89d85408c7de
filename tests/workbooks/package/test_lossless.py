"""What is not ours stays the bytes it was; what is ours is renewed around what people put there."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from tests.office import needs_office, resaved
from tests.workbooks.books import as_saved, changed, opened, replaced
from workbooks.package.ownership import find_own, read_own_table
from workbooks.package.save import load
from workbooks.run import Run, RunOptions, TypedOver, cascade
from workbooks.template.contents import FilledTable, by_rows
from workbooks.template.example import example_options, example_tables
from workbooks.template.write import new_workbook

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
GROWN = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/calcChain.xml"}


def entries(data: bytes) -> dict[str, bytes]:
    """Return every entry of a package as its compressed bytes."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            start = info.header_offset + 30
            names = int.from_bytes(data[start - 4 : start - 2], "little") + int.from_bytes(
                data[start - 2 : start], "little"
            )
            found[info.filename] = data[start + names : start + names + info.compress_size]
    return found


def contents(data: bytes) -> dict[str, bytes]:
    """Return every entry of a package, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rich_book() -> bytes:
    """Return a book with nearly everything that analysts put into theirs."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet("Dashboard & more")
    bold = book.add_format({"bold": True, "bg_color": "#FFEE00", "num_format": "0.000%"})
    page.write_row(0, 0, ["Site", "Reviews"], bold)
    for row in range(1, 9):
        page.write_row(row, 0, [f"Site {row}", row * 10])
    page.write_formula("D2", "=SUM(B2:B9)", None, 360)
    page.write_dynamic_array_formula("F2", "=_xlfn._xlws.SORT(B2:B9)", None, 10)
    page.add_table("A1:B9", {"name": "Mine", "columns": [{"header": "Site"}, {"header": "Reviews"}]})
    page.write_comment("A2", "Ask Aoife")
    page.data_validation("H1", {"validate": "list", "source": ["a", "b"]})
    page.conditional_format("B2:B9", {"type": "3_color_scale"})
    page.insert_image("J2", "dot.png", {"image_data": io.BytesIO(PNG)})
    page.add_sparkline("H3", {"range": "'Dashboard & more'!B2:B9"})
    page.write_rich_string("A12", bold, "bold", " and not")
    page.write_url("A13", "https://example.com", string="a link")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "='Dashboard & more'!$B$2:$B$9"})
    page.insert_chart("J5", chart)
    book.add_worksheet("Hidden").hide()
    book.define_name("Their_name", "='Dashboard & more'!$B$2")
    book.close()
    return target.getvalue()


def plan_with(extra: dict[str, bytes] | None = None) -> bytes:
    """Return the example plan, with parts that only ride along.

    Its inputs are values: the program that plays a person here drops the values of formulas.
    """
    tables = example_tables()
    names = ("Org", "FTE", "Hours per day", "Shrinkage", "Occupancy")
    tables["Capacity"] = FilledTable(by_rows(names, (("Team A", 6.0, 8.0, 0.3, 0.9), ("Team B", 5.0, 8.0, 0.3, 0.9))))
    parts = {"customXml/item1.xml": b"<mine/>", **(extra or {})}
    return changed(new_workbook(tables, example_options()), parts)


def run(data: bytes, typed_over: TypedOver = TypedOver.REFUSE) -> Run:
    return cascade(data, RunOptions(typed_over=typed_over))


def saved(data: bytes) -> bytes:
    found = run(data)
    assert found.data is not None, [issue.found for issue in found.issues]
    return found.data


def edited(data: bytes, change: object) -> bytes:
    """Return a book as openpyxl saves it after a change: as a person with another program would."""
    book = opened(data)
    change(book)
    return as_saved(book)


def test_every_part_that_is_not_ours_keeps_its_compressed_bytes() -> None:
    before = plan_with({"xl/media/image9.png": PNG})
    after = entries(saved(before))
    for name, content in entries(before).items():
        if name not in GROWN:
            assert after[name] == content, name


def test_sheets_put_into_a_rich_book_leave_all_of_it_alone() -> None:
    from tests.workbooks.package.sheets import small_sheets
    from workbooks.package.compose import ComposeOptions, compose

    before = rich_book()
    composed = compose(before, small_sheets(), ComposeOptions())
    assert composed.data is not None
    after = entries(composed.data)
    changed_parts = {name for name, content in entries(before).items() if after.get(name) != content}
    assert changed_parts <= GROWN
    with zipfile.ZipFile(io.BytesIO(composed.data)) as archive:
        assert archive.testzip() is None
        workbook = archive.read("xl/workbook.xml").decode()
    assert 'name="Their_name"' in workbook
    assert 'state="hidden"' in workbook


def test_a_second_run_changes_the_run_log_and_nothing_else() -> None:
    first = saved(plan_with())
    second = run(first)
    assert second.numbers_changed == 0
    assert second.data is not None
    before, after = entries(first), entries(second.data)
    assert set(before) == set(after)
    log = {name for name in before if before[name] != after[name]}
    assert len(log) == 2  # the sheet and its table
    third = saved(second.data)
    assert {name for name, content in entries(third).items() if content != after[name]} == log


def test_there_and_back_again_grows_by_run_log_rows_alone() -> None:
    first = saved(plan_with())
    name = "xl/worksheets/sheet10.xml"
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert b"530000" in archive.read(name)
    other = saved(changed(first, {name: replaced(b"<v>530000</v>", b"<v>520000</v>")}))
    back = saved(changed(other, {name: replaced(b"<v>520000</v>", b"<v>530000</v>")}))
    before, after = contents(first), contents(back)
    log = next(sheet.part for sheet in _sheets(first) if sheet.name == "Run Log")
    different = {part for part in before if before[part] != after[part]}
    assert set(after) == set(before)
    assert {part for part in different if not part.startswith("xl/tables/")} == {log}
    assert len(different) == 2  # the log's sheet and its table


def _sheets(data: bytes) -> list:
    from workbooks.package.book import Book
    from workbooks.package.parts import Parts

    return Book(Parts(data)).sheets


def test_the_mark_survives_renaming() -> None:
    def rename(part: bytes) -> bytes:
        # as Excel does it: the sheet, and the names that refer to it
        part = replaced(b'name="Cascade"', b'name="Targets per team"')(part)
        return replaced(b"'Cascade'!", b"'Targets per team'!")(part)

    renamed = changed(saved(plan_with()), {"xl/workbook.xml": rename})
    again = run(renamed)
    assert again.data is not None, [issue.found for issue in again.issues]
    names = [sheet.name for sheet in _sheets(again.data)]
    assert "Targets per team" in names
    assert "Cascade" not in names


@needs_office
@pytest.mark.office
def test_the_mark_survives_a_save_by_libreoffice(tmp_path: Path) -> None:
    first = saved(plan_with())
    after = resaved(first, tmp_path)
    assert set(find_own(after).sheets) == set(find_own(first).sheets)
    again = run(after)
    assert again.data is not None, [issue.found for issue in again.issues]
    assert again.edits == ()
    assert again.numbers_changed == 0
    assert len(read_own_table(again.data, find_own(again.data), "Run Log").rows) == 2


def test_what_people_put_beside_our_table_stays() -> None:
    def decorate(book: openpyxl.Workbook) -> None:
        sheet = book["Org Targets"]
        sheet["Z9"] = "=SUM(I5:I6)"
        sheet["Z10"] = "my remark"
        sheet["A1"].comment = Comment("for the meeting", "Aoife")
        sheet.column_dimensions["A"].width = 33

    decorated = edited(saved(plan_with()), decorate)
    after = saved(decorated)
    book = opened(after)
    sheet = book["Org Targets"]
    assert sheet["Z9"].value == "=SUM(I5:I6)"
    assert sheet["Z10"].value == "my remark"
    assert sheet["A1"].comment.text == "for the meeting"
    assert sheet.column_dimensions["A"].width == 33
    assert sheet["B5"].value == "North"


def test_a_typed_over_number_stops_the_run_and_is_named_with_its_cell() -> None:
    typed = edited(saved(plan_with()), lambda book: book["Cascade"].__setitem__("E6", 12345))
    refused = run(typed)
    assert refused.data is None
    assert [(edit.sheet, edit.header, edit.value) for edit in refused.edits] == [("Cascade", "Target", 12345.0)]
    assert [issue.place.row for issue in refused.issues if issue.code == "TC606"] == [6]
    assert refused.edits[0].key["Org"] == "Team A"


def test_a_typed_over_number_is_lost_only_when_asked() -> None:
    first = saved(plan_with())
    typed = edited(first, lambda book: book["Cascade"].__setitem__("E6", 12345))
    done = run(typed, TypedOver.DISCARD)
    assert done.data is not None
    again = opened(done.data, data_only=True)["Cascade"]["E6"].value
    assert again == pytest.approx(opened(first, data_only=True)["Cascade"]["E6"].value)


def test_a_formula_replaced_by_a_number_is_an_edit() -> None:
    typed = edited(saved(plan_with()), lambda book: book["Org Targets"].__setitem__("I5", 1))
    assert [(edit.sheet, edit.value) for edit in run(typed).edits] == [("Org Targets", 1.0)]


def test_a_sheet_of_our_name_that_is_not_ours_is_not_touched() -> None:
    theirs = edited(plan_with(), lambda book: book.create_sheet("Summary"))
    refused = run(theirs)
    assert refused.data is None
    assert {issue.code for issue in refused.issues if issue.severity == "stop"} == {"TC604"}


def test_an_output_prefix_is_the_way_out() -> None:
    def prefix(book: openpyxl.Workbook) -> None:
        book.create_sheet("Summary")
        settings = book["Settings"]
        row = next(cell.row for cell in settings["A"] if cell.value == "Plan name")
        settings.cell(row, 1).value, settings.cell(row, 2).value = "Output prefix", "TC"

    after = saved(edited(plan_with(), prefix))
    names = [sheet.name for sheet in _sheets(after)]
    assert "Summary" in names
    assert "TC Summary" in names
    assert run(after).numbers_changed == 0


def test_text_that_looks_like_a_formula_stays_text() -> None:
    def hostile(book: openpyxl.Workbook) -> None:
        for sheet in ("Org", "Capacity", "Skills", "Baseline", "Limits"):
            for row in book[sheet].iter_rows():
                for cell in row:
                    if cell.value == "Team A":
                        cell.value = "=1+1"
                        cell.data_type = "s"

    after = saved(edited(plan_with(), hostile))
    book = opened(after)
    cells = [cell for cell in book["Cascade"]["B"] if cell.value == "=1+1"]
    assert cells
    assert all(cell.data_type in {"s", "inlineStr"} for cell in cells)


def test_people_keep_the_order_of_their_sheets() -> None:
    moved = edited(saved(plan_with()), lambda book: book.move_sheet("Summary", -book.sheetnames.index("Summary")))
    order = [sheet.name for sheet in _sheets(moved)]
    assert order[0] == "Summary"
    assert [sheet.name for sheet in _sheets(saved(moved))] == order


def test_load_reads_what_save_wrote(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    data = plan_with()
    path.write_bytes(data)
    assert load(path).data == data


def test_a_typed_over_number_is_kept_as_a_row_of_limits() -> None:
    typed = edited(saved(plan_with()), lambda book: book["Cascade"].__setitem__("E6", 23_000))
    done = cascade(typed, RunOptions(typed_over=TypedOver.KEEP, by="Aoife"))
    assert done.data is not None, [issue.found for issue in done.issues]
    book = opened(done.data, data_only=True)
    limit = [
        cell.value for cell in next(row for row in book["Limits"].iter_rows() if "Aoife" in [c.value for c in row])
    ]
    assert {"Reviews", "Team A", "2026-02", 23_000, "Aoife", "typed over the result"} <= set(limit)
    assert book["Limits"].tables["Limits"].ref == "A5:L7"
    assert book["Cascade"]["E6"].value == pytest.approx(23_000)
    assert book["Cascade"].cell(6, 13).value == "held"
    assert run(done.data).edits == ()


def test_a_typed_over_total_is_kept_as_a_limit_of_its_node() -> None:
    typed = edited(saved(plan_with()), lambda book: book["Org Targets"].__setitem__("J6", 80_000))
    done = cascade(typed, RunOptions(typed_over=TypedOver.KEEP, by="Aoife"))
    assert done.data is not None, [issue.found for issue in done.issues]
    assert opened(done.data, data_only=True)["Org Targets"]["J6"].value == pytest.approx(80_000)


def test_an_input_must_not_read_results_that_nobody_calculated_since() -> None:
    def read_result(part: bytes) -> bytes:
        return replaced(b"<v>530000</v>", b"<f>Cascade!E5*10</f><v>530000</v>")(part)

    name = next(sheet.part for sheet in _sheets(plan_with()) if sheet.name == "Targets")
    circular = changed(saved(plan_with()), {name: read_result})
    assert "TC123" in [issue.code for issue in run(circular).issues]
    assert run(changed(plan_with(), {name: read_result})).data is not None  # no result stands there yet
