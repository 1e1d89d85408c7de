"""From an export to a workbook that cascades: trees, periods, history, handle times, skills, crews."""

import datetime
import io
import warnings

import openpyxl
import pytest

from engine.issues import stops
from tests.workbooks.importing.exports import as_csv, found, guess, handled, imported, imported_sheet, plain_rows, table
from workbooks.importing.book import ImportOptions, import_book
from workbooks.importing.vocabulary import Role
from workbooks.run import cascade, read_plan


@pytest.mark.parametrize("make", [imported, imported_sheet])
def test_a_plain_export_becomes_a_plan_that_passes_check_and_cascades(make):
    result = make(plain_rows())
    assert not result.issues
    assert table(result, "Org") == [
        ("Node", "Parent", "Level"),
        ("APAC", None, "Region"), ("Manila", "APAC", "Site"), ("C", "Manila", "Team"),
        ("EMEA", None, "Region"), ("Dublin", "EMEA", "Site"), ("A", "Dublin", "Team"), ("B", "Dublin", "Team"),
    ]  # fmt: skip
    assert table(result, "Queues") == [
        ("Node", "Level", "Handle time"), ("Comments", "Queue", 12.0), ("Videos", "Queue", 48.0),
    ]  # fmt: skip
    assert [row[0] for row in table(result, "Periods")[1:]] == [
        "2026 Q1",
        *(f"2026-W{week:02}" for week in range(5, 9)),
    ]
    assert len(handled(result)) == 24
    assert len(table(result, "Skills")) == 1 + 6
    assert not stops(read_plan(result.data).issues)
    run = cascade(result.data)
    assert run.status == 0
    plan = run.outcome.plan
    assert run.outcome.value[plan.cells.metric == 0].sum() == pytest.approx(24 * 1015)
    assert table(result, "Metrics")[2] == ("Accuracy", "rate", "%", "higher", "Handled")
    assert [row for row in table(result, "Targets") if row[0] == "Accuracy"] == [("Accuracy", "at least", 0.95, 2.0)]


def test_columns_may_stand_in_any_order_under_other_words():
    rows = plain_rows()
    order = (5, 3, 7, 4, 0, 6, 2, 1)
    headers = {
        "Region": "Gebiet", "Site": "Standort", "Team": "Gruppe", "Week": "KW", "Queue": "Warteschlange",
        "Handled": "Anzahl", "AHT": "Bearbeitungszeit (s)", "Accuracy": "Genauigkeit",
    }  # fmt: skip
    shuffled = [tuple(headers.get(str(row[at]), row[at]) for at in order) for row in rows]
    plain, other = imported(rows), imported(shuffled)
    for name in ("Org", "Queues", "Periods", "Skills"):
        assert sorted(map(str, table(plain, name)[1:])) == sorted(
            str(row).replace("Gebiet", "Region").replace("Standort", "Site").replace("Gruppe", "Team")
            .replace("Warteschlange", "Queue") for row in table(other, name)[1:]
        )  # fmt: skip


def test_headers_of_a_german_system_are_read_alike():
    headers = {
        "Region": "Großregion", "Site": "Standort", "Team": "Mannschaft", "Week": "Kalenderwoche",
        "Queue": "Themenfeld", "Handled": "Erledigte Fälle", "AHT": "Ø Bearb.-Zeit (Sek.)",
        "Accuracy": "Treffsicherheit",
    }  # fmt: skip
    rows = plain_rows()
    plain, other = imported(rows), imported([tuple(headers.get(str(each), each) for each in rows[0]), *rows[1:]])
    for name in ("Org", "Queues"):
        assert [row[0] for row in table(other, name)[1:]] == [row[0] for row in table(plain, name)[1:]]
    assert [row[1:] for row in table(other, "Baseline")[1:]] == [row[1:] for row in table(plain, "Baseline")[1:]]
    people = [("Mannschaft", "Kalenderwoche", "Themenfeld", "Erledigte Fälle", "Köpfe (VZÄ)"),
              *(("A", f"2025-W{week:02}", "Spam", 100, 4.5) for week in (1, 2, 3))]  # fmt: skip
    assert "FTE" in table(imported(people), "Capacity")[0]


def test_levels_whose_headers_say_nothing_stand_as_their_values_lie_within_each_other():
    rows = plain_rows()
    names = {"Region": "Weltteil", "Team": "Schar"}
    strange = [tuple(names.get(str(each), each) for each in rows[0]), *rows[1:]]
    said = ImportOptions(roles={"weltteil": Role.ORG, "schar": Role.ORG})
    plain, other = imported(rows), imported(strange, said)
    assert [row[:2] for row in table(other, "Org")[1:]] == [row[:2] for row in table(plain, "Org")[1:]]
    told = next(each for each in other.guesses if "above" in each.taken)
    assert told.taken == "Weltteil above Site above Schar"


def test_metrics_that_stand_below_each_other_are_told_apart():
    rows = [("KPI", "Team", "Month", "Queue", "Value")]
    for month in ("2026-01", "2026-02"):
        rows += [("Handled", "A", month, "Spam", 100), ("AHT (min)", "A", month, "Spam", 2)]
    result = imported(rows)
    assert table(result, "Queues")[1][2] == 120.0
    assert [row[0] for row in table(result, "Baseline")[1:]] == ["Handled", "Handled"]


def test_periods_across_are_read_as_periods():
    result = imported([("Team", "Queue", "Jan-26", "Feb-26"), ("A", "Spam", 100, 200), ("B", "Spam", 50, 60)])
    assert sorted(row[-1] for row in table(result, "Baseline")[1:]) == [50.0, 60.0, 100.0, 200.0]
    assert [row[0] for row in table(result, "Periods")[1:]] == ["2026 Q1", "2026 Q2", "2026-03", "2026-04"]


def test_teams_of_one_name_in_two_sites_stay_two():
    result = imported([("Site", "Team", "Month", "Queue", "Handled")] + [
        (site, "Night", month, "Spam", 10) for site in ("Cork", "Porto") for month in ("2026-01", "2026-02")
    ])  # fmt: skip
    assert {row[0] for row in table(result, "Org")[1:]} == {"Cork", "Porto", "Night (Cork)", "Night (Porto)"}


def test_days_are_added_up_to_months_and_dates_a_week_apart_are_weeks():
    days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=step) for step in range(120)]
    monthly = imported([("Date", "Team", "Handled"), *((day.isoformat(), "A", 10) for day in days)])
    assert [row[-1] for row in table(monthly, "Baseline")[1:]] == [310.0, 280.0, 310.0, 300.0]
    weekly = imported([("Week ending", "Team", "Handled"), *((day.isoformat(), "A", 10) for day in days[::7])])
    assert guess(weekly, "plan periods").endswith("by week")
    ends = [row[4] for row in table(weekly, "Periods")[1:] if row[2] == "Week"]
    assert {end.weekday() for end in ends} == {days[0].weekday()}


@pytest.mark.parametrize(
    ("periods", "following"),
    [
        (("2025H1", "2025H2"), "2026H1"), (("Q3 2025", "Q4 2025"), "Q1 2026"), (("2025-11", "2025-12"), "2026-01"),
        (("2024", "2025"), "2026"), (("H1-2025", "H2-2025"), "H1-2026"), (("Nov 2025", "Dez 2025"), "2026-01"),
    ],
)  # fmt: skip
def test_the_plan_follows_the_history_under_the_names_it_has(periods, following):
    result = imported([("Period", "Team", "Handled"), *((each, "A", 10) for each in periods)])
    names = [row[0] for row in table(result, "Periods")[1:] if "Q" not in str(row[0]) or "Q" in periods[0]]
    assert names[0] == following


def test_a_year_of_history_gives_each_period_the_same_a_year_earlier():
    months = [f"2025-{month:02}" for month in range(1, 13)]
    result = imported([("Month", "Team", "Handled"), *((month, "A", 10) for month in months)])
    planned = [row for row in table(result, "Periods")[1:] if row[2] == "Month"]
    assert [(row[0], row[-1]) for row in planned[:2]] == [("2026-01", "2025-01"), ("2026-02", "2025-02")]


def test_the_length_of_the_plan_and_the_role_of_a_column_may_be_said():
    rows = [("Month", "Unit X", "Stuff"), ("2026-01", "A", 10), ("2026-02", "A", 20)]
    options = ImportOptions(roles={"unit x": Role.ORG, "stuff": Role.VOLUME}, periods=4)
    result = imported(rows, options)
    assert [row[0] for row in table(result, "Org")[1:]] == ["A"]
    assert len([row for row in table(result, "Periods")[1:] if row[2] == "Month"]) == 4


def test_crews_bring_capacity_with_assumptions_marked():
    rows = [("Team", "Month", "Queue", "Handled", "FTE")] + [
        (team, month, queue, 500, people)
        for team, people in (("A", 10), ("B", 7.5)) for month in ("2026-01", "2026-02") for queue in ("Spam", "Scam")
    ]  # fmt: skip
    result = imported(rows)
    capacity = table(result, "Capacity")
    assert capacity[0] == ("Org", "FTE", "Hours per day", "Shrinkage", "Occupancy")
    assert [row[:2] for row in capacity[1:]] == [("A", 10.0), ("B", 7.5)]
    assert "ASSUMED" in guess(result, "Capacity")


def test_people_are_added_up_to_their_teams():
    rows = [("Team", "Agent", "Month", "Handled")] + [
        (team, f"{team}{number}", month, 10) for team in "AB" for number in range(5) for month in ("2026-01", "2026-02")
    ]
    result = imported(rows)
    assert {row[0] for row in table(result, "Org")[1:]} == {"A", "B"}
    assert {row[-1] for row in table(result, "Baseline")[1:]} == {50.0}


def test_a_market_is_work_where_a_team_serves_several_and_a_place_where_it_serves_one():
    rows = [("Market", "Team", "Month", "Handled")]
    crossed = [*rows, *((market, "A", "2026-01", 10) for market in ("DE", "FR")), ("DE", "B", "2026-02", 10)]
    nested = [*rows, ("DE", "A", "2026-01", 10), ("FR", "B", "2026-02", 10)]
    assert {row[0] for row in table(imported(crossed), "Queues")[1:]} == {"DE", "FR"}
    assert {row[0] for row in table(imported(nested), "Org")[1:]} == {"DE", "FR", "A", "B"}


def test_every_guess_stands_on_a_sheet_of_the_new_book_and_names_its_cell():
    result = imported(plain_rows())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = openpyxl.load_workbook(io.BytesIO(result.data))["Guesses"]
    texts = {cell for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    for each in result.guesses:
        assert each.taken in texts
    assert "'export.csv'!H1" in texts


def test_the_same_export_gives_the_same_bytes():
    assert imported(plain_rows()).data == imported(plain_rows()).data


def test_the_row_order_changes_no_tree_and_no_history():
    rows = plain_rows()
    turned = [rows[0], *reversed(rows[1:])]
    for name in ("Org", "Queues", "Periods", "Baseline", "Skills"):
        assert table(imported(rows), name) == table(imported(turned), name)


def test_what_is_no_export_at_all_is_refused_in_words():
    for data in (b"", b"\x00\x01\x02binary\x00", b"one line only", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old"):
        result = import_book("odd.bin", data)
        assert result.data is None
        assert [each.code for each in result.issues] == ["TC262"]


def test_an_export_that_counts_nothing_says_which_columns_it_has():
    result = imported([("Team", "Month", "Remark"), ("A", "2026-01", "fine")])
    assert found(result, "TC263") == [("'export.csv'!A1", "Team, Month, Remark")]


def test_as_csv_is_what_a_person_would_save():
    assert as_csv([("a", "b"), (1, "x,y")]) == b'a,b\r\n1,"x,y"\r\n'


@pytest.mark.parametrize(
    "weeks", [("KW 14/2026", "KW 15/2026"), ("2026 Week 14", "2026 Week 15"), ("W14-2026", "W15-2026")]
)
def test_weeks_under_names_of_many_kinds_are_weeks(weeks):
    result = imported([("Week", "Team", "Handled"), *((week, "A", 10) for week in weeks)])
    planned = [row for row in table(result, "Periods")[1:] if row[2] == "Week"]
    assert planned[0][3] == datetime.datetime(2026, 4, 13)


def test_columns_of_one_header_become_metrics_of_their_own():
    result = imported([("Team", "Month", "Handled", "Handled"), ("A", "2026-01", 10, 4), ("A", "2026-02", 10, 4)])
    assert [row[0] for row in table(result, "Metrics")[1:]] == ["Handled", "Handled 2"]


def test_a_row_called_all_is_a_total_and_no_team():
    rows = [("Team", "Month", "Handled"), ("A", "2026-01", 10), ("B", "2026-01", 20), ("All", "2026-01", 30)]
    assert {row[0] for row in table(imported(rows), "Org")[1:]} == {"A", "B"}


def test_items_that_arrive_and_are_open_become_a_backlog_that_is_planned():
    rows = [("Team", "Month", "Queue", "Received", "Handled", "Backlog")]
    rows += [("A", "2026-01", "Spam", 110, 100, 30), ("A", "2026-02", "Spam", 120, 115, 35)]
    result = imported(rows)
    assert table(result, "Inflow")[1:] == [("Handled", "Spam", "2026-03", 110.0), ("Handled", "Spam", "2026-04", 120.0)]
    assert table(result, "Opening")[1:] == [("Backlog", "Spam", 35.0)]
    assert ("Backlog", "stock", "items", "lower", "Handled") in table(result, "Metrics")
    assert cascade(result.data).status == 0


def test_inflow_without_a_backlog_is_left_out_and_named():
    rows = [("Team", "Month", "Received", "Handled"), ("A", "2026-01", 110, 100), ("A", "2026-02", 110, 100)]
    assert found(imported(rows), "TC267")[0][0] == "'export.csv'!C1"


def test_crews_of_days_are_averaged_and_a_backlog_of_days_takes_the_last():
    days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=step) for step in range(90)]
    rows = [("Date", "Queue", "Received", "Handled", "Open", "FTE")]
    rows += [(day.isoformat(), "Spam", 10, 10, 40 + at % 2, 5 if at % 2 else 7) for at, day in enumerate(days)]
    result = imported(rows)
    assert table(result, "Capacity")[1][:2] == ("All teams", 6.0)
    assert table(result, "Opening")[1] == ("Open", "Spam", 41.0)
