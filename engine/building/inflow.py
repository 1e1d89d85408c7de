"""Inflow and Opening: what arrives, what leaves unhandled, and the backlog that is left.

    available[t] = opening + Σ up to t (inflow − exits);  backlog[t] = available[t] − Σ up to t handled ≥ 0

Owns: both tables brought down to leaf queues and leaf periods, and what is missing in them.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from engine.building.asked import plan_times
from engine.building.baseline import report_lone_blanks, report_sharing
from engine.building.columns import TableReader
from engine.building.entries import Entries, entry_place, read_entries, report_repeated
from engine.building.exits import without_exits
from engine.building.history import History
from engine.building.journal import Journal, Problem
from engine.building.periods import PlanPeriods
from engine.building.references import References
from engine.building.spread import Cube, Pairs, spread
from engine.building.texts import quoted, shown_list
from engine.issues import NOWHERE, Place
from engine.plan import Balance, Metrics, Plan
from engine.trees import ROOT, Tree, single_node
from solver.frozen import frozen

_HOURS_PER_DAY = 24.0
_NOTHING = 1e-9  # part of what came in, below which a remainder is rounding


@frozen
class Rows:
    """Rows of a table, by the volume that handles them."""

    reader: TableReader
    entries: Entries


@frozen
class Streams:
    """Rows of Inflow (what arrives, and what leaves unhandled) and of Opening; None where there are none."""

    inflow: Rows | None = None
    exits: Rows | None = None
    opening: Rows | None = None


@frozen
class Ground:
    """What streams run over. alive : bool, shape (leaf queues, leaf periods), when each queue exists."""

    metrics: Metrics
    queues: Tree
    periods: PlanPeriods
    alive: np.ndarray


def read_streams(inflow: TableReader | None, opening: TableReader | None, references: References) -> Streams:
    """Return the rows of Inflow and Opening whose names are known."""
    start = None if opening is None else _rows(opening, references)
    if inflow is None:
        return Streams(opening=start)
    coming, leaving = without_exits(inflow, references)
    return Streams(_rows(coming, references), None if leaving is None else _rows(leaving, references), start)


def _rows(reader: TableReader, references: References) -> Rows | None:
    entries = read_entries(reader, references, plan_times(references, reader))
    metrics = references.known.metrics
    for name in ("Queue", "Period"):
        report_lone_blanks(reader, name)
    if entries is None or metrics is None:
        return None
    balance_of = np.array(metrics.balance_of or (-1,) * len(metrics), dtype=np.int64)
    own = np.where(metrics.is_kind(entries.metric, "volume"), entries.metric, balance_of[entries.metric])
    wrong = [
        Problem(entry_place(reader, entries, entry), f"{quoted(metrics.ids[entries.metric[entry]])}")
        for entry in np.flatnonzero(own < 0).tolist()
    ]
    reader.journal.add_each("TC254", wrong)
    kept = dataclasses.replace(entries, metric=own).take(np.flatnonzero(own >= 0))
    report_repeated(reader, kept)
    return Rows(reader, kept)


def balances(streams: Streams, ground: Ground, turnaround: np.ndarray, journal: Journal) -> tuple[Balance, ...]:
    """Return a balance for every volume that has inflow.

    Parameters
    ----------
    turnaround : float64, shape (leaf queues,), hours within which items are due, nan where not given
    """
    cube = Cube(single_node("All"), ground.queues, History(ground.periods, {}))
    found = []
    arrived = by_queue(streams.inflow, cube, ground)
    for volume, coming in sorted(arrived.items()):
        told = _Told(streams, ground, volume, journal)
        watched = np.isfinite(coming).any(axis=1)
        told.report_gaps(np.isnan(coming) & watched[:, None] & ground.alive)
        leaving = np.nan_to_num(by_queue(streams.exits, cube, ground).get(volume, np.zeros(coming.shape)))
        opening = by_queue(streams.opening, cube, ground, at_start=True).get(volume, np.full(coming.shape, np.nan))
        start = opening[:, 0]
        told.report_openings(np.isfinite(start), watched)
        available = np.nan_to_num(start)[:, None] + np.cumsum(np.nan_to_num(coming) - leaving, axis=1)
        told.report_overdrawn(np.where(watched[:, None], available, 0.0))
        available[~watched] = np.nan
        found.append(
            Balance(
                volume,
                ground.metrics.backlog_of.get(volume, -1),
                available,
                turnaround,
                _length(ground.periods),
                np.where(watched, np.nan_to_num(start), np.nan),
            )
        )
    return tuple(found)


def report_unfed(streams: Streams, metrics: Metrics, tables: tuple[TableReader | None, TableReader | None]) -> None:
    """Name backlogs, and rows of Opening, of volumes for which nothing arrives.

    Parameters
    ----------
    tables : the tables Metrics and Opening
    """
    fed = set() if streams.inflow is None else set(streams.inflow.entries.metric.tolist())
    reader = tables[0]
    if reader is not None:
        names = reader.texts("Metric")
        lacking = [stock for volume, stock in metrics.backlog_of.items() if volume not in fed]
        found = [
            Problem(reader.place(names.index(metrics.ids[stock]), "Balance of"), f"no Inflow for {metrics.ids[stock]}")
            for stock in lacking
        ]
        reader.journal.add_each("TC252", found)
    rows = streams.opening
    if rows is not None and tables[1] is not None:
        unfed = [at for at, volume in enumerate(rows.entries.metric.tolist()) if volume not in fed]
        words = "Opening, and no Inflow"
        tables[1].journal.add_each(
            "TC252", [Problem(entry_place(rows.reader, rows.entries, at), words) for at in unfed]
        )


def report_without_inflow(plan: Plan, reader: TableReader) -> None:
    """Name queues with work whose fair share should follow an inflow that nobody gave.

    Parameters
    ----------
    reader : the table Settings
    """
    if plan.settings.fair_share_by != "inflow":
        return
    if not plan.balances:
        reader.journal.add("TC252", reader.table.whole(), "Fair share by inflow, and no Inflow")
        return
    watched = np.concatenate([balance.watched for balance in plan.balances])
    without = np.setdiff1d(plan.cells.queue[plan.metrics.is_kind(plan.cells.metric, "volume")], watched).tolist()
    if without:
        names = shown_list((plan.queues.paths[plan.queues.leaves[queue]] for queue in without), 12)
        reader.journal.add("TC527", reader.table.whole(), f"{len(without)} queue(s): {names}")


def by_queue(rows: Rows | None, cube: Cube, ground: Ground, *, at_start: bool = False) -> dict[int, np.ndarray]:
    """Return values per volume: float64, shape (leaf queues, leaf periods), nan where nothing is said."""
    if rows is None or len(rows.entries) == 0:
        return {}
    entries = rows.entries
    if at_start:
        first = np.full(len(entries), int(ground.periods.tree.leaves[0]))
        entries = dataclasses.replace(entries, time=first)
    keys = cube.box_keys(entries.metric, np.full(len(entries), ROOT), entries.queue)
    metric, _, queue = cube.split(keys)
    alive = np.ones_like(ground.alive) if at_start else ground.alive
    found = spread(cube, entries, Pairs(keys, np.ones(len(keys), dtype=bool), alive[queue]))
    report_sharing(rows.reader, entries, found)
    result = {}
    for volume in np.unique(metric).tolist():
        values = np.full(ground.alive.shape, np.nan)
        mine = metric == volume
        values[queue[mine]] = found.value[mine]
        result[volume] = values
    return result


def _length(periods: PlanPeriods) -> np.ndarray:
    """Return the calendar hours of each leaf period, from Start to End, else from its name; nan where unknown."""
    days = (periods.end - periods.start).astype("timedelta64[D]").astype(np.float64) + 1
    days[np.isnat(periods.end) | np.isnat(periods.start)] = np.nan
    named = np.array([np.nan if span is None or span.days == 1 else span.days for span in periods.spans])
    return np.where(np.isnan(days), named, days) * _HOURS_PER_DAY


class _Told:
    """What is said about the streams of one volume."""

    def __init__(self, streams: Streams, ground: Ground, volume: int, journal: Journal) -> None:
        self._streams, self._ground, self._volume, self._journal = streams, ground, volume, journal

    def report_gaps(self, gaps: np.ndarray) -> None:
        """Name queues that have inflow in some periods only. gaps : bool, shape (leaf queues, leaf periods)."""
        rows = self._streams.inflow
        problems = []
        for queue in np.flatnonzero(gaps.any(axis=1)).tolist() if rows is not None else []:
            periods = shown_list((self._period(time) for time in np.flatnonzero(gaps[queue]).tolist()), 6)
            problems.append(Problem(self._place(rows, queue), f"nothing for {self._queue(queue)} in {periods}"))
        self._journal.add_each("TC250", problems)

    def report_openings(self, given: np.ndarray, watched: np.ndarray) -> None:
        """Name openings without inflow, and inflow without opening; both bool, shape (leaf queues,)."""
        rows = self._streams.opening
        bare = np.flatnonzero(given & ~watched).tolist()
        self._journal.add_each(
            "TC252", [Problem(self._place(rows, queue), f"no Inflow for {self._queue(queue)}") for queue in bare]
        )
        without = np.flatnonzero(watched & ~given).tolist()
        if without and self._streams.inflow is not None:
            names = shown_list((self._queue(queue) for queue in without), 12)
            self._journal.add("TC525", self._streams.inflow.reader.table.whole(), f"{len(without)} queue(s): {names}")

    def report_overdrawn(self, available: np.ndarray) -> None:
        """Name queues of which more leave than there are. available : float64, shape (leaf queues, leaf periods)."""
        rows = self._streams.exits
        size = np.maximum(np.abs(available).max(axis=1, initial=0.0), 1.0)[:, None]
        short = available < -_NOTHING * size
        problems = []
        for queue in np.flatnonzero(short.any(axis=1)).tolist():
            time = int(np.argmax(short[queue]))
            words = f"{self._queue(queue)}, {self._period(time)}: {-available[queue, time]:,.12g} more than there are"
            problems.append(Problem(self._place(rows, queue, time), words))
        self._journal.add_each("TC255", problems)

    def _place(self, rows: Rows | None, queue: int, time: int | None = None) -> Place:
        """Return the first cell that says something about a queue, and a period."""
        if rows is None:
            return NOWHERE
        entries, trees = rows.entries, (self._ground.queues, self._ground.periods.tree)
        for entry in np.flatnonzero(entries.metric == self._volume).tolist():
            first, last = trees[0].leaf_span[entries.queue[entry]]
            start, end = trees[1].leaf_span[entries.time[entry]]
            if first <= queue < last and (time is None or start <= time < end):
                return entry_place(rows.reader, entries, entry)
        return rows.reader.table.whole()

    def _queue(self, queue: int) -> str:
        return str(self._ground.queues.paths[int(self._ground.queues.leaves[queue])])

    def _period(self, time: int) -> str:
        return self._ground.periods.leaf_names()[time]
