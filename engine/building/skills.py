"""Skills: who may work on what, when, and how much of it.

Owns: eligible pairs and periods, and what Max share makes of hours and queues.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import TableReader
from engine.building.duplicates import report_duplicates
from engine.building.journal import Journal, Problem
from engine.building.references import UNKNOWN, References
from engine.building.spread import Cube
from engine.fair.crew import given_hours
from engine.issues import Place
from engine.plan import EVERY_METRIC, Capacity, Plan, QueueShares, Scopes
from solver.frozen import frozen


@frozen
class SkillRows:
    """Rows of Skills; arrays of shape (rows,).

    metric : EVERY_METRIC where none is named; org, queue : nodes or groups
    first, last : leaf periods, the first and the one after the last
    of_hours, of_queue : most of the team's hours and of the queue's volume, 0…1, nan where not given
    """

    metric: np.ndarray
    org: np.ndarray
    queue: np.ndarray
    first: np.ndarray
    last: np.ndarray
    of_hours: np.ndarray
    of_queue: np.ndarray
    place: tuple[Place, ...]
    queue_place: tuple[Place, ...]


def read_skills(reader: TableReader, references: References) -> SkillRows:
    """Return the rows of Skills whose names are known."""
    metric = references.metric(reader)
    org, queue = references.org(reader), references.queue(reader)
    first, last = references.leaf_range(reader)
    of_hours, of_queue = reader.numbers("Max share"), reader.numbers("Max share of queue")
    usable = np.flatnonzero((metric != UNKNOWN) & (org >= 0) & (queue >= 0))
    rows = SkillRows(
        metric[usable], org[usable], queue[usable], first[usable], last[usable], of_hours[usable], of_queue[usable],
        tuple(reader.place(row, "Max share") for row in usable.tolist()),
        tuple(reader.place(row, "Max share of queue") for row in usable.tolist()),
    )  # fmt: skip
    org_names, queue_names = reader.texts("Org"), reader.texts("Queue")
    report_duplicates(
        reader,
        (rows.metric, rows.org, rows.queue, rows.first, rows.last),
        lambda row: reader.place(int(usable[row]), "Org"),
        lambda row: f"{org_names[usable[row]]} on {queue_names[usable[row]]}",
    )
    return rows


def skilled_pairs(cube: Cube, rows: SkillRows, metrics: np.ndarray) -> np.ndarray:
    """Return the keys of the leaf pairs that Skills allows at some time, sorted. metrics : those that have cells."""
    keys = [_row_keys(cube, rows, row, metrics) for row in range(len(rows.metric))]
    return np.unique(np.concatenate(keys)) if keys else np.zeros(0, np.int64)


def skilled_times(cube: Cube, rows: SkillRows, pairs: np.ndarray, metrics: np.ndarray) -> np.ndarray:
    """Return when each pair may work: bool, shape (pairs, leaf periods)."""
    times = len(cube.history.periods.tree.leaves)
    if not ((rows.first > 0) | (rows.last < times)).any():
        return np.ones((len(pairs), times), dtype=bool)
    allowed = np.zeros((len(pairs), times), dtype=bool)
    for row in range(len(rows.metric)):
        at = np.searchsorted(pairs, _row_keys(cube, rows, row, metrics))
        allowed[at, rows.first[row] : rows.last[row]] = True
    return allowed


def _row_keys(cube: Cube, rows: SkillRows, row: int, metrics: np.ndarray) -> np.ndarray:
    org = cube.org.leaf_positions(int(rows.org[row]))
    queue = cube.queues.leaf_positions(int(rows.queue[row]))
    named = metrics if rows.metric[row] == EVERY_METRIC else rows.metric[row : row + 1]
    grid = np.meshgrid(named, org, queue, indexing="ij")
    return np.sort(cube.key(*(part.ravel() for part in grid)))


def with_hour_shares(plan: Plan, rows: SkillRows, journal: Journal) -> Capacity:
    """Return capacity with a row for every team and period of Max share: hours there × share, on those queues."""
    hours = given_hours(plan)
    pieces: list[tuple[int, int, int, float, int]] = []
    lacking = []
    for row in np.flatnonzero(np.isfinite(rows.of_hours)).tolist():
        teams = plan.org.leaf_positions(int(rows.org[row]))
        for team in teams.tolist():
            there = hours[team, rows.first[row] : rows.last[row]]
            if np.isnan(there).any():
                lacking.append(Problem(rows.place[row], f"no hours of {plan.org.paths[plan.org.leaves[team]]}"))
                break
            times = range(int(rows.first[row]), int(rows.last[row]))
            share = float(rows.of_hours[row])
            pieces += [
                (team, int(rows.queue[row]), time, float(amount) * share, row)
                for time, amount in zip(times, there.tolist(), strict=True)
            ]
    journal.add_each("TC228", lacking)
    return _joined(plan, rows, pieces) if pieces else plan.capacity


def _joined(plan: Plan, rows: SkillRows, pieces: list[tuple[int, int, int, float, int]]) -> Capacity:
    capacity = plan.capacity
    team, queue, time, row = (np.array([piece[at] for piece in pieces], dtype=np.int64) for at in (0, 1, 2, 4))
    nothing = np.full(len(pieces), np.nan)
    scope = capacity.scope
    return Capacity(
        Scopes(
            np.append(scope.metric, np.full(len(pieces), EVERY_METRIC)),
            np.append(scope.org, plan.org.leaves[team]),
            np.append(scope.queue, queue),
            np.append(scope.period, plan.periods.leaves[time]),
        ),
        np.append(capacity.hours, [piece[3] for piece in pieces]),
        np.append(capacity.hours_per_fte, nothing),
        (*capacity.place, *(rows.place[at] for at in row.tolist())),
        np.append(capacity.fte if len(capacity.fte) else np.full(len(capacity), np.nan), nothing),
        (
            *(capacity.note or ("",) * len(capacity)),
            *(f"at most {rows.of_hours[at]:.0%} of them" for at in row.tolist()),
        ),
        {name: np.append(values, nothing) for name, values in capacity.columns.items()},
    )


def queue_shares(plan: Plan, rows: SkillRows, metrics: np.ndarray) -> QueueShares:
    """Return a row for every metric, leaf queue and leaf period of Max share of queue."""
    found: list[tuple[int, int, int, int, float, int]] = []
    for row in np.flatnonzero(np.isfinite(rows.of_queue)).tolist():
        named = metrics.tolist() if rows.metric[row] == EVERY_METRIC else [int(rows.metric[row])]
        queues = plan.queues.leaves[plan.queues.leaf_positions(int(rows.queue[row]))].tolist()
        times = plan.periods.leaves[rows.first[row] : rows.last[row]].tolist()
        share = float(rows.of_queue[row])
        found += [
            (metric, int(rows.org[row]), queue, time, share, row)
            for metric in named for queue in queues for time in times
        ]  # fmt: skip
    table = np.array([piece[:4] for piece in found], dtype=np.int64).reshape(-1, 4)
    return QueueShares(
        Scopes(table[:, 0], table[:, 1], table[:, 2], table[:, 3]),
        np.array([piece[4] for piece in found], dtype=np.float64),
        tuple(rows.queue_place[piece[5]] for piece in found),
    )
