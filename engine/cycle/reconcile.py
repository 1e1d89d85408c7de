"""A plan that keeps what people accepted, and where that cannot be, moves it by the smallest share that will do.

With every accepted number within proposed × (1 ± s), and every counter-proposal free: s = 0 where the targets are met
that way, else the smallest s, by bisection, each step a whole solve.

Owns: that search. What was accepted comes as limits of the plan, so that every number keeps its reason.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.cycle.as_good import as_good
from engine.issues import Place
from engine.outcome import Outcome
from engine.plan import Limits, Plan, Scopes
from engine.recompute import recompute
from solver.frozen import frozen

_STEPS = 7
"""Halvings of the share: it is known to a 128th of the largest that was tried."""

_MOST = 0.5
"""Largest share by which accepted numbers are tried to move."""


@frozen
class Accepted:
    """What people accepted: scopes, the numbers, and who.

    proposed : float64, shape (rows,)
    by : owner of each
    """

    scope: Scopes
    proposed: np.ndarray
    by: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.proposed)


@frozen
class Reconciled:
    """The reconciled plan. share : by which accepted numbers had to move, 0 = not at all; meets : all targets."""

    outcome: Outcome
    share: float
    meets: bool


def reconcile(plan: Plan, accepted: Accepted) -> Reconciled:
    """Return the plan that moves accepted numbers least while its targets are met as well as they can be.

    Notes
    -----
    Targets that cannot be met even when nothing is accepted are no reason to move anybody: the search asks for what
    the plan reaches when everything is free.
    """
    free = recompute(plan)
    held = _solved(plan, accepted, 0.0)
    if _as_good(held, free) or not len(accepted):
        return Reconciled(held, 0.0, bool(held.targets.met.all()))
    low, high = 0.0, _MOST
    best = _solved(plan, accepted, high)
    if not _as_good(best, free):
        return Reconciled(held, 0.0, meets=False)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        tried = _solved(plan, accepted, middle)
        if _as_good(tried, free):
            high, best = middle, tried
        else:
            low = middle
    return Reconciled(best, high, bool(best.targets.met.all()))


def _as_good(tried: Outcome, free: Outcome) -> bool:
    """Whether no target is missed by more than when everything is free, and no limit is broken for it."""
    broken = (tried.limits.breach > 0).sum() > (free.limits.breach > 0).sum()
    return as_good(tried, free) and not broken


def _solved(plan: Plan, accepted: Accepted, share: float) -> Outcome:
    return recompute(replace(plan, limits=_with_accepted(plan.limits, accepted, share)))


def _with_accepted(limits: Limits, accepted: Accepted, share: float) -> Limits:
    """Return the limits of a plan with what was accepted among them."""
    both = limits.scope
    until = None
    if both.until is not None:
        endless = np.full(len(accepted), np.iinfo(np.int64).max)
        until = np.concatenate([both.until, endless])
    scope = Scopes(
        np.concatenate([both.metric, accepted.scope.metric]),
        np.concatenate([both.org, accepted.scope.org]),
        np.concatenate([both.queue, accepted.scope.queue]),
        np.concatenate([both.period, accepted.scope.period]),
        until,
    )
    place = Place("Responses")
    return Limits(
        scope,
        np.concatenate([limits.lower, accepted.proposed * (1 - share)]),
        np.concatenate([limits.upper, accepted.proposed * (1 + share)]),
        np.concatenate([limits.is_hold, np.full(len(accepted), share == 0)]),
        (*limits.owner, *accepted.by),
        (*limits.reason, *("accepted" for _ in accepted.by)),
        (*limits.place, *(place for _ in accepted.by)),
    )
