"""TC640–TC646: who has signed which version, and what is to stay near it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from engine.issues import Issue
from tests.triggers.planning import PLAN
from tests.workbooks.books import book
from tests.workbooks.signing import DAY, kept, sealed_and_changed
from workbooks.run import read_plan


def _found(*rows: Sequence[object]) -> Sequence[Issue]:
    return read_plan(kept(*rows)).issues


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {
    "TC640": lambda: _found(("A", "7", "proposed", "Aoife", DAY)),
    "TC641": lambda: _found(("A", "1", "agreed")),
    "TC642": lambda: _found(("A", "1", "draft", "Aoife", DAY), (None, "1", "agreed", "Brid", DAY)),
    "TC643": lambda: _found(("A", "1", "sealed", "Aoife", DAY)),
    "TC645": lambda: read_plan(book({**PLAN, "Settings": [("Setting", "Value"), ("Smallest move", 5)]})).issues,
    "TC646": lambda: read_plan(sealed_and_changed()).issues,
    "TC644": lambda: _found(("A", "1", "agreed", "Aoife", datetime(2026, 3, 1))),
}
