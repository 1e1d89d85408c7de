"""Two versions side by side: which cells differ, from what to what.

Owns: telling changed cells from rows that came or went.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from difflib import SequenceMatcher

from solver.frozen import frozen
from workbooks.addresses import cell_name, quoted, split_cell_name
from workbooks.versions.version import DATE, NO_VALUE, Block, Value, Version

_SAME = 1e-12
"""Part of a number by which another program's way of writing it may differ."""

_ANEW = 1e-13
"""Part of the largest number of a row by which a cell may differ that a formula calculates anew: a small difference of
large numbers keeps few of their digits, and how many depends on the program."""

_MOST_MOVED = 0.2
"""Part of the rows that may differ in place before rows are taken to have come or gone."""


@frozen
class Difference:
    """One cell, or one row, that differs.

    table : input table, or logical name of our sheet; where : 'Sheet'!Cell as it stands now, or stood
    what : the column, "" where the whole row came or went; before, now : in words
    is_computed : a formula of ours stands there: the cell follows from others
    """

    is_input: bool
    table: str
    where: str
    what: str
    before: str
    now: str
    is_computed: bool = False


Computed = Mapping[str, Collection[tuple[int, int]]]
"""Sheet → (row, column) of each of our formulas there."""


def differences(before: Version, now: Version, computed: Computed | None = None) -> list[Difference]:
    """Return every cell in which two versions differ, inputs first. computed : of the workbook as it stands now."""
    found: list[Difference] = []
    for is_input, old, new in ((True, before.inputs, now.inputs), (False, before.results, now.results)):
        for name in dict.fromkeys((*old, *new)):
            found += _between(is_input, name, old, new, computed or {})
    return found


@frozen
class _Pair:
    """Two blocks with their columns in one order.

    rows : of both; formulas : per row of the second that holds any, which columns are computed
    largest : in one column alone, cell below cell, the largest number of all stands for that of the row; else 0
    """

    is_input: bool
    name: str
    blocks: tuple[Block, Block]
    headers: Sequence[str]
    rows: tuple[list[tuple[Value, ...]], list[tuple[Value, ...]]]
    formulas: Mapping[int, Collection[int]] = field(default_factory=dict)
    largest: float = 0.0

    def is_same_row(self, first: int, second: int) -> bool:
        """Whether two rows hold the same."""
        a, b = self.rows[0][first], self.rows[1][second]
        return a == b or all(map(same, a, b)) or not self.differing(first, second)

    def differing(self, first: int, second: int) -> list[int]:
        """Return the columns in which two rows differ."""
        a, b = self.rows[0][first], self.rows[1][second]
        found = [at for at in range(len(a)) if not same(a[at], b[at])]
        formulas = self.formulas.get(second)
        if not formulas:
            return found
        scale = max([1.0, self.largest, *(abs(each) for each in (*a, *b) if isinstance(each, float))])
        return [at for at in found if at not in formulas or not _is_near(a[at], b[at], _ANEW * scale)]


def _is_near(a: Value, b: Value, room: float) -> bool:
    return isinstance(a, float) and isinstance(b, float) and abs(a - b) <= room


def _between(
    is_input: bool, name: str, old: Mapping[str, Block], new: Mapping[str, Block], computed: Computed
) -> Iterator[Difference]:
    if name not in old or name not in new:
        block = old.get(name) or new[name]
        words = ("", f"{len(block.rows):,} rows") if name in new else (f"{len(block.rows):,} rows", "")
        yield Difference(is_input, name, quoted(block.sheet), "", *words)
        return
    a, b = old[name], new[name]
    headers = [header for header in dict.fromkeys((*a.headers, *b.headers)) if header]
    rows = (_aligned(a, headers), _aligned(b, headers))
    formulas = {} if is_input else _formulas(b, headers, computed.get(b.sheet, ()))
    numbers = [abs(each) for row in rows[1] for each in row if isinstance(each, float)] if b.left == 0 else []
    pair = _Pair(is_input, name, (a, b), headers, rows, formulas, max(numbers, default=0.0))
    for first, second in _pairs(pair):
        yield from _in_row(pair, first, second)


def _formulas(block: Block, headers: Sequence[str], cells: Collection[tuple[int, int]]) -> dict[int, list[int]]:
    """Return which columns are computed, per row of a block that holds formulas."""
    if not cells:
        return {}
    found: dict[int, list[int]] = {}
    if block.left == 0:  # our cells beside a table: each row names its own
        for at, row in enumerate(block.rows):
            if split_cell_name(str(row[0])) in cells:
                found[at] = [1]
        return found
    columns = {block.left + at: headers.index(header) for at, header in enumerate(block.headers) if header}
    at_row = {number: at for at, number in enumerate(block.numbers)}
    for number, column in cells:
        if number in at_row and column in columns:
            found.setdefault(at_row[number], []).append(columns[column])
    return found


def _aligned(block: Block, headers: Sequence[str]) -> list[tuple[Value, ...]]:
    """Return the rows of a block in the order of some headers; a column that is not there is blank."""
    at = {header: position for position, header in enumerate(block.headers)}
    order = [at.get(header, -1) for header in headers]
    return [tuple(row[each] if each >= 0 else None for each in order) for row in block.rows]


def _pairs(pair: _Pair) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows that differ; -1 where a row came or went."""
    old, new = pair.rows
    if len(old) == len(new):
        differ = [at for at in range(len(old)) if not pair.is_same_row(at, at)]
        if len(differ) <= max(_MOST_MOVED * len(old), 1):
            yield from ((at, at) for at in differ)
            return
    for kind, a, a_end, b, b_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        both = min(a_end - a, b_end - b)
        yield from ((a + at, b + at) for at in range(both) if not pair.is_same_row(a + at, b + at))
        yield from ((at, -1) for at in range(a + both, a_end))
        yield from ((-1, at) for at in range(b + both, b_end))


def same(a: Value, b: Value) -> bool:
    """Whether two cells hold the same, but for the last digit that another program writes."""
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= _SAME * max(abs(a), abs(b))
    return type(a) is type(b) and a == b


def _in_row(pair: _Pair, first: int, second: int) -> Iterator[Difference]:
    if first < 0 or second < 0:
        side = 0 if second < 0 else 1
        block, row = pair.blocks[side], pair.rows[side][max(first, second)]
        where = f"{quoted(block.sheet)}!{cell_name(block.numbers[max(first, second)], max(block.left, 1))}"
        told = ", ".join(words(value) for value in row if value is not None)
        yield Difference(pair.is_input, pair.name, where, "", *((told, "") if side == 0 else ("", told)))
        return
    for column in pair.differing(first, second):
        header, a, b = pair.headers[column], pair.rows[0][first][column], pair.rows[1][second][column]
        where = _where(pair.blocks[1], second, header, pair.blocks[0])
        is_computed = column in pair.formulas.get(second, ())
        yield Difference(pair.is_input, pair.name, where, header, words(a), words(b), is_computed)


def _where(block: Block, row: int, header: str, other: Block) -> str:
    if block.left == 0:  # our cells beside a table: each row names its own
        return f"{quoted(block.sheet)}!{block.rows[row][0]}"
    known = block if header in block.headers else other
    return f"{quoted(block.sheet)}!{cell_name(block.numbers[row], known.left + known.headers.index(header))}"


def words(value: Value) -> str:
    """Return what a cell holds, for people."""
    if value is None:
        return "blank"
    if value == NO_VALUE:
        return "no value"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    return value.removeprefix(DATE).removesuffix("T00:00:00")
