"""TC9: the planning cycle and the night batch."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from engine.issues import Issue
from tests.workbooks.books import Formula, small_book
from workbooks.addresses import MAX_ROWS
from workbooks.batch.isolated import Lane
from workbooks.batch.messages import Answer, Asked, bug
from workbooks.command.machine import IssueReport
from workbooks.load.load_table import LoadOptions, load_table
from workbooks.load.sources import Source, read_source

_ASKED = Asked(command="targets batch", by="Aoife")


def _in_lane(sign: signal.Signals, limit_s: float) -> Sequence[IssueReport]:
    """Return what is said of a workbook whose process is sent a signal."""
    lane = Lane()
    os.kill(lane.process, sign)
    return _said(lane.run(small_book(), _ASKED, limit_s))


def _said(answer: Answer) -> Sequence[IssueReport]:
    return answer.said.issues


def _load(rows: str, table: str = "Baseline", **tables: object) -> Sequence[Issue]:
    """Return what is said of rows loaded into a small plan."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_text(rows, encoding="utf-8")
        source = read_source(str(path))
    if isinstance(source, Issue):
        return [source]
    return load_table(small_book(**tables), table, source, LoadOptions()).issues  # type: ignore[arg-type]


def _too_many() -> Sequence[Issue]:
    lines = np.arange(2, MAX_ROWS + 2)
    texts, values = np.full(len(lines), "x", dtype=object), np.full(len(lines), 1.0, dtype=object)
    headers = ("Metric", "Org", "Queue", "Period", "Value")
    source = Source("rows.csv", headers, (texts, texts, texts, texts, values), lines)
    return load_table(small_book(), "Baseline", source, LoadOptions()).issues


_HEADERS = "Metric,Org,Queue,Period,Value\n"
_NOTES = [("Note",), (Formula("SUM(Baseline!E2:E9)").showing(1.0),)]

TRIGGERS: dict[str, Callable[[], Sequence[IssueReport | Issue]]] = {
    "TC901": lambda: _in_lane(signal.SIGSTOP, 0.2),
    "TC902": lambda: _in_lane(signal.SIGKILL, 60.0),
    "TC903": lambda: _said(bug("Please send us the report: /tmp/target-cascade-report.txt")),
    "TC910": lambda: _load(""),
    "TC911": lambda: _load(_HEADERS.replace("Value", "Worth")),
    "TC912": lambda: _load("Metric,Org\nReviews,Team A\n"),
    "TC913": lambda: _load(_HEADERS, "Actuals"),
    "TC914": _too_many,
    "TC915": lambda: _load(_HEADERS + "Reviews,Team A,Spam,2025-01,5\n", Notes=_NOTES),
}
