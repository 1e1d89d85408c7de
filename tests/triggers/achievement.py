"""TC8: what happened, by way of a real workbook and the commands that compare it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

from engine.issues import Issue
from tests.workbooks.achievement import ACTUALS, cascaded, plan_book, with_renamed_team
from tests.workbooks.books import Rows
from workbooks.seal_run import seal
from workbooks.variance_run import variance

_DATED = ("Metric", "Org", "Queue", "From", "To", "Value")


def _reviewed(**tables: Rows | None) -> Sequence[Issue]:
    return variance(plan_book(**tables)).issues


def _dated(first: datetime.date, last: datetime.date) -> Sequence[Issue]:
    return _reviewed(Actuals=[_DATED, ("Reviews", "A", "Spam", first, last, 50)])


def _gone() -> Sequence[Issue]:
    """A sealed plan in whose trees a team was renamed since."""
    sealed = seal(cascaded())
    assert sealed.data is not None
    return variance(with_renamed_team(sealed.data)).issues


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {
    "TC801": lambda: _reviewed(Actuals=[*ACTUALS, ("Reviews", "Nobody", None, "2026-01", 1)]),
    "TC802": lambda: _dated(datetime.date(2026, 1, 26), datetime.date(2026, 2, 8)),
    "TC803": lambda: _reviewed(Actuals=[*ACTUALS, ("Reviews", "A", None, "2026-01", 100)]),
    "TC804": lambda: _reviewed(Settings=[("Setting", "Value"), ("As of", "2026-01")]),
    "TC805": lambda: _reviewed(Actuals=[ACTUALS[0], ("Reviews", "A", None, "2026-01", 300)]),
    "TC806": lambda: _dated(datetime.date(2026, 1, 5), datetime.date(2026, 1, 9)),
    "TC807": _reviewed,
    "TC808": lambda: seal(plan_book()).issues,
    "TC809": lambda: _reviewed(Actuals=None),
    "TC810": _gone,
    "TC540": _reviewed,
    "TC541": lambda: _dated(datetime.date(2025, 12, 29), datetime.date(2026, 1, 4)),
    "TC542": lambda: _reviewed(Actuals=[ACTUALS[0], ("Reviews", "A", "Spam", datetime.date(2026, 1, 1), 90)]),
    "TC812": lambda: _reviewed(Actions=[("What we do",), ("Talk",)]),
    "TC811": lambda: _reviewed(Settings=[("Setting", "Value"), ("As of", "1999-01")]),
}
