"""The Excel table around an input table of the analyst's: how far it reaches, and which of its columns are formulas.

Owns: its part.
"""

from __future__ import annotations

from lxml import etree

from workbooks.addresses import cell_name
from workbooks.package.book import Book
from workbooks.package.old_sheet import Rectangle
from workbooks.package.xml import parsed, written


def set_last_row(book: Book, part: str, name: str, last: int, *, is_grown: bool = False) -> None:
    """Let an Excel table on a sheet end with a row.

    Parameters
    ----------
    part : of the sheet
    is_grown : the table only ever becomes longer
    """
    for target, root in _tables(book, part, name):
        area = Rectangle.of(root.get("ref", "A1"))
        if last == area.bottom or (is_grown and last < area.bottom):
            return
        covered = f"{cell_name(area.top, area.left)}:{cell_name(last, area.right)}"
        root.set("ref", covered)
        for filtered in root.iterchildren(book.dialect.tag("autoFilter")):
            filtered.set("ref", covered)
        book.parts.put(target, written(root))


def has_totals(book: Book, part: str, name: str) -> bool:
    """Whether an Excel table on a sheet ends in a row of totals."""
    return any(int(root.get("totalsRowCount", "0")) for _, root in _tables(book, part, name))


def formula_columns(book: Book, part: str, name: str) -> dict[int, str]:
    """Return the formula of each column of an Excel table that is calculated: sheet column → formula."""
    found = {}
    for _, root in _tables(book, part, name):
        left = Rectangle.of(root.get("ref", "A1")).left
        columns = root.find(book.dialect.tag("tableColumns"))
        for at, column in enumerate(columns if columns is not None else ()):
            formula = column.find(book.dialect.tag("calculatedColumnFormula"))
            if formula is not None and formula.text:
                found[left + at] = formula.text
    return found


def _tables(book: Book, part: str, name: str) -> list[tuple[str, etree._Element]]:
    found = []
    for relation in book.parts.relations(part).of_kind("table"):
        root = parsed(book.parts.part(relation.target))
        if root.get("displayName", "").casefold() == name.casefold():
            found.append((relation.target, root))
    return found
