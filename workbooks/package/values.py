"""The values of sheets, read by a fast library, which is asked only for what is safe to lay out.

Owns: the guard before that library.
"""

from __future__ import annotations

from io import BytesIO

from python_calamine import CalamineWorkbook

from workbooks.package.book import Book
from workbooks.package.parts import Parts
from workbooks.package.reach import asked, refuse_far_cells


class Values:
    """Values of the sheets of one workbook."""

    def __init__(self, data: bytes, book: Book | None = None) -> None:
        """Open a workbook.

        Raises
        ------
        XmlError, ArchiveError
            It is damaged.
        """
        self._book = book if book is not None else Book(Parts(data))
        for relation in self._book.parts.relations(self._book.part).all:
            if relation.kind in ("sharedStrings", "styles") and self._book.parts.has(relation.target):
                self._book.parts.archive.part(relation.target)  # the library unpacks it, too: let it be sound
        self._values = asked(lambda: CalamineWorkbook.from_filelike(BytesIO(data)))

    def rows(self, sheet: str) -> list[list[object]]:
        """Return the values of a sheet from A1 on, "" in empty cells; [] where there is no such sheet.

        Raises
        ------
        XmlError, ArchiveError
            It is damaged, or reaches too far.
        """
        part = next((each.part for each in self._book.sheets if each.name == sheet and each.kind == "worksheet"), None)
        if part is None or sheet not in self._values.sheet_names:
            return []
        refuse_far_cells(sheet, self._book.parts.archive.part(part))
        rows = asked(lambda: self._values.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
        return [list(row) for row in rows]
