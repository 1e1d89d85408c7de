"""Worksheet functions for Excel on Windows: TARGET, ACHIEVED, ATTAINMENT and WHY of the last run.

xlwings finds them by the name of this module; docs/excel.md says how. They read the result sheets of the workbook
that asks, and compute nothing.

Owns: the functions, and for how long what was read is good.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ParamSpec

import xlwings

from solver.frozen import frozen
from workbooks.last_run import METRICS, SHEETS, Asked, LastRun, Value
from workbooks.live.attach import full_name
from workbooks.package.mark import hidden_name, sheet_of_name

_Arguments = ParamSpec("_Arguments")

_GOOD_S = 2.0
"""Seconds for which what was read stands: thousands of cells ask at once, and each reading takes its time."""


@frozen
class _Read:
    at: float
    last: LastRun


_read: dict[str, _Read] = {}


def _in_cells(function: Callable[_Arguments, Value]) -> Callable[_Arguments, Value]:
    """Offer a function to Excel: xlwings takes hints for its converters, and knows none for ``Value``; it sees none."""
    function.__annotations__ = {}
    offered: Callable[_Arguments, Value] = xlwings.func(volatile=True)(function)
    return offered


@_in_cells
def target(metric: str, org: str = "", queue: str = "", period: str = "", caller: xlwings.Range | None = None) -> Value:
    """Target of a team and queue, or of any node above them; "" stands for all."""
    return _shown(_last_run(caller).target(_asked(metric, org, queue, period)))


@_in_cells
def achieved(
    metric: str, org: str = "", queue: str = "", period: str = "", caller: xlwings.Range | None = None
) -> Value:
    """Actual of a node in a period, as Variance has it; of a period that is not over, so far."""
    return _shown(_last_run(caller).of_variance(_asked(metric, org, queue, period), "Actual"))


@_in_cells
def attainment(
    metric: str, org: str = "", queue: str = "", period: str = "", caller: xlwings.Range | None = None
) -> Value:
    """Part of the target of a node and period that was achieved, as Variance has it."""
    return _shown(_last_run(caller).of_variance(_asked(metric, org, queue, period), "Attainment"))


@_in_cells
def why(metric: str, org: str = "", queue: str = "", period: str = "", caller: xlwings.Range | None = None) -> Value:
    """Why a target is what it is, in the words of Cascade, Org Targets and Queue Targets."""
    return _shown(_last_run(caller).why(_asked(metric, org, queue, period)))


def _asked(metric: object, org: object, queue: object, period: object) -> Asked:
    """Return the place asked for; an empty cell comes as None, a year as a number."""
    return Asked(*(_typed(each) for each in (metric, org, queue, period)))


def _typed(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _shown(value: Value) -> Value:
    return "no result" if value is None else value


def _last_run(caller: xlwings.Range | None) -> LastRun:
    book = xlwings.books.active if caller is None else caller.sheet.book
    name, now = full_name(book), time.monotonic()
    known = _read.get(name)
    if known is None or now - known.at > _GOOD_S:
        known = _read[name] = _Read(now, LastRun(_sheets(book)))
    return known.last


def _sheets(book: xlwings.Book) -> dict[str, list[list[object]]]:
    """Return the result sheets from A1 on, whatever they are called now, and Metrics."""
    following = {each.name: sheet_of_name(str(each.refers_to or "").lstrip("=")) for each in book.names}
    there = {sheet.name: sheet for sheet in book.sheets}
    wanted = {name: following.get(hidden_name(name), name) for name in SHEETS} | {METRICS: METRICS}
    return {
        name: there[shown].used_range.options(ndim=2, err_to_str=True).value
        for name, shown in wanted.items()
        if shown in there
    }
