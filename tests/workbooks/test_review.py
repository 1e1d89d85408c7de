"""The Review tab on real figures: every number in every sentence stands in a cell."""

from __future__ import annotations

import re
from functools import cache

import pytest

from samples.achieved import achieved_workbook
from samples.eu import AFTER, BEFORE, eu_workbook, removals
from tests.workbooks.achievement import effects_of, plan_book, rows_of
from tests.workbooks.books import opened
from workbooks.run import cascade
from workbooks.seal_run import seal
from workbooks.tabs.review_words import headline
from workbooks.variance_run import VarianceRun, variance


@cache
def _reviewed(name: str) -> VarianceRun:
    data = {"eu": eu_workbook, "achieved": achieved_workbook, "small": plan_book}[name]()
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
    plain = {f"{value:,.0f}", f"{value:.0%}", f"{value:.1%}", f"{value:,.2f}", f"{value * 100:.2f} points"}
    return plain | {each.lstrip("-") for each in plain}


def _numbers_in_cells(data: bytes) -> set[str]:
    found: set[str] = set()
    book = opened(data, data_only=True)
    for name in ("Review", "Variance"):
        for row in book[name].iter_rows(values_only=True):
            for value in row:
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    found |= _shown(float(value))
    return found


@pytest.mark.parametrize("name", ["eu", "achieved", "small"])
def test_every_number_in_every_sentence_stands_in_a_cell(name: str) -> None:
    run = _reviewed(name)
    assert run.table is not None
    assert run.data is not None
    cells = _numbers_in_cells(run.data)
    from engine.variance.review import make_reviews

    said = 0
    for one in make_reviews(run.table):
        for sentence in headline(run.table, one):
            bare = _without_names(sentence, run)
            for number in NUMBER.findall(bare):
                said += 1
                assert number.lstrip("+−-") in cells, (sentence, number)
    assert said >= 6


def _without_names(sentence: str, run: VarianceRun) -> str:
    """Return a sentence without names, which may hold digits, and without the 80 of the interval."""
    assert run.table is not None
    plan = run.table.plan
    for name in sorted({*plan.periods.ids, *plan.org.names, *plan.queues.names}, key=len, reverse=True):
        sentence = sentence.replace(name, "")
    return sentence.replace("(80 %:", "(")


def test_a_total_that_fell_with_a_large_shift_of_mix_is_told_as_such() -> None:
    run = _reviewed("eu")
    assert run.data is not None
    before, after = removals(BEFORE), removals(AFTER)
    total = rows_of(run.data)["Removals", "EU", "", AFTER]
    assert (
        (total["Agreed"], total["Actual"]) == (sum(before.values()), sum(after.values())) == (112_104_964, 104_133_905)
    )
    texts = [str(row[0].value) for row in opened(run.data)["Review"].iter_rows() if row[0].value]
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
    import io
    import zipfile

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
