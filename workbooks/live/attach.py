"""Finding the open workbook, in whichever Excel it is open.

Owns: what counts as the same workbook, and the words for those that cannot be found.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from workbooks.live.synchronised import Mount, is_certain, may_be, mounts

if TYPE_CHECKING:
    import xlwings

_ATTEMPTS, _PAUSE_S = 40, 0.25


class _Patience(int):
    """How often xlwings asks a busy Excel again, with a pause each time: it compares its count with this.

    Without, it asks for ever, and without pauses all its attempts are over before a window can close.
    """

    def __gt__(self, asked: int) -> bool:
        time.sleep(_PAUSE_S)
        return super().__gt__(asked)


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
    books = [(full_name(book), book) for book in _open_books(xlwings)]
    folders = mounts(os.environ, Path.home())
    found = [book for known, book in books if is_same(name, known, folders)]
    if len(found) > 1:
        return issue("TC854", NOWHERE, f"{name}: open in {len(found)} programs at once")
    if not found:
        if unsure := next((known for known, _ in books if "://" in known and may_be(name, known)), ""):
            return issue("TC860", NOWHERE, f"{name}; open is {unsure}")
        opened = ", ".join(sorted({book.name for _, book in books})[:5])
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


def is_same(asked: str, opened: str, folders: Sequence[Mount] = ()) -> bool:
    """Whether two names are one workbook's: case and the kind of slash do not count.

    Parameters
    ----------
    folders : those that are kept the same as a place on the web, where a path and an address can be one workbook's
    """
    if _plain(asked) == _plain(opened):
        return True
    if ("://" in asked) == ("://" in opened):
        return False
    path, address = (opened, asked) if "://" in asked else (asked, opened)
    return is_certain(path, address, folders)


def _plain(name: str) -> str:
    if "://" in name:
        return unquote(name).casefold()
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
        windows.N_COM_ATTEMPTS = _Patience(_ATTEMPTS)  # type: ignore[attr-defined]  # of the module for Windows alone
