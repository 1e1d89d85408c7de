"""A plan: everything an analyst asked for and knows, resolved to positions in trees and arrays of cells.

Owns: the shape of a checked input. Whoever holds a ``Plan`` may rely on it: nodes exist, numbers are numbers,
keys are unique. The builder in ``engine.building`` makes it, ``engine.recompute`` solves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import IntEnum

import numpy as np

from engine.formulas.expression import Expression
from engine.issues import Place
from engine.signature import Signature
from engine.trees import Tree
from solver.frozen import frozen

EVERY_METRIC = -1
"""Metric of a capacity row: every metric that uses capacity."""

HOURS, FTE, TURNAROUND = -3, -4, -5
"""Built-in metrics: the hours a plan takes, the people who have them, and how long items wait."""

BUILT_IN = {HOURS: ("Hours", "h"), FTE: ("FTE", "FTE"), TURNAROUND: ("Turnaround", "h")}
"""Names and units of built-in metrics."""


class Sense(IntEnum):
    """How a target binds."""

    EXACTLY = 0
    AT_LEAST = 1
    AT_MOST = 2


@frozen
class Settings:
    """How the plan is solved and what it is called; the defaults stand in ``engine.fields.SETTINGS``."""

    plan_name: str = ""
    cycle: str = ""
    version: str = ""
    scenario: str = ""
    fair_share_by: str = "baseline"
    mix_guard: float = 0.05
    misses: str = "spread"
    solver: str = "highs"
    time_limit_s: float | None = None
    output_prefix: str = ""
    as_of: str | None = None
    formula_effects: str = "shapley"
    keep_near: str = ""
    move_only: str = ""
    smallest_move: float = 0.0
    smallest_rate_move: float = 0.0
    leaf_rows: str = ""


@frozen
class Metrics:
    """The metrics, in table order.

    kinds : "volume", "stock", "rate" or "formula"
    uses_capacity : bool, shape (metrics,)
    higher_is_better : bool, shape (metrics,)
    decimals : decimals of each metric's targets, None = not rounded; empty = none is rounded
    balance_of : for a stock that is a backlog, the volume that works it off; −1 for all others; empty = none is
    formulas : how each formula metric is computed, None for all others; empty = there is none
    green, amber : from where results are green and amber, as given; nan = by default; empty = all by default
    """

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    higher_is_better: np.ndarray
    uses_capacity: np.ndarray
    decimals: tuple[int | None, ...] = ()
    balance_of: tuple[int, ...] = ()
    green: tuple[float, ...] = ()
    amber: tuple[float, ...] = ()
    formulas: tuple[Expression | None, ...] = ()

    @property
    def backlog_of(self) -> dict[int, int]:
        """Return the backlog of each volume that has one: volume → stock."""
        return {volume: stock for stock, volume in enumerate(self.balance_of) if volume >= 0}

    @property
    def in_cells(self) -> np.ndarray:
        """int64: the metrics that are decided cell by cell: volumes, and stocks that are nobody's backlog."""
        loose = self.balance_of or (-1,) * len(self)
        return np.flatnonzero(
            [kind == "volume" or (kind == "stock" and of < 0) for kind, of in zip(self.kinds, loose, strict=True)]
        )

    def is_kind(self, metric: np.ndarray, kind: str) -> np.ndarray:
        """bool: which positions are metrics of a kind; built-in ones are of none."""
        of_kind = np.array([*(each == kind for each in self.kinds), False])
        return np.asarray(of_kind[np.where(metric >= 0, metric, len(self))])

    def __len__(self) -> int:
        return len(self.ids)

    def name(self, metric: int) -> str:
        """Return the id of a metric, built-in ones included."""
        return BUILT_IN[metric][0] if metric in BUILT_IN else self.ids[metric]

    def unit(self, metric: int) -> str:
        """Return the unit of a metric; items where none was given."""
        return BUILT_IN[metric][1] if metric in BUILT_IN else self.units[metric] or "items"


@frozen
class Calendar:
    """What periods know besides their tree; one entry per *leaf* period, in tree (= time) order.

    working_days : float64, shape (leaf periods,); nan where unknown
    start, end : datetime64[D], NaT where unknown
    like : the history period each leaf takes its size and shape from, "" where there is none
    """

    working_days: np.ndarray
    start: np.ndarray
    end: np.ndarray
    like: tuple[str, ...]


@frozen
class Cells:
    """The decisions: eligible metric × leaf org × leaf queue × leaf period, in canonical order.

    Canonical = sorted by (metric id, org path, queue path: all casefolded; period position), so that
    no answer depends on the order in which somebody typed rows.

    metric : int64, shape (cells,), position in Metrics
    org, queue, period : int64, shape (cells,), *leaf* positions (index into ``tree.leaves``)
    baseline : float64, the history mapped to the cell; nan = no history; 0 = explicitly nothing
    hours : float64, capacity hours one item takes; 0 = takes none
    """

    metric: np.ndarray
    org: np.ndarray
    queue: np.ndarray
    period: np.ndarray
    baseline: np.ndarray
    hours: np.ndarray

    def __len__(self) -> int:
        return len(self.metric)


@frozen
class Scopes:
    """Sub-cubes of cells, one per row of an input table.

    metric : int64, shape (rows,); EVERY_METRIC, or a built-in one, below 0
    org, queue, period : int64, shape (rows,), *node* positions in the trees; behind the nodes come the groups
    until : int64, shape (rows,), leaf periods from this position on do not count; None = all count
    """

    metric: np.ndarray
    org: np.ndarray
    queue: np.ndarray
    period: np.ndarray
    until: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.metric)

    def take(self, rows: np.ndarray) -> Scopes:
        """Return the scopes of some rows, in that order."""
        until = None if self.until is None else self.until[rows]
        return Scopes(self.metric[rows], self.org[rows], self.queue[rows], self.period[rows], until)


@frozen
class Targets:
    """Rows of Targets, in table order.

    sense : int64, values of Sense; value : float64 in the metric's unit; priority : float64, 1 = first
    stated : bool, whether Sense was filled in (blank: shared out exactly, judged by Better)
    basis : how each value was put, in words ("105 % of baseline"); "" = as a total
    """

    scope: Scopes
    sense: np.ndarray
    value: np.ndarray
    priority: np.ndarray
    stated: np.ndarray
    place: tuple[Place, ...]
    basis: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.value)

    def take(self, rows: np.ndarray) -> Targets:
        """Return some rows."""
        at = rows.tolist()
        return Targets(
            self.scope.take(rows),
            self.sense[rows],
            self.value[rows],
            self.priority[rows],
            self.stated[rows],
            tuple(self.place[row] for row in at),
            tuple(self.basis[row] for row in at) if self.basis else (),
        )


@frozen
class Limits:
    """Rows of Limits, in table order; lower == upper is a hold.

    lower : float64, -inf where not given; upper : float64, inf where not given
    """

    scope: Scopes
    lower: np.ndarray
    upper: np.ndarray
    is_hold: np.ndarray
    owner: tuple[str, ...]
    reason: tuple[str, ...]
    place: tuple[Place, ...]

    def __len__(self) -> int:
        return len(self.lower)

    def take(self, rows: np.ndarray) -> Limits:
        """Return some rows."""
        at = rows.tolist()
        return Limits(
            self.scope.take(rows),
            self.lower[rows],
            self.upper[rows],
            self.is_hold[rows],
            tuple(self.owner[row] for row in at),
            tuple(self.reason[row] for row in at),
            tuple(self.place[row] for row in at),
        )


@frozen
class Capacity:
    """Capacity rows, an FTE row spread to one row per leaf period below it; Hours rows as given.

    hours : float64, productive hours
    hours_per_fte : float64, productive hours one more FTE brings in that row; nan for Hours rows
    fte : float64, people; nan for Hours rows
    note : what a row is that nobody gave as such ("at most 30 % of hours"), "" for rows of Capacity
    columns : what else people stated of their crews, by the name of the column; nan where a row does not say
    """

    scope: Scopes
    hours: np.ndarray
    hours_per_fte: np.ndarray
    place: tuple[Place, ...]
    fte: np.ndarray = field(default_factory=lambda: np.zeros(0))
    note: tuple[str, ...] = ()
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.hours)

    def take(self, rows: np.ndarray) -> Capacity:
        """Return some rows."""
        at = rows.tolist()
        return Capacity(
            self.scope.take(rows),
            self.hours[rows],
            self.hours_per_fte[rows],
            tuple(self.place[row] for row in at),
            self.fte[rows] if len(self.fte) else self.fte,
            tuple(self.note[row] for row in at) if self.note else (),
            {name: values[rows] for name, values in self.columns.items()},
        )


@frozen
class QueueShares:
    """Most of a queue's volume that some teams may take, one row per leaf queue and leaf period.

    scope : the teams, with the leaf queue and leaf period as nodes; share : float64, 0…1
    """

    scope: Scopes
    share: np.ndarray
    place: tuple[Place, ...]

    def __len__(self) -> int:
        return len(self.share)


def no_scopes() -> Scopes:
    """Return no row at all."""
    nothing = np.zeros(0, np.int64)
    return Scopes(nothing, nothing, nothing, nothing)


def no_shares() -> QueueShares:
    """Return no share."""
    return QueueShares(no_scopes(), np.zeros(0), ())


@frozen
class Balance:
    """backlog[t] = backlog[t−1] + inflow[t] − exits[t] − handled[t], for every leaf queue that has inflow.

    volume : the metric that is handled; stock : the metric that its backlog is, -1 = nobody asks for it
    available : float64, shape (leaf queues, leaf periods), opening + Σ up to t (inflow − exits); nan where no inflow
        was given
    opening : float64, shape (leaf queues,), nan where no inflow was given
    turnaround : float64, shape (leaf queues,), hours within which items are due, nan where not given
    length : float64, shape (leaf periods,), calendar hours, nan where unknown
    """

    volume: int
    stock: int
    available: np.ndarray
    turnaround: np.ndarray
    length: np.ndarray
    opening: np.ndarray

    @property
    def watched(self) -> np.ndarray:
        """int64: the leaf queues that have inflow."""
        return np.flatnonzero(np.isfinite(self.available).all(axis=1))

    @property
    def arrivals(self) -> np.ndarray:
        """float64, shape (leaf queues, leaf periods): inflow − exits; nan where no inflow was given."""
        return np.diff(self.available, axis=1, prepend=self.opening[:, None])


@frozen
class Rate:
    """A metric that is an average, weighted by a volume; arrays over the cells of that volume, in their order.

    metric, weight : positions in Metrics; cells : int64, positions in Cells
    baseline : float64, where a cell starts from: its history, or what stands in for it; has_history : bool, which
    floor, ceiling : float64, −inf and inf where open; best : float64, the benchmark
    best_is : where each cell's Best comes from, a position in best_words ("best quartile of 9 peers")
    is_handle_time : whether its targets are shown against planned seconds
    is_sla : whether its targets are shown beside the backlog that they need
    near : float64, what cells start from instead of history, nan = from history; None = all from history
    """

    metric: int
    weight: int
    cells: np.ndarray
    baseline: np.ndarray
    has_history: np.ndarray
    floor: np.ndarray
    ceiling: np.ndarray
    best: np.ndarray
    best_is: np.ndarray
    best_words: tuple[str, ...]
    is_handle_time: bool = False
    is_sla: bool = False
    near: np.ndarray | None = None


@frozen
class Plan:
    """One checked plan.

    may_lose : float64, shape (leaf queues,), the mix guard of each queue
    outside_baseline : float64, shape (metrics,), mapped history that belongs to no cell (reported, not planned)
    held_now : what each limit that holds ``now`` holds, by row, for the next run to find
    agreed : float64, shape (cells,), what was sealed, nan where nothing was; None without a seal
    agreed_others : what was sealed of metrics that are not decided cell by cell, by metric: of a rate over its cells;
        of a backlog, shape (leaf queues, leaf periods)
    signed : rows of SignOff, the last word last
    near : float64, shape (cells,), what fair shares start from instead of history; nan, None = from history
    near_happened : the same without what was sealed: the mix guard is counted from where these lead
    """

    settings: Settings
    metrics: Metrics
    org: Tree
    queues: Tree
    periods: Tree
    calendar: Calendar
    cells: Cells
    targets: Targets
    limits: Limits
    capacity: Capacity
    may_lose: np.ndarray
    outside_baseline: np.ndarray
    shares: QueueShares = field(default_factory=no_shares)
    balances: tuple[Balance, ...] = ()
    held_now: Mapping[str, float] = field(default_factory=dict)
    rates: tuple[Rate, ...] = ()
    agreed: np.ndarray | None = None
    agreed_others: Mapping[int, np.ndarray] = field(default_factory=dict)
    signed: tuple[Signature, ...] = ()
    near: np.ndarray | None = None
    near_happened: np.ndarray | None = None
