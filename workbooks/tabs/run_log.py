"""The Run Log tab: who ran what and when, newest first. The only place where a clock shows.

Owns: its columns, the facts of a run, and how many runs are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import isfinite, nan

import numpy as np

from engine.outcome import ExitStatus, Outcome
from engine.whatif.compare import total_miss
from solver.frozen import frozen
from workbooks.tabs.looks import AFTER_NUMBER, HOURS, ITEMS, TOP, WHOLE, clipped, number, title_block, title_heights
from workbooks.tabs.model import Column, Sheet, Table
from workbooks.tabs.names import RUN_LOG, table_name

__all__ = ["KEPT", "RUN_LOG", "RunFacts", "run_log_sheet"]

KEPT = 50
"""Runs that stay in the log, this one included."""

_HEADERS = (
    "Run", "At", "By", "Command", "Version", "Input fingerprint", "Status", "Targets met", "Shortfall", "Seconds",
    "Solver", "How solved",
)  # fmt: skip
_NUMBERS = {"Run": WHOLE, "Shortfall": ITEMS, "Seconds": HOURS}
_WIDTHS = (6, 25, 18, 40, 10, 20, 18, 13, 12, 10, 10, 60)
_NOTES = {
    "Input fingerprint": "The same inputs have the same fingerprint",
    "Shortfall": "Sum of Shortfall in Target Check, of volumes: hours and points are nothing to add to items",
}


_STATUS = {
    ExitStatus.DONE: "done",
    ExitStatus.INPUT_WRONG: "input wrong",
    ExitStatus.USAGE: "wrong usage",
    ExitStatus.TARGET_MISSED: "done, a target is missed or time ran out",
    ExitStatus.LIMITS_BROKEN: "done, limits cannot all be kept",
    ExitStatus.NOT_WRITTEN: "not written",
    ExitStatus.BUG: "a bug of ours",
    ExitStatus.INTERRUPTED: "interrupted",
}


@frozen
class RunFacts:
    """What is known of a run besides its plan.

    run : its number; the log counts on from the highest number it holds
    at : ISO text
    command : with secrets masked
    version : of the engine
    fingerprint : of the inputs
    status : exit status
    leaf_rows : the file beside the book that holds the leaf rows of Cascade; "" where the sheet does
    """

    run: int
    at: str
    by: str
    command: str
    version: str
    fingerprint: str
    status: int
    seconds: float
    leaf_rows: str = ""


TARGETS_MET = _HEADERS.index("Targets met")
FINGERPRINT = _HEADERS.index("Input fingerprint")


@frozen
class RunResult:
    """What a run came to, for its line in the log; a run that cascades nothing has no targets met."""

    targets_met: str = ""
    shortfall: float = nan
    solver: str = ""
    how: str = ""


def cascaded_fingerprint(rows: Sequence[Sequence[object]]) -> str:
    """Return the fingerprint of the inputs that were cascaded last; "" where none were.

    Parameters
    ----------
    rows : of the present log, newest first
    """
    for row in rows:
        if len(row) > TARGETS_MET and row[TARGETS_MET] not in (None, ""):
            return str(row[FINGERPRINT])
    return ""


def run_log_sheet(outcome: Outcome, run: RunFacts, earlier_runs: Sequence[Sequence[object]]) -> Sheet:
    """Return Run Log after a cascade.

    Parameters
    ----------
    earlier_runs : rows of the present log, newest first, cell values in column order
    """
    met = outcome.targets.met
    solver = outcome.plan.settings.solver
    how = outcome.solved + (f"; leaf rows in {run.leaf_rows}" if run.leaf_rows else "")
    result = RunResult(f"{int(met.sum())} of {len(met)}", total_miss(outcome), solver, how)
    return logged(result, run, earlier_runs)


def logged(result: RunResult, run: RunFacts, earlier_runs: Sequence[Sequence[object]]) -> Sheet:
    """Return Run Log with one more run."""
    earlier = [[*row, *[None] * len(_HEADERS)][: len(_HEADERS)] for row in earlier_runs]
    earlier = [row for row in earlier if any(value not in (None, "") for value in row)]
    rows = [_newest(result, run, earlier), *earlier][:KEPT]
    columns = []
    for at, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
        values = [row[at] for row in rows]
        if header in _NUMBERS:
            numbers = np.array([_as_number(value) for value in values])
            columns.append(Column(header, numbers, number(_NUMBERS[header]), width, _NOTES.get(header, "")))
        else:
            texts = [_as_text(value) for value in values]
            columns.append(Column(header, texts, AFTER_NUMBER, width, _NOTES.get(header, "")))
    table = Table(table_name(RUN_LOG), TOP, 1, columns)
    return Sheet(
        RUN_LOG,
        table,
        title_block("Run Log", f"Newest first; the last {KEPT} runs are kept."),
        freeze=(TOP + 1, 2),
        heights=title_heights(),
    )


def _newest(result: RunResult, run: RunFacts, earlier: Sequence[Sequence[object]]) -> list[object]:
    numbers = [_as_number(row[0]) for row in earlier]
    last = max((each for each in numbers if isfinite(each)), default=0.0)
    return [
        max(run.run, int(last) + 1),
        run.at,
        run.by,
        run.command,
        run.version,
        run.fingerprint,
        f"{run.status} {_STATUS[ExitStatus(run.status)]}",
        result.targets_met,
        result.shortfall,
        round(run.seconds, 1),
        result.solver,
        result.how,
    ]


def _as_number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return nan


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clipped(str(value))
