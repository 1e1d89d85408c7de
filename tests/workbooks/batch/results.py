"""What a run left in a workbook, to be held against another's."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from workbooks.package.book import Book
from workbooks.package.mark import own_sheet_names
from workbooks.package.parts import Parts


def result_parts(path: Path) -> dict[str, bytes]:
    """Return the parts of our sheets but the log of runs, which holds times."""
    data = path.read_bytes()
    book = Book(Parts(data))
    log = own_sheet_names(book)["Run Log"]
    logged = next(sheet.part for sheet in book.sheets if sheet.name == log)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != logged and "/tables/" not in name}
