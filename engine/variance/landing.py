"""Where a period will end: what was done plus the rest of the season at the pace so far, with an interval.

    landing  = done + Σ_rest agreed_t × pace,   pace = Σ done / Σ agreed so far
    rates    numerator and denominator land apart, and are divided then
    interval = the same with a path of past forecast errors drawn for the rest: after k periods the mean pace so far
               was wrong by e_k1, e_k2 …; one k is drawn, and the errors after it, which belong together, stay in order

Owns: the forecast, its interval, the chance of meeting a target, and the pace that is needed.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri, stdtrit

from solver.frozen import frozen

FEWEST = 3
"""Periods below which no interval is given."""

DRAWS = 2000
COVERED = 0.80
HALF_LIFE = 3.0
"""Periods after which the recent variant counts a period half."""

_SEED = 20260101  # the same inputs give the same interval


@frozen
class Series:
    """One row per node, one column per leaf period of a longer period; float64, shape (rows, periods).

    agreed : the plan, the shape of the season
    actual : what was done in the first ``elapsed`` periods; the others do not count
    """

    agreed: np.ndarray
    actual: np.ndarray
    elapsed: int


@frozen
class Landing:
    """Where each row ends: float64, shape (rows,).

    recent : the variant in which late periods count more
    low, high : bounds of the interval that covers 80 %; nan where too few periods are known
    draws : shape (rows, draws), empty where there is no interval
    """

    expected: np.ndarray
    recent: np.ndarray
    low: np.ndarray
    high: np.ndarray
    draws: np.ndarray

    def chance(self, target: np.ndarray, *, higher: bool) -> np.ndarray:
        """Return the probability of meeting a target: (draws that meet it + 1) / (draws + 2); nan without draws."""
        if self.draws.shape[1] == 0:
            return np.full(len(self.expected), np.nan)
        room = 1e-9 * np.abs(target)[:, None]
        meets = self.draws >= target[:, None] - room if higher else self.draws <= target[:, None] + room
        found = (meets.sum(axis=1) + 1) / (self.draws.shape[1] + 2)
        return np.where(np.isfinite(self.low), found, np.nan)


def land(amounts: Series) -> Landing:
    """Return where volumes end.

    Notes
    -----
    A row with a period unknown so far lands nowhere: nan.
    """
    done, rest = amounts.actual[:, : amounts.elapsed], amounts.agreed[:, amounts.elapsed :]
    plan = amounts.agreed[:, : amounts.elapsed]
    expected = done.sum(axis=1) + rest.sum(axis=1) * _pace(done, plan)
    weight = _recent(amounts.elapsed)
    recent = done.sum(axis=1) + rest.sum(axis=1) * _pace(done * weight, plan * weight)
    if amounts.elapsed < FEWEST or rest.shape[1] == 0:
        return _certain(expected, recent, is_over=rest.shape[1] == 0)
    pace, errors = _pace(done, plan), _errors(done, plan, rest.shape[1])
    total = np.repeat(done.sum(axis=1)[:, None], DRAWS, axis=1)
    for at in range(rest.shape[1]):
        total += rest[:, at : at + 1] * np.maximum(pace[:, None] + errors[:, :, at], 0.0)
    return _interval(expected, recent, total)


def land_rates(rates: Series, weights: Series) -> Landing:
    """Return where rates end: what they weigh lands as volumes do, what they are as far from agreed as so far."""
    elapsed = rates.elapsed
    done_w, plan_w, rest_w = weights.actual[:, :elapsed], weights.agreed[:, :elapsed], weights.agreed[:, elapsed:]
    gap = rates.actual[:, :elapsed] - rates.agreed[:, :elapsed]
    rest_r = rates.agreed[:, elapsed:]
    done = (done_w * rates.actual[:, :elapsed]).sum(axis=1)

    def landed(pace: np.ndarray, mean_gap: np.ndarray) -> np.ndarray:
        weight = rest_w * pace[:, None]
        return _ratio(
            done + (weight * (rest_r + mean_gap[:, None])).sum(axis=1), done_w.sum(axis=1) + weight.sum(axis=1)
        )

    expected = landed(_pace(done_w, plan_w), _ratio((done_w * gap).sum(axis=1), done_w.sum(axis=1)))
    late = done_w * _recent(elapsed)
    recent = landed(_pace(late, plan_w * _recent(elapsed)), _ratio((late * gap).sum(axis=1), late.sum(axis=1)))
    if elapsed < FEWEST or rest_r.shape[1] == 0:
        return _certain(expected, recent, is_over=rest_r.shape[1] == 0)
    errors = _errors(done_w * gap, done_w, rest_r.shape[1])
    mean_gap = _ratio((done_w * gap).sum(axis=1), done_w.sum(axis=1))
    drawn_w = rest_w * _pace(done_w, plan_w)[:, None]
    numerator = np.repeat(done[:, None], DRAWS, axis=1)
    for at in range(rest_r.shape[1]):
        numerator += drawn_w[:, at : at + 1] * ((rest_r[:, at] + mean_gap)[:, None] + errors[:, :, at])
    return _interval(expected, recent, numerator / (done_w.sum(axis=1) + drawn_w.sum(axis=1))[:, None])


def required_pace(target: np.ndarray, done: np.ndarray, working_days: float) -> np.ndarray:
    """Return what is needed per remaining working day; nan where none remains."""
    return (target - done) / working_days if working_days > 0 else np.full(len(target), np.nan)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0))


def _pace(done: np.ndarray, plan: np.ndarray) -> np.ndarray:
    return _ratio(done.sum(axis=1), plan.sum(axis=1))


def _recent(elapsed: int) -> np.ndarray:
    return np.asarray(0.5 ** ((elapsed - 1 - np.arange(elapsed)) / HALF_LIFE))


def _errors(done: np.ndarray, plan: np.ndarray, rest: int) -> np.ndarray:
    """Return drawn paths of past forecast errors: float64, shape (rows, draws, rest).

    Notes
    -----
    Errors keep their order, for they belong together; whether they were up or down is drawn, for few periods do not
    tell which way the next ones go. They are widened for how few they are.
    """
    elapsed = done.shape[1]
    pace = np.divide(done, plan, out=np.repeat(_pace(done, plan)[:, None], elapsed, axis=1), where=plan > 0)
    below = np.cumsum(plan, axis=1)
    so_far = np.divide(np.cumsum(done, axis=1), below, out=pace.copy(), where=below > 0)
    random = np.random.default_rng(_SEED)
    origin, sign = random.integers(1, elapsed, size=DRAWS), random.choice([-1.0, 1.0], size=DRAWS)
    found = np.empty((len(done), DRAWS, rest))
    for at in range(rest):
        later = np.minimum(origin + at, elapsed - 1)  # beyond what is known, the last error goes on
        found[:, :, at] = (pace[:, later] - so_far[:, origin - 1]) * sign
    return found * _widening(elapsed)


def _widening(elapsed: int) -> float:
    """Return by how much errors of few periods understate those of the next."""
    tail = (1 + COVERED) / 2
    return float(np.sqrt(elapsed / (elapsed - 1)) * stdtrit(elapsed - 1, tail) / ndtri(tail))


def _interval(expected: np.ndarray, recent: np.ndarray, drawn: np.ndarray) -> Landing:
    low, high = np.quantile(drawn, [(1 - COVERED) / 2, (1 + COVERED) / 2], axis=1)
    return Landing(expected, recent, low, high, drawn)


def _certain(expected: np.ndarray, recent: np.ndarray, *, is_over: bool) -> Landing:
    unknown = expected if is_over else np.full(len(expected), np.nan)
    return Landing(expected, recent, unknown, unknown, np.zeros((len(expected), 0)))
