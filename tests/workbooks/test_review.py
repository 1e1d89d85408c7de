"""The Review tab on real figures: every number in every sentence stands in a cell."""

from __future__ import annotations

import html
import io
import re
import zipfile
from functools import cache

import openpyxl
import pytest

from samples.achieved import achieved_workbook
from samples.eu import AFTER, BEFORE, eu_workbook, removals
from tests.workbooks.achievement import effects_of, plan_book, rows_of
from tests.workbooks.books import opened
from workbooks.run import cascade
from workbooks.seal_run import seal
from workbooks.variance_run import VarianceRun, variance


def _blocked_book() -> bytes:
    """Return a plan with hours on both sides: a team had fewer people, and arrivals fell short."""
    stream = ("Metric", "Queue", "Period", "Value")
    months = ("2026-01", "2026-02", "2026-03", "2026-04")
    return plan_book(
        Capacity=[("Org", "FTE", "Paid hours"), ("A", 1, 8), ("B", 1, 8)],
        CapacityActuals=[("Org", "FTE", "Paid hours"), ("A", 1, 8), ("B", 0.9, 8)],
        Inflow=[stream, *(("Reviews", queue, month, 500) for queue in ("Spam", "Hate") for month in months)],
        InflowActuals=[stream, *(("Reviews", queue, month, 480) for queue in ("Spam", "Hate") for month in months[:2])],
    )


@cache
def _reviewed(name: str) -> VarianceRun:
    makers = {"eu": eu_workbook, "achieved": achieved_workbook, "small": plan_book, "blocked": _blocked_book}
    data = makers[name]()
    run = cascade(data)
    assert run.data is not None, run.issues
    sealed = seal(run.data)
    assert sealed.data is not None, sealed.issues
    found = variance(sealed.data)
    assert found.data is not None, found.issues
    return found


NUMBER = re.compile(r"[+−-]?\d(?:[\d,]*\d)?(?:\.\d+)?(?:%| points)?")


def _shown(value: float) -> set[str]:
    """Return how a number may be written in a sentence."""
    plain = {
        f"{value:,.0f}",
        f"{value:,.1f}",
        f"{value:.0%}",
        f"{value:.1%}",
        f"{value:,.2f}",
        f"{value * 100:.2f} points",
    }
    return plain | {each.lstrip("-") for each in plain}


def _page(data: bytes) -> list[tuple[object, ...]]:
    """Return the rows of Review alone: reading all of a large book takes seconds."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return list(book["Review"].iter_rows(values_only=True))


def _numbers_in_cells(data: bytes) -> set[str]:
    found: set[str] = set()
    for row in [*_page(data), *(tuple(row.values()) for row in rows_of(data).values())]:
        for value in row:
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                found |= _shown(float(value))
    return found


@pytest.mark.parametrize("name", ["eu", "achieved", "blocked"])
def test_every_number_in_every_sentence_stands_in_a_cell(name: str) -> None:
    run = _reviewed(name)
    assert run.data is not None
    cells, told = _numbers_in_cells(run.data), _told_of_blocked(run.data)
    said = 0
    for sentence in [*_sentences(run.data), *_chart_titles(run.data)]:
        for number in NUMBER.findall(_without_names(sentence, run)):
            said += 1
            assert number.lstrip("+−-") in cells | told, (sentence, number)
    assert said >= 10


def _sentences(data: bytes) -> list[str]:
    """Return all texts of the printed page below its title."""
    return [value for row in _page(data)[4:] for value in row[:12] if isinstance(value, str)]


def _chart_titles(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    titles = [html.unescape(title) for chart in charts for title in re.findall("<a:t>(.*?)</a:t>", chart)]
    return [title for title in titles if "against agreed" in title or "ends at" in title]


def _told_of_blocked(data: bytes) -> set[str]:
    """Return the numbers in the cells of Blocked by, which findings repeat."""
    rows = rows_of(data).values()
    return {number for row in rows for number in NUMBER.findall(str(row["Blocked by"] or ""))}


def _without_names(sentence: str, run: VarianceRun) -> str:
    """Return a sentence without names, which may hold digits, and without the 80 of the interval."""
    assert run.table is not None
    plan = run.table.plan
    for name in sorted({*plan.periods.ids, *plan.org.names, *plan.queues.names}, key=len, reverse=True):
        sentence = sentence.replace(name, "")
    # an interval of 80 %, ids of findings, rows of tables, headers
    for words in (r"\(80 %:", r"^80 % (from|to)$", r"^R[0-9A-F]{6}$", r"row \d+ of \w+", r"the first \d+ of \d+"):
        sentence = re.sub(words, "", sentence)
    return sentence


def test_a_total_that_fell_with_a_large_shift_of_mix_is_told_as_such() -> None:
    run = _reviewed("eu")
    assert run.data is not None
    before, after = removals(BEFORE), removals(AFTER)
    total = rows_of(run.data)["Removals", "EU", "", AFTER]
    assert (
        (total["Agreed"], total["Actual"]) == (sum(before.values()), sum(after.values())) == (112_104_964, 104_133_905)
    )
    texts = [str(row[0]) for row in _page(run.data) if row[0]]
    assert any(text.startswith("Removals: 104,133,905 against 112,104,964 agreed, −7,971,059") for text in texts)
    assert any("Cyber violence −20,116,001" in text and "Other violation tc +11,573,042" in text for text in texts)
    assert any(text.startswith("Gains hide losses") for text in texts)


def test_mix_and_volume_of_the_eu_case_by_hand() -> None:
    run = _reviewed("eu")
    assert run.data is not None
    before, after = removals(BEFORE), removals(AFTER)
    scale = sum(after.values()) / sum(before.values())
    for category, agreed in before.items():
        row = rows_of(run.data)["Removals", "", category, AFTER]
        assert row["Volume effect"] == pytest.approx(agreed * scale - agreed)
        assert row["Mix effect"] == pytest.approx(after[category] - agreed * scale)
        assert effects_of(row) == pytest.approx(row["Variance"])


def test_the_page_has_native_charts_in_ibcs_notation_and_prints_on_two_landscape_pages() -> None:
    run = _reviewed("achieved")
    assert run.data is not None
    package = zipfile.ZipFile(io.BytesIO(run.data))
    charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    bridge = next(chart for chart in charts if 'val="stacked"' in chart)
    assert "against agreed" in bridge
    trend = next(chart for chart in charts if "pattFill" in chart)  # forecast is hatched
    assert "<c:lineChart>" in trend
    sheets = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert any('orientation="landscape" fitToHeight="2"' in sheet for sheet in sheets)


def test_numbers_of_the_review_are_references_to_variance() -> None:
    run = _reviewed("small")
    assert run.data is not None
    formulas = [
        str(cell.value)
        for row in opened(run.data)["Review"].iter_rows()
        for cell in row
        if str(cell.value).startswith("=")
    ]
    assert sum("'Variance'!" in formula or "Variance!" in formula for formula in formulas) >= 8
