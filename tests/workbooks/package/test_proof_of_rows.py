"""A large part looked through: what a text can break in any byte, how rows are built in samples."""

import re
from io import BytesIO
from xml.parsers import expat

import pytest

from workbooks.package.proof_of_rows import prove_large

ROW = '<row r="{}"><c r="A{}" t="inlineStr"><is><t>Zürich – {} &amp; more</t></is></c></row>'


def part(rows: int = 14_000, broken: str = "", at: int = 9_000, row: str = "") -> BytesIO:
    """Return a part of rows. broken : stands in the cell of one of them; row : stands instead of it."""
    listed = [ROW.format(number, number, number) for number in range(1, rows + 1)]
    if broken or row:
        listed[at] = row or f'<row r="{at}"><c r="A{at}">{broken}</c></row>'
    return BytesIO(f"<worksheet><sheetData>{''.join(listed)}</sheetData></worksheet>".encode("utf-8", "surrogatepass"))


def test_a_large_part_that_is_whole_passes() -> None:
    prove_large(part())


@pytest.mark.parametrize("broken", ["\x01", "\x0b", "\ufffe", "\uffff", "\ud800", "a < b", "a > b", "R & D", "&nbsp;"])
def test_one_character_too_many_is_found_in_any_row(broken: str) -> None:
    with pytest.raises((ValueError, expat.ExpatError)):
        prove_large(part(broken=broken))


TOKENS = re.findall(r"<[^>]*>|[^<]+", ROW.format(9_000, 9_000, 1))


@pytest.mark.parametrize("token", [at for at, token in enumerate(TOKENS) if token.startswith("<")])
@pytest.mark.parametrize("times", [0, 2])
def test_an_element_s_begin_or_end_too_few_or_too_many_is_found_in_the_middle(token: int, times: int) -> None:
    broken = "".join(text * (times if each == token else 1) for each, text in enumerate(TOKENS))
    with pytest.raises(expat.ExpatError):
        prove_large(part(row=broken))


@pytest.mark.parametrize(
    "broken",
    [
        ROW.replace('t="inlineStr"', 't="inlineStr'),
        ROW.replace("</is></c>", "</is><c>"),
        ROW.replace("<is>", "<is/>"),
        ROW.replace("</t>", "<t/>"),
    ],
)
def test_a_value_or_an_element_without_an_end_is_found_in_the_middle(broken: str) -> None:
    with pytest.raises(expat.ExpatError):
        prove_large(part(row=broken.format(9_000, 9_000, 1)))


def test_what_only_looks_odd_is_left_to_the_parser() -> None:
    """A comment of somebody's may hold anything."""
    prove_large(part(row='<row r="9001"><!-- <a> " --></row>'))


def test_a_part_cut_short_is_found() -> None:
    whole = part().getvalue()
    with pytest.raises(expat.ExpatError):
        prove_large(BytesIO(whole[: whole.rfind(b"</sheetData>")]))
