"""TC262 to TC277, TC531: what stands in exports that a plan is made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.issues import Issue
from tests.workbooks.importing.exports import as_csv, changed, imported, plain_rows
from workbooks.importing.book import import_book

_MONTHS = [("Team", "Month", "Handled", "AHT (s)")]
_LANGUAGES = [("Period", "Language", "Reviews"), ("2025H2", "bg", 10), ("2026H1", "Bulgarian", 11)]


def _of(rows: Sequence[Sequence[object]]) -> Callable[[], Sequence[Issue]]:
    return lambda: imported(rows).issues


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {
    "TC262": lambda: import_book("photo.png", b"\x89PNG\x00\x00").issues,
    "TC263": _of([("Team", "Month"), ("A", "2026-01")]),
    "TC264": _of(changed(2, Handled="lots")),
    "TC265": _of([*_MONTHS, ("A", "2026-01", 10, "1,250")]),
    "TC266": _of(changed(1, Handled="1,000")),
    "TC267": _of([("Ticket ID", *_MONTHS[0]), (7, "A", "2026-01", 10, 60)]),
    "TC268": _of(changed(2, Handled=-5)),
    "TC269": _of([*plain_rows(), ("EMEA", "Dublin", "Total", "2026-W01", "", 4007, "", "")]),
    "TC270": _of(changed(3, Accuracy=1.03)),
    "TC271": _of([*plain_rows(), plain_rows()[5]]),
    "TC272": _of(changed(1, Site="Dublin ")),
    "TC273": _of(_LANGUAGES),
    "TC274": _of(changed(2, Queue="Coments")),
    "TC275": _of(changed(2, Week="sometime")),
    "TC276": _of([("Team", "Handled"), ("A", 10)]),
    "TC531": lambda: (
        import_book(
            "volumes.csv",
            as_csv(plain_rows()),
            more=[("hr.csv", as_csv([("Team", "Month", "FTE"), ("Z", "2026-01", 3)]))],
        ).issues
    ),
    "TC277": _of([("Date", "Team", "Handled"), ("03/04/2026", "A", 10), ("04/05/2026", "A", 10)]),
}
