"""Moves that are too small to be made: volumes first, then backlogs, then rates, each as far as the targets allow.

Within a kind the smallest moves are undone first, as many as leave no target missed by more than before. Volumes come
first because the others follow from them.

Owns: which moves are small, and the search for those that need not be made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace

import numpy as np

from engine.building.agreed import backlog
from engine.cycle.as_good import as_good
from engine.cycle.held import STAYS, with_fixed, with_fixed_backlogs
from engine.outcome import Outcome
from engine.plan import Limits, Plan
from solver.frozen import frozen

_POINT = 0.01


@frozen
class Least:
    """Below what moves are small. items : of volumes and backlogs; points : of shares, of other rates their unit."""

    items: float = 0.0
    points: float = 0.0

    @property
    def is_asked(self) -> bool:
        """Whether any move can be too small."""
        return self.items > 0 or self.points > 0


@frozen
class Was:
    """What numbers were; nan = was nowhere, or stands fixed.

    cells : float64, shape (cells,)
    others : by metric: of a rate over its cells; of a backlog, shape (leaf queues, leaf periods)
    """

    cells: np.ndarray
    others: Mapping[int, np.ndarray] = field(default_factory=dict)


@frozen
class _Kind:
    """Numbers that are held in the same way. was, now : float64, of one shape; least : below it a move is small."""

    was: np.ndarray
    now: np.ndarray
    least: float
    held: Callable[[Limits, np.ndarray], Limits]


def without_small_moves(
    first: Outcome, was: Was, least: Least, solve: Callable[[Plan], Outcome]
) -> tuple[Outcome, np.ndarray]:
    """Return the outcome in which small moves are not made, and which cells stay for that: int64.

    Parameters
    ----------
    first : the outcome with all moves
    """
    plan = first.plan
    found, small = _without(first, _volumes(first, was, least), solve)
    for balance in plan.balances:
        if balance.stock in was.others:
            now = backlog(plan, balance, found.value)
            kind = _Kind(was.others[balance.stock], now, least.items, _Backlogs(plan, balance.stock))
            found, _ = _without(found, kind, solve)
    for at, rate in enumerate(plan.rates):
        if rate.metric in was.others:
            unit = _POINT if plan.metrics.units[rate.metric] == "%" else 1.0
            held, now = _Rates(plan, rate.metric, rate.cells), found.rates[at].value
            kind = _Kind(was.others[rate.metric], now, least.points * unit, held)
            found, _ = _without(found, kind, solve)
    return found, small


def _volumes(first: Outcome, was: Was, least: Least) -> _Kind:
    plan = first.plan
    return _Kind(was.cells, first.value, least.items, lambda limits, fixed: with_fixed(limits, plan, fixed, STAYS))


@frozen
class _Backlogs:
    """Holds backlogs where they were."""

    plan: Plan
    stock: int

    def __call__(self, limits: Limits, fixed: np.ndarray) -> Limits:
        return with_fixed_backlogs(limits, self.plan, self.stock, fixed, STAYS)


@frozen
class _Rates:
    """Holds a rate where it was. cells : positions in Cells."""

    plan: Plan
    metric: int
    cells: np.ndarray

    def __call__(self, limits: Limits, fixed: np.ndarray) -> Limits:
        of_cells = np.full(len(self.plan.cells), np.nan)
        of_cells[self.cells] = fixed
        return with_fixed(limits, self.plan, of_cells, STAYS, self.metric)


_SEEN = 1e-9
"""Below that, a difference is one of calculating."""


def _without(first: Outcome, kind: _Kind, solve: Callable[[Plan], Outcome]) -> tuple[Outcome, np.ndarray]:
    """Return the outcome without the small moves of a kind, and which these are: int64, flat positions."""
    moved = np.abs(np.nan_to_num(kind.now - kind.was)).ravel()
    small = np.flatnonzero((moved > _SEEN) & (moved < kind.least))
    small = small[np.argsort(moved[small], kind="stable")]
    plan = first.plan
    while len(small):
        fixed = np.full(kind.was.shape, np.nan)
        fixed.ravel()[small] = kind.was.ravel()[small]
        again = solve(replace(plan, limits=kind.held(plan.limits, fixed)))
        if as_good(again, first):
            return again, small
        small = small[: len(small) // 2]  # the targets need some of them: let the larger ones go
    return first, small
