"""A plan that keeps what people accepted, and where that cannot be, moves it by the smallest share that will do.

With every accepted number within proposed ± s × its distance, and every counter-proposal free: s = 0 where the targets
are met that way, else the smallest s, by bisection, each step a whole solve. The distance of a volume is itself. That
of a share is what is left to 0 or 100 %, whichever is nearer: 99 % and 1 % are moved as carefully as each other, and
by less than 50 %. That of a backlog is what is handled until then: it moves with that, not with itself.

Owns: that search, and the distances. What was accepted comes as limits of the plan, so that every number keeps its
reason.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.cycle.as_good import as_good
from engine.formulation.linear import linear_rows
from engine.issues import Place
from engine.outcome import Outcome
from engine.plan import Limits, Plan, Scopes
from engine.recompute import recompute
from solver.frozen import frozen

_STEPS = 7
"""Halvings of the share: it is known to a 128th of the largest that was tried."""

_MOST = 0.5
"""Largest share by which accepted numbers are tried to move."""

_POINT = 0.01
"""The least distance of a share, so that 100 % can move at all."""


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
    """The reconciled plan. share : of their distance by which accepted numbers had to move; meets : all targets."""

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
    distance = _distance(plan, accepted, free)
    held = _solved(plan, accepted, 0.0 * distance)
    if as_good(held, free) or not len(accepted):
        return Reconciled(held, 0.0, bool(held.targets.met.all()))
    low, high = 0.0, _MOST
    best = _solved(plan, accepted, high * distance)
    if not as_good(best, free):
        return Reconciled(held, 0.0, meets=False)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        tried = _solved(plan, accepted, middle * distance)
        if as_good(tried, free):
            high, best = middle, tried
        else:
            low = middle
    return Reconciled(best, high, bool(best.targets.met.all()))


def _distance(plan: Plan, accepted: Accepted, free: Outcome) -> np.ndarray:
    """Return by how much each accepted number moves with a share of 1: float64, shape (rows,)."""
    metrics, metric, value = plan.metrics, accepted.scope.metric, accepted.proposed
    is_share = np.array([unit == "%" for unit in metrics.units])[metric] & metrics.is_kind(metric, "rate")
    handled = linear_rows(plan, accepted.scope).matrix @ free.value
    kinds = [is_share, metrics.is_kind(metric, "stock")]
    ways = [np.maximum(np.minimum(value, 1 - value), _POINT), np.maximum(handled, value)]
    return np.asarray(np.select(kinds, ways, value))


def _solved(plan: Plan, accepted: Accepted, room: np.ndarray) -> Outcome:
    return recompute(replace(plan, limits=_with_accepted(plan.limits, accepted, room)))


def _with_accepted(limits: Limits, accepted: Accepted, room: np.ndarray) -> Limits:
    """Return the limits of a plan with what was accepted among them. room : by how much each number may move."""
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
        np.concatenate([limits.lower, np.maximum(accepted.proposed - room, 0.0)]),
        np.concatenate([limits.upper, accepted.proposed + room]),
        np.concatenate([limits.is_hold, room == 0]),
        (*limits.owner, *accepted.by),
        (*limits.reason, *("accepted" for _ in accepted.by)),
        (*limits.place, *(place for _ in accepted.by)),
    )
