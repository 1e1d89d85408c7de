"""Capacity, CapacityActuals, Inflow and InflowActuals side by side, per team or queue and leaf period.

Owns: reading what happened by the rules of the plan's own tables. Faults in it are set aside.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.building.build import known_names
from engine.building.capacity import read_capacity
from engine.building.columns import TableReader
from engine.building.crews import agreed_and_actual
from engine.building.history import History
from engine.building.inflow import Ground, Rows, by_queue, read_streams
from engine.building.journal import Journal
from engine.building.references import Known, References
from engine.building.set_aside import SetAside
from engine.building.spread import Cube
from engine.issues import Issue
from engine.plan import Capacity, Plan
from engine.tables import Inputs
from engine.trees import single_node
from engine.variance.causes import Sides
from solver.frozen import frozen


def read_sides(inputs: Inputs, plan: Plan) -> tuple[Sides, tuple[Issue, ...]]:
    """Return both sides of capacity and arrivals, and what was set aside of what happened."""
    journal, known = SetAside(), known_names(inputs)
    people, stream = (_reader(inputs, name, journal) for name in ("CapacityActuals", "InflowActuals"))
    planned, came = (
        {} if reader is None else _streams(reader, known, plan)
        for reader in (_reader(inputs, "Inflow", Journal()), stream)  # what is wrong with the plan was said before
    )
    sides = Sides(
        arrivals_agreed={volume: inflow - np.nan_to_num(exits) for volume, (inflow, exits) in planned.items()},
        arrivals_actual={
            volume: inflow - np.nan_to_num(_where_told(exits, planned.get(volume)))
            for volume, (inflow, exits) in came.items()
        },
    )
    if people is not None:
        happened = _happened(people, journal, known)
        whole, by_node = agreed_and_actual(plan, happened.capacity)
        sides = replace(
            sides,
            crew_agreed=whole.agreed,
            crew_actual=whole.actual,
            by_queue=by_node,
            seconds=_seconds(plan, happened),
        )
    aside = sum(int((~journal.sound(each.table)).sum()) for each in (people, stream) if each is not None)
    return replace(sides, set_aside=aside), journal.issues


def _reader(inputs: Inputs, name: str, journal: Journal) -> TableReader | None:
    table = inputs.tables.get(name)
    return None if table is None or not len(table) else TableReader(table, journal)


_Stream = tuple[np.ndarray, np.ndarray]
"""Inflow and exits: float64, shape (leaf queues, leaf periods), nan where nothing is said."""


def _where_told(exits: np.ndarray, planned: _Stream | None) -> np.ndarray:
    """Return exits, those that were planned where nobody told any."""
    return exits if planned is None else np.where(np.isfinite(exits), exits, planned[1])


def _streams(reader: TableReader, known: Known, plan: Plan) -> dict[int, _Stream]:
    """Return what came in and what left unhandled, by volume."""
    if known.periods is None:
        return {}
    streams = read_streams(reader, None, References(known))
    cube = Cube(single_node("All"), plan.queues, History(known.periods, known.month_names))
    alive = np.ones((len(plan.queues.leaves), len(plan.periods.leaves)), dtype=bool)
    ground = Ground(plan.metrics, plan.queues, known.periods, alive)
    came, left = (by_queue(_first_of_each(rows), cube, ground) for rows in (streams.inflow, streams.exits))
    return {volume: (values, left.get(volume, np.full(values.shape, np.nan))) for volume, values in came.items()}


def _first_of_each(rows: Rows | None) -> Rows | None:
    """Return rows with the first of those that say something about the same; the others were set aside."""
    if rows is None:
        return None
    entries = rows.entries
    _, first = np.unique(np.column_stack([entries.metric, entries.queue, entries.time]), axis=0, return_index=True)
    return Rows(rows.reader, entries.take(np.sort(first)))


@frozen
class _Happened:
    """Rows of CapacityActuals.

    org, queue, period, seconds : of each record; −1 and nan where it has none, or was set aside
    """

    capacity: Capacity
    org: np.ndarray
    queue: np.ndarray
    period: np.ndarray
    seconds: np.ndarray


def _happened(reader: TableReader, journal: SetAside, known: Known) -> _Happened:
    capacity = read_capacity(reader, References(known))
    seconds = reader.numbers("Handle time")
    sound = journal.sound(reader.table)
    sound_rows = reader.table.rows[sound]
    kept = np.flatnonzero(np.isin([place.row for place in capacity.place], sound_rows))
    silent, names = TableReader(reader.table, Journal()), References(known)
    org, queue, period = names.org(silent), names.queue(silent), names.period(silent)
    told = sound & np.isfinite(seconds) & (org >= 0) & (queue >= 0) & (period >= 0)
    return _Happened(
        capacity.take(kept),
        np.where(told, org, -1),
        np.where(told, queue, -1),
        np.where(told, period, -1),
        np.where(told, seconds, np.nan),
    )


def _seconds(plan: Plan, rows: _Happened) -> np.ndarray | None:
    """Return what an item took, of each team, queue and leaf period; the most specific row wins."""
    told = np.flatnonzero(np.isfinite(rows.seconds))
    if not len(told):
        return None
    found = np.full(tuple(len(tree.leaves) for tree in (plan.org, plan.queues, plan.periods)), np.nan)
    boxes = [
        np.ix_(
            plan.org.leaf_positions(int(rows.org[row])),
            plan.queues.leaf_positions(int(rows.queue[row])),
            plan.periods.leaf_positions(int(rows.period[row])),
        )
        for row in told.tolist()
    ]
    size = np.array([np.prod([len(side.ravel()) for side in box]) for box in boxes])
    for at in np.argsort(-size, kind="stable").tolist():
        found[boxes[at]] = rows.seconds[told[at]]
    return found
