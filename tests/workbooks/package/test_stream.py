"""Large parts read as a stream: what is held of them is bounded, and nothing is lost at an edge."""

from collections.abc import Iterator

import pytest

from workbooks.package.archive import TooLargeError
from workbooks.package.stream import Elements, blocks
from workbooks.package.xml import XmlError

ROW = b'<row r="%d"><c><v>1</v></c></row>'


def sheet(*rows: bytes, after: bytes = b"") -> bytes:
    return b"<worksheet><sheetData>" + b"".join(rows) + b"</sheetData>" + after + b"</worksheet>"


def in_pieces(part: bytes, length: int) -> Iterator[bytes]:
    return (part[at : at + length] for at in range(0, len(part), length))


def numbers(part: bytes, length: int = 2**16) -> list[str | None]:
    return [row.get("r") for row in Elements(in_pieces(part, length), "row", "sheetData")]


@pytest.mark.parametrize("length", [1, 7, 100, 4096])
def test_every_row_is_read_wherever_the_part_is_cut(length: int) -> None:
    part = sheet(*(ROW % number for number in range(1, 200)))
    assert numbers(part, length) == [str(number) for number in range(1, 200)]
    assert b"".join(blocks(in_pieces(part, length))) == part
    assert all(block.startswith(b"<") for block in blocks(in_pieces(part, length)))


def test_what_stands_after_the_rows_is_kept() -> None:
    rows = Elements([sheet(ROW % 1, after=b'<mergeCells><mergeCell ref="A1:B2"/></mergeCells>')], "row", "sheetData")
    assert len(list(rows)) == 1
    assert rows.root is not None
    assert [each.get("ref") for each in rows.root.iter("mergeCell")] == ["A1:B2"]
    assert not list(rows.root.iter("c")), "rows are let go of"


@pytest.mark.parametrize(
    "part",
    [sheet(after=b"<x/>" * 50_000), sheet(b"<row>" + b"<x/>" * 50_000 + b"</row>")],
)
def test_only_so_much_is_held_between_two_rows(part: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers(part)
    monkeypatch.setattr("workbooks.package.stream.MOST_TAGS_OF_A_TREE", 40_000)
    with pytest.raises(TooLargeError, match="in one row, or outside its rows"):
        numbers(part)


def test_of_any_number_of_rows_one_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbooks.package.stream.MOST_TAGS_OF_A_TREE", 40_000)
    assert len(numbers(sheet(*[b"<row>" + b"<x/>" * 5_000 + b"</row>"] * 30))) == 30


def test_a_row_within_something_else_is_refused() -> None:
    with pytest.raises(XmlError, match="a row where none can stand"):
        numbers(sheet(b"<x>" + ROW % 1 + b"</x>"))
    with pytest.raises(XmlError, match="a row where none can stand"):
        numbers(sheet(ROW % 1, after=b"<ext><sheetData>" + ROW % 2 + b"</sheetData></ext>"))
