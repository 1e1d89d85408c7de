"""Workbooks as large as they may be: parts of half a gigabyte, in each place where a run reads or copies them.

They are made when they are asked for, one at a time: each takes a while, and as much memory as it is large.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

import numpy as np

from tests.corpus.packing import Parts, parts_of
from tests.workbooks.books import small_book
from workbooks.package.limits import MOST_OF_A_PART
from workbooks.run import cascade

NEAR = int(0.97 * MOST_OF_A_PART)
MOST_S_OF_LARGE, MOST_BYTES_OF_LARGE = 100, 4 * 2**30
"""What they may take: such a part is held in memory once as it is and once as it is read."""
_LETTERS = "ABCDEFGHIJKL"
_BLOCK = 2**20
_FIRST_ROW = 1000


def large_books(size: int = NEAR) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield what is large, and a function that makes the workbook.

    Parameters
    ----------
    size : bytes of the large part, unpacked
    """
    again = cascade(small_book()).data or b""
    parts = parts_of(again)
    places = {"an input sheet": _sheet_with(parts, b'"Baseline"'), "a result sheet": _sheet_with(parts, b'"Cascade"')}
    fillers = {"many cells": _cells, "few long texts": _long_texts, "a long comment": _comment}
    for word, name in places.items():
        for kind, filler in fillers.items():
            yield (
                f"{kind} in {word}",
                lambda name=name, filler=filler: _grown(parts, name, b"</sheetData>", filler(size)),
            )
    yield "many strings", lambda: _grown(parts, "xl/sharedStrings.xml", b"</sst>", _strings(size))
    yield "many formats", lambda: _grown(parts, "xl/styles.xml", b"</cellXfs>", _formats(size))
    yield "a long comment in the workbook", lambda: _grown(parts, "xl/workbook.xml", b"</workbook>", _comment(size))
    yield "a film of somebody's", lambda: _packed(parts | {"xl/media/film.bin": b"".join(_noise(size))})


def _sheet_with(parts: Parts, table: bytes) -> str:
    """Return the sheet on which a table stands."""
    part = next(name for name, part in parts.items() if b"displayName=" + table in part)
    number = part.rpartition("/")[2].encode()
    rels = next(name for name, held in parts.items() if name.startswith("xl/worksheets/_rels/") and number in held)
    return f"xl/worksheets/{rels.rpartition('/')[2].removesuffix('.rels')}"


def _grown(parts: Parts, name: str, before: bytes, filler: Iterator[bytes]) -> bytes:
    head, end, tail = parts[name].rpartition(before)
    return _packed(parts | {name: b"".join([head, *filler, end, tail])})


def _packed(parts: Parts) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def _until(size: int, blocks: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield blocks by their number until they are so large together."""
    made = number = 0
    while made < size:
        block = blocks(number)
        made, number = made + len(block), number + 1
        yield block


def _noise(size: int) -> Iterator[bytes]:
    chance = np.random.default_rng(1)
    return _until(size, lambda number: chance.bytes(_BLOCK))


def _words(chance: np.random.Generator, length: int) -> bytes:
    """Return letters that do not pack well."""
    return (chance.integers(97, 123, length, dtype=np.uint8)).tobytes()


def _comment(size: int) -> Iterator[bytes]:
    chance = np.random.default_rng(2)
    yield b"<!--"
    yield from _until(size, lambda number: _words(chance, _BLOCK))
    yield b"-->"


def _cells(size: int) -> Iterator[bytes]:
    """Yield rows of twelve numbers: as many cells as a sheet may have."""
    chance = np.random.default_rng(3)

    def rows(block: int) -> bytes:
        numbers = chance.integers(10**15, 10**16, (1000, len(_LETTERS))).tolist()
        first = _FIRST_ROW + 1000 * block
        return "".join(
            f'<row r="{row}">'
            + "".join(
                f'<c r="{letter}{row}"><v>0.{value}</v></c>' for letter, value in zip(_LETTERS, held, strict=True)
            )
            + "</row>"
            for row, held in enumerate(numbers, start=first)
        ).encode()

    return _until(size, rows)


def _long_texts(size: int) -> Iterator[bytes]:
    chance = np.random.default_rng(4)

    def rows(block: int) -> bytes:
        start = _FIRST_ROW + 10 * block
        return b"".join(
            b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%b</t></is></c></row>' % (row, row, _words(chance, 32_000))
            for row in range(start, start + 10)
        )

    return _until(size, rows)


def _strings(size: int) -> Iterator[bytes]:
    chance = np.random.default_rng(5)
    return _until(size, lambda number: b"".join(b"<si><t>%b</t></si>" % _words(chance, 40) for _ in range(10_000)))


def _formats(size: int) -> Iterator[bytes]:
    chance = np.random.default_rng(6)
    return _until(
        size,
        lambda number: b"".join(
            b'<xf numFmtId="%d" fontId="0"/>' % each for each in chance.integers(0, 999_999, 10_000)
        ),
    )
