"""Rates of an export as shares: percent signs, 95 for 95 %, and figures that no share can be.

Owns: which numbers of a measure are shares, and the negative or impossible ones that are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from engine.building.texts import quoted
from workbooks.importing.export import Export
from workbooks.importing.guesses import Told
from workbooks.importing.measures import Measured, Reading
from workbooks.importing.vocabulary import Role

_ROUNDING = 1e-9
_RARE = 0.2  # part of figures above 1 up to which they are slips, not the unit


def as_shares(export: Export, measured: Measured, told: Told) -> Iterator[Reading]:
    """Yield the numbers of an export without those that cannot be; rates as shares where they are shares."""
    factors = {at: _factor(export, measured, at, told) for at in range(len(measured.measures))}
    for reading in measured.readings:
        factor = factors[reading.measure]
        is_above = factor is not None and reading.value * factor > 1 + _ROUNDING
        if reading.value < 0 or is_above:
            shown = quoted(export.records[reading.record][reading.column])
            told.add("TC270" if is_above else "TC268", export.place(reading.record, reading.column), shown)
        elif factor in (None, 1.0):
            yield reading
        else:
            scaled = reading.value * (factor or 1.0)
            yield Reading(reading.record, reading.column, reading.measure, scaled, reading.span)


def _factor(export: Export, measured: Measured, at: int, told: Told) -> float | None:
    """Return what makes a measure's numbers shares; None where they are none."""
    measure = measured.measures[at]
    if measure.role is not Role.RATE:
        return None
    values = [reading.value for reading in measured.readings if reading.measure == at and reading.value >= 0]
    if not values or at in measured.percent:
        return 1.0
    above = sum(value > 1 for value in values) / len(values)
    first = next(reading for reading in measured.readings if reading.measure == at)
    place = export.place(first.record, first.column)
    about, found = f"rate {measure.name}", f"values around {median(values):,.3g}"
    if above <= _RARE:
        return 1.0
    if max(values) <= 100 and median(values) > 1:
        told.guess(about, found, "per cent: 95 is read as 95 %", "Most values lie between 1 and 100", place=place)
        return 0.01
    told.guess(about, found, "an average that is no share", "Values lie far above 100", place=place, is_sure=False)
    return None
