"""Rows of files put into an input table: what is asked for changes, and nothing else."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.builders import BASELINE
from tests.workbooks.books import Formula, Rows, book, changed, opened, replaced, small_book
from workbooks.load.load_table import Loaded, LoadOptions, load_table
from workbooks.load.sources import Source, read_source
from workbooks.run import read_plan

HEADERS = ("Metric", "Org", "Queue", "Period", "Value")
SHEET = "xl/worksheets/sheet5.xml"


def _source(folder: Path, text: str, name: str = "rows.csv") -> Source:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    source = read_source(str(path))
    assert isinstance(source, Source), source
    return source


def _rows_of(data: bytes, table: str = "Baseline") -> list[tuple[object, ...]]:
    sheet = opened(data)[table]
    area = sheet.tables[table].ref
    return [tuple(cell.value for cell in row) for row in sheet[area]]


def _loaded(data: bytes, source: Source, **options: object) -> Loaded:
    return load_table(data, "Baseline", source, LoadOptions(**options))  # type: ignore[arg-type]


def _csv(rows: Rows) -> str:
    return "\n".join(",".join("" if value is None else str(value) for value in row) for row in rows) + "\n"


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _codes(done: Loaded) -> set[str]:
    return {each.code for each in done.issues}


@pytest.mark.parametrize("count", [1, len(BASELINE) - 1, 3 * len(BASELINE)])
def test_rows_take_the_place_of_those_that_were_there(tmp_path: Path, count: int) -> None:
    rows = [BASELINE[0], *((BASELINE[1 + at % (len(BASELINE) - 1)]) for at in range(count))]
    distinct = [rows[0], *dict.fromkeys(rows[1:])]
    done = _loaded(small_book(), _source(tmp_path, _csv(distinct)))
    assert done.data is not None, done.issues
    assert _rows_of(done.data) == [tuple(row) for row in distinct]
    assert (done.before, done.after) == (len(BASELINE) - 1, len(distinct) - 1)


def test_rows_are_added_below_those_that_are_there(tmp_path: Path) -> None:
    few = small_book(Baseline=BASELINE[:2])
    done = _loaded(few, _source(tmp_path, _csv([BASELINE[0], BASELINE[2]])), is_added=True)
    assert done.data is not None
    assert _rows_of(done.data) == [tuple(row) for row in BASELINE[:3]]


def test_a_row_that_is_there_already_is_named_with_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    done = _loaded(small_book(), _source(tmp_path, _csv(BASELINE[:2])), is_added=True)
    assert done.data is None
    stopped = [each for each in done.issues if each.place.sheet == "rows.csv"]
    assert [each.place.row for each in stopped] == [2]


def test_everything_but_the_table_stays_byte_for_byte(tmp_path: Path) -> None:
    before = small_book()
    done = _loaded(before, _source(tmp_path, _csv(BASELINE[:3])))
    assert done.data is not None
    old, new = _parts(before), _parts(done.data)
    assert {name for name in old if old[name] != new.get(name)} == {SHEET, "xl/tables/table5.xml"}
    assert set(old) == set(new)


def test_a_book_with_charts_notes_and_cells_around_the_table_keeps_them(tmp_path: Path) -> None:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True})
    for name, rows in {"Metrics": [("Metric", "Kind"), ("Reviews", "volume")], "Baseline": BASELINE}.items():
        sheet = made.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at + 2, 1, row)
        sheet.add_table(2, 1, len(rows) + 1, len(rows[0]), {"name": name, "columns": [{"header": h} for h in rows[0]]})
    sheet.write(3, 0, "left", made.add_format({"bold": True}))
    sheet.write(4, 8, "right")
    sheet.write_comment(3, 8, "a note")
    sheet.set_row(5, 33)
    value = len(BASELINE[0])
    sheet.data_validation(3, value, len(BASELINE) + 1, value, {"validate": "decimal", "criteria": ">", "value": 0})
    sheet.conditional_format(3, value, len(BASELINE) + 1, value, {"type": "data_bar", "data_bar_2010": True})
    chart = made.add_chart({"type": "line"})
    chart.add_series({"values": f"=Baseline!$F$4:$F${len(BASELINE) + 2}"})
    sheet.insert_chart("K3", chart)
    made.close()
    rows = [BASELINE[0], *((*row[:-1], at) for at, row in enumerate(BASELINE[1:]))]
    longer = [*rows, *[(*row[:3], f"2024-{at + 1:02}", 1) for at, row in enumerate(rows[1:9])]]
    done = load_table(target.getvalue(), "Baseline", _source(tmp_path, _csv(longer)), LoadOptions())
    assert done.data is not None, done.issues
    old, new = _parts(target.getvalue()), _parts(done.data)
    assert {name for name in old if old[name] != new[name]} == {"xl/worksheets/sheet2.xml", "xl/tables/table2.xml"}
    sheet = opened(done.data)["Baseline"]
    last = len(longer) + 2
    assert (sheet["A4"].value, sheet["A4"].font.bold, sheet["I5"].value) == ("left", True, "right")
    assert sheet.row_dimensions[6].height == 33
    assert str(sheet.data_validations.dataValidation[0].sqref) == f"F4:F{last}"
    assert [str(each.sqref) for each in sheet.conditional_formatting] == [f"F4:F{last}"]


def test_formats_of_a_column_reach_new_rows_and_dates_stay_dates(tmp_path: Path) -> None:
    day = datetime.date(2026, 1, 5)
    rows = [("Metric", "From", "To", "Value"), ("Reviews", day, day, 1.5)]
    source = _source(
        tmp_path,
        _csv([rows[0], ("Reviews", "2026-02-01", "2026-02-07", 10), ("Reviews", "2026-02-08", "2026-02-14", 11)]),
    )
    done = load_table(small_book(Actuals=rows), "Actuals", source, LoadOptions())
    assert done.data is not None, done.issues
    sheet = opened(done.data)["Actuals"]
    assert sheet["B3"].value == datetime.datetime(2026, 2, 8)
    assert sheet["B3"].number_format == sheet["B2"].number_format == "yyyy-mm-dd"


def test_a_book_that_counts_from_1904_keeps_its_calendar(tmp_path: Path) -> None:
    day = datetime.date(2026, 1, 5)
    data = book({"Actuals": [("Metric", "From", "To", "Value"), ("Reviews", day, day, 1.5)]}, date_1904=True)
    source = _source(tmp_path, "Metric,From,To,Value\nReviews,2026-02-01,2026-02-07,10\n")
    done = load_table(data, "Actuals", source, LoadOptions())
    assert done.data is not None
    assert opened(done.data)["Actuals"]["B2"].value == datetime.datetime(2026, 2, 1)


def test_texts_that_look_like_formulas_or_numbers_stay_texts(tmp_path: Path) -> None:
    odd = [("Metric", "Org", "Value"), ("=1+1", "001", 5), ('a <b> & "c"', "1e5", 6)]
    text = 'Metric,Org,Value\n=1+1,001,5\n"a <b> & ""c""",1e5,6\n'
    data = book({"Actuals": [("Metric", "Org", "Value"), ("x", "y", 1)]})
    done = load_table(data, "Actuals", _source(tmp_path, text), LoadOptions())
    assert done.data is not None
    sheet = opened(done.data)["Actuals"]
    assert [tuple(cell.value for cell in row) for row in sheet["A1:C3"]] == odd
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Metric,Org,Queue,Period,Worth\nReviews,Team A,Spam,2025-01,5\n", "TC911"),
        ("Metric,Org,Queue,Period\nReviews,Team A,Spam,2025-01\n", "TC912"),
        ("Metric,Org,Queue,Period,Value\nReviews,Team A,Spam,2025-01,many\n", "TC202"),
        ("Metric,Org,Queue,Period,Value\nReviews,Team A,Spam,2025-01,-5\n", "TC204"),
        ("Metric,Org,Queue,Period,Value\nReviews,Nobody,Spam,2025-01,5\n", "TC301"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_changes_nothing(tmp_path: Path, text: str, code: str) -> None:
    done = _loaded(small_book(), _source(tmp_path, text))
    assert done.data is None
    found = [each for each in done.issues if each.code == code]
    assert found, _codes(done)
    assert found[0].place.sheet == "rows.csv"


def test_columns_may_be_called_otherwise_and_stand_in_any_order(tmp_path: Path) -> None:
    source = _source(tmp_path, "items;team;METRIC;queue;Period\n1,5;Team A;Reviews;Spam;2025-01\n")
    done = _loaded(small_book(), source, renamed={"items": "Value", "Team": "Org"})
    assert done.data is not None, done.issues
    assert _rows_of(done.data)[1:] == [("Reviews", "Team A", "Spam", "2025-01", 1.5)]


def test_a_calculated_column_is_continued(tmp_path: Path) -> None:
    rows = [(*HEADERS, "Double"), *((*row, Formula("2*3").showing(6)) for row in BASELINE[1:])]
    formula = b'<tableColumn id="6" name="Double"><calculatedColumnFormula>2*3</calculatedColumnFormula></tableColumn>'
    data = changed(
        small_book(Baseline=rows), {"xl/tables/table5.xml": replaced(b'<tableColumn id="6" name="Double"/>', formula)}
    )
    longer = [HEADERS, *BASELINE[1:], ("Reviews", "Team A", BASELINE[1][2], "2024-01", 7)]
    done = _loaded(data, _source(tmp_path, _csv(longer)))
    assert done.data is not None, done.issues
    assert {row[5] for row in _rows_of(done.data)[1:]} == {"=2*3"}


def test_formulas_elsewhere_are_calculated_when_the_book_is_opened(tmp_path: Path) -> None:
    notes = [("Note",), (Formula("SUM(Baseline!E2:E9)").showing(1.0),)]
    done = _loaded(small_book(Notes=notes), _source(tmp_path, _csv(BASELINE)))
    assert _codes(done) == {"TC915"}
    assert done.data is not None
    assert opened(done.data).calculation.fullCalcOnLoad


def test_cells_below_the_table_are_never_covered(tmp_path: Path) -> None:
    edited = opened(small_book())
    edited["Baseline"].cell(len(BASELINE) + 3, 2).value = "a remark"
    target = io.BytesIO()
    edited.save(target)
    longer = [*BASELINE, *[(*BASELINE[1][:3], f"2024-{month:02}", 7) for month in range(1, 9)]]
    assert _codes(_loaded(target.getvalue(), _source(tmp_path, _csv(longer)))) == {"TC612"}


def test_a_plain_sheet_without_an_excel_table_serves_too(tmp_path: Path) -> None:
    data = book({"Actuals": [("Metric", "Value"), ("Reviews", 1), ("Reviews", 2)]}, as_tables=False)
    done = load_table(data, "Actuals", _source(tmp_path, "Metric,Value\nReviews,7\n"), LoadOptions())
    assert done.data is not None
    assert [row for row in opened(done.data)["Actuals"].iter_rows(values_only=True) if any(row)] == [
        ("Metric", "Value"), ("Reviews", 7),
    ]  # fmt: skip


def test_a_book_saved_by_another_program_is_loaded_as_well(tmp_path: Path) -> None:
    target = io.BytesIO()
    book_there: openpyxl.Workbook = opened(small_book())
    book_there.save(target)
    done = _loaded(target.getvalue(), _source(tmp_path, _csv(BASELINE[:4])))
    assert done.data is not None
    assert _rows_of(done.data) == [tuple(row) for row in BASELINE[:4]]
    assert read_plan(done.data).plan is not None


def test_rows_without_places_are_found_all_the_same(tmp_path: Path) -> None:
    """Places of rows and cells may be left out of a sheet; then they count on from the one before."""

    def without_places(part: bytes) -> bytes:
        import re

        return re.sub(rb'<(row|c) r="[A-Z]*\d+"', rb"<\1", part)

    done = _loaded(changed(small_book(), {SHEET: without_places}), _source(tmp_path, _csv(BASELINE[:3])))
    assert done.data is not None
    assert _rows_of(done.data) == [tuple(row) for row in BASELINE[:3]]


def test_a_table_that_is_not_there_yet_is_made_on_a_sheet_of_its_own(tmp_path: Path) -> None:
    before = small_book()
    source = _source(tmp_path, _csv([HEADERS, ("Reviews", "Team A", "Spam", "2026-01", 12.5)]))
    done = load_table(before, "Actuals", source, LoadOptions())
    assert done.data is not None, done.issues
    sheet = opened(done.data)["Actuals"]
    assert [cell.value for cell in sheet[1]] == ["Metric", "Org", "Queue", "Period", "From", "To", "Value", "Count"]
    assert [cell.value for cell in sheet[2]][:4] == ["Reviews", "Team A", "Spam", "2026-01"]
    old, new = _parts(before), _parts(done.data)
    changed_parts = {name for name in old if old[name] != new[name]}
    assert not {name for name in changed_parts if name.startswith(("xl/worksheets", "xl/tables", "xl/drawings"))}
    again = load_table(done.data, "Actuals", source, LoadOptions())
    assert again.before == 1


def test_dates_in_a_table_that_is_made_are_dates(tmp_path: Path) -> None:
    text = "Metric,From,To,Value\nReviews,2026-01-05,2026-01-11,12\n"
    done = load_table(small_book(), "Actuals", _source(tmp_path, text), LoadOptions())
    assert done.data is not None, done.issues
    cell = opened(done.data)["Actuals"]["E2"]
    assert (cell.value, cell.number_format) == (datetime.datetime(2026, 1, 5), "yyyy-mm-dd")


def test_names_that_the_plan_does_not_know_are_named_before_actuals_of_them_are_set_aside(tmp_path: Path) -> None:
    text = _csv([HEADERS, ("Reviews", "Team A", "Spam", "2026-01", 5), ("Reviews", "Nobody", "Spam", "2026-01", 7)])
    done = load_table(small_book(), "Actuals", _source(tmp_path, text), LoadOptions())
    assert done.data is not None
    assert [(each.code, each.place.sheet, each.place.row) for each in done.issues] == [("TC801", "rows.csv", 3)]
    assert "“Nobody”" in done.issues[0].found


def test_actuals_that_tell_of_the_same_twice_or_of_another_time_are_named(tmp_path: Path) -> None:
    text = _csv([HEADERS, ("Reviews", "Team A", "Spam", "2026-01", 5), ("Reviews", "Team B", "Spam", "2099-01", 7)])
    first = load_table(small_book(), "Actuals", _source(tmp_path, text), LoadOptions())
    assert [(each.code, each.place.row) for each in first.issues] == [("TC801", 3)]
    assert first.data is not None
    again = load_table(first.data, "Actuals", _source(tmp_path, text), LoadOptions(is_added=True))
    told = [(each.place.sheet, each.place.row, each.found.partition(":")[0]) for each in again.issues]
    assert ("rows.csv", 2, "Two rows say something about the same thing") in told


def test_no_rows_clear_no_table(tmp_path: Path) -> None:
    nothing = _source(tmp_path, _csv(BASELINE[:1]))
    done = _loaded(small_book(), nothing)
    assert (done.data, _codes(done)) == (None, {"TC999"})
    added = _loaded(small_book(), nothing, is_added=True)
    assert (added.before, added.after, _codes(added)) == (len(BASELINE) - 1, len(BASELINE) - 1, set())


def test_everything_wrong_is_named_at_once(tmp_path: Path) -> None:
    rows = [HEADERS, ("Reviews", "Team A", "Spam", "2025-01", "many"), ("Reviews", "Nobody", "Spam", "2025-01", 5)]
    done = _loaded(small_book(), _source(tmp_path, _csv(rows)))
    assert done.data is None
    assert sorted((each.code, each.place.row) for each in done.issues) == [("TC202", 2), ("TC301", 3)]
