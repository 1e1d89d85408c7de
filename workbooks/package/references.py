"""What in a workbook looks at the engine's sheets: formulas, and things that look at plain ranges.

Owns: finding them. Nothing of other people's is changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lxml import etree

from solver.frozen import frozen
from workbooks.addresses import quoted
from workbooks.package.book import Book
from workbooks.package.namespaces import CHART, PIVOT_CACHE
from workbooks.package.xml import local_name, parsed

_OVERLAP = 1024
"""Bytes kept of a piece while the next is looked through: a reference may lie over the edge of both."""
_REACHES = (b"!", b"[")
_PLAIN = re.compile(r"^\$?[A-Z]{0,3}\$?\d*(:\$?[A-Z]{0,3}\$?\d*)?$", re.IGNORECASE)


@frozen
class Onlooker:
    """Something that looks at a plain range of one of our sheets. what : in words; sheet : its name in the book."""

    what: str
    sheet: str
    range: str


def is_read_elsewhere(book: Book, own: Collection[str], words: Collection[str]) -> bool:
    """Whether a formula of other people's may read our sheets: then its value is old after a run.

    Parameters
    ----------
    own : names of our sheets in the book; words : these, and the names of our tables
    """
    mine = {name.casefold() for name in own}
    listed = tuple({form.encode().lower() for word in words for form in _spellings(word)})
    parts = [sheet.part for sheet in book.sheets if sheet.name.casefold() not in mine]
    if any(_reads(listed, name.text.encode()) for name in book.names if not _is_ours(name.name)):
        return True
    return any(_finds(listed, book, part) for part in parts)


def onlookers(book: Book, own: Collection[str], own_charts: Collection[str]) -> Iterator[Onlooker]:
    """Yield the charts, names and pivots of other people's that look at plain ranges of our sheets.

    Parameters
    ----------
    own : names of our sheets in the book; own_charts : parts of the charts that we made
    """
    by_name = {name.casefold(): name for name in own}
    for name in book.names:
        if not _is_ours(name.name):
            yield from _looks_at(f"the name {name.name}", name.text, by_name)
    on_sheet = _hanging_on(book)
    for part in book.parts.of_type(CHART):
        if part not in own_charts:
            what = f"a chart on {quoted(on_sheet[part])}" if part in on_sheet else f"the chart {part}"
            for element in parsed(book.parts.part(part)).iter():
                if local_name(element) == "f" and element.text:
                    yield from _looks_at(what, element.text, by_name)
    for part in book.parts.of_type(PIVOT_CACHE):
        what = f"a pivot on {quoted(on_sheet[part])}" if part in on_sheet else f"the pivot {part}"
        yield from _pivot_source(parsed(book.parts.part(part)), what, by_name)


def _is_ours(name: str) -> bool:
    return name.startswith(("_tc_", "_xlnm."))


def _spellings(word: str) -> set[str]:
    """Return how a name may stand in a formula in a part."""
    plain = {word, word.replace("'", "''")}
    return plain | {each.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for each in plain} | {
        each.replace("&", "&amp;").replace("'", "&apos;") for each in plain
    }  # fmt: skip


def _reads(words: tuple[bytes, ...], text: bytes) -> bool:
    """Whether one of some words stands before a sign by which formulas reach into a sheet or a table."""
    for sign in _REACHES:
        at = text.find(sign)
        while at >= 0:
            before = text[max(at - _OVERLAP, 0) : at].lower()
            if before.endswith(words) or (before[-1:] in (b"'", b'"') and before[:-1].endswith(words)):
                return True
            at = text.find(sign, at + 1)
    return False


def _finds(words: tuple[bytes, ...], book: Book, part: str) -> bool:
    tail = b""
    for piece in book.parts.archive.pieces(part):
        text = tail + piece
        if b"\0" in text:  # in UTF-16
            text = text.replace(b"\0", b"")
        if _reads(words, text):
            return True
        tail = text[-_OVERLAP:]
    return False


def _looks_at(what: str, formula: str, by_name: dict[str, str]) -> Iterator[Onlooker]:
    for sheet, covered in _ranges(formula):
        if sheet.casefold() in by_name:
            yield Onlooker(what, by_name[sheet.casefold()], covered)


def _ranges(formula: str) -> Iterator[tuple[str, str]]:
    """Yield the plain ranges in a formula, with their sheets."""
    for found in re.finditer(r"(?:'((?:[^']|'')+)'|([^\s'!,;()+\-*/&=<>^{}\[\]]+))!(\$?[A-Za-z0-9$:]+)", formula):
        sheet = found[1].replace("''", "'") if found[1] is not None else found[2]
        if _PLAIN.match(found[3]):
            yield sheet, found[3]


def _pivot_source(root: etree._Element, what: str, by_name: dict[str, str]) -> Iterator[Onlooker]:
    for element in root.iter():
        sheet, covered = element.get("sheet", ""), element.get("ref", "")
        if local_name(element) == "worksheetSource" and covered and sheet.casefold() in by_name:
            yield Onlooker(what, by_name[sheet.casefold()], covered)


def _hanging_on(book: Book) -> dict[str, str]:
    """Return the sheet that charts and pivots hang on: name of a part → name of the sheet."""
    found: dict[str, str] = {}
    for sheet in book.sheets:
        for relation in book.parts.relations(sheet.part).all:
            if relation.kind not in ("drawing", "pivotTable"):
                continue
            for below in book.parts.relations(relation.target).all:
                if below.kind in ("chart", "pivotCacheDefinition"):
                    found.setdefault(below.target, sheet.name)
    return found
