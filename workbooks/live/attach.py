"""Finding the open workbook, in whichever Excel it is open.

Owns: what counts as the same workbook, and the words for those that cannot be found.
"""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from engine.codes import issue
from engine.issues import NOWHERE, Issue

if TYPE_CHECKING:
    import xlwings

_ATTEMPTS = 40  # xlwings asks a busy Excel again for ever unless it is told when to stop


def find_book(name: str) -> xlwings.Book | Issue:
    """Return the workbook that is open under a name.

    Parameters
    ----------
    name : a path; the https address of a workbook on OneDrive or SharePoint; or a bare name, for a workbook that was
        never saved
    """
    try:
        import xlwings
    except ImportError:
        return issue("TC852", NOWHERE, "xlwings is not installed")
    _stop_asking()
    found = [book for book in _open_books(xlwings) if is_same(name, full_name(book))]
    if len(found) > 1:
        return issue("TC854", NOWHERE, f"{name}: open in {len(found)} programs at once")
    if not found:
        opened = ", ".join(sorted({book.name for book in _open_books(xlwings)})[:5])
        return issue("TC853", NOWHERE, f"{name}; open are: {opened or 'none'}")
    return found[0]


def full_name(book: xlwings.Book) -> str:
    """Return a workbook's full name as Excel has it: on OneDrive and SharePoint an https address."""
    for attribute in ("FullName", "full_name"):  # Windows, Mac
        try:
            told = getattr(book.api, attribute)
            return str(told.get() if hasattr(told, "get") else told)
        except AttributeError:
            continue
    return str(book.fullname)


def is_same(asked: str, opened: str) -> bool:
    """Whether two names are one workbook's: case and the kind of slash do not count."""
    if _plain(asked) == _plain(opened):
        return True
    if "://" in asked or "://" in opened:
        # a synchronised folder has a path here and an address there; the file's own name and its folder's must agree
        ends = [_plain(each).replace("%20", " ").split("/")[-2:] for each in (asked, opened)]
        return ("://" in asked) != ("://" in opened) and ends[0] == ends[1]
    return False


def _plain(name: str) -> str:
    if "://" in name:
        return name.replace("%20", " ").casefold()
    path = PureWindowsPath(name) if "\\" in name else PurePosixPath(name)
    if len(path.parts) > 1 and not path.is_absolute():
        path = PurePosixPath(Path(name).absolute().as_posix())
    elif path.is_absolute() and Path(name).exists():
        path = PurePosixPath(Path(name).resolve().as_posix())
    return path.as_posix().casefold()


def _open_books(xlwings: object) -> list[xlwings.Book]:
    """Return the workbooks that are open in any Excel; none where xlwings knows no program, as on Linux."""
    try:
        return [book for app in getattr(xlwings, "apps", ()) for book in app.books]
    except getattr(xlwings, "XlwingsError", ()):
        return []


def _stop_asking() -> None:
    windows = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        windows.N_COM_ATTEMPTS = _ATTEMPTS  # type: ignore[attr-defined]  # of the module for Windows alone
