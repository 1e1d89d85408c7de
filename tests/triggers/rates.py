"""Codes of rates, by way of a real workbook in which exactly that goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.issues import Issue
from engine.tables import Inputs
from tests.builders_rates import CASES
from tests.workbooks.books import book_of
from workbooks.run import read_plan


def _case(make: Callable[[], Inputs]) -> Callable[[], Sequence[Issue]]:
    return lambda: read_plan(book_of(make())).issues


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {code: _case(make) for code, make in CASES.items()}
