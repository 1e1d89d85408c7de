"""Small workbooks with rates, for the builder and for whole runs: what the small workbook does, and how well."""

from __future__ import annotations

from engine.tables import Inputs
from tests.builders import BASELINE, Rows, small

HEADERS = ("Metric", "Kind", "Unit", "Better", "Weight", "Floor", "Ceiling", "Best", "Decimals", "Role")
REVIEWS = ("Reviews", "volume", "items")
ACCURACY = ("Accuracy", "rate", "%", None, "Reviews", None, 0.99, 0.98)
HANDLE_TIME = ("AHT", "rate", "s", "lower", "Reviews", None, None, 40, None, "handle time")
HISTORY: Rows = [
    ("Accuracy", "Team A", "Hate", "2025-01", 0.90),
    ("Accuracy", "Team A", "Hate", "2025-02", 0.92),
    ("Accuracy", "Team B", "Bots", None, 0.95),
    ("Accuracy", "Lisbon", "Scams", None, 0.985),
]
ASKED = ("Metric", "Org", "Queue", "Period", "Sense", "Value", "Basis", "Priority")


def metrics(*rates: tuple[object, ...]) -> Rows:
    """Return the table Metrics: reviews, and some rates."""
    return [HEADERS, REVIEWS, *rates]


def asked(*rows: tuple[object, ...]) -> Rows:
    """Return the table Targets: 700 reviews, and what is asked of rates."""
    return [ASKED, ("Reviews", None, None, None, None, 700), *rows]


def rated(*targets: tuple[object, ...], **tables: Rows | None) -> Inputs:
    """Return the small workbook with an accuracy, one target of it unless others are given."""
    chosen: dict[str, Rows | None] = {
        "Metrics": metrics(ACCURACY),
        "Baseline": [*BASELINE, *HISTORY],
        "Targets": asked(*(targets or (("Accuracy", None, None, None, None, 0.97),))),
    }
    return small(**(chosen | tables))
