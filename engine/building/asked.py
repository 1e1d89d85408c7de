"""Targets and Limits: what is asked, and what cascading must keep.

Owns: senses, priorities, minimum, maximum and hold.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import TableReader
from engine.building.duplicates import report_duplicates
from engine.building.entries import Entries, Times, entry_place, read_entries, report_repeated
from engine.building.journal import Problem
from engine.building.references import References, find_period
from engine.building.spans import period_span
from engine.issues import Place
from engine.plan import Limits, Scopes, Sense, Targets

_SENSES = {"": Sense.EXACTLY, "exactly": Sense.EXACTLY, "at least": Sense.AT_LEAST, "at most": Sense.AT_MOST}


def read_targets(reader: TableReader, references: References) -> Targets | None:
    """Return the rows of Targets in table order, or None where the table has no place for values."""
    if len(reader) == 0:
        reader.journal.add("TC210", reader.table.whole(), "no target")
        return None
    reader.choices("Basis")  # total is the only one so far; the others stop the run
    words, priority = reader.choices("Sense"), reader.numbers("Priority")
    entries = read_entries(reader, references, _plan_times(references, reader))
    if entries is None:
        return None
    sense = np.array([_SENSES[word] for word in words], dtype=np.int64)[entries.record]
    stated = np.array([bool(word) for word in words])[entries.record]
    report_repeated(reader, entries, sense)
    return Targets(
        _scopes(entries),
        sense,
        entries.value,
        np.where(np.isnan(priority), 1.0, priority)[entries.record],
        stated,
        tuple(entry_place(reader, entries, entry) for entry in range(len(entries))),
    )


def no_targets() -> Targets:
    """Return no target at all: it stands in while the other tables are checked."""
    nothing = np.zeros(0, np.int64)
    scope = Scopes(nothing, nothing, nothing, nothing)
    return Targets(scope, nothing, np.zeros(0), np.zeros(0), np.zeros(0, dtype=bool), ())


def _scopes(entries: Entries) -> Scopes:
    return Scopes(entries.metric, entries.org, entries.queue, entries.time)


def _plan_times(references: References, reader: TableReader) -> Times:
    """Return how periods of the plan are read, from cells and from headers."""
    periods, month_names = references.known.periods, references.known.month_names

    def header(value: object, place: Place) -> int | None:
        if periods is None:
            return None
        found = find_period(periods, value, month_names)
        if found.code and (found.code != "TC304" or period_span(value, month_names)):
            reader.journal.add(found.code, place, found.words + found.hint())
        elif found.code:
            return None
        return found.position

    def column(own: TableReader) -> np.ndarray:
        return references.period(own)

    return Times(column, header)


def no_limits() -> Limits:
    """Return the limits of a plan without the table."""
    nothing = np.zeros(0, np.int64)
    scope = Scopes(nothing, nothing, nothing, nothing)
    return Limits(scope, np.zeros(0), np.zeros(0), np.zeros(0, dtype=bool), (), (), ())


def read_limits(reader: TableReader, references: References) -> Limits:
    """Return the rows of Limits that limit something, in table order."""
    reader.choices("Basis")
    scope = Scopes(
        references.metric(reader), references.org(reader), references.queue(reader), references.period(reader)
    )
    low, high, hold = reader.numbers("Min"), reader.numbers("Max"), reader.numbers("Hold")
    held, bounded = np.isfinite(hold), np.isfinite(low) | np.isfinite(high)
    _add(reader, "TC218", held & bounded, "Hold", "Hold beside Min or Max")
    crossed = np.flatnonzero(low > high).tolist()
    reader.journal.add_each(
        "TC219", [Problem(reader.place(row, "Min"), f"Min {low[row]:,g}, Max {high[row]:,g}") for row in crossed]
    )
    resolved = np.logical_and.reduce([part >= 0 for part in (scope.metric, scope.org, scope.queue, scope.period)])
    _add(reader, "TC511", resolved & ~held & ~bounded, "Min", "neither Min nor Max nor Hold")
    rows = np.flatnonzero(resolved & (held | bounded))
    owner, reason = reader.texts("Owner"), reader.texts("Reason")
    chosen = [part[rows] for part in (scope.metric, scope.org, scope.queue, scope.period)]
    fields = np.select([held, np.isfinite(low)], ["Hold", "Min"], "Max")
    places = tuple(reader.place(row, str(fields[row])) for row in rows.tolist())
    limits = Limits(
        Scopes(*chosen),
        np.where(held, hold, np.where(np.isnan(low), -np.inf, low))[rows],
        np.where(held, hold, np.where(np.isnan(high), np.inf, high))[rows],
        held[rows],
        tuple(owner[row] for row in rows.tolist()),
        tuple(reason[row] for row in rows.tolist()),
        places,
    )
    report_duplicates(reader, chosen, lambda row: places[row], lambda row: _limit_words(limits, row))
    return limits


def _limit_words(limits: Limits, row: int) -> str:
    if limits.is_hold[row]:
        return f"hold {limits.lower[row]:,g}"
    low = f"min {limits.lower[row]:,g}" if np.isfinite(limits.lower[row]) else ""
    high = f"max {limits.upper[row]:,g}" if np.isfinite(limits.upper[row]) else ""
    return ", ".join(part for part in (low, high) if part)


def _add(reader: TableReader, code: str, rows: np.ndarray, name: str, found: str) -> None:
    at = name if reader.has(name) else "Metric"
    problems = [Problem(reader.place(record, at), found) for record in np.flatnonzero(rows).tolist()]
    reader.journal.add_each(code, problems)
