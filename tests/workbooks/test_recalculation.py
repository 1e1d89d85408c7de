"""Every formula that is written, calculated anew by two engines that are not ours."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import ironcalc
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from samples.catalogue import SAMPLES
from tests.office import needs_office, resaved
from tests.workbooks.books import Formula, book
from workbooks.addresses import split_cell_name
from workbooks.package.book import Book
from workbooks.package.ownership import find_own
from workbooks.package.parts import Parts
from workbooks.run import cascade
from workbooks.variance_run import variance

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CLOSE = 1e-9


def formulas(data: bytes) -> dict[tuple[str, int, int], float | str]:
    """Return the cached values of all formulas on the engine's sheets, by sheet, row and column."""
    book = Book(Parts(data))
    own = set(find_own(data).sheets.values())
    found: dict[tuple[str, int, int], float | str] = {}
    for sheet in book.sheets:
        if sheet.name not in own:
            continue
        for cell in etree.fromstring(book.parts.part(sheet.part)).iter(f"{_MAIN}c"):
            if cell.find(f"{_MAIN}f") is not None:
                value = cell.findtext(f"{_MAIN}v") or ""
                found[sheet.name, *split_cell_name(cell.get("r"))] = value if cell.get("t") == "str" else float(value)
    return found


@cache
def cascaded(sample: str) -> bytes:
    data = cascade(SAMPLES[sample].make()).data
    assert data is not None
    return data


def reviewed(sample: str) -> bytes:
    data = variance(cascaded(sample)).data
    assert data is not None
    return data


def calculated(data: bytes, folder: Path) -> Callable[[str, int, int], object]:
    """Return what stands in a cell when LibreOffice has calculated the workbook anew."""
    anew = CalamineWorkbook.from_filelike(io.BytesIO(resaved(data, folder)))
    grids = {name: anew.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in anew.sheet_names}
    return lambda sheet, row, column: grids[sheet][row - 1][column - 1]


def differences(written: dict, value_of: object) -> list[str]:
    """Return the cells whose value, calculated anew, is another."""
    wrong = []
    # a difference of two large numbers keeps no more digits than they do
    largest = max(abs(value) for value in written.values() if isinstance(value, float))
    for key, value in written.items():
        anew = value_of(*key)
        if isinstance(value, str):
            same = anew == value
        else:
            same = abs(float(anew) - value) <= max(CLOSE * max(abs(value), 1.0), 1e-14 * largest)
        if not same:
            wrong.append(f"{key}: {value!r} written, {anew!r} calculated")
    return wrong


@needs_office
@pytest.mark.office
@pytest.mark.parametrize("sample", ["example", "enforcement", "short", "contradiction"])
def test_libreoffice_calculates_what_was_written(sample: str, tmp_path: Path) -> None:
    data = cascaded(sample)
    written = formulas(data)
    assert len(written) > 50
    assert differences(written, calculated(data, tmp_path)) == []


@needs_office
@pytest.mark.office
def test_libreoffice_calculates_even_what_has_a_value(tmp_path: Path) -> None:
    data = book({"Sums": [("Sum",), (Formula("1+1").showing(7),)]}, as_tables=False)
    assert calculated(data, tmp_path)("Sums", 2, 1) == 2


@needs_office
@pytest.mark.office
def test_libreoffice_calculates_the_review(tmp_path: Path) -> None:
    data = reviewed("eu")
    written = {key: value for key, value in formulas(data).items() if key[0] in ("Review", "Variance")}
    assert {sheet for sheet, _, _ in written} == {"Review", "Variance"}
    assert differences(written, calculated(data, tmp_path)) == []


@pytest.mark.parametrize("sample", ["example", "enforcement", "short", "contradiction", "languages", "patrol"])
def test_ironcalc_calculates_what_was_written(sample: str, tmp_path: Path) -> None:
    data = cascaded(sample)
    (tmp_path / "book.xlsx").write_bytes(data)
    model = ironcalc.load_from_xlsx(str(tmp_path / "book.xlsx"), "en", "UTC", "en")
    model.evaluate()
    names = [sheet.name for sheet in Book(Parts(data)).sheets]
    value_of = model.get_cell_value
    assert differences(formulas(data), lambda sheet, row, column: value_of(names.index(sheet), row, column)) == []
