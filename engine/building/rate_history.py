"""History of rates, brought to the cells they are planned for: the finest row wins, coarser ones fill what is left.

    rest_r = (value_r · Σ w − Σ_said w r) / Σ_open w over the cells below row r, w the history of the rate's volume

Owns: that rule, and how many observations stand behind each cell.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.building.columns import TableReader
from engine.building.entries import ALL_TIME, IN_VALUE_COLUMN, Entries, entry_place
from engine.building.history import History
from engine.building.journal import Problem
from engine.building.like import NO_SLOT
from engine.building.spread import Cube
from solver.frozen import frozen

APART = 0.005
"""Part of a coarser row's value within which finer rows agree with it."""

NOBODY = -1


@frozen
class RateCells:
    """The cells of one rate: leaf positions, the slot of history each takes, and the history of its volume.

    period : int64, leaf periods of the plan; slot : int64, NO_SLOT where none
    weight : float64, items, 0 where there is none
    """

    org: np.ndarray
    queue: np.ndarray
    period: np.ndarray
    slot: np.ndarray
    weight: np.ndarray


@frozen
class RateHistory:
    """value : float64, shape (cells,), nan = no history; count : float64, observations, nan = unknown."""

    value: np.ndarray
    count: np.ndarray


def rate_history(
    table: tuple[TableReader, Entries], cube: Cube, cells: RateCells, metric: int, most: float
) -> RateHistory:
    """Return the history of a rate's cells, and name coarser rows that contradict finer ones.

    Parameters
    ----------
    most : the largest value the rate can have, 1 where it is a share
    """
    reader, entries = table
    mine = np.flatnonzero(entries.metric == metric)
    counts = reader.numbers("Count")[entries.record]
    counts = np.where(entries.extra == IN_VALUE_COLUMN, counts, np.nan)
    bringing = _Bringing(cube, cells, most)
    for family in _families(cube, entries, mine):
        bringing.take(family, entries, counts)
    problems = [
        Problem(entry_place(reader, entries, entry), f"{entries.value[entry]:.6g}; finer rows say {said:.6g}")
        for entry, said in sorted(bringing.apart.items())
    ]
    reader.journal.add_each("TC508", problems)
    return RateHistory(bringing.value, bringing.count)


@frozen
class _Family:
    """Entries of equal depths, once per slot they cover: they are disjoint or equal."""

    org_depth: int
    queue_depth: int
    entry: np.ndarray
    slot: np.ndarray


def _families(cube: Cube, entries: Entries, mine: np.ndarray) -> Iterator[_Family]:
    """Yield families of entries, the finest first."""
    slots_of = {time: _slots(cube.history, time) for time in np.unique(entries.time[mine]).tolist()}
    length = np.array([len(slots_of[time]) for time in entries.time[mine].tolist()], dtype=np.int64)
    depths = np.column_stack([cube.org.depth[entries.org[mine]], cube.queues.depth[entries.queue[mine]], -length])
    kinds, which = np.unique(depths, axis=0, return_inverse=True)
    # a step down a tree is finer than any shorter period: people differ more than months
    for kind in np.lexsort((-kinds[:, 2], -(kinds[:, 0] + kinds[:, 1]))).tolist():
        rows = mine[which.ravel() == kind]
        slots = [slots_of[time] for time in entries.time[rows].tolist()]
        yield _Family(
            int(kinds[kind, 0]),
            int(kinds[kind, 1]),
            np.repeat(rows, [len(each) for each in slots]),
            np.concatenate(slots) if slots else np.zeros(0, np.int64),
        )


def _slots(history: History, time: int) -> np.ndarray:
    """Return the slots of a time, with those of shorter periods of history inside it; of no time, all."""
    if time == ALL_TIME:
        return np.arange(len(history))
    first, last = history.slots_of(np.array([time]))
    own = np.arange(int(first[0]), int(last[0]))
    if len(own) != 1:
        return own
    span = history.slot_span(int(own[0]))
    if span is None:
        return own
    inside = [
        slot
        for slot in range(len(history))
        if slot != own[0] and (other := history.slot_span(slot)) and span.holds(other) and other != span
    ]
    return np.append(own, np.array(inside, dtype=np.int64))


class _Bringing:
    """History while it is brought to the cells, finest entries first."""

    def __init__(self, cube: Cube, cells: RateCells, most: float) -> None:
        self._cube, self._cells, self._most = cube, cells, most
        self.value = np.full(len(cells.weight), np.nan)
        self.count = np.full(len(cells.weight), np.nan)
        self.apart: dict[int, float] = {}

    def take(self, family: _Family, entries: Entries, counts: np.ndarray) -> None:
        """Give the cells below each entry that nobody has spoken for what the entry leaves over."""
        owner = self._owners(family, entries)
        covered = np.flatnonzero(owner != NOBODY)
        entry, which = np.unique(owner[covered], return_inverse=True)
        weight, known = self._cells.weight[covered], np.isfinite(self.value[covered])
        size = len(entry)
        said = np.bincount(which[known], (weight * np.nan_to_num(self.value[covered]))[known], size)
        weight_said = np.bincount(which[known], weight[known], size)
        weight_open = np.bincount(which[~known], weight[~known], size)
        asked = entries.value[entry]
        rest = np.divide(
            asked * (weight_said + weight_open) - said, weight_open, out=asked.copy(), where=weight_open > 0
        )
        # a rest that no rate can have is not made up for by the others
        impossible = (weight_said > 0) & (weight_open > 0) & ((rest < 0) | (rest > self._most * (1 + 1e-9)))
        rest = np.where(impossible, asked, rest)
        open_cells = covered[~known]
        self.value[open_cells] = rest[which[~known]]
        everybody = np.bincount(which, weight, size)
        part = np.divide(weight, everybody[which], out=np.full(len(which), np.nan), where=everybody[which] > 0)
        self.count[open_cells] = (counts[entry][which] * part)[~known]
        mean = np.divide(said, weight_said, out=asked.copy(), where=weight_said > 0)
        off = (weight_open <= 0) & (np.abs(mean - asked) > APART * np.maximum(np.abs(asked), 1e-9))
        self.apart |= {int(entry[at]): float(mean[at]) for at in np.flatnonzero(off | impossible).tolist()}

    def _owners(self, family: _Family, entries: Entries) -> np.ndarray:
        """Return the entry of a family above each cell, NOBODY where there is none: int64, shape (cells,).

        A rate may be given for the history that a cell takes, or for the period it is planned for.
        """
        cells, cube = self._cells, self._cube
        slots = len(cube.history)
        own = (entries.org[family.entry] * len(cube.queues) + entries.queue[family.entry]) * slots + family.slot
        order = np.argsort(own, kind="stable")
        above_org = cube.org.ancestors[cells.org, family.org_depth]
        above_queue = cube.queues.ancestors[cells.queue, family.queue_depth]
        owner = np.full(len(cells.weight), NOBODY)
        for slot in (cells.period, cells.slot):
            wanted = (above_org * len(cube.queues) + above_queue) * slots + slot
            wanted = np.where((above_org < 0) | (above_queue < 0) | (slot == NO_SLOT), -1, wanted)
            at = np.minimum(np.searchsorted(own[order], wanted), len(order) - 1)
            owner = np.where(own[order][at] == wanted, family.entry[order][at], owner)
        return owner
