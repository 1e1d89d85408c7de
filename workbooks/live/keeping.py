"""What a person sees of Excel while we write, and after: kept as it was, whatever happens.

Owns: selection, active sheet, calculation mode, screen updating, alerts and events.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from solver.frozen import frozen

if TYPE_CHECKING:
    import xlwings

_SWITCHES = ("screen_updating", "display_alerts", "enable_events")


@frozen
class Seen:
    """What was seen: the active sheet of the workbook, and the ranges selected on it."""

    sheet: str
    cells: str


@contextmanager
def kept_as_it_was(book: xlwings.Book) -> Iterator[None]:
    """Let the workbook be written to in silence; afterwards everything is as it was, also after an error."""
    app = book.app
    before = {name: getattr(app, name) for name in _SWITCHES}
    calculation = app.calculation
    seen = what_is_seen(book)
    try:
        for name in _SWITCHES:
            setattr(app, name, False)
        app.calculation = "manual"
        yield
    finally:
        with suppress(Exception):
            app.calculation = calculation
        with suppress(Exception):
            _show(book, seen)
        for name, value in before.items():
            with suppress(Exception):
                setattr(app, name, value)


def what_is_seen(book: xlwings.Book) -> Seen:
    """Return the active sheet and what is selected on it; no cells where a chart or a button is."""
    sheet = book.sheets.active.name
    try:
        chosen = book.selection if hasattr(book, "selection") else book.app.selection
        return Seen(sheet, chosen.address if chosen is not None and chosen.sheet.book == book else "")
    except Exception:  # what is selected is no range
        return Seen(sheet, "")


def _show(book: xlwings.Book, seen: Seen) -> None:
    if seen.sheet not in {sheet.name for sheet in book.sheets}:
        return
    sheet = book.sheets[seen.sheet]
    sheet.activate()
    if seen.cells:
        sheet.range(seen.cells).select()
