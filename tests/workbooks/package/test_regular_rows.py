"""Rows in one form are read at a glance: what is found is what a parser finds, whoever saved the sheet."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, repeat

import numpy as np
import pytest
from lxml import etree

from tests.triggers.planning import PLAN
from tests.triggers.safety import table_sheet
from tests.workbooks.books import book
from workbooks.package.compose import ComposeOptions, TypedOver, compose
from workbooks.package.edits import find_edits
from workbooks.package.mark import SheetRecord
from workbooks.package.old_sheet import Rectangle, SharedStrings
from workbooks.package.old_table import TableBeingRead
from workbooks.package.own_book import OwnBook
from workbooks.package.regular_rows import IrregularError, read_regular
from workbooks.package.replacement import OldSheet, take_apart
from workbooks.tabs.model import Column, Formulas, LooseCell, Sheet, Style, Table

Spelling = Callable[[bytes], bytes]
RECORDS = 300
TEXTS = ("Dublin", "Käse & <Brot>", "a\nb", " on both sides ", "007", "", 'said "so"')


def written(seed: int = 1) -> tuple[OwnBook, Sheet]:
    """Return a book with a large sheet of ours, and the sheet."""
    rng = random.Random(seed)
    numbers = np.array([rng.choice([np.nan, 0.0, -1.5, 1e-7, 1 / 3, 12345678.9]) for _ in range(RECORDS)])
    formulas = Formulas([f"C{row}*2" if row % 3 else "" for row in range(5, 5 + RECORDS)], numbers * 2)
    texts = Formulas(['"a"&"b"'] * RECORDS, np.array(["ab"] * RECORDS, dtype=object))
    columns = [
        Column("Org", [f"Team {at}" for at in range(RECORDS)]),
        Column("Note", [rng.choice(TEXTS) for _ in range(RECORDS)], Style(fill="FFEEDD")),
        Column("Target", numbers),
        Column("Twice", formulas),
        Column("Word", texts),
        Column("Nothing", np.full(RECORDS, np.nan)),
    ]
    outline = np.array([at % 2 for at in range(RECORDS)])
    sheet = Sheet(
        "Cascade", Table("Cascade", 4, 1, columns, outline), [LooseCell(1, 1, "Title"), LooseCell(2, 2, 4.5)],
        heights={2: 30, 7: 44},
    )  # fmt: skip
    data = compose(book(PLAN), [sheet], ComposeOptions()).data
    assert data is not None
    return OwnBook(data), sheet


def as_excel(part: bytes) -> bytes:
    """Return a sheet as Excel spells it: spans, formulas that are shared, whole numbers without a point."""
    part = re.sub(rb'<row r="(\d+)"', rb'<row r="\1" spans="1:6" x14ac:dyDescent="0.25"', part)
    part = part.replace(b"<worksheet ", b'<worksheet xmlns:x14ac="http://x14ac" ', 1)
    return re.sub(rb"<f>C(\d+)\*2</f>", rb'<f t="shared" si="0"/>', part)


def as_calc(part: bytes) -> bytes:
    """Return a sheet as LibreOffice spells it: everything said, even what is not set."""
    said = rb'<row r="\1" customFormat="false" ht="15" hidden="false" customHeight="false" outlineLevel="0"'
    part = re.sub(rb'<row r="(\d+)"(?! (?:ht|outline))', said, part)
    part = re.sub(rb"<f>", b'<f aca="false">', part)
    return re.sub(rb'(<c r="[A-Z]+\d+" s="\d+")><', rb'\1 t="n"><', part)


def with_remarks(part: bytes) -> bytes:
    """Return a sheet with cells of people's beside some records, and one record emptied."""
    part = re.sub(rb'(<row r="(1\d\d)".*?)</row>', rb'\1<c r="K\2" s="1"><v>7</v></c></row>', part, flags=re.DOTALL)
    part = re.sub(rb'(<row r="40"[^>]*>).*?</row>', rb"\1</row>", part, flags=re.DOTALL)
    return re.sub(rb'<row r="50".*?</row>', b'<row r="50" hidden="1"/>', part, flags=re.DOTALL)


def with_odd_spellings(part: bytes) -> bytes:
    """Return a sheet in which single rows are spelled in ways of their own."""
    part = re.sub(rb'<c r="C60" s="(\d+)"', rb'<c s="\1" r="C60"', part)
    part = re.sub(rb'<c r="A61"[^>]*>.*?</c>', b'<c r="A61" t="b"><v>1</v></c>', part)
    part = re.sub(rb'<c r="A62"[^>]*>.*?</c>', b'<c r="A62" t="e"><v>#N/A</v></c>', part)
    part = re.sub(rb'<c r="A63"[^>]*>.*?</c>', b'<c r="A63" t="str"><v>a&amp;b</v></c>', part)
    part = re.sub(rb'<c r="A64"[^>]*>.*?</c>', b"", part)
    return re.sub(rb'<c r="A65"([^>]*)>.*?</c>', b'<c r="A65"><is><t>no type</t></is></c>', part)


SPELLINGS: dict[str, Spelling] = {
    "ours": lambda part: part,
    "Excel": as_excel,
    "LibreOffice": as_calc,
    "with remarks": with_remarks,
    "odd": with_odd_spellings,
    "all of it": lambda part: with_odd_spellings(with_remarks(as_calc(part))),
}


def apart(part: bytes, record: SheetRecord, ours: OwnBook, size: int = 5000) -> OldSheet:
    pieces = [part[at : at + size] for at in range(0, len(part), size)]
    return take_apart(lambda: pieces, record, ours.book.dialect, ours.strings)


def told(old: OldSheet) -> object:
    """Return everything that was found, to be compared."""
    assert old.table is not None
    columns = [
        ([column.cached(at) for at in range(old.table.length)], column.is_formula.tolist())
        for column in old.table.columns
    ]
    theirs = {
        place: (etree.tostring(etree.fromstring(cell.xml), method="c14n"), cell.shown)
        for place, cell in old.theirs.items()
    }
    for rows in list(old.root.iter("{*}sheetData")):
        rows.clear()  # a parser leaves the last row there
    return etree.tostring(old.root, method="c14n"), old.table.headers, columns, theirs, old.rows


def for_the_parser(part: bytes) -> bytes:
    """Return a sheet that is left to the parser as a whole: one with a comment among its rows."""
    return part.replace(b"<sheetData>", b"<sheetData><!-- -->", 1)


@pytest.mark.parametrize("name", SPELLINGS)
def test_what_is_read_at_a_glance_is_what_a_parser_reads(name: str) -> None:
    ours, _ = written()
    part = SPELLINGS[name](ours.book.parts.part(ours.part_of("Cascade")))
    record = ours.records["Cascade"]
    assert told(apart(part, record, ours)) == told(apart(for_the_parser(part), record, ours))


def test_shared_strings_are_read_by_their_number() -> None:
    ours, _ = written()
    part = ours.book.parts.part(ours.part_of("Cascade"))
    part = re.sub(
        rb'<c r="A(\d+)" s="(\d+)" t="inlineStr"><is><t>Team.*?</c>', rb'<c r="A\1" s="\2" t="s"><v>1</v></c>', part
    )
    main = ours.book.dialect.main
    strings = SharedStrings(
        lambda: [f'<sst xmlns="{main}"><si><t>no</t></si><si><t>yes</t></si></sst>'.encode()], ours.book.dialect
    )
    table = take_apart(lambda: [part], ours.records["Cascade"], ours.book.dialect, strings).table
    assert table is not None
    assert {table.columns[0].cached(at) for at in range(table.length)} == {"yes"}


@pytest.mark.parametrize(
    "odd",
    [
        lambda part: part.replace(b"<sheetData>", b"<sheetData><!-- a remark -->"),
        lambda part: part.replace(b'<row r="20"', b"<row"),
        lambda part: part.replace(b'<row r="20"', b'<row  r="20"'),
        lambda part: part.replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"'),
        lambda part: part.replace(b'<row r="20"', b'\n<row r="20"'),
        lambda part: part.replace(b"<row ", b"<row\n"),
    ],
)  # fmt: skip
def test_a_sheet_with_a_surprise_is_left_to_the_parser(odd: Spelling) -> None:
    ours, _ = written()
    part = odd(ours.book.parts.part(ours.part_of("Cascade")))
    record = ours.records["Cascade"]
    assert told(apart(part, record, ours)) == told(apart(for_the_parser(part), record, ours))


@pytest.mark.parametrize("name", ["Excel", "LibreOffice"])
def test_a_number_typed_over_is_found_in_every_spelling(name: str) -> None:
    ours, _ = written()
    part = SPELLINGS[name](ours.book.parts.part(ours.part_of("Cascade")))
    part = re.sub(rb'<c r="C77"([^>]*?)(?:/>|>.*?</c>)', rb'<c r="C77"\1><v>99</v></c>', part)
    part = re.sub(rb'<c r="D77"([^>]*?)(?:/>|>.*?</c>)', rb'<c r="D77"\1><v>98</v></c>', part)
    old = apart(part, ours.records["Cascade"], ours)
    assert [(edit.place.row, edit.header, edit.value) for edit in find_edits("Cascade", "Cascade", old)] == [
        (77, "Target", 99.0), (77, "Twice", 98.0),
    ]  # fmt: skip


def changed(sheet: Sheet, change: Callable[[np.ndarray], object]) -> Sheet:
    assert sheet.table is not None
    columns = list(sheet.table.columns)
    numbers = np.array(columns[2].values)
    change(numbers)
    columns[2] = replace(columns[2], values=numbers)
    return replace(sheet, table=replace(sheet.table, columns=columns))


def numbers_changed(sheet: Sheet, saved: Spelling = lambda part: part) -> int:
    ours, _ = written()
    part = ours.part_of("Cascade")
    ours.book.parts.put(part, saved(ours.book.parts.part(part)))
    composed = compose(ours.book.parts.data(), [sheet], ComposeOptions(typed_over=TypedOver.DISCARD))
    assert composed.data is not None
    return composed.numbers_changed


@pytest.mark.parametrize("saved", [SPELLINGS["ours"], as_calc])
def test_as_many_numbers_change_as_differ(saved: Spelling) -> None:
    _, sheet = written()
    assert numbers_changed(sheet, saved) == 0
    assert numbers_changed(changed(sheet, lambda numbers: numbers.__setitem__(299, 4.25)), saved) == 1
    assert numbers_changed(changed(sheet, lambda numbers: numbers.__setitem__(slice(None), 8.75)), saved) == RECORDS


def test_a_record_more_changes_its_own_numbers_alone() -> None:
    first = compose(book(PLAN), [table_sheet("A", "B", "C")], ComposeOptions()).data or b""
    composed = compose(first, [table_sheet("A", "B", "C", "D")], ComposeOptions())
    assert composed.numbers_changed == 1
    in_between = compose(first, [table_sheet("A", "X", "B", "C")], ComposeOptions())
    assert in_between.numbers_changed == 3


def test_a_row_that_never_ends_is_not_put_together_for_ever() -> None:
    ours, _ = written()
    part = ours.book.parts.part(ours.part_of("Cascade"))
    pieces = chain([part[: part.index(b'<row r="20"')] + b'<row r="20">'], repeat(b'<c r="A20" s="1"/>' * 50_000))
    with pytest.raises(IrregularError):
        read_regular(pieces, TableBeingRead(Rectangle(4, 1, 304, 6)), ours.book.dialect, ours.strings)
