"""Columns of Metrics that only rates have: Weight, Role, Floor, Ceiling, Best.

Owns: what a rate needs to be a rate.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import NOT_GIVEN, TableReader
from engine.building.references import find_metric
from engine.building.shares import RATE, report_share
from engine.building.texts import key_of, quoted, text_of
from engine.issues import Place
from engine.plan import Metrics
from solver.frozen import frozen

BOUNDS = ("Floor", "Ceiling", "Best")


@frozen
class RateColumns:
    """What Metrics says about one rate, and where. floor, ceiling, best : nan where not given."""

    metric: int
    weight: int
    floor: float
    ceiling: float
    best: float
    is_handle_time: bool
    place: Place
    is_sla: bool = False


def read_rate_columns(reader: TableReader, metrics: Metrics) -> tuple[RateColumns, ...]:
    """Return the rates that have a weight, in the order of the metrics; the others are named."""
    record_of: dict[str, int] = {}
    for record, name in enumerate(reader.texts("Metric")):
        record_of.setdefault(key_of(name), record)
    weights, roles, kinds = reader.labels("Weight"), reader.choices("Role"), reader.texts("Kind")
    bounds = {name: reader.numbers(name) for name in BOUNDS}
    found = []
    for metric, name in enumerate(metrics.ids):
        record = record_of[key_of(name)]
        given = {column: float(values[record]) for column, values in bounds.items()}
        if metrics.kinds[metric] != RATE:
            if key_of(kinds[record]) != metrics.kinds[metric]:
                continue  # what kind it is meant to be is to be mended first
            _report_needless(reader, record, given, [weights.code[record] != NOT_GIVEN, bool(roles[record])])
            continue
        named = None if weights.code[record] == NOT_GIVEN else weights.distinct[weights.code[record]]
        weight = _weight(reader, metrics, record, named)
        for column, value in given.items():
            report_share(reader.journal, metrics, metric, value, reader.place(record, _there(reader, column)))
        if given["Floor"] > given["Ceiling"]:
            words = f"Floor {given['Floor']:g} above Ceiling {given['Ceiling']:g}"
            reader.journal.add("TC242", reader.place(record, "Floor"), words)
        if weight is not None:
            is_handle_time = roles[record] == "handle time"
            place = reader.place(record, "Metric")
            found.append(
                RateColumns(
                    metric,
                    weight,
                    given["Floor"],
                    given["Ceiling"],
                    given["Best"],
                    is_handle_time,
                    place,
                    roles[record] == "SLA",
                )
            )
    return tuple(found)


def _there(reader: TableReader, column: str) -> str:
    return column if reader.has(column) else "Metric"


def _weight(reader: TableReader, metrics: Metrics, record: int, named: object) -> int | None:
    """Return the volume a rate is weighted by; None where that is not one, which is named."""
    name = reader.texts("Metric")[record]
    volumes = [metrics.ids[at] for at, kind in enumerate(metrics.kinds) if kind == "volume"]
    expected = "a volume metric" + (f": {', '.join(volumes)}" if volumes else "")
    place = reader.place(record, _there(reader, "Weight"))
    if named is None:
        reader.journal.add("TC240", place, f"the rate “{name}” without a Weight", expected=expected)
        return None
    found = find_metric(metrics, named)
    if found.code:
        reader.journal.add(found.code, place, found.words + found.hint())
        return None
    if metrics.kinds[found.position] != "volume":
        words = f"Weight {quoted(text_of(named))}, a {metrics.kinds[found.position]}"
        reader.journal.add("TC240", place, words, expected=expected)
        return None
    return found.position


def _report_needless(reader: TableReader, record: int, given: dict[str, float], others: list[bool]) -> None:
    """Name columns that say something about rates, filled for a metric that is none."""
    filled = [name for name, value in given.items() if not np.isnan(value)]
    filled += [name for name, is_filled in zip(("Weight", "Role"), others, strict=True) if is_filled]
    if filled:
        name = reader.texts("Metric")[record]
        reader.journal.add("TC524", reader.place(record, filled[0]), f"{', '.join(filled)} of “{name}”")
