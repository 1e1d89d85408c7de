"""What is odd in real exports is named with its cell, mended or left out, and never swallowed."""

import pytest

from engine.issues import stops
from tests.workbooks.books import Formula, book
from tests.workbooks.importing.exports import (
    HEADERS,
    changed,
    found,
    handled,
    imported,
    imported_sheet,
    plain_rows,
    table,
)
from workbooks.importing.book import ImportOptions, import_book
from workbooks.run import cascade, read_plan


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'Org,Value\n"' + b"Team A,1\n" * 1_200_000, "is a quotation mark not closed?"),
        (b"Org,Value\n" + b"x" * 11_000_000, "is a quotation mark not closed?"),
        (b"Org,Value\n" + b"\n" * 1_100_000, "over 1,048,576 rows"),
    ],
)
def test_more_text_than_a_sheet_takes_is_refused_and_no_bug(data, found):
    result = import_book("export.csv", data)
    assert result.data is None
    assert [issue.code for issue in result.issues] == ["TC262"]
    assert found in result.issues[0].found


def test_thousands_commas_as_text_are_read_and_named():
    result = imported(changed(1, Handled="1,000"))
    assert found(result, "TC266") == [("'export.csv'!F2", "1 number(s) with marks, for instance “1,000” read as 1,000")]
    assert max(handled(result)) == 1030


def test_points_for_thousands_and_commas_for_decimals_are_told_by_the_column():
    rows = [[*row] for row in plain_rows()]
    for row in rows[1:]:
        row[5], row[6], row[7] = f"{row[5]:,}".replace(",", "."), "48,5", "95,2 %"
    result = imported(rows, separator=";")
    assert set(handled(result)) == {1000.0, 1010.0, 1020.0, 1030.0}
    assert {row[-1] for row in table(result, "Queues")[1:]} == {48.5}


def test_a_number_that_may_mean_two_things_is_named():
    rows = [("Team", "Month", "Handled", "AHT (s)"), ("A", "2026-01", 10, "1,250"), ("A", "2026-02", 10, "1,300")]
    assert found(imported(rows), "TC265")[0][0] == "'export.csv'!D2"


def test_a_trailing_blank_does_not_make_a_second_team():
    result = imported(changed(1, Site="Dublin ", Team=" A"))
    assert [cell for cell, _ in found(result, "TC272")] == ["'export.csv'!B2", "'export.csv'!C2"]
    assert len(table(result, "Org")) == 1 + 7


def test_a_total_that_misses_its_parts_is_named_with_the_difference_and_left_out():
    rows = [*plain_rows(), ("EMEA", "Dublin", "Total", "2026-W01", "", 4007, "", "")]
    result = imported(rows)
    assert found(result, "TC269") == [
        ("'export.csv'!F26", "Handled: 4,007, but its parts add up to 4,000 (+7)"),
    ]
    assert sum(handled(result)) == 24 * 1015


def test_totals_that_agree_are_left_out_without_a_word_of_blame():
    rows = [
        *plain_rows(), ("EMEA", "Dublin", "", "2026-W01", "Videos", 2000, "", ""),
        ("Grand total", "", "", "2026-W01", "", 6000, "", ""),
    ]  # fmt: skip
    result = imported(rows)
    assert not found(result, "TC269")
    assert sum(handled(result)) == 24 * 1015


def test_codes_in_one_half_and_names_in_the_next_are_one_language():
    rows = [("Period", "Language", "Reviews"), ("2025H2", "bg", 10), ("2025H2", "de", 20),
            ("2026H1", "Bulgarian", 11), ("2026H1", "German", 22)]  # fmt: skip
    result = imported(rows)
    assert {row[0] for row in table(result, "Org")[1:]} == {"Bulgarian", "German"}
    assert {row[-1] for row in table(result, "Org")[1:]} == {"bg", "de"}
    assert [cell for cell, _ in found(result, "TC273")] == ["'export.csv'!B2", "'export.csv'!B3"]


def test_a_code_beside_its_name_in_one_period_stays_a_node_of_its_own():
    rows = [("Period", "Country", "Reviews"), ("2025H2", "SI", 10), ("2025H2", "Slovenia", 20), ("2026H1", "SI", 5)]
    result = imported(rows)
    assert {row[0] for row in table(result, "Org")[1:]} == {"SI", "Slovenia"}
    assert found(result, "TC274")


def test_a_share_above_1_is_left_out_and_named():
    result = imported(changed(3, Accuracy=1.03))
    assert found(result, "TC270") == [("'export.csv'!H4", "“1.03”")]


@pytest.mark.parametrize("cells", [("95%", "96.5%"), (95, 96.5), (0.95, 0.965)])
def test_shares_in_any_spelling_mean_the_same(cells):
    rows = [("Team", "Month", "Handled", "Accuracy"), ("A", "2026-01", 10, cells[0]), ("A", "2026-02", 10, cells[1])]
    assert not found(imported(rows), "TC270")


def test_words_where_numbers_belong_are_named_and_a_sign_for_nothing_is_none():
    result = imported(changed(2, Handled="lots", AHT="n/a"))
    assert found(result, "TC264") == [("'export.csv'!F3", "“lots”")]


def test_a_number_beyond_all_numbers_is_none():
    assert found(imported(changed(2, Handled="1e309")), "TC264") == [("'export.csv'!F3", "“1e309”")]


def test_a_number_below_zero_is_named():
    assert found(imported(changed(2, Handled=-5)), "TC268") == [("'export.csv'!F3", "“-5”")]


def test_the_same_row_twice_counts_once_and_is_named():
    rows = plain_rows()
    result = imported([*rows, rows[5]])
    assert found(result, "TC271") == [("'export.csv'!A26", "the same as row 6 in every column")]
    assert sum(handled(result)) == 24 * 1015


def test_names_that_differ_by_a_letter_are_asked_about_but_numbered_ones_are_not():
    result = imported(changed(2, Queue="Coments"))
    assert found(result, "TC274") == [("'export.csv'!E3", "“Coments” and “Comments”: taken as two")]
    numbered = [("Team", "Month", "Handled"), ("Team 1", "2026-01", 5), ("Team 2", "2026-01", 5)]
    assert not found(imported(numbered), "TC274")


def test_a_period_that_cannot_be_read_is_named_with_its_cell():
    result = imported(changed(2, Week="sometime"))
    assert found(result, "TC275") == [("'export.csv'!D3", "“sometime”")]
    assert "2026-02-01 to 2026-02-28" in found(imported(changed(2, Week="2026-02")), "TC275")[0][1]


def test_dates_that_could_be_the_other_way_round_are_named_unless_the_column_tells():
    rows = [("Date", "Team", "Handled")]
    unclear = [*rows, ("03/04/2026", "A", 10), ("04/05/2026", "A", 10)]
    assert found(imported(unclear), "TC277") == [("'export.csv'!A2", "“03/04/2026” read as 2026-04-03")]
    assert not found(imported([*unclear, ("05/28/2026", "A", 10)]), "TC277")


def test_a_week_without_a_year_is_no_period_but_with_a_column_of_years_it_is():
    bare = [("Week", "Team", "Handled"), (14, "A", 10), (15, "A", 12)]
    assert imported(bare).data is None
    with_year = [("Year", *bare[0]), (2026, *bare[1]), (2026, *bare[2])]
    assert [row[0] for row in table(imported(with_year), "Periods")[1:]][1:] == ["2026-W16", "2026-W17"]


def test_columns_that_are_left_out_are_named():
    rows = [(*row, extra) for row, extra in zip(plain_rows(), ["Ticket ID", *range(24)], strict=True)]
    assert found(imported(rows), "TC267")[0][0] == "'export.csv'!I1"


def test_titles_blank_rows_and_notes_around_the_table_do_not_matter():
    rows = [("Weekly report", "", "", "", "", "", "", ""), ("",) * 8, *plain_rows(), ("",) * 8]
    result = imported(rows)
    assert sum(handled(result)) == 24 * 1015


def test_labels_on_the_first_row_only_hold_for_the_rows_below():
    seen: set[object] = set()
    rows = []
    for row in plain_rows():
        cells = [*row]
        for at in (0, 1):
            if (at, row[3], row[at]) in seen and row != HEADERS:
                cells[at] = ""
            seen.add((at, row[3], row[at]))
        rows.append(cells)
    result = imported(rows)
    assert len(table(result, "Org")) == 1 + 7


def test_errors_in_cells_are_named_and_never_0():
    broken = Formula("1/0").showing("#DIV/0!")
    data = book(
        {"Data": [*plain_rows(), ("EMEA", "Dublin", "A", "2026-W05", "Videos", broken, 48, 0.9)]}, as_tables=False
    )
    result = import_book("export.xlsx", data)
    assert found(result, "TC264") == [("'Data'!F26", "“#DIV/0!”")]


def test_the_sheet_with_the_records_is_found_and_another_may_be_asked_for():
    sheets = {"Cover": [("Report", "2026")], "Data": plain_rows(), "Few": plain_rows()[:7]}
    data = book(sheets, as_tables=False)
    assert len(handled(import_book("export.xlsx", data))) == 24
    few = import_book("export.xlsx", data, ImportOptions(sheet="few"))
    assert len(handled(few)) == 6
    assert import_book("export.xlsx", data, ImportOptions(sheet="None")).data is None


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_text_files_of_any_spelling_say_the_same(separator, encoding):
    rows = [tuple(cell if cell != "Manila" else "Málaga" for cell in row) for row in plain_rows()]
    result = imported(rows, separator=separator, encoding=encoding)
    assert "Málaga" in {row[0] for row in table(result, "Org")[1:]}


def test_a_hint_of_the_separator_in_the_first_line_is_taken():
    from tests.workbooks.importing.exports import as_csv

    data = b"sep=;\r\n" + as_csv(plain_rows(), separator=";")
    assert len(handled(import_book("export.csv", data))) == 24


def test_an_export_with_everything_odd_at_once_still_becomes_a_plan_that_cascades():
    rows = changed(2, Handled="1,010", Site=" Dublin", Accuracy="103%")
    rows += [rows[4], ("EMEA", "Total", "", "2026-W01", "", 1, "", ""), ("", "", "", "", "", "junk", "", "")]
    for result in (imported(rows), imported_sheet(rows)):
        assert not stops(read_plan(result.data).issues)
        assert cascade(result.data).status == 0
