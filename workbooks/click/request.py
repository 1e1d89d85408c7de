"""What a click asks for.

Owns: the fields of a request.
"""

from __future__ import annotations

from pathlib import Path

from solver.frozen import frozen
from workbooks.click.lines import parsed_lines


@frozen
class Request:
    """A click.

    verb : what is asked for, with what it is told: ("cascade", "keep")
    book : full name of the workbook as its program knows it, "" where it was never saved
    sheet, cells : what is selected: the sheet's name, and ranges like ``B5:B9,D5``
    copy, result : where a copy of the workbook lies, and where to put it with the results in it; None where the
        workbook itself is written, live
    answer : where the answer goes; None: nowhere
    protected : sheets that must not be written to; is_structure_protected : whether sheets may not come and go
    """

    verb: tuple[str, ...]
    book: str = ""
    sheet: str = ""
    cells: str = ""
    copy: Path | None = None
    result: Path | None = None
    answer: Path | None = None
    protected: tuple[str, ...] = ()
    is_structure_protected: bool = False


def read_request(text: str) -> Request:
    """Return the request that a macro wrote."""
    held = parsed_lines(text)
    return Request(
        tuple(held.get("verb", "").split()),
        held.get("book", ""),
        held.get("sheet", ""),
        held.get("cells", ""),
        _path(held.get("copy", "")),
        _path(held.get("result", "")),
        _path(held.get("answer", "")),
        tuple(name for name in held.get("protected", "").split("\t") if name),
        bool(held.get("structure")),
    )


def _path(text: str) -> Path | None:
    return Path(text) if text else None
