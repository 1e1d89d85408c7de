"""Targets and Limits: what is asked, and what cascading must keep.

Owns: senses, priorities, minimum, maximum and hold.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from engine.building.columns import TableReader
from engine.building.duplicates import report_duplicates
from engine.building.each import expand_each
from engine.building.entries import Entries, Times, entry_place, raw_value, read_entries, report_repeated
from engine.building.journal import Problem
from engine.building.references import UNKNOWN, References, find_period
from engine.building.shares import RATE, report_percents
from engine.building.spans import period_span
from engine.issues import Place
from engine.plan import Limits, Scopes, Sense, Targets, no_scopes
from solver.frozen import frozen

_SENSES = {"": Sense.EXACTLY, "exactly": Sense.EXACTLY, "at least": Sense.AT_LEAST, "at most": Sense.AT_MOST}

TOTAL, NOW = "total", "now"
OF_BASELINE, POINTS, OF_AGREED = "% of baseline", "points on baseline", "% of agreed"


@frozen
class AskedTargets:
    """Rows of Targets before their values are totals.

    basis : of each row, a choice of the field Basis; is_part : bool, rows that Each made
    """

    targets: Targets
    basis: tuple[str, ...]
    is_part: np.ndarray

    def take(self, rows: np.ndarray) -> AskedTargets:
        """Return some rows."""
        basis = tuple(self.basis[row] for row in rows.tolist())
        return AskedTargets(self.targets.take(rows), basis, self.is_part[rows])


@frozen
class AskedLimits:
    """Rows of Limits before their values are totals.

    is_part : bool, rows that Each made; is_now : bool, rows that hold what stands in Cascade, without a value yet
    """

    limits: Limits
    basis: tuple[str, ...]
    is_part: np.ndarray
    is_now: np.ndarray

    def take(self, rows: np.ndarray) -> AskedLimits:
        """Return some rows."""
        basis = tuple(self.basis[row] for row in rows.tolist())
        return AskedLimits(self.limits.take(rows), basis, self.is_part[rows], self.is_now[rows])


def read_targets(reader: TableReader, references: References) -> AskedTargets | None:
    """Return the rows of Targets in table order, or None where the table has no place for values."""
    if len(reader) == 0:
        reader.journal.add("TC210", reader.table.whole(), "no target")
        return None
    basis = [word or TOTAL for word in reader.choices("Basis")]
    words, priority = reader.choices("Sense"), reader.numbers("Priority")
    entries = read_entries(reader, references, plan_times(references, reader))
    if entries is None:
        return None
    sense = np.array([_SENSES[word] for word in words], dtype=np.int64)[entries.record]
    stated = np.array([bool(word) for word in words])[entries.record]
    of_entry = [basis[record] for record in entries.record.tolist()]
    _report_negative(reader, of_entry, entries.value, lambda entry: entry_place(reader, entries, entry))
    raw = [raw_value(reader, entries, entry) for entry in range(len(entries))]
    _report_shares(reader, references, entries.metric, of_entry, raw, lambda entry: entry_place(reader, entries, entry))
    each = expand_each(reader, references.known, entries.record, (entries.org, entries.queue, entries.time))
    expanded = _expanded(entries, each.row, (each.org, each.queue, each.period))
    report_repeated(reader, expanded, sense[each.row])
    rank = np.where(np.isnan(priority), 1.0, priority)
    targets = Targets(
        _scopes(expanded),
        sense[each.row],
        expanded.value,
        rank[expanded.record],
        stated[each.row],
        tuple(entry_place(reader, expanded, entry) for entry in range(len(expanded))),
    )
    return AskedTargets(targets, tuple(of_entry[row] for row in each.row.tolist()), each.is_part)


def _expanded(entries: Entries, row: np.ndarray, nodes: tuple[np.ndarray, np.ndarray, np.ndarray]) -> Entries:
    taken = entries.take(row)
    return Entries(taken.metric, *nodes, taken.value, taken.record, taken.extra)


def no_targets() -> AskedTargets:
    """Return no target at all: it stands in while the other tables are checked."""
    nothing = np.zeros(0, np.int64)
    none = Targets(no_scopes(), nothing, np.zeros(0), np.zeros(0), np.zeros(0, dtype=bool), ())
    return AskedTargets(none, (), np.zeros(0, dtype=bool))


def _scopes(entries: Entries) -> Scopes:
    return Scopes(entries.metric, entries.org, entries.queue, entries.time)


def plan_times(references: References, reader: TableReader) -> Times:
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


def no_limits() -> AskedLimits:
    """Return the limits of a plan without the table."""
    none = Limits(no_scopes(), np.zeros(0), np.zeros(0), np.zeros(0, dtype=bool), (), (), ())
    return AskedLimits(none, (), np.zeros(0, dtype=bool), np.zeros(0, dtype=bool))


def read_limits(reader: TableReader, references: References) -> AskedLimits:
    """Return the rows of Limits that limit something, in table order."""
    basis = [word or TOTAL for word in reader.choices("Basis")]
    scope = Scopes(
        references.metric(reader), references.org(reader), references.queue(reader), references.period(reader)
    )
    until = references.leaves_until(reader)
    low, high, hold = reader.numbers("Min"), reader.numbers("Max"), reader.numbers("Hold")
    is_now = reader.says("Hold", NOW)
    held, bounded = np.isfinite(hold) | is_now, np.isfinite(low) | np.isfinite(high)
    _report_values(reader, basis, {"Min": low, "Max": high, "Hold": hold})
    _add(reader, "TC218", is_now & bounded, "Hold", "Hold beside Min or Max")
    for name in ("Min", "Max", "Hold"):
        raw = reader.table.values.get(name)
        place = partial(_place_in, reader, name)
        _report_shares(reader, references, scope.metric, basis, [] if raw is None else raw.tolist(), place)
    resolved = (scope.metric != UNKNOWN) & (scope.org >= 0) & (scope.queue >= 0) & (scope.period >= 0)
    _add(reader, "TC511", resolved & ~held & ~bounded, "Min", "neither Min nor Max nor Hold")
    rows = np.flatnonzero(resolved & (held | bounded))
    each = expand_each(reader, references.known, rows, (scope.org[rows], scope.queue[rows], scope.period[rows]))
    record = rows[each.row]
    owner, reason = reader.texts("Owner"), reader.texts("Reason")
    fields = np.select([held, np.isfinite(low)], ["Hold", "Min"], "Max")
    places = tuple(reader.place(row, str(fields[row])) for row in record.tolist())
    limits = Limits(
        Scopes(scope.metric[record], each.org, each.queue, each.period, until[record]),
        np.where(held, hold, np.where(np.isnan(low), -np.inf, low))[record],
        np.where(held, hold, np.where(np.isnan(high), np.inf, high))[record],
        held[record],
        tuple(owner[row] for row in record.tolist()),
        tuple(reason[row] for row in record.tolist()),
        places,
    )
    keys = (scope.metric[record], each.org, each.queue, each.period, until[record])
    report_duplicates(reader, keys, lambda row: places[row], lambda row: _limit_words(limits, row))
    words = tuple(TOTAL if is_now[row] else basis[row] for row in record.tolist())
    return AskedLimits(limits, words, each.is_part, is_now[record])


def _report_values(reader: TableReader, basis: list[str], values: dict[str, np.ndarray]) -> None:
    """Name rows whose values contradict each other, or cannot be."""
    low, high, hold = values["Min"], values["Max"], values["Hold"]
    held, bounded = np.isfinite(hold), np.isfinite(low) | np.isfinite(high)
    _add(reader, "TC218", held & bounded, "Hold", "Hold beside Min or Max")
    crossed = np.flatnonzero(low > high).tolist()
    reader.journal.add_each(
        "TC219", [Problem(reader.place(row, "Min"), f"Min {low[row]:,.12g}, Max {high[row]:,.12g}") for row in crossed]
    )
    for name, column in values.items():
        _report_negative(reader, basis, column, partial(_place_in, reader, name))


def _place_in(reader: TableReader, name: str, row: int) -> Place:
    return reader.place(row, name)


def _report_shares(
    reader: TableReader, references: References, metric: np.ndarray, basis: list[str], raw: list[object],
    place: Callable[[int], Place],
) -> None:  # fmt: skip
    """Name percentages where an amount is asked: only a rate, or a part of the baseline, may be one."""
    metrics = references.known.metrics
    if metrics is None:
        return
    is_share = metrics.is_kind(metric, RATE)
    is_share |= np.array([word in (POINTS, OF_BASELINE, OF_AGREED) for word in basis], dtype=bool)
    report_percents(reader.journal, raw, is_share, place)


def _report_negative(reader: TableReader, basis: list[str], values: np.ndarray, place: Callable[[int], Place]) -> None:
    """Name values below 0: only points on a baseline may be."""
    below = np.flatnonzero(values < 0).tolist()
    found = [
        Problem(place(row), f"{values[row]:,.12g}", "a number, 0 or more") for row in below if basis[row] != POINTS
    ]
    reader.journal.add_each("TC204", found)


def _limit_words(limits: Limits, row: int) -> str:
    if limits.is_hold[row] and np.isnan(limits.lower[row]):
        return f"hold {NOW}"
    if limits.is_hold[row]:
        return f"hold {limits.lower[row]:,.12g}"
    low = f"min {limits.lower[row]:,.12g}" if np.isfinite(limits.lower[row]) else ""
    high = f"max {limits.upper[row]:,.12g}" if np.isfinite(limits.upper[row]) else ""
    return ", ".join(part for part in (low, high) if part)


def _add(reader: TableReader, code: str, rows: np.ndarray, name: str, found: str) -> None:
    at = name if reader.has(name) else "Metric"
    problems = [Problem(reader.place(record, at), found) for record in np.flatnonzero(rows).tolist()]
    reader.journal.add_each(code, problems)
