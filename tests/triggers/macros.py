"""TC85: workbooks that macros cannot be put into, and open ones that cannot be reached or written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

from engine.issues import Issue
from tests.triggers.planning import PLAN
from tests.workbooks.books import as_saved, book, changed, opened, replaced
from workbooks.click.delivery import Age, Delivered
from workbooks.live.attach import find_book
from workbooks.live.click import protections, why_refused
from workbooks.macros.add import add_macros
from workbooks.package.compose import TypedOver
from workbooks.run import RunOptions, cascade


def _added(data: bytes) -> Sequence[Issue]:
    made = add_macros(data)
    return [made] if isinstance(made, Issue) else []


def _twice() -> Sequence[Issue]:
    first = add_macros(book(PLAN))
    assert isinstance(first, bytes)
    return _added(first)


def _template() -> Sequence[Issue]:
    kinds = replaced(b"spreadsheetml.sheet.main+xml", b"spreadsheetml.template.main+xml")
    return _added(changed(book(PLAN), {"[Content_Types].xml": kinds}))


def _mixed_alphabets() -> Sequence[Issue]:
    named = replaced(b"<workbookPr", "<workbookPr codeName='\u0e2a\u05d0'".encode())
    return _added(changed(book(PLAN), {"xl/workbook.xml": named}))


def _found(name: str) -> Sequence[Issue]:
    found = find_book(name)
    return [found] if isinstance(found, Issue) else []


@contextmanager
def _xlwings(*books: str) -> Iterator[None]:
    """Stand in for xlwings, of which no part is ours: two programs, each with these workbooks open."""
    opened = [SimpleNamespace(name=name, fullname=name, api=None) for name in books]
    stand_in = SimpleNamespace(apps=[SimpleNamespace(books=opened), SimpleNamespace(books=opened)])
    with patch.dict(sys.modules, {"xlwings": stand_in}):
        yield


def _without_xlwings() -> Sequence[Issue]:
    with patch.dict(sys.modules, {"xlwings": None}):
        return _found("/plan.xlsx")


def _not_open() -> Sequence[Issue]:
    with _xlwings("/other.xlsx"):
        return _found("/plan.xlsx")


def _open_from_the_web() -> Sequence[Issue]:
    with _xlwings("https://firm.sharepoint.com/sites/Other/Plans/plan.xlsx"):
        return _found("/home/me/Plans/plan.xlsx")


def _open_twice() -> Sequence[Issue]:
    with _xlwings("/plan.xlsx"):
        return _found("/plan.xlsx")


def _protected() -> Sequence[Issue]:
    sheet = SimpleNamespace(name="Cascade", api=SimpleNamespace(ProtectContents=True))
    book = SimpleNamespace(sheets=_Named(sheet), api=SimpleNamespace(ProtectStructure=False))
    return protections(book, [Delivered("Cascade", "Cascade", Age.OLD)])


class _Named(list[SimpleNamespace]):
    """Sheets by name."""

    def __init__(self, *sheets: SimpleNamespace) -> None:
        super().__init__(sheets)

    def __getitem__(self, name: str) -> SimpleNamespace:
        return next(sheet for sheet in self if sheet.name == name)


def _limited_and_typed_over() -> Sequence[Issue]:
    maximum = [("Metric", "Org", "Queue", "Period", "Hold", "Max"), ("Reviews", "A", "Spam", "Jan", None, 90.0)]
    edited = opened(cascade(book({**PLAN, "Limits": maximum})).data or b"")
    edited["Cascade"]["E5"] = 12.0
    return cascade(as_saved(edited), RunOptions(TypedOver.KEEP)).issues


class com_error(Exception):  # noqa: N801, N818  # what Excel's refusals are called on Windows
    """A refusal of Excel's."""


def _refused(number: int, words: str) -> Sequence[Issue]:
    told = (0, "Microsoft Excel", words, "xlmain11.chm", 0, -2146827284)
    found = why_refused(com_error(number, "Exception occurred.", told, None))
    return [found] if found is not None else []


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {
    "TC850": _twice,
    "TC851": _template,
    "TC852": _without_xlwings,
    "TC853": _not_open,
    "TC854": _open_twice,
    "TC855": _protected,
    "TC856": lambda: _refused(-2147418111, ""),
    "TC858": _limited_and_typed_over,
    "TC859": _mixed_alphabets,
    "TC857": lambda: _refused(-2147352567, "The cell is locked."),
    "TC860": _open_from_the_web,
}
