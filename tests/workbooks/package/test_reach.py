"""How far a sheet reaches, looked at before it is laid out."""

import re

import pytest

from workbooks.addresses import MAX_ROWS, split_cell_name
from workbooks.package.archive import TooLargeError
from workbooks.package.limits import MOST_CELLS
from workbooks.package.reach import NEAR, refuse_far_cells


def sheet(*cells: str, row: str = "1") -> bytes:
    inside = "".join(f'<c r="{cell}"><v>1</v></c>' for cell in cells)
    return f'<worksheet><sheetData><row r="{row}">{inside}</row></sheetData></worksheet>'.encode()


@pytest.mark.parametrize(("letters", "numbers"), NEAR)
def test_the_areas_taken_unseen_are_small_enough(letters: bytes, numbers: bytes) -> None:
    inside = re.compile(letters + numbers)
    columns = [name for name in ("K", "L", "Z", "AZ", "ZZ") if inside.fullmatch(f"{name}1".encode())]
    rows = [
        most for most in (9_999, 199_999, 399_999, 499_999, 999_999, MAX_ROWS) if inside.fullmatch(f"A{most}".encode())
    ]
    assert max(rows) * split_cell_name(f"{columns[-1]}1")[1] <= MOST_CELLS
    assert not inside.fullmatch(b"AAA1")


@pytest.mark.parametrize(
    "part",
    [
        sheet("A1", "Z399999"),
        sheet("AZ199999"),
        sheet("ZZ9999"),
        sheet("L999999"),
        sheet("A1", "K1048576"),
        sheet("A1", row="1000000"),
        sheet("A1").replace(b' r="A1"', b""),
    ],
)
def test_sheets_of_up_to_twelve_million_cells_are_laid_out(part: bytes) -> None:
    refuse_far_cells("Plan", lambda: [part])


@pytest.mark.parametrize(
    "part",
    [sheet("XFD1048576"), sheet("ABC400000"), sheet("A1", "Z999999"), sheet("A1", "AA1", row="1000000")],
)
def test_sheets_that_reach_further_are_refused(part: bytes) -> None:
    with pytest.raises(TooLargeError, match="Plan: cells reach as far as"):
        refuse_far_cells("Plan", lambda: [part])
