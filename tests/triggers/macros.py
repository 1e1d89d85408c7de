"""TC85: workbooks that macros cannot be put into."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.issues import Issue
from tests.triggers.planning import PLAN
from tests.workbooks.books import book, changed, replaced
from workbooks.macros.add import add_macros


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


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {"TC850": _twice, "TC851": _template}
