"""The optima that rates should reach, found by other means: sets of cells, scipy's programs, Clarabel's convex step."""

from __future__ import annotations

from dataclasses import dataclass

import clarabel
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_matrix, diags

from engine.plan import Plan, Rate, Scopes, Sense
from tests.referee.rows import SLOPES, WIDTHS, _above

FEASIBLE, FROZEN = 1e-8, 2e-7
"""Room for what a solver leaves of rows, and for what the engine leaves of settled misses; parts of a row."""


@dataclass(frozen=True)
class Asked:
    """Rows of Targets or Limits about a rate.

    member : 0/1, shape (rows, cells); at : rows of the plan's table
    blank : bool, rows of which nobody says whether they bind below or above
    """

    member: np.ndarray
    low: np.ndarray
    high: np.ndarray
    priority: np.ndarray
    at: np.ndarray
    blank: np.ndarray


@dataclass(frozen=True)
class Ways:
    """Where the cells of a rate start, how good they could be, and how far they may go; shape (cells,)."""

    baseline: np.ndarray
    floor: np.ndarray
    ceiling: np.ndarray
    best: np.ndarray
    is_higher: bool


@dataclass(frozen=True)
class Stated:
    """One rate's problem as people state it, dense; rows over (targets or limits, cells) are averages.

    target_rows, limit_rows : rows of the plan's tables; target_weight, limit_weight : items below each
    low, high : what targets ask for: infinite where they do not bind
    gap, back : the way to Best, and the way back; 0 where a cell does not move so
    """

    ways: Ways
    misses: str
    weight: np.ndarray
    targets: np.ndarray
    low: np.ndarray
    high: np.ndarray
    priority: np.ndarray
    target_rows: np.ndarray
    target_weight: np.ndarray
    limits: np.ndarray
    least: np.ndarray
    most: np.ndarray
    limit_rows: np.ndarray
    limit_weight: np.ndarray
    gap: np.ndarray
    back: np.ndarray

    @property
    def way_up(self) -> np.ndarray:
        return self.gap if self.ways.is_higher else self.back

    @property
    def way_down(self) -> np.ndarray:
        return self.back if self.ways.is_higher else self.gap

    @property
    def asked(self) -> np.ndarray:
        """What each target asks, whichever side binds."""
        return np.where(np.isfinite(self.low), self.low, self.high)

    def size(self) -> np.ndarray:
        start = self.targets @ self.ways.baseline
        return np.maximum(np.maximum(np.abs(self.asked), np.abs(start)), 1e-3)

    def missed(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return shortfall and excess of each target that can have it, in the rate's unit."""
        reached = self.targets @ value
        return np.maximum(self.low - reached, 0), np.maximum(reached - self.high, 0)

    def priced(self, miss: np.ndarray) -> np.ndarray:
        """Return what misses cost, in items × unit, by rising segments."""
        left, cost = miss / self.size(), np.zeros(len(miss))
        for width, slope in zip(WIDTHS, SLOPES[self.misses], strict=True):
            part = np.minimum(left, width)
            cost += slope * part
            left = left - part
        return cost * self.target_weight * self.size()

    def effort(self, value: np.ndarray) -> float:
        """Return Σ w move² / 2 way."""
        move, total = value - self.ways.baseline, 0.0
        for at in range(len(value)):
            way = self.way_up[at] if move[at] > 0 else self.way_down[at]
            if way > 0:
                total += self.weight[at] * move[at] ** 2 / (2 * way)
        return total


def stated(plan: Plan, rate: Rate, volumes: np.ndarray) -> Stated:
    """Return the problem of one rate of a plan."""
    targets, limits = plan.targets, plan.limits
    about, kept = (np.flatnonzero(rows.scope.metric == rate.metric) for rows in (targets, limits))
    sense, value = targets.sense[about], targets.value[about]
    asked = Asked(
        membership(plan, rate, targets.scope.take(about)),
        np.where(sense != Sense.AT_MOST, value, -np.inf),
        np.where(sense != Sense.AT_LEAST, value, np.inf),
        targets.priority[about],
        about,
        ~targets.stated[about],
    )
    held = Asked(
        membership(plan, rate, limits.scope.take(kept)), limits.lower[kept], limits.upper[kept],
        np.zeros(len(kept)), kept, np.zeros(len(kept), dtype=bool),
    )  # fmt: skip
    is_higher = bool(plan.metrics.higher_is_better[rate.metric])
    ways = Ways(rate.baseline, rate.floor, rate.ceiling, rate.best, is_higher)
    return state(ways, volumes[rate.cells], asked, held, plan.settings.misses)


def state(ways: Ways, weight: np.ndarray, asked: Asked, held: Asked, misses: str) -> Stated:
    """Return a problem; rows over nothing that weighs anything are left out, but for limits of a cell."""
    baseline = ways.baseline
    inside = np.clip(baseline, ways.floor, ways.ceiling)
    gap = np.maximum(0.0, (ways.best - baseline) * (1 if ways.is_higher else -1))
    far = ways.floor if ways.is_higher else ways.ceiling
    back = np.array([abs(f - b) if np.isfinite(f) else abs(b) for f, b in zip(far, inside, strict=True)])
    small = 1e-9 * np.abs(baseline)
    moves = weight > 1e-6 * weight.mean()
    gap, back = np.where(moves & (gap > small), gap, 0), np.where(moves & (back > small), back, 0)
    targets, rows = _averages(asked, weight, keep_cells=False)
    limits, others = _averages(held, weight, keep_cells=True)
    low, high = asked.low[rows], asked.high[rows]
    # on the way to what is better nobody is asked to come back; what is worse than today is asked exactly
    start, blank = targets @ baseline, asked.blank[rows]
    last_digit = 1e-9 * np.maximum(np.abs(start), 1e-3)
    low, high = (
        np.where(blank & ~ways.is_higher & (high <= start + last_digit), -np.inf, low),
        np.where(blank & ways.is_higher & (low >= start - last_digit), np.inf, high),
    )
    return Stated(
        ways, misses, weight,
        targets, low, high, asked.priority[rows], asked.at[rows], asked.member[rows] @ weight,
        limits, held.low[others], held.high[others], held.at[others], held.member[others] @ weight,
        gap, back,
    )  # fmt: skip


def _averages(asked: Asked, weight: np.ndarray, *, keep_cells: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return rows that sum to 1, and which of those asked they are."""
    member = asked.member
    total = member @ weight
    alone = member.sum(axis=1) == 1
    kept = np.flatnonzero((total > 0) | (alone & keep_cells))
    shares = np.where((total > 0)[:, None], member * weight / np.maximum(total, 1e-300)[:, None], member)
    return shares[kept], kept


def membership(plan: Plan, rate: Rate, scopes: Scopes) -> np.ndarray:
    """Return which cells of a rate each row covers: 1 where its nodes stand above, or are, the cell's leaves."""
    above = [_above(tree) for tree in (plan.org, plan.queues, plan.periods)]
    leaves = [part[rate.cells] for part in (plan.cells.org, plan.cells.queue, plan.cells.period)]
    found = np.ones((len(scopes), len(rate.cells)))
    for sets, leaf, nodes in zip(above, leaves, (scopes.org, scopes.queue, scopes.period), strict=True):
        for row, node in enumerate(nodes.tolist()):
            found[row] *= np.array([node in sets[at] for at in leaf.tolist()])
    return found


@dataclass(frozen=True)
class Reach:
    """Between which values cells can be, and rows of limits over several cells."""

    least: np.ndarray
    most: np.ndarray
    rows: np.ndarray
    low: np.ndarray
    high: np.ndarray


def reach(problem: Stated, breach: np.ndarray) -> Reach:
    """Return what limits leave, each loosened by its breach. breach : of the rows of ``limit_rows``."""
    ways = problem.ways
    low, high = problem.least - breach, problem.most + breach
    floor, ceiling = ways.floor.copy(), ways.ceiling.copy()
    alone = (problem.limits > 0).sum(axis=1) == 1
    for row in np.flatnonzero(alone):
        cell = int(np.argmax(problem.limits[row]))
        floor[cell] = min(max(floor[cell], low[row]), ways.ceiling[cell])
        ceiling[cell] = max(min(ceiling[cell], high[row]), floor[cell])
    inside = np.clip(ways.baseline, floor, ceiling)
    least = np.where(problem.way_down > 0, floor, inside)
    most = np.where(problem.way_up > 0, ceiling, inside)
    return Reach(np.minimum(least, most), np.maximum(least, most), problem.limits[~alone], low[~alone], high[~alone])


def least_cost(
    problem: Stated, inside: Reach, point: np.ndarray, now: np.ndarray, kept: list, room_part: float = FEASIBLE
) -> float:
    """Return the least cost of the misses of some targets.

    Parameters
    ----------
    point : a plan that keeps all rows but for rounding: they are loosened as far as it needs
    kept : rows (matrix, low, high) that earlier priorities leave
    """
    n, count = len(problem.weight), len(problem.target_rows)
    size, widths = problem.size(), len(WIDTHS)
    slopes = np.array(SLOPES[problem.misses])
    price = problem.target_weight * size
    length = max(float(np.abs(problem.ways.baseline).max()), 1e-12)  # rates of about 1, whatever their unit
    cost = np.concatenate([np.zeros(n), np.tile(np.outer(np.where(now, price, 0), slopes).ravel(), 2)])
    upper, bound = [], []

    def not_above(row: np.ndarray, value: float) -> None:
        upper.append(row)
        bound.append(value)

    for matrix, low, high in [(inside.rows, inside.low, inside.high), *kept]:
        reached = matrix @ point
        room = room_part * np.maximum(np.abs(reached), 1e-3)
        for row in range(len(matrix)):
            padded = np.concatenate([matrix[row], np.zeros(2 * count * widths)])
            if np.isfinite(low[row]):
                not_above(-padded, -min(low[row], reached[row]) + room[row])
            if np.isfinite(high[row]):
                not_above(padded, max(high[row], reached[row]) + room[row])
    for row in np.flatnonzero(now):
        for side, (asked, sign) in enumerate(((problem.low[row], -1), (problem.high[row], 1))):
            if np.isfinite(asked):
                pieces = np.zeros((2, count, widths))
                pieces[side, row] = -size[row] / length
                not_above(np.concatenate([sign * problem.targets[row], pieces.ravel()]), sign * asked)
    limits = np.tile(np.tile(WIDTHS, (count, 1)).ravel(), 2)
    least, most = np.minimum(inside.least, point), np.maximum(inside.most, point)
    bounds = np.column_stack([np.concatenate([least, np.zeros(len(limits))]), np.concatenate([most, limits])])
    scale = max(float(cost.max()), 1e-300)
    bounds[:n] /= length
    found = linprog(cost / scale, np.array(upper), np.array(bound) / length, bounds=bounds, method="highs")
    assert found.status == 0, found.message
    return float(found.fun * scale)


def least_breach(problem: Stated) -> float:
    """Return the least total breach of limits, in items × unit, as it is priced."""
    if not len(problem.limit_rows):
        return 0.0
    ways = problem.ways
    n, count = len(problem.weight), len(problem.limit_rows)
    inside = np.clip(ways.baseline, ways.floor, ways.ceiling)
    least = np.where(problem.way_down > 0, ways.floor, inside)
    most = np.where(problem.way_up > 0, ways.ceiling, inside)
    for row in range(count):
        if (problem.limits[row] > 0).sum() == 1:
            cell = int(np.argmax(problem.limits[row]))
            # a cell that does not move by itself goes as far as its own limit asks
            most[cell] = max(most[cell], min(problem.least[row], ways.ceiling[cell]))
            least[cell] = min(least[cell], max(problem.most[row], ways.floor[cell]))
    upper, bound = [], []
    for row in range(count):
        slack = np.zeros(count)
        slack[row] = -1
        low, high = problem.least[row], problem.most[row]
        if np.isfinite(low):
            upper.append(np.concatenate([-problem.limits[row], slack]))
            bound.append(-low)
        if np.isfinite(high):
            upper.append(np.concatenate([problem.limits[row], slack]))
            bound.append(high)
    price = breach_price(problem)
    bounds = np.column_stack([np.append(least, np.zeros(count)), np.append(most, np.full(count, np.inf))])
    scale = max(float(price.max()), 1e-300)
    cost = np.append(np.zeros(n), price / scale)
    found = linprog(cost, np.array(upper), np.array(bound), bounds=bounds, method="highs")
    assert found.status == 0, found.message
    return float(found.fun * scale)


def breach_price(problem: Stated) -> np.ndarray:
    """Return what a unit of breach of each limit costs: its items, a thousandth of the mean cell at least."""
    return np.maximum(problem.limit_weight, 1e-3 * max(float(problem.weight.mean()), 1e-12))


def least_effort(problem: Stated, inside: Reach, point: np.ndarray, kept: list, room_part: float = 1e-9) -> float:
    """Return the least Σ w move² / 2 way at what a plan reaches."""
    n, baseline = len(problem.weight), problem.ways.baseline
    weight = problem.weight / max(float(problem.weight.mean()), 1e-300)
    ways = [problem.way_up, problem.way_down]
    quadratic = np.concatenate([np.divide(weight, way, out=np.zeros(n), where=way > 0) for way in ways])
    least, most = np.minimum(inside.least, point), np.maximum(inside.most, point)
    low = np.concatenate([np.maximum(least - baseline, 0), np.maximum(baseline - most, 0)])
    high = np.concatenate([np.maximum(most - baseline, 0), np.maximum(baseline - least, 0)])
    rows, bound = [], []
    for matrix, under, over in [(inside.rows, inside.low, inside.high), *kept]:
        reached = matrix @ point
        room = room_part * np.maximum(np.abs(reached), 1e-3)
        both = np.hstack([matrix, -matrix])
        now = matrix @ baseline
        for row in range(len(matrix)):
            if np.isfinite(under[row]):
                rows.append(-both[row])
                bound.append(-(min(under[row], reached[row]) - room[row] - now[row]))
            if np.isfinite(over[row]):
                rows.append(both[row])
                bound.append(max(over[row], reached[row]) + room[row] - now[row])
    for at in range(2 * n):
        unit = np.zeros(2 * n)
        unit[at] = 1
        rows.append(-unit)
        bound.append(-low[at])
        if np.isfinite(high[at]):
            rows.append(unit)
            bound.append(high[at])
    # lengths of about 1, whatever the unit of the rate
    length = max(float(np.abs(baseline).max()), 1e-12)
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-11
    solver = clarabel.DefaultSolver(
        csc_matrix(diags(quadratic * length)), np.zeros(2 * n), csc_matrix(np.array(rows)), np.array(bound) / length,
        [clarabel.NonnegativeConeT(len(bound))], settings,
    )  # fmt: skip
    moves = np.clip(np.array(solver.solve().x) * length, low, high)
    return problem.effort(baseline + moves[:n] - moves[n:])
