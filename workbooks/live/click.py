"""A click on a workbook that is open in Excel: read there, computed as any workbook, written there.

Owns: the joining of reading, verb and writing; what stands in the way, in words; and that a write that fails half-way
is taken back.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from workbooks.click.answer import Answer, Note, answer_text, issues_answer, status_values
from workbooks.click.delivery import Delivered, changes_of
from workbooks.click.protection import refusals
from workbooks.click.request import Request
from workbooks.click.snapshot import snapshot_of
from workbooks.click.verbs import VERBS, unknown_verb
from workbooks.click.work import By, Clicked
from workbooks.live.attach import find_book
from workbooks.live.bring import Lines, bring
from workbooks.live.image import image_of
from workbooks.live.keeping import kept_as_it_was
from workbooks.live.scratch import scratch_of
from workbooks.package.own_book import sheet_lines
from workbooks.tabs.control import STATUS, STATUS_NAME

if TYPE_CHECKING:
    import xlwings


def click_live(request: Request, by: By) -> Answer:
    """Do what is asked on the open workbook, show on its Control sheet what it came to, and write the answer."""
    started = time.monotonic()
    at = datetime.now().astimezone()
    book = find_book(request.book)
    answer = issues_answer([book], "") if isinstance(book, Issue) else _tried(book, request, by)
    told = " ".join(request.verb), at, time.monotonic() - started
    if not isinstance(book, Issue):
        with suppress(Exception):  # the answer stands even where Excel does not let us show it
            _show(book, status_values(answer, *told))
    if request.answer is not None:
        request.answer.write_text(answer_text(answer, *told), encoding="ascii", newline="\n")
    return answer


def _tried(book: xlwings.Book, request: Request, by: By) -> Answer:
    try:
        return _done(book, request, by)
    except Exception as failed:
        if (refused := why_refused(failed)) is None:
            raise
        return issues_answer([refused], "")


def _done(book: xlwings.Book, request: Request, by: By) -> Answer:
    verb = VERBS.get(request.verb[0]) if request.verb else None
    if verb is None:
        return unknown_verb(" ".join(request.verb))
    with kept_as_it_was(book):
        book.app.calculate()
        before = image_of(book)
        clicked = verb(before, request, by)
        delivered = changes_of(before, clicked.data, is_restoration=clicked.is_restoration)
        if protected := protections(book, delivered):
            return issues_answer(protected, "")
        if delivered:
            _write(book, before, clicked, delivered)
    if clicked.answer.note is not None:
        _put_note(book, clicked.answer.note)
    if clicked.answer.show and clicked.answer.show in {sheet.name for sheet in book.sheets}:
        book.sheets[clicked.answer.show].activate()
    return clicked.answer


def _put_note(book: xlwings.Book, note: Note) -> None:
    """Put a note on a cell, in the place of the one that is there."""
    cell = book.sheets[note.sheet].range(note.cell)
    if cell.note is not None:
        cell.note.delete()
    cell.add_note(note.text)
    with suppress(Exception):  # on Windows the box can be made to fit; elsewhere it is drawn larger by hand
        cell.api.Comment.Shape.TextFrame.AutoSize = True


def _write(book: xlwings.Book, before: bytes, clicked: Clicked, delivered: Sequence[Delivered]) -> None:
    """Bring the changes; where that fails half-way, bring what was there before."""
    try:
        _bring(book, clicked.data, delivered)
    except Exception:
        with suppress(Exception):
            earlier = snapshot_of(before)
            _bring(book, earlier, changes_of(image_of(book), earlier, is_restoration=True))
        raise
    finally:
        with suppress(Exception):
            book.app.calculate()


def _bring(book: xlwings.Book, result: bytes, delivered: Sequence[Delivered]) -> None:
    hidden: Lines = {each.name: sheet_lines(result, each.name) for each in delivered if each.is_hidden}
    with _opened_beside(book, scratch_of(result, delivered)) as scratch:
        bring(book, scratch, delivered, hidden)


@contextmanager
def _opened_beside(book: xlwings.Book, data: bytes) -> Iterator[xlwings.Book]:
    """Open a workbook in the same Excel, and close it again."""
    with tempfile.TemporaryDirectory(prefix="targets-", dir=_reachable_folder()) as folder:
        path = Path(folder) / "targets-result.xlsx"
        path.write_bytes(data)
        scratch = book.app.books.open(str(path), update_links=False, read_only=True, add_to_mru=False)
        try:
            book.activate()
            yield scratch
        finally:
            scratch.close()


def _reachable_folder() -> Path | None:
    """Return a folder from which Excel opens files without asking: on a Mac, its own."""
    own = Path.home() / "Library/Containers/com.microsoft.Excel/Data/tmp"
    return own if own.is_dir() else None


def protections(book: xlwings.Book, delivered: Sequence[Delivered]) -> list[Issue]:
    """Return the sheets that must be written to, but are protected."""
    names = {sheet.name for sheet in book.sheets}
    return refusals(
        delivered,
        lambda name: name in names and _says(book.sheets[name].api, "ProtectContents"),
        lambda: _says(book.api, "ProtectStructure"),
    )


def _says(thing: object, what: str) -> bool:
    """Return a property that Windows calls ``ProtectContents`` and a Mac ``protect_contents``."""
    mac = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in what).lstrip("_")
    for name in (what, mac):
        with suppress(Exception):
            told = getattr(thing, name)
            return bool(told.get() if hasattr(told, "get") else told)
    return False


_BUSY = (-2147418111, -2146777998)
"""What Excel says while a cell is being edited, or a window of its own is open."""


def why_refused(failed: Exception) -> Issue | None:
    """Return in words why Excel refused; None where the fault is ours."""
    kind = type(failed).__name__
    if kind not in ("com_error", "CommandError", "ExcelBusyError"):
        return None
    # with a cell in edit mode Excel says so in the last number of a refusal like any other
    numbers = {value for value in (getattr(failed, "hresult", None), *_flat(failed.args)) if isinstance(value, int)}
    if numbers & set(_BUSY) or kind == "ExcelBusyError":
        return issue("TC856", NOWHERE, "Excel does not answer")
    return issue("TC857", NOWHERE, _words_of(failed))


def _words_of(failed: Exception) -> str:
    """Return Excel's own words: on Windows the third of (code, source, words, help file, topic, number)."""
    told = failed.args[2] if len(failed.args) > 2 else ()
    if isinstance(told, tuple) and len(told) > 2 and told[2]:
        return str(told[2])
    texts = [each for each in _flat(failed.args) if isinstance(each, str) and each]
    return texts[-1] if texts else type(failed).__name__


def _flat(args: Sequence[object]) -> list[object]:
    return [each for value in args for each in (_flat(value) if isinstance(value, (tuple, list)) else [value])]


def _show(book: xlwings.Book, values: dict[str, str]) -> None:
    """Write what the last click came to on Control, where the workbook has one."""
    for name in book.names:
        if name.name == STATUS_NAME:
            name.refers_to_range.value = [[values[label]] for label in STATUS]
