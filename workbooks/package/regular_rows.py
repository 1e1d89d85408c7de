"""Rows that are written alike, read column by column: a hundred thousand of them in a moment.

Whatever program saves a workbook writes the rows of a table in one form. What is in that form is cut at its signs; any
row that is not is left to a parser, and a sheet that may hold surprises is left to it as a whole.

Owns: what that form is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from math import nan

import numpy as np
from lxml import etree

from solver.frozen import frozen
from workbooks.addresses import column_number
from workbooks.package.archive import ArchiveError
from workbooks.package.limits import MOST_TAGS_OF_A_TREE
from workbooks.package.namespaces import Dialect
from workbooks.package.old_sheet import OldCell, SharedStrings, Value, old_cell, settings_of
from workbooks.package.old_table import TableBeingRead
from workbooks.package.xml import HEAD, XmlError, parsed

_ROWS, _ROW, _CELL, _ROW_ENDS, _ROWS_END = b"<sheetData>", b"<row ", b"<c ", b"</row>", b"</sheetData>"
_PLACE = b'r="'
_ROW_STARTS = b"<row r="
_MOST_DIGITS = 7
_ROOT = re.compile(rb"<worksheet[\s>]")
_MOST_OF_A_ROW = 2**23
"""Bytes of a row, or of what stands around the rows, above which they are left to a parser."""
_HEAD = re.compile(rb'(?: [\w:]+="[^"<>&]*")* ?(>|/>|></row>)')
_ENCODING = re.compile(rb"""encoding\s*=\s*["'](?i:utf-?8)["']""")
_ATTRIBUTE = re.compile(rb' ([\w:]+)="([^"]*)"')
_NAME = re.compile(rb'r="([A-Z]{1,3})[1-9]\d*"')
_NUMBERS = re.compile(
    rb'^(?: s="\d+")?(?: t="n")?(?:/>|>(<f(?: [^<>]*)?(?:/>|>[^<>]*</f>))?(?:<v>([^<>]*)</v>)?</c>)$', re.MULTILINE
)
"""What follows the place of a cell with a number, or nothing; the formula and the number in it."""
_SHARED = re.compile(rb'(?: s="\d+")? t="s"><v>(\d{1,9})</v></c>')
_INLINE = re.compile(rb'(?: s="\d+")? t="inlineStr"><is><t>([^<>&\r\n]+)</t></is></c>')


class IrregularError(Exception):
    """A sheet is not written as most are: it is left to a parser."""


@frozen
class Regular:
    """A sheet of which the rows in one form have been read.

    root : the part without its rows
    attributes : row → what is said of it, for the rows that were read
    others : the other rows as a part of their own
    """

    root: etree._Element
    attributes: dict[int, dict[str, str]] = field(default_factory=dict)
    others: tuple[bytes, ...] = ()


def read_regular(pieces: Iterable[bytes], table: TableBeingRead, dialect: Dialect, shared: SharedStrings) -> Regular:
    """Read the records of a table of ours that are written in one form.

    Parameters
    ----------
    pieces : of the sheet's part; table : is given what they hold

    Raises
    ------
    IrregularError
        The sheet must be left to a parser; what the table was given is to be forgotten.
    XmlError, ArchiveError
        The part is damaged.
    """
    try:
        return _Reading(table, dialect, shared).read(pieces)
    except ValueError as broken:
        if isinstance(broken, ArchiveError | XmlError):
            raise
        raise IrregularError from broken  # no number where one should stand: the parser says it better


class RowBlocks:
    """The rows of a sheet's part in blocks of whole ones; afterwards ``head`` and ``tail`` are what stands around."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self.head = self.tail = b""

    def __iter__(self) -> Iterator[bytes]:
        """Yield them.

        Raises
        ------
        IrregularError
            The sheet must be left to a parser.
        """
        held = b""
        while (at := held.find(_ROWS)) < 0:
            held += self._next(held)
        self.head, held = held[:at], held[at + len(_ROWS) :]
        if b"encoding" in self.head[:HEAD] and _ENCODING.search(self.head[:HEAD]) is None:
            raise IrregularError
        while (end := held.find(_ROWS_END)) < 0:
            cut = held.rfind(_ROW)
            if cut > 0:
                yield _begun(held[:cut])
                held = held[cut:]
            held += self._next(held)
        if end:
            yield _begun(held[:end])
        self.tail = held[end + len(_ROWS_END) :]
        while piece := next(self._pieces, b""):
            if _is_odd(self.tail[-1:], piece) or self.tail.count(b"<") > MOST_TAGS_OF_A_TREE:
                raise IrregularError
            self.tail += piece

    def _next(self, held: bytes) -> bytes:
        """Return the next piece; one that holds a comment or the like, or belongs to a giant, is left to the parser."""
        piece = next(self._pieces, None)
        if piece is None or _is_odd(held[-1:], piece) or len(held) > _MOST_OF_A_ROW:
            raise IrregularError
        return piece


def _begun(block: bytes) -> bytes:
    if not block.startswith(_ROW):
        raise IrregularError
    return block


class _Reading:
    """A sheet being read."""

    def __init__(self, table: TableBeingRead, dialect: Dialect, shared: SharedStrings) -> None:
        self._table, self._dialect, self._shared = table, dialect, shared
        self._heads: dict[bytes, _Head] = {}
        self._alike: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
        self._cells: dict[bytes, Value] = {}
        self._formulas: set[bytes] = set()
        self._attributes: dict[int, dict[str, str]] = {}
        self._others: dict[int, bytes] = {}
        self._last = 0

    def read(self, pieces: Iterable[bytes]) -> Regular:
        """Return what was read."""
        blocks = RowBlocks(pieces)
        for block in blocks:
            self._read_block(block)
        root = parsed(blocks.head + b"<sheetData/>" + blocks.tail)
        if root.tag != self._dialect.tag("worksheet") or _ROOT.search(blocks.head) is None:
            raise IrregularError
        rows = [_ROW + self._others[number] for number in sorted(self._others)]
        others = (blocks.head + _ROWS, *rows, _ROWS_END + b"</worksheet>")
        return Regular(root, self._attributes, others)

    def _read_block(self, block: bytes) -> None:
        if not self._read_at_once(block):
            self._read_one_by_one(block)

    def _read_at_once(self, block: bytes) -> bool:
        """Read rows that hold the same columns, all of them records; False where they do not."""
        width = block.count(_CELL, 0, max(block.find(_ROW_ENDS), 0))
        cut = block.split(_CELL)
        if not width or (len(cut) - 1) % width:
            return False
        lasts = [cell.split(_ROW_ENDS) for cell in cut[width::width]]
        if not all(len(last) == 2 for last in lasts):
            return False
        tags = _tags([cut[0], *(last[1] for last in lasts[:-1])])
        if lasts[-1][1] or tags is None or not self._are_records(tags):
            return False
        columns = [*(cut[at::width] for at in range(1, width)), [last[0] for last in lasts]]
        if not self._read_columns(tags.digits, columns):
            return False
        self._last = int(tags.numbers[-1])
        for number, rest in zip(tags.numbers.tolist(), tags.rests, strict=True):
            if said := self._heads[rest].attributes:
                self._attributes[number] = said
        return True

    def _are_records(self, tags: _Tags) -> bool:
        """Whether rows are records, one below the other."""
        area, numbers = self._table.area, tags.numbers
        heads = [self._head_of(rest) for rest in set(tags.rests)]
        is_inside = max(self._last, area.top) < numbers[0] and numbers[-1] <= area.bottom
        is_plain = not any(head.is_odd or head.is_empty for head in heads)
        return bool(is_inside and is_plain and (np.diff(numbers) > 0).all())

    def _read_one_by_one(self, block: bytes) -> None:
        """Read rows in groups of as many cells each."""
        alike: dict[tuple[int, int], _Alike] = {}
        for row in block.split(_ROW)[1:]:
            cells = row.split(_CELL)
            tags = _tags([_ROW + cells[0]])
            if tags is None or tags.numbers[0] <= self._last:
                raise IrregularError
            self._last = number = int(tags.numbers[0])
            head = self._head_of(tags.rests[0])
            if head.attributes:
                self._attributes[number] = head.attributes
            if len(cells) == 1 and head.is_empty:
                continue
            is_record = self._table.area.top < number <= self._table.area.bottom
            if head.is_empty or head.is_odd or not is_record or not cells[-1].endswith(_ROW_ENDS):
                self._leave(number, row)
                continue
            cells[-1] = cells[-1][: -len(_ROW_ENDS)]
            group = alike.setdefault((len(cells), len(tags.digits[0])), _Alike([], [], []))
            group.digits.append(tags.digits[0])
            group.cells.append(cells[1:])
            group.rows.append(row)
        for group in alike.values():
            if not self._read_columns(group.digits, list(zip(*group.cells, strict=True))):
                for digits, row in zip(group.digits, group.rows, strict=True):
                    self._leave(int(digits), row)

    def _head_of(self, rest: bytes) -> _Head:
        """Return what a row's tag says. rest : what stands behind its number."""
        if rest not in self._heads:
            matched = _HEAD.fullmatch(rest)
            if matched is None:
                self._heads[rest] = _Head({}, is_empty=False, is_odd=True)
            else:
                said = settings_of({name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(rest)})
                shared = self._alike.setdefault(said, dict(said))
                self._heads[rest] = _Head(shared, is_empty=matched[1] != b">", is_odd=False)
        return self._heads[rest]

    def _leave(self, number: int, row: bytes) -> None:
        """Leave a row to the parser. row : behind the beginning of its tag."""
        self._attributes.pop(number, None)
        self._others[number] = row

    def _read_columns(self, digits: list[bytes], columns: Sequence[Sequence[bytes]]) -> bool:
        """Read cells column by column; False where they do not stand in the columns of our table, from left to right.

        Parameters
        ----------
        digits : the number of each row, all of one length
        """
        area = self._table.area
        found: list[tuple[int, list[bytes]]] = []
        for cells in columns:
            name = _NAME.match(cells[0])
            column = column_number(name[1].decode()) if name is not None else 0
            if name is None or not (found[-1][0] + 1 if found else area.left) <= column <= area.right:
                return False
            start = _PLACE + name[1]
            width = len(start) + len(digits[0]) + 1
            if b"".join([cell[:width] for cell in cells]) != start + (b'"' + start).join(digits) + b'"':
                return False
            found.append((column, [cell[width:] for cell in cells]))
        rows = np.array(list(map(int, digits)))
        try:
            for column, rests in found:
                self._read_column(column, rows, rests)
        except _OddCellError:
            return False
        return True

    def _read_column(self, column: int, rows: np.ndarray, rests: list[bytes]) -> None:
        """Read cells of one column. rests : what follows the place of each."""
        if b' t="' in rests[0].replace(b' t="n"', b"", 1).partition(b">")[0]:
            return self._read_texts(column, rows, rests)
        whole = b"\n".join(rests)
        found = _NUMBERS.findall(whole) if whole.count(b"\n") == len(rests) - 1 else []
        if len(found) != len(rests):
            return self._read_texts(column, rows, rests)
        numbers = np.array([float(number) if number else nan for _, number in found])
        formulas = np.array([formula != b"" for formula, _ in found]) if b"<f" in whole else None
        self._table.put_numbers(column, rows, numbers, formulas)
        return None

    def _read_texts(self, column: int, rows: np.ndarray, rests: list[bytes]) -> None:
        different = set(rests)
        for rest in different - self._cells.keys():
            self._cells[rest] = self._shown(rest)
        formulas = None
        if different & self._formulas:
            formulas = np.array([rest in self._formulas for rest in rests])
        self._table.put_texts(column, rows, list(map(self._cells.__getitem__, rests)), formulas)

    def _shown(self, rest: bytes) -> Value:
        """Return what a cell shows. rest : what follows its place."""
        if (shared := _SHARED.fullmatch(rest)) is not None:
            return self._shared.text(int(shared[1]))
        if (inline := _INLINE.fullmatch(rest)) is not None:
            return inline[1].decode()
        cell = self._parsed(rest)
        if cell.value is not cell.cached:
            self._formulas.add(rest)
        return cell.cached

    def _parsed(self, rest: bytes) -> OldCell:
        try:
            cell = parsed(b'<w xmlns="%s"><c%s</w>' % (self._dialect.main.encode(), rest))
        except XmlError as broken:
            raise _OddCellError from broken
        if len(cell) != 1:
            raise _OddCellError
        return old_cell(cell[0], self._dialect, self._shared)


def _is_odd(before: bytes, piece: bytes) -> bool:
    """Whether a comment or the like begins in a piece. before : the last byte before it."""
    return b"!" in piece and b"<!" in before + piece  # one byte is found far faster than two


@frozen
class _Head:
    """What a row's tag says. is_empty : the row ends with it; is_odd : it says it in a way of its own."""

    attributes: dict[str, str]
    is_empty: bool
    is_odd: bool


@frozen
class _Tags:
    """The tags of rows: numbers, as they are spelled, too, all equally long; what stands behind each."""

    numbers: np.ndarray
    digits: list[bytes]
    rests: list[bytes]


def _tags(texts: list[bytes]) -> _Tags | None:
    """Return what the tags of rows say, None where they do not say it alike."""
    cut = [text.split(b'"', 2) for text in texts]
    if not all(len(each) == 3 and each[0] == _ROW_STARTS for each in cut):
        return None
    digits = [each[1] for each in cut]
    is_number = b"".join(digits).isdigit() and not min(digits).startswith(b"0")
    if not is_number or len(set(map(len, digits))) > 1 or len(digits[0]) > _MOST_DIGITS:
        return None
    return _Tags(np.array(digits, dtype=bytes).astype(np.int64), digits, [each[2] for each in cut])


@frozen
class _Alike:
    """Rows with as many cells each: their numbers, what their cells are cut into, and they as they stand."""

    digits: list[bytes]
    cells: list[list[bytes]]
    rows: list[bytes]


class _OddCellError(Exception):
    """A cell is written in a way that only a parser understands."""
