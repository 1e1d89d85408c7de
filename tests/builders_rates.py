"""One small workbook per code of the builder that is about rates, in which exactly that goes wrong."""

from __future__ import annotations

from collections.abc import Callable

from engine.tables import Inputs
from tests.builders import BASELINE, ORG, Rows
from tests.rate_books import ACCURACY, HISTORY, metrics, rated

_NODES: Rows = [("Metric", "Org", "Queue", "Floor", "Ceiling", "Best")]
_OTHER_ORG: Rows = [("Node", "Parent"), ("Europe", None), *((node, above or "Europe") for node, above, _ in ORG[1:])]


def _benchmarks(*rows: tuple[object, ...], **tables: Rows) -> Inputs:
    return rated(Benchmarks=[*_NODES, *rows], **tables)


CASES: dict[str, Callable[[], Inputs]] = {
    "TC240": lambda: rated(Metrics=metrics((*ACCURACY[:4], None))),
    "TC241": lambda: rated(("Accuracy", None, None, None, None, 95)),
    "TC242": lambda: rated(Metrics=metrics((*ACCURACY[:5], 0.99, 0.9))),
    "TC243": lambda: _benchmarks(("Reviews", "Team A", None, None, None, 0.97)),
    "TC244": lambda: rated(
        Benchmarks=[
            *_NODES,
            ("Accuracy", "EMEA", "Spam", None, None, 0.97),
            ("Accuracy", "Dublin", None, 0.5, 1, 0.98),
        ],
        Org=[("Node", "Parent"), ("Europe", None), *((node, above or "Europe") for node, above, _ in ORG[1:])],
    ),
    "TC245": lambda: rated(("Accuracy", None, None, None, None, 0.95, "per working day")),
    "TC520": lambda: rated(Baseline=[*BASELINE, *HISTORY[:1]]),
    "TC521": lambda: rated(Baseline=BASELINE),
    "TC522": lambda: rated(Metrics=metrics(ACCURACY[:5])),
    "TC524": lambda: rated(
        Metrics=[row if at != 1 else (*row, None, None, 5) for at, row in enumerate(metrics(ACCURACY))]
    ),
}
"""Code → the input tables that bring it about; everything else in them is sound."""
