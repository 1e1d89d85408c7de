"""A large part looked through: what a text can break in any byte, how rows are built in samples."""

from io import BytesIO
from xml.parsers import expat

import pytest

from workbooks.package.proof_of_rows import prove_large

ROW = '<row r="{}"><c r="A{}" t="inlineStr"><is><t>Zürich – {} &amp; more</t></is></c></row>'


def part(rows: int = 40_000, broken: str = "", at: int = 25_000) -> BytesIO:
    listed = [ROW.format(row, row, row) for row in range(1, rows + 1)]
    if broken:
        listed[at] = f'<row r="{at}"><c r="A{at}">{broken}</c></row>'
    return BytesIO(f"<worksheet><sheetData>{''.join(listed)}</sheetData></worksheet>".encode("utf-8", "surrogatepass"))


def test_a_large_part_that_is_whole_passes() -> None:
    prove_large(part())


@pytest.mark.parametrize("broken", ["\x01", "\x0b", "\ufffe", "\uffff", "\ud800", "a < b", "a > b", "R & D", "&nbsp;"])
def test_one_character_too_many_is_found_in_any_row(broken: str) -> None:
    with pytest.raises((ValueError, expat.ExpatError)):
        prove_large(part(broken=broken))


@pytest.mark.parametrize("at", [0, 39_999])
def test_an_element_left_open_is_found_at_either_end(at: int) -> None:
    with pytest.raises(expat.ExpatError):
        prove_large(part(broken="<v>1", at=at))


def test_a_part_cut_short_is_found() -> None:
    whole = part().getvalue()
    with pytest.raises(expat.ExpatError):
        prove_large(BytesIO(whole[: whole.rfind(b"</sheetData>")]))
