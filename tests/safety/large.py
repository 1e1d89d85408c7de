"""Workbooks as large as they may be, in each place where a run reads or copies them, and larger.

In each place a part of half a gigabyte, as large as any may be; where less is read, also a part just below that limit.
They are made when they are asked for, one at a time: each takes a while, and as much memory as it is large.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.outcome import ExitStatus
from tests.corpus.packing import Parts, parts_of
from tests.safety.alone import MOST_BYTES, MOST_S, Taken
from tests.undoing import undoing_in
from tests.workbooks.books import small_book
from workbooks.package.limits import MOST_OF_A_FILE, MOST_OF_A_PART, MOST_OF_A_TREE, MOST_OF_STRINGS
from workbooks.run import cascade

NEAR = 0.97
"""Part of a limit that stands for just below it."""
_MIB = 2**20
_READ = 370 * _MIB
"""Bytes of a sheet of numbers, each with sixteen digits, that are packed into just less than is read."""
_TEXT_READ = 185 * _MIB
"""The same of random letters."""
MIB_A_SECOND = 20
"""What a run has to do with a book that it takes: so much of it, unpacked, gives it another second beside the ten."""
_LETTERS = "ABCDEFGHIJKL"
_BLOCK = 2**20
_FIRST_ROW = 1000


@dataclass(frozen=True, slots=True)
class Large:
    """A large book. size : bytes of its large part, unpacked; make : makes it."""

    name: str
    size: int
    make: Callable[[], bytes]


def large_books(share: float = 1.0) -> Iterator[Large]:
    """Yield large workbooks.

    Parameters
    ----------
    share : how much of its size each has
    """
    again = cascade(small_book()).data or b""
    parts = parts_of(again)
    sheets = {"an input sheet": _sheet_with(parts, b'"Baseline"'), "a result sheet": _sheet_with(parts, b'"Cascade"')}
    kinds: dict[str, tuple[Filler, tuple[int, ...]]] = {
        "many cells": (_cells, (MOST_OF_A_PART, _READ)),
        "few long texts": (_long_texts, (MOST_OF_A_PART, _TEXT_READ)),
        "other elements": (_others, (MOST_OF_A_PART, _READ)),
        "a long comment": (_comment, (MOST_OF_A_PART,)),
    }
    places = [
        (f"{kind} in {word}", part, b"</sheetData>", *filled)
        for word, part in sheets.items()
        for kind, filled in kinds.items()
    ]
    places += [
        ("many strings", "xl/sharedStrings.xml", b"</sst>", _strings, (MOST_OF_A_PART, int(0.9 * MOST_OF_STRINGS))),
        ("many formats", "xl/styles.xml", b"</cellXfs>", _formats, (MOST_OF_A_PART, MOST_OF_A_TREE)),
        ("a comment in the book", "xl/workbook.xml", b"</workbook>", _comment, (MOST_OF_A_PART, MOST_OF_A_TREE)),
    ]
    for name, part, before, filler, limits in places:
        for limit in limits:
            size = int(NEAR * share * limit)
            yield Large(
                f"{name}, {limit / _MIB:,.0f} MiB",
                size,
                lambda part=part, before=before, filler=filler, size=size: _grown(parts, part, before, filler(size)),
            )
    for limit in (MOST_OF_A_PART, MOST_OF_A_FILE):
        size = int(NEAR * share * limit)
        name = f"a film of somebody's, {limit / _MIB:,.0f} MiB"
        yield Large(name, size, lambda size=size: _packed(parts | {"xl/media/film.bin": b"".join(_noise(size))}))


def command_on(data: bytes, most_s: float = MOST_S, most_bytes: int = MOST_BYTES) -> Taken:
    """Return what ``targets cascade`` takes on a workbook file, from its start to its end; a fault where it is harm.

    A book that is refused ends in one finding. One that is taken has its size to work through: see ``MIB_A_SECOND``.
    """
    unpacked = sum(map(len, parts_of(data).values()))
    with tempfile.TemporaryDirectory() as folder, undoing_in(Path(folder) / "states"):
        book = Path(folder) / "plan.xlsx"
        book.write_bytes(data)
        call = [sys.executable, "-c", _MEASURED, sys.executable, "-c", _COMMAND, "cascade", "--json", str(book)]
        run = subprocess.run(call, capture_output=True, text=True, check=False)
        kept = book.read_bytes() == data
    words, _, measured = run.stdout.rpartition("\n")
    ended, seconds, memory = int(measured.split()[0]), float(measured.split()[1]), int(measured.split()[2]) * 1024
    refused = ended == ExitStatus.INPUT_WRONG
    allowed_s = most_s if refused else most_s + unpacked / _MIB / MIB_A_SECOND
    found = json.loads(words)["issues"] if ended in (0, 1, 3) else []
    codes = [each["code"] for each in found if each["severity"] == "stop"]
    faults = [
        f"ended with {ended}: {run.stderr[-200:]}" if ended not in (0, 1, 3) else "",
        f"refused by {codes}" if refused and codes != ["TC102"] else "",
        "refused, yet changed" if refused and not kept else "",
        f"took {seconds:.0f} s of {allowed_s:.0f}" if seconds > allowed_s else "",
        f"took {memory / _MIB:,.0f} MiB" if memory > most_bytes else "",
    ]
    return Taken(next(filter(None, faults), ""), seconds, memory)


_COMMAND = "from workbooks.command.main import main; main()"
_MEASURED = (  # by a small process between: what a process starts counts the memory of the one that started it
    "import resource, subprocess, sys; ended = subprocess.call(sys.argv[1:]); "
    "taken = resource.getrusage(resource.RUSAGE_CHILDREN); "
    "print(); print(ended, taken.ru_utime + taken.ru_stime, taken.ru_maxrss, end='')"
)

Filler = Callable[[int], Iterator[bytes]]


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


def _others(size: int) -> Iterator[bytes]:
    """Yield one row of elements that no sheet has."""
    chance = np.random.default_rng(7)
    yield b'<row r="1000">'
    yield from _until(size, lambda number: b"".join(b"<x>%d</x>" % each for each in chance.integers(0, 10**6, 10_000)))
    yield b"</row>"


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
