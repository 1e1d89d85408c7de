"""Finding inputs: one test per promise of the contract."""

from __future__ import annotations

import datetime
import io

import numpy as np
import pytest
import xlsxwriter

from engine.plan import Plan
from tests.builders import BASELINE, ORG, PERIODS, QUEUES, TARGETS
from tests.workbooks.books import METRICS, SMALL, Formula, book, changed, replaced, small_book
from workbooks.read.inputs import read_inputs
from workbooks.run import read_plan


def plan_of(data: bytes) -> Plan:
    read = read_plan(data)
    assert read.plan is not None, [(issue.code, issue.found) for issue in read.issues]
    return read.plan


def same_plan(one: Plan, other: Plan) -> None:
    """Assert that two plans ask the same of the same cells."""
    assert one.org.paths == other.org.paths
    assert one.queues.paths == other.queues.paths
    assert one.periods.paths == other.periods.paths
    for name in ("org", "queue", "period", "baseline", "hours"):
        np.testing.assert_array_equal(getattr(one.cells, name), getattr(other.cells, name))
    order, other_order = np.argsort(one.targets.value), np.argsort(other.targets.value)
    np.testing.assert_array_equal(one.targets.value[order], other.targets.value[other_order])
    np.testing.assert_array_equal(one.targets.scope.org[order], other.targets.scope.org[other_order])


def codes(data: bytes) -> list[str]:
    return [issue.code for issue in read_inputs(data).issues]


SOUND = small_book()


def test_the_small_plan_is_sound() -> None:
    assert [issue.code for issue in read_plan(SOUND).issues if issue.severity == "stop"] == []


def test_a_table_is_found_wherever_it_stands_on_a_sheet() -> None:
    same_plan(plan_of(book(SMALL, top=7, left=3)), plan_of(SOUND))


def test_tables_are_found_on_any_sheet() -> None:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = made.add_worksheet("Everything")
    column = 0
    for name, rows in SMALL.items():
        for at, row in enumerate(rows):
            for offset, value in enumerate(row):
                if value is not None:
                    sheet.write(at + 2, column + offset, value)
        headers = [{"header": str(header)} for header in rows[0]]
        area = (2, column, len(rows) + 1, column + len(rows[0]) - 1)
        sheet.add_table(*area, {"name": name.upper(), "columns": headers})
        column += len(rows[0]) + 1
    made.close()
    same_plan(plan_of(target.getvalue()), plan_of(SOUND))


def test_without_a_table_the_sheet_of_that_name_serves_below_titles() -> None:
    titled = {name: [("Plan of the year",), (None,), *rows] for name, rows in SMALL.items()}
    wide = {name: [tuple(row) + (None,) * (len(rows[2]) - len(row)) for row in rows] for name, rows in titled.items()}
    same_plan(plan_of(book(wide, as_tables=False)), plan_of(SOUND))


def test_columns_are_matched_by_header_text_in_any_order() -> None:
    rows = [tuple(reversed(row)) for row in QUEUES]
    odd = {"Handle time": "HANDLE_TIME (s)", "Node": " node ", "Parent": "Par-ent"}
    rows[0] = tuple(odd.get(str(header), header) for header in rows[0])
    same_plan(plan_of(small_book(Queues=rows)), plan_of(SOUND))


def test_a_number_and_a_text_are_one_id() -> None:
    def numbered(rows: list, name: object) -> list:
        return [tuple(name if value == "Team A" else value for value in row) for row in rows]

    mixed = small_book(Org=numbered(ORG, 101), Baseline=numbered(BASELINE, "101"))
    text = small_book(Org=numbered(ORG, "101"), Baseline=numbered(BASELINE, "101 "))
    same_plan(plan_of(mixed), plan_of(text))


def test_periods_may_be_columns() -> None:
    periods = list(dict.fromkeys(row[3] for row in BASELINE[1:]))
    values = {tuple(row[:3]): {} for row in BASELINE[1:]}
    for row in BASELINE[1:]:
        values[tuple(row[:3])][row[3]] = row[4]
    wide = [("Metric", "Org", "Queue", *periods)]
    wide += [(*key, *(found.get(period) for period in periods)) for key, found in values.items()]
    same_plan(plan_of(small_book(Baseline=wide)), plan_of(SOUND))


def test_metrics_may_be_columns() -> None:
    wide = [("Org", "Queue", "Period", "Reviews"), *(tuple(row[1:]) for row in BASELINE[1:])]
    same_plan(plan_of(small_book(Baseline=wide)), plan_of(SOUND))


def test_a_tree_may_come_as_one_column_per_level() -> None:
    levels = [
        ("Region", "Site", "Team"),
        ("EMEA", "Dublin", "Team A"),
        ("EMEA", "Dublin", "Team B"),
        ("EMEA", "Lisbon", None),
    ]
    for as_tables in (True, False):
        made = book({**SMALL, "Org": levels}, as_tables=as_tables)
        assert plan_of(made).org.paths == plan_of(SOUND).org.paths


def test_dates_stand_for_the_period_that_holds_them() -> None:
    dated = [("Period", "Parent", "Start", "End"), ("H1", None, None, None)]
    dated += [(f"M{m}", "H1", datetime.date(2026, m, 1), datetime.date(2026, m, 28)) for m in (1, 2)]
    rows = [("Metric", "Period", "Value"), ("Reviews", datetime.date(2026, 1, 15), 700), ("Reviews", "févr.-26", 500)]
    plan = plan_of(small_book(Periods=dated, Baseline=None, Targets=rows))
    assert [plan.periods.ids[node] for node in plan.targets.scope.period] == ["M1", "M2"]
    old = plan_of(book({**SMALL, "Periods": dated, "Targets": rows, "Baseline": BASELINE[:1]}, date_1904=True))
    np.testing.assert_array_equal(old.calendar.start, plan.calendar.start)


def test_blank_is_not_given_and_zero_is_zero() -> None:
    rows = [BASELINE[0], (*BASELINE[1][:4], 0), *BASELINE[2:]]
    plan = plan_of(small_book(Baseline=rows))
    assert (plan.cells.baseline == 0).sum() == (plan_of(SOUND).cells.baseline == 0).sum() + 1
    gone = plan_of(small_book(Baseline=[BASELINE[0], (*BASELINE[1][:4], "-"), *BASELINE[2:]]))
    assert np.isnan(gone.cells.baseline).sum() == 1


def test_hidden_rows_and_filters_change_nothing() -> None:
    hide = replaced(b'<row r="3"', b'<row hidden="1" r="3"')
    same_plan(plan_of(changed(SOUND, {"xl/worksheets/sheet5.xml": hide})), plan_of(SOUND))


@pytest.mark.parametrize("as_tables", [True, False])
def test_blank_rows_and_totals_are_no_records(as_tables: bool) -> None:
    rows = [*BASELINE, (None,) * 5, ("Grand total", None, None, None, 10**9)]
    made = book({**SMALL, "Baseline": rows}, as_tables=as_tables)
    same_plan(plan_of(made), plan_of(SOUND))
    assert ("TC125" in codes(made)) is as_tables


def test_a_basis_of_total_is_no_row_of_totals_wherever_its_column_stands() -> None:
    rows = [("Basis", "Metric", "Value"), ("total", "Reviews", 700), ("total", "Reviews", 600)]
    assert len(read_inputs(small_book(Targets=rows)).inputs.tables["Targets"]) == 2


def test_a_row_of_totals_of_an_excel_table_is_no_record() -> None:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True})
    for name, rows in SMALL.items():
        sheet = made.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(at, column, value)
        columns = [{"header": str(header)} for header in rows[0]]
        has_total = name == "Baseline"
        if has_total:
            columns[-1] |= {"total_function": "sum"}
        last = len(rows) - 1 + has_total
        sheet.add_table(0, 0, last, len(rows[0]) - 1, {"name": name, "columns": columns, "total_row": has_total})
    made.close()
    same_plan(plan_of(target.getvalue()), plan_of(SOUND))


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NUM!"])
def test_an_error_is_named_with_its_cell_and_never_a_zero(error: str) -> None:
    rows = [*BASELINE[:-1], (*BASELINE[-1][:4], Formula("1/0").showing(error))]
    found = [issue for issue in read_inputs(small_book(Baseline=rows)).issues if issue.code == "TC120"]
    assert [(issue.place.sheet, issue.place.row, issue.place.column) for issue in found] == [("Baseline", len(rows), 5)]
    assert found[0].found == error


def test_an_uncached_formula_is_named_with_its_cell() -> None:
    rows = [*BASELINE[:-1], (*BASELINE[-1][:4], Formula("6*7").showing(42.5))]
    data = changed(small_book(Baseline=rows), {"xl/worksheets/sheet5.xml": replaced(b"<v>42.5</v>", b"")})
    found = [issue for issue in read_inputs(data).issues if issue.code == "TC121"]
    assert [(issue.place.row, issue.place.column, issue.found) for issue in found] == [(len(rows), 5, "=6*7")]


def test_more_faults_than_can_be_held_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbooks.read.faults.MOST_FAULTS", 1)
    rows = [*BASELINE[:-2], *((*row[:4], Formula("1/0").showing("#N/A")) for row in BASELINE[-2:])]
    assert [issue.code for issue in read_inputs(small_book(Baseline=rows)).issues] == ["TC102"]


def test_a_formula_with_a_value_counts_as_its_value() -> None:
    rows = [*BASELINE[:-1], (*BASELINE[-1][:4], Formula("1+1").showing(BASELINE[-1][4]))]
    same_plan(plan_of(small_book(Baseline=rows)), plan_of(SOUND))


def test_a_merge_outside_the_tables_is_nobodys_business() -> None:
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="J20:K21"/></mergeCells>'
    data = changed(SOUND, {"xl/worksheets/sheet6.xml": replaced(b"</sheetData>", merge)})
    same_plan(plan_of(data), plan_of(SOUND))


def test_our_own_sheets_are_never_an_input() -> None:
    made = book({**SMALL, "Summary": TARGETS})
    same_plan(plan_of(made), plan_of(SOUND))
    renamed = changed(SOUND, {"xl/workbook.xml": replaced(b'name="Targets"', b'name="Ours"')})
    assert "TC104" in [issue.code for issue in read_inputs(renamed, frozenset({"Ours"})).issues]


@pytest.mark.parametrize("formula", ["'Cascade'!E5", "Cascade!E5", "SUM(Cascade[Target])", "cascade!$E$5*2"])
def test_an_input_that_reads_results_nobody_calculated_stops_the_run(formula: str) -> None:
    rows = [*BASELINE[:-1], (*BASELINE[-1][:4], Formula(formula).showing(5.0))]
    data = small_book(Baseline=rows)
    assert "TC123" in [issue.code for issue in read_inputs(data, uncalculated=lambda: {"Cascade"}).issues]
    assert "TC123" not in codes(data)


def test_a_missing_table_names_what_comes_near() -> None:
    misnamed = book({("Target" if name == "Targets" else name): rows for name, rows in SMALL.items()})
    found = [issue.found for issue in read_inputs(misnamed).issues if issue.code == "TC104"]
    assert found == ["there is no Targets; did you mean Target?"]


def test_an_unknown_column_is_left_alone_and_named_with_the_nearest_name() -> None:
    data = small_book(Metrics=[("Metric", "Kind", "Unitt"), ("Reviews", "volume", "items")])
    found = [issue.found for issue in read_inputs(data).issues if issue.code == "TC113"]
    assert found == ["Unitt; did you mean Unit?"]


def test_an_empty_column_of_a_later_version_is_no_matter() -> None:
    assert codes(small_book(Metrics=[(*METRICS[0], "Decimals"), (*METRICS[1], None)])) == []


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_columns_and_sheets_changes_no_plan(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = list(SMALL)
    rng.shuffle(names)
    shuffled = {}
    for name in names:
        rows = SMALL[name]
        columns = rng.permutation(len(rows[0]))
        records = [
            rows[0],
            *(
                rows[1:]
                if name in ("Periods", "Org", "Queues")
                else rng.permutation(np.array(rows[1:], dtype=object)).tolist()
            ),
        ]
        shuffled[name] = [tuple(row[column] for column in columns) for row in records]
    same_plan(plan_of(book(shuffled)), plan_of(SOUND))


def test_periods_and_trees_are_read_whole() -> None:
    plan = plan_of(SOUND)
    assert len(plan.periods.leaves) == len([row for row in PERIODS[1:] if row[1]])
