"""Exports for tests: rows as CSV or as a workbook, and what an import makes of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from engine.tables import InputTable
from tests.workbooks.books import book
from workbooks.importing.book import ImportOptions, ImportResult, import_book
from workbooks.read.inputs import read_inputs

Rows = Sequence[Sequence[object]]

HEADERS = ("Region", "Site", "Team", "Week", "Queue", "Handled", "AHT", "Accuracy")
WEEKS = ("2026-W01", "2026-W02", "2026-W03", "2026-W04")


def plain_rows() -> list[tuple[object, ...]]:
    """Return a clean export: two sites, three teams, two queues, four weeks."""
    rows: list[tuple[object, ...]] = [HEADERS]
    for at, week in enumerate(WEEKS):
        for region, site, team in (("EMEA", "Dublin", "A"), ("EMEA", "Dublin", "B"), ("APAC", "Manila", "C")):
            for queue, seconds in (("Videos", 48), ("Comments", 12)):
                rows.append((region, site, team, week, queue, 1000 + 10 * at, seconds, 0.95))
    return rows


def as_csv(rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """Return rows as the bytes of a text file."""
    target = io.StringIO()
    csv.writer(target, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return target.getvalue().encode(encoding)


def imported(rows: Rows, options: ImportOptions | None = None, **spelling: str) -> ImportResult:
    """Return what an import makes of rows in a text file called export.csv."""
    return import_book("export.csv", as_csv(rows, **spelling), options)


def imported_sheet(rows: Rows, **options: object) -> ImportResult:
    """Return what an import makes of rows on a sheet called Data."""
    return import_book("export.xlsx", book({"Data": rows}, as_tables=False, **options))


def with_row(*row: object, at: int = 1) -> list[tuple[object, ...]]:
    """Return the clean export with one row of another making."""
    rows = plain_rows()
    rows[at] = row
    return rows


def changed(at: int, **cells: object) -> list[tuple[object, ...]]:
    """Return the clean export with some cells of one row changed. at : row, 1 = the first below the headers."""
    rows = plain_rows()
    rows[at] = tuple(cells.get(header, value) for header, value in zip(HEADERS, rows[at], strict=True))
    return rows


def found(result: ImportResult, code: str) -> list[tuple[str, str]]:
    """Return cell and words of each finding of a code."""
    from workbooks.addresses import reference

    return [(reference(each.place), each.found) for each in result.issues if each.code == code]


def table(result: ImportResult, name: str) -> list[tuple[object, ...]]:
    """Return the filled columns of an input table of the new book: headers, then records."""
    assert result.data is not None, result.issues
    read: InputTable = read_inputs(result.data).inputs.tables[name]
    columns = {field: values for field, values in read.values.items() if any(value is not None for value in values)}
    return [tuple(columns), *zip(*columns.values(), strict=True)]


def guess(result: ImportResult, about: str) -> str:
    """Return how something was read."""
    return next(each.taken for each in result.guesses if each.about == about)


def handled(result: ImportResult) -> list[object]:
    """Return the history of the volume that people work on."""
    return [row[-1] for row in table(result, "Baseline")[1:] if row[0] == "Handled"]
