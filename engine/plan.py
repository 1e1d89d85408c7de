"""A plan: everything an analyst asked for and knows, resolved to positions in trees and arrays of cells.

Owns: the shape of a checked input. Whoever holds a ``Plan`` may rely on it: nodes exist, numbers are numbers,
keys are unique. The builder in ``engine.building`` makes it, ``engine.recompute`` solves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from engine.issues import Place
from engine.trees import Tree


class Sense(IntEnum):
    """How a target binds."""

    EXACTLY = 0
    AT_LEAST = 1
    AT_MOST = 2


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics, in table order.

    uses_capacity : bool, shape (metrics,)
    higher_is_better : bool, shape (metrics,)
    """

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    higher_is_better: np.ndarray
    uses_capacity: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Scopes:
    """Sub-cubes of cells, one per row of an input table.

    metric : int64, shape (rows,); -1 = every metric that uses capacity (capacity rows only)
    org, queue, period : int64, shape (rows,), *node* positions in the trees
    """

    metric: np.ndarray
    org: np.ndarray
    queue: np.ndarray
    period: np.ndarray

    def __len__(self) -> int:
        return len(self.metric)


@dataclass(frozen=True, slots=True)
class Targets:
    """Rows of Targets, in table order.

    sense : int64, values of Sense; value : float64 in the metric's unit; priority : float64, 1 = first
    stated : bool, whether Sense was filled in (blank: shared out exactly, judged by Better)
    """

    scope: Scopes
    sense: np.ndarray
    value: np.ndarray
    priority: np.ndarray
    stated: np.ndarray
    place: tuple[Place, ...]

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Capacity:
    """Capacity rows, an FTE row spread to one row per leaf period below it; Hours rows as given.

    hours : float64, productive hours
    hours_per_fte : float64, productive hours one more FTE brings in that row; nan for Hours rows
    """

    scope: Scopes
    hours: np.ndarray
    hours_per_fte: np.ndarray
    place: tuple[Place, ...]

    def __len__(self) -> int:
        return len(self.hours)


@dataclass(frozen=True, slots=True)
class Plan:
    """One checked plan.

    may_lose : float64, shape (leaf queues,), the mix guard of each queue
    outside_baseline : float64, shape (metrics,), mapped history that belongs to no cell (reported, not planned)
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
