"""Capacity: productive hours, given or computed from people.

    hours = FTE × paid hours × (1 − shrinkage) × occupancy × ramp + overtime, in each leaf period
    paid hours = Paid hours, or Hours per day × working days

Owns: that formula, and rows that say too much or too little for it.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import TableReader
from engine.building.duplicates import report_duplicates
from engine.building.journal import Problem
from engine.building.periods import PlanPeriods
from engine.building.references import References
from engine.plan import EVERY_METRIC, Capacity, Scopes, no_scopes
from solver.frozen import frozen

NOWHERE = -1
_DEFAULTS = {"Shrinkage": 0.0, "Occupancy": 1.0, "Ramp": 1.0}
_DEFAULT_WORDS = {"Shrinkage": "0 %", "Occupancy": "100 %", "Ramp": "1"}
_OF_PEOPLE = ("Paid hours", "Hours per day", "Working days", *_DEFAULTS, "Overtime hours")


@frozen
class _Crew:
    """The columns of Capacity; float64, shape (records,), nan = not given."""

    hours: np.ndarray
    fte: np.ndarray
    paid: np.ndarray
    per_day: np.ndarray
    days: np.ndarray
    shrinkage: np.ndarray
    occupancy: np.ndarray
    ramp: np.ndarray
    overtime: np.ndarray


def no_capacity() -> Capacity:
    """Return the capacity of a plan without the table: none is limited."""
    return Capacity(no_scopes(), np.zeros(0), np.zeros(0), ())


def read_capacity(reader: TableReader, references: References) -> Capacity:
    """Return capacity rows in table order; none where the periods are too broken to spread people over them."""
    org, queue, period = references.org(reader), references.queue(reader), references.period(reader)
    names = ("Hours", "FTE", "Paid hours", "Hours per day", "Working days", *_DEFAULTS, "Overtime hours")
    crew = _Crew(*(reader.numbers(name) for name in names))
    by_hours, by_fte = np.isfinite(crew.hours), np.isfinite(crew.fte)
    _report_shape(reader, crew)
    resolved = (org >= 0) & (queue >= 0) & (period >= 0)
    known = np.flatnonzero(resolved)
    report_duplicates(
        reader,
        (org[known], queue[known], period[known]),
        lambda row: reader.place(int(known[row]), "Hours" if by_hours[known[row]] else "FTE"),
        lambda row: (
            f"{crew.hours[known[row]]:,.12g} h" if by_hours[known[row]] else f"{crew.fte[known[row]]:,.12g} FTE"
        ),
    )
    periods = references.known.periods
    if periods is None:
        return no_capacity()
    _report_missing_days(reader, crew, np.where(resolved, period, NOWHERE), periods)
    used = np.flatnonzero(resolved & (by_hours | by_fte))
    return _spread(reader, _Rows(used, org, queue, period), crew, periods)


@frozen
class _Rows:
    """Rows of Capacity that are used; org, queue and period are of shape (records,)."""

    used: np.ndarray
    org: np.ndarray
    queue: np.ndarray
    period: np.ndarray


def _spread(reader: TableReader, rows: _Rows, crew: _Crew, periods: PlanPeriods) -> Capacity:
    """Return one row per Hours row, and one per leaf period of each FTE row."""
    is_crew = np.isnan(crew.hours[rows.used])
    span = periods.tree.leaf_span[rows.period[rows.used]]
    times = np.where(is_crew, span[:, 1] - span[:, 0], 1)
    record = np.repeat(rows.used, times)
    first_leaf = np.repeat(span[:, 0], times)
    leaf = first_leaf + np.arange(len(record)) - np.repeat(np.cumsum(times) - times, times)
    of_crew = np.repeat(is_crew, times)
    factors = (1 - _given(crew.shrinkage, "Shrinkage")) * _given(crew.occupancy, "Occupancy")
    productive = (factors * _given(crew.ramp, "Ramp"))[record]
    days = np.where(np.isfinite(crew.days[record]), crew.days[record], periods.working_days[leaf])
    paid = np.where(np.isfinite(crew.paid[record]), crew.paid[record], crew.per_day[record] * days)
    hours = crew.fte[record] * paid * productive + np.nan_to_num(crew.overtime[record])
    fields = np.where(of_crew, "FTE", "Hours")
    return Capacity(
        Scopes(
            np.full(len(record), EVERY_METRIC),
            rows.org[record],
            rows.queue[record],
            np.where(of_crew, periods.tree.leaves[leaf], rows.period[record]),
        ),
        np.where(of_crew, hours, crew.hours[record]),
        np.where(of_crew, paid * productive, np.nan),
        tuple(reader.place(row, field) for row, field in zip(record.tolist(), fields.tolist(), strict=True)),
        np.where(of_crew, crew.fte[record], np.nan),
        columns=_stated(crew, record, of_crew, days, paid),
    )


def _stated(
    crew: _Crew, record: np.ndarray, of_crew: np.ndarray, days: np.ndarray, paid: np.ndarray
) -> dict[str, np.ndarray]:
    """Return what the rows say of their crews, blanks of shares at their defaults."""
    columns = {
        "FTE": crew.fte[record],
        "Paid hours": paid,
        "Hours per day": crew.per_day[record],
        "Working days": days,
        "Overtime hours": np.nan_to_num(crew.overtime[record]),
        **{
            name: _given(values, name)[record]
            for name, values in zip(_DEFAULTS, (crew.shrinkage, crew.occupancy, crew.ramp), strict=True)
        },
    }
    return {name: np.where(of_crew, values, np.nan) for name, values in columns.items()}


def _given(values: np.ndarray, name: str) -> np.ndarray:
    return np.where(np.isnan(values), _DEFAULTS[name], values)


def _report_shape(reader: TableReader, crew: _Crew) -> None:
    """Name rows that say too much or too little."""
    by_hours, by_fte = np.isfinite(crew.hours), np.isfinite(crew.fte)
    by_month, by_day = np.isfinite(crew.paid), np.isfinite(crew.per_day)
    blank = ~_is_filled(reader, "Hours", "FTE", "Handle time")  # what items took may stand alone in CapacityActuals
    _add(reader, "TC213", by_hours & by_fte, "Hours", "Hours and FTE")
    _add(reader, "TC214", blank, "Hours", "a blank for both")
    _add(reader, "TC215", by_fte & ~_is_filled(reader, "Paid hours", "Hours per day"), "FTE", "FTE alone")
    _add(reader, "TC216", by_fte & by_month & by_day, "Hours per day", "Paid hours and Hours per day")
    crews = by_fte & ~by_hours
    blanks = [
        f"{name} blank in {count} row(s), taken as {words}"
        for name, words in _DEFAULT_WORDS.items()
        if (count := int((crews & ~_is_filled(reader, name)).sum())) > 0
    ]
    if blanks:
        reader.journal.add("TC503", reader.table.whole(), "; ".join(blanks))
    idle = by_hours & ~by_fte & np.logical_or.reduce([_is_filled(reader, name) for name in _OF_PEOPLE])
    if idle.any():
        names = [name for name in _OF_PEOPLE if (_is_filled(reader, name) & idle).any()]
        place = reader.place(int(np.flatnonzero(idle)[0]), names[0])
        reader.journal.add("TC515", place, f"{', '.join(names)} beside Hours in {idle.sum()} row(s)")


def _is_filled(reader: TableReader, *names: str) -> np.ndarray:
    """Whether a record has anything in one of these columns, be it right or wrong."""
    filled = np.zeros(len(reader), dtype=bool)
    for name in names:
        labels = reader.labels(name)
        filled |= (labels.code >= 0) | labels.faulty
    return filled


def _report_missing_days(reader: TableReader, crew: _Crew, period: np.ndarray, periods: PlanPeriods) -> None:
    span = np.where((period == NOWHERE)[:, None], 0, periods.tree.leaf_span[period])
    unknown = np.append(0, np.cumsum(np.isnan(periods.working_days)))
    lacking = (unknown[span[:, 1]] > unknown[span[:, 0]]) & ~_is_filled(reader, "Working days")
    by_day = np.isfinite(crew.fte) & np.isfinite(crew.per_day) & np.isnan(crew.paid)
    _add(reader, "TC217", by_day & lacking, "Hours per day", "Hours per day, and periods without working days")


def _add(reader: TableReader, code: str, rows: np.ndarray, name: str, found: str) -> None:
    at = name if reader.has(name) else "Org"
    problems = [Problem(reader.place(record, at), found) for record in np.flatnonzero(rows).tolist()]
    reader.journal.add_each(code, problems)
