"""Capacity, CapacityActuals, Inflow and InflowActuals side by side, per team or queue and leaf period.

Owns: bringing both sides of capacity down to teams by one rule. Faults in what happened are set aside.
"""

from __future__ import annotations

import numpy as np

from engine.building.build import known_names
from engine.building.columns import TableReader
from engine.building.history import History
from engine.building.inflow import Ground, by_queue, read_streams
from engine.building.journal import Journal
from engine.building.references import Known, References
from engine.building.set_aside import SetAside
from engine.building.spread import Cube
from engine.issues import Issue
from engine.plan import Plan
from engine.tables import Inputs
from engine.trees import ROOT, single_node
from engine.variance.causes import Crew, Sides

_DEFAULTS = {"Shrinkage": 0.0, "Occupancy": 1.0, "Ramp": 1.0}


def read_sides(inputs: Inputs, plan: Plan) -> tuple[Sides, tuple[Issue, ...]]:
    """Return both sides of capacity and inflow, and what was set aside of what happened."""
    journal, silent = SetAside(), Journal()  # what is wrong with the plan's own tables was said when it was built
    known = known_names(inputs)

    def reader(name: str, listens: Journal) -> TableReader | None:
        table = inputs.tables.get(name)
        return None if table is None or not len(table) else TableReader(table, listens)

    agreed, actual = reader("Capacity", silent), reader("CapacityActuals", journal)
    sides = Sides(
        None if agreed is None else _crew(agreed, known, plan),
        None if actual is None else _crew(actual, known, plan),
        _inflow(reader("Inflow", silent), known, plan),
        _inflow(reader("InflowActuals", journal), known, plan),
    )
    return sides, journal.issues


def _inflow(reader: TableReader | None, known: Known, plan: Plan) -> dict[int, np.ndarray]:
    if reader is None or known.periods is None:
        return {}
    streams = read_streams(reader, None, References(known))
    cube = Cube(single_node("All"), plan.queues, History(known.periods, known.month_names))
    alive = np.ones((len(plan.queues.leaves), len(plan.periods.leaves)), dtype=bool)
    return dict(by_queue(streams.inflow, cube, Ground(plan.metrics, plan.queues, known.periods, alive)))


def _crew(reader: TableReader, known: Known, plan: Plan) -> Crew:
    """Return the finest row over all queues of each team and period; rows over several teams are split evenly."""
    references = References(known)
    org, queue, period = references.org(reader), references.queue(reader), references.period(reader)
    names = ("Hours", "FTE", "Paid hours", "Hours per day", "Working days", *_DEFAULTS, "Overtime hours")
    column = {name: reader.numbers(name) for name in names}
    has_seconds = any(field.name == "Handle time" for field in reader.fields)
    seconds = reader.numbers("Handle time") if has_seconds else np.full(len(reader), np.nan)
    shape = (len(plan.org.leaves), len(plan.periods.leaves))
    found = {
        name: np.full(shape, np.nan) for name in ("hours", "fte", "paid", "shrinkage", "occupancy", "ramp", "seconds")
    }
    usable = np.flatnonzero((org >= 0) & (queue == ROOT) & (period >= 0))
    size = [
        len(plan.org.leaf_positions(int(org[row]))) * len(plan.periods.leaf_positions(int(period[row])))
        for row in usable.tolist()
    ]
    days = np.nan_to_num(plan.calendar.working_days, nan=1.0)
    for row in usable[np.argsort(-np.array(size, dtype=np.int64), kind="stable")].tolist():
        teams, leaves = plan.org.leaf_positions(int(org[row])), plan.periods.leaf_positions(int(period[row]))
        at = np.ix_(teams, leaves)
        found["seconds"][at] = np.where(np.isfinite(seconds[row]), seconds[row], found["seconds"][at])
        if np.isfinite(column["Hours"][row]):
            share = days[leaves] / days[leaves].sum() if days[leaves].sum() > 0 else 1 / len(leaves)
            found["hours"][at] = (column["Hours"][row] / len(teams) * share)[None, :]
            found["fte"][at] = np.nan
        elif np.isfinite(column["FTE"][row]):
            _take_people(found, at, column, row, (days[leaves], len(teams)))
    return Crew(**found)


def _take_people(
    found: dict[str, np.ndarray],
    at: tuple[np.ndarray, ...],
    column: dict[str, np.ndarray],
    row: int,
    scope: tuple[np.ndarray, int],
) -> None:
    days, teams = scope

    def given(name: str) -> float:
        return float(column[name][row]) if np.isfinite(column[name][row]) else _DEFAULTS[name]

    own_days = column["Working days"][row]
    counted = np.full(len(days), own_days) if np.isfinite(own_days) else days
    by_month = column["Paid hours"][row]
    paid = np.full(len(days), by_month) if np.isfinite(by_month) else column["Hours per day"][row] * counted
    fte = float(column["FTE"][row]) / teams
    shrinkage, occupancy, ramp = (given(name) for name in _DEFAULTS)
    overtime = float(np.nan_to_num(column["Overtime hours"][row])) / teams
    values = {
        "fte": np.full(len(days), fte),
        "paid": paid,
        "shrinkage": np.full(len(days), shrinkage),
        "occupancy": np.full(len(days), occupancy),
        "ramp": np.full(len(days), ramp),
        "hours": fte * paid * (1 - shrinkage) * occupancy * ramp + overtime,
    }
    for name, each in values.items():
        found[name][at] = each[None, :]
