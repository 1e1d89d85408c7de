"""A plan in the middle of its time: the past stands at what happened, the rest is planned again near what was agreed.

With a_i what was agreed and e_i what happened in ended periods:
    x_i = e_i where the period has ended; elsewhere the plan's own answer, with a_i in the place of history.
Targets over the whole time then ask the rest for what is missing, and the season of a_i is kept, because fair shares
follow it. Who may not move is held at a_i; so is, in a second step, who would move by less than the smallest move.

Owns: turning a plan and actuals into that plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

import numpy as np

from engine.cycle.held import HAPPENED_IN, STAYS, of_rate, start_near, with_fixed, without_stays
from engine.cycle.small import Least, Was, without_small_moves
from engine.formulation.cover import cover
from engine.outcome import Outcome
from engine.plan import Balance, Capacity, Plan, Rate, Scopes
from engine.recompute import recompute
from solver.frozen import frozen

HAPPENED, NOT_MOVED, SMALL = "happened", "may not move", "smaller than the smallest move"


@frozen
class Asked:
    """How a plan is planned again. All arrays have shape (cells,).

    ended : leaf periods that have ended
    happened : float64, what was done, nan where nothing is known
    agreed : float64, nan where nothing was agreed
    is_near_agreed : whether what was agreed takes the place of history
    may_move : bool; least : moves below it are not made
    rates : what each rate was, by metric: float64, over its cells, nan where nothing is known
    others : what was agreed of rates and backlogs, by metric: of a rate over its cells; of a backlog, shape
        (leaf queues, leaf periods); nan where nothing was
    """

    ended: int
    happened: np.ndarray
    agreed: np.ndarray
    is_near_agreed: bool
    may_move: np.ndarray
    least: Least = field(default_factory=Least)
    rates: Mapping[int, np.ndarray] = field(default_factory=dict)
    others: Mapping[int, np.ndarray] = field(default_factory=dict)


@frozen
class Reforecast:
    """The plan made again.

    was : float64, shape (cells,), what was agreed, or else the history it started from
    others_were : the same of rates and backlogs, by metric, as in ``Asked.others``
    ended : leaf periods that have ended
    stays : per cell, why it does not move: one of the words above, "" where it may
    assumed : ended cells without actuals, which stand at what was agreed
    """

    outcome: Outcome
    was: np.ndarray
    stays: tuple[str, ...]
    assumed: np.ndarray
    others_were: Mapping[int, np.ndarray]
    ended: int


def reforecast(plan: Plan, asked: Asked) -> Reforecast:
    """Return the plan made again.

    Notes
    -----
    Targets that lie wholly in ended periods are facts and no longer asked for. Rates of ended periods stand at what
    they were, too; targets over longer periods ask the rest for what is missing. Hours and arrivals of ended periods
    are at least what was used: what happened cannot be short of hours.
    """
    ended = plan.cells.period < asked.ended
    was = np.where(np.isfinite(asked.agreed), asked.agreed, np.nan_to_num(plan.cells.baseline))
    stands = np.where(np.isfinite(asked.happened), asked.happened, was)
    fixed = np.where(ended, stands, np.where(asked.may_move, np.nan, was))
    words = np.where(ended, HAPPENED, np.where(asked.may_move, "", NOT_MOVED)).astype(object)
    first = recompute(_set(plan, asked, fixed, ended, was))
    others = _others_were(plan, asked)
    free = Was(np.where(np.isnan(fixed), was, np.nan), _ahead(plan, asked, others))
    done, small = without_small_moves(first, free, asked.least, recompute)
    words[small] = SMALL
    assumed = ended & ~np.isfinite(asked.happened)
    return Reforecast(done, was, tuple(words.tolist()), assumed, others, asked.ended)


def _ahead(plan: Plan, asked: Asked, others: Mapping[int, np.ndarray]) -> dict[int, np.ndarray]:
    """Return what rates and backlogs were in what lies ahead and is free to move; nan elsewhere."""
    found = dict(others)
    for rate in plan.rates:
        is_free = (plan.cells.period[rate.cells] >= asked.ended) & asked.may_move[rate.cells]
        found[rate.metric] = np.where(is_free, found[rate.metric], np.nan)
    for stock in plan.metrics.backlog_of.values():
        if stock in found:
            ahead = np.arange(found[stock].shape[1]) >= asked.ended
            found[stock] = np.where(ahead[None, :], found[stock], np.nan)
    return found


def _others_were(plan: Plan, asked: Asked) -> dict[int, np.ndarray]:
    """Return what was agreed of rates, or else their history, and of backlogs."""
    found = dict(asked.others)
    for rate in plan.rates:
        history = np.where(rate.has_history, rate.baseline, np.nan)
        agreed = found.get(rate.metric, history)
        found[rate.metric] = np.where(np.isfinite(agreed), agreed, history)
    return found


def _set(plan: Plan, asked: Asked, fixed: np.ndarray, ended: np.ndarray, was: np.ndarray) -> Plan:
    """Return the plan in which some cells stand fixed. fixed : float64, shape (cells,), nan = free."""
    done, others = np.where(ended, fixed, 0.0), _others_were(plan, asked)
    near = start_near(plan, asked.agreed) if asked.is_near_agreed else np.full(len(fixed), np.nan)
    limits = without_stays(plan.limits.take(np.flatnonzero(_is_open(plan, plan.limits.scope, asked.ended))))
    limits = with_fixed(limits, plan, np.where(ended, fixed, np.nan), HAPPENED_IN)
    for rate in plan.rates:
        limits = with_fixed(limits, plan, _rate_happened(plan, asked, rate), HAPPENED_IN, rate.metric)
        stays = of_rate(plan, rate, others[rate.metric], ~ended & ~asked.may_move)
        limits = with_fixed(limits, plan, stays, STAYS, rate.metric)
    return replace(
        plan,
        settings=replace(plan.settings, smallest_move=0.0, smallest_rate_move=0.0),
        near=np.where(ended, fixed, near),
        near_happened=np.where(ended, fixed, np.nan),
        targets=plan.targets.take(np.flatnonzero(_is_open(plan, plan.targets.scope, asked.ended))),
        limits=with_fixed(limits, plan, np.where(ended, np.nan, fixed), STAYS),
        capacity=_at_least_used(plan, done),
        balances=tuple(_at_least_handled(plan, each, done) for each in plan.balances),
        rates=tuple(_reaching(plan, asked, rate) for rate in plan.rates),
    )


def _is_open(plan: Plan, scope: Scopes, ended: int) -> np.ndarray:
    """Return which rows still bind something, whatever their metric: bool, shape (rows,)."""
    last = plan.periods.leaf_span[scope.period, 1]
    return np.asarray((last if scope.until is None else np.minimum(last, scope.until)) > ended)


def _rate_happened(plan: Plan, asked: Asked, rate: Rate) -> np.ndarray:
    """Return what a rate was in periods that have ended: float64, shape (cells,), nan where nobody knows."""
    found = np.full(len(plan.cells), np.nan)
    values = asked.rates.get(rate.metric)
    if values is not None:
        has_ended = plan.cells.period[rate.cells] < asked.ended
        found[rate.cells[has_ended]] = values[has_ended]
    return found


def _reaching(plan: Plan, asked: Asked, rate: Rate) -> Rate:
    """Return a rate that starts where it is to stay near, and whose floor and ceiling let what happened be."""
    happened = _rate_happened(plan, asked, rate)[rate.cells]
    near = asked.others.get(rate.metric) if asked.is_near_agreed else None
    return replace(rate, near=near, floor=np.fmin(rate.floor, happened), ceiling=np.fmax(rate.ceiling, happened))


def _at_least_used(plan: Plan, done: np.ndarray) -> Capacity:
    used = np.asarray(cover(plan, plan.capacity.scope) @ (done * plan.cells.hours))
    return replace(plan.capacity, hours=np.maximum(plan.capacity.hours, used))


def _at_least_handled(plan: Plan, balance: Balance, done: np.ndarray) -> Balance:
    """Return what came in with at least what was handled: nobody handles what did not come."""
    mine = plan.cells.metric == balance.volume
    handled = np.zeros_like(balance.available)
    np.add.at(handled, (plan.cells.queue[mine], plan.cells.period[mine]), done[mine])
    excess = np.maximum.accumulate(np.nan_to_num(np.cumsum(handled, axis=1) - balance.available).clip(0.0), axis=1)
    return replace(balance, available=balance.available + excess)
