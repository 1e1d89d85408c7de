"""Two versions side by side: which cells differ, from what to what.

Owns: telling changed cells from rows that came or went.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from solver.frozen import frozen
from workbooks.addresses import cell_name, quoted
from workbooks.versions.version import DATE, Block, Value, Version

_SAME = 1e-12
"""Part of a number by which another program's way of writing it may differ."""

_MOST_MOVED = 0.2
"""Part of the rows that may differ in place before rows are taken to have come or gone."""


@frozen
class Difference:
    """One cell, or one row, that differs.

    table : input table, or logical name of our sheet; where : 'Sheet'!Cell as it stands now, or stood
    what : the column, "" where the whole row came or went; before, now : in words
    """

    is_input: bool
    table: str
    where: str
    what: str
    before: str
    now: str


def differences(before: Version, now: Version) -> list[Difference]:
    """Return every cell in which two versions differ, inputs first."""
    found: list[Difference] = []
    for is_input, old, new in ((True, before.inputs, now.inputs), (False, before.results, now.results)):
        for name in dict.fromkeys((*old, *new)):
            found += _between(is_input, name, old, new)
    return found


def _between(is_input: bool, name: str, old: Mapping[str, Block], new: Mapping[str, Block]) -> Iterator[Difference]:
    if name not in old or name not in new:
        block = old.get(name) or new[name]
        words = ("", f"{len(block.rows):,} rows") if name in new else (f"{len(block.rows):,} rows", "")
        yield Difference(is_input, name, quoted(block.sheet), "", *words)
        return
    a, b = old[name], new[name]
    headers = [header for header in dict.fromkeys((*a.headers, *b.headers)) if header]
    rows_a, rows_b = _aligned(a, headers), _aligned(b, headers)
    for first, second in _pairs(rows_a, rows_b):
        yield from _in_row(is_input, name, (a, b), headers, (first, second), (rows_a, rows_b))


def _aligned(block: Block, headers: Sequence[str]) -> list[tuple[Value, ...]]:
    """Return the rows of a block in the order of some headers; a column that is not there is blank."""
    at = {header: position for position, header in enumerate(block.headers)}
    order = [at.get(header, -1) for header in headers]
    return [tuple(row[each] if each >= 0 else None for each in order) for row in block.rows]


def _pairs(old: list[tuple[Value, ...]], new: list[tuple[Value, ...]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows that differ; -1 where a row came or went."""
    if len(old) == len(new):
        differ = [at for at, (a, b) in enumerate(zip(old, new, strict=True)) if not _same_row(a, b)]
        if len(differ) <= max(_MOST_MOVED * len(old), 1):
            yield from ((at, at) for at in differ)
            return
    for kind, a, a_end, b, b_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        both = min(a_end - a, b_end - b)
        yield from ((a + at, b + at) for at in range(both) if not _same_row(old[a + at], new[b + at]))
        yield from ((at, -1) for at in range(a + both, a_end))
        yield from ((-1, at) for at in range(b + both, b_end))


def _same_row(a: tuple[Value, ...], b: tuple[Value, ...]) -> bool:
    return a == b or all(map(same, a, b))


def same(a: Value, b: Value) -> bool:
    """Whether two cells hold the same, but for the last digit that another program writes."""
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= _SAME * max(abs(a), abs(b))
    return type(a) is type(b) and a == b


def _in_row(
    is_input: bool,
    name: str,
    blocks: tuple[Block, Block],
    headers: Sequence[str],
    at: tuple[int, int],
    rows: tuple[list[tuple[Value, ...]], list[tuple[Value, ...]]],
) -> Iterator[Difference]:
    first, second = at
    if first < 0 or second < 0:
        side = 0 if second < 0 else 1
        block, row = blocks[side], rows[side][max(at)]
        where = f"{quoted(block.sheet)}!{cell_name(block.numbers[max(at)], max(block.left, 1))}"
        told = ", ".join(words(value) for value in row if value is not None)
        yield Difference(is_input, name, where, "", *((told, "") if side == 0 else ("", told)))
        return
    for column, header in enumerate(headers):
        a, b = rows[0][first][column], rows[1][second][column]
        if not same(a, b):
            yield Difference(is_input, name, _where(blocks[1], second, header, blocks[0]), header, words(a), words(b))


def _where(block: Block, row: int, header: str, other: Block) -> str:
    if block.left == 0:  # our cells beside a table: each row names its own
        return f"{quoted(block.sheet)}!{block.rows[row][0]}"
    known = block if header in block.headers else other
    return f"{quoted(block.sheet)}!{cell_name(block.numbers[row], known.left + known.headers.index(header))}"


def words(value: Value) -> str:
    """Return what a cell holds, for people."""
    if value is None:
        return "blank"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    return value.removeprefix(DATE).removesuffix("T00:00:00")
