"""Rows that stand otherwise are found wherever they are, and parts are told apart by what they hold."""

from __future__ import annotations

import random

import pytest

from tests.workbooks.books import small_book
from workbooks.package.archive import Archive
from workbooks.package.other_rows import other_rows
from workbooks.package.part_digest import digest_of

HEAD, TAIL = b'<worksheet><dimension ref="A1"/><sheetData>', b"</sheetData></worksheet>"


def row(number: int, value: str) -> bytes:
    return f'<row r="{number}"><c r="A{number}"><v>{value}</v></c></row>'.encode()


def part(values: list[str]) -> bytes:
    return HEAD + b"".join(row(number, value) for number, value in enumerate(values, start=1)) + TAIL


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("seed", range(60))
def test_the_rows_that_differ_are_those_that_differ_one_by_one(seed: int) -> None:
    rng = random.Random(seed)
    then = [str(rng.randint(0, 10 ** rng.randint(1, 40))) for _ in range(rng.choice([1, 3, 40, 400]))]
    share = rng.choice([0.0, 0.02, 0.3, 1.0])
    now = [rng.choice(["", each[:-1], each + "1", "7"]) if rng.random() < share else each for each in then]
    found = other_rows(cut(part(then), rng.choice([97, 1500, 10**6])), part(now))
    assert found is not None
    differ = [at for at, (one, other) in enumerate(zip(then, now, strict=True), start=1) if one != other]
    assert found.numbers.tolist() == differ
    assert b"".join(found.pieces) == HEAD + b"".join(row(at, then[at - 1]) for at in differ) + TAIL


@pytest.mark.parametrize("now", [["1", "2"], ["1", "2", "3", "4"], ["1"], [], ["9", "2", "3", "4"], ["1", "9"]])
def test_more_or_fewer_rows_are_not_compared(now: list[str]) -> None:
    assert other_rows([part(["1", "2", "3"])], part(now)) is None


def test_a_row_that_the_other_only_begins_like_is_another() -> None:
    found = other_rows([part(["1", "2"])], part(["1", "2"]).replace(b"<v>2</v></c>", b'<v>2</v></c><c r="B2"/>'))
    assert found is not None
    assert found.numbers.tolist() == [2]


def test_a_large_part_is_known_by_what_it_holds_whichever_package_was_looked_at_last() -> None:
    books = [
        small_book(Notes=[("Text",), *((f"{word} {at}" * 20,) for at in range(12_000))]) for word in ("one", "two")
    ]
    archives = [Archive(book) for book in books]
    names = [name for name in archives[0].names if archives[0].size(name) > 2**20]
    assert names
    for archive in archives:
        archive.prove()
    for archive in archives:
        assert [archive.digest(name) for name in names] == [digest_of((archive.part(name),)) for name in names]
    assert [archives[0].digest(name) for name in names] != [archives[1].digest(name) for name in names]
