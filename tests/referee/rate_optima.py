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
class Stated:
    """One rate's problem as people state it, dense; rows over (targets or limits, cells).

    least, most : what Floor, Ceiling and a cell's own limits leave; stuck_up, stuck_down : cells that do not move so
    """

    plan: Plan
    rate: Rate
    weight: np.ndarray
    targets: np.ndarray
    target_rows: np.ndarray
    limits: np.ndarray
    limit_rows: np.ndarray
    gap: np.ndarray
    back: np.ndarray

    @property
    def is_higher(self) -> bool:
        return bool(self.plan.metrics.higher_is_better[self.rate.metric])

    @property
    def way_up(self) -> np.ndarray:
        return self.gap if self.is_higher else self.back

    @property
    def way_down(self) -> np.ndarray:
        return self.back if self.is_higher else self.gap

    def size(self) -> np.ndarray:
        asked = self.plan.targets.value[self.target_rows]
        return np.maximum(np.maximum(np.abs(asked), np.abs(self.targets @ self.rate.baseline)), 1e-3)

    def weights(self) -> np.ndarray:
        scope = self.plan.targets.scope.take(self.target_rows)
        return membership(self.plan, self.rate, scope) @ self.weight

    def misses(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return shortfall and excess of each target that can have it, in the rate's unit."""
        asked, sense = self.plan.targets.value[self.target_rows], self.plan.targets.sense[self.target_rows]
        reached = self.targets @ value
        short = np.where(sense != Sense.AT_MOST, np.maximum(asked - reached, 0), 0)
        over = np.where(sense != Sense.AT_LEAST, np.maximum(reached - asked, 0), 0)
        return short, over

    def priced(self, miss: np.ndarray) -> np.ndarray:
        """Return what misses cost, in items × unit, by rising segments."""
        left, cost = miss / self.size(), np.zeros(len(miss))
        for width, slope in zip(WIDTHS, SLOPES[self.plan.settings.misses], strict=True):
            part = np.minimum(left, width)
            cost += slope * part
            left = left - part
        return cost * self.weights() * self.size()

    def effort(self, value: np.ndarray) -> float:
        """Return Σ w move² / 2 way."""
        move, total = value - self.rate.baseline, 0.0
        for at in range(len(value)):
            way = self.way_up[at] if move[at] > 0 else self.way_down[at]
            if way > 0:
                total += self.weight[at] * move[at] ** 2 / (2 * way)
        return total


def stated(plan: Plan, rate: Rate, volumes: np.ndarray) -> Stated:
    """Return the problem of one rate; rows over nothing that weighs anything are left out, but for limits of a cell."""
    weight = volumes[rate.cells]
    is_higher = bool(plan.metrics.higher_is_better[rate.metric])
    baseline = rate.baseline
    inside = np.clip(baseline, rate.floor, rate.ceiling)
    gap = np.array(
        [max(0.0, (best - b) if is_higher else (b - best)) for best, b in zip(rate.best, baseline, strict=True)]
    )
    far = rate.floor if is_higher else rate.ceiling
    back = np.array([abs(f - b) if np.isfinite(f) else abs(b) for f, b in zip(far, inside, strict=True)])
    small = 1e-9 * np.abs(baseline)
    moves = weight > 1e-6 * weight.mean()
    gap, back = np.where(moves & (gap > small), gap, 0), np.where(moves & (back > small), back, 0)
    averages, rows = [], []
    for scopes, keep_cells in ((plan.targets.scope, False), (plan.limits.scope, True)):
        mine = np.flatnonzero(scopes.metric == rate.metric)
        member = membership(plan, rate, scopes.take(mine))
        total = member @ weight
        alone = member.sum(axis=1) == 1
        kept = (total > 0) | (alone & keep_cells)
        shares = np.where((total > 0)[:, None], member * weight / np.maximum(total, 1e-300)[:, None], member)
        averages.append(shares[kept])
        rows.append(mine[kept])
    return Stated(plan, rate, weight, averages[0], rows[0], averages[1], rows[1], gap, back)


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
    rate, limits = problem.rate, problem.plan.limits
    low, high = limits.lower[problem.limit_rows] - breach, limits.upper[problem.limit_rows] + breach
    floor, ceiling = rate.floor.copy(), rate.ceiling.copy()
    alone = (problem.limits > 0).sum(axis=1) == 1
    for row in np.flatnonzero(alone):
        cell = int(np.argmax(problem.limits[row]))
        floor[cell] = min(max(floor[cell], low[row]), rate.ceiling[cell])
        ceiling[cell] = max(min(ceiling[cell], high[row]), floor[cell])
    inside = np.clip(rate.baseline, floor, ceiling)
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
    asked, sense = problem.plan.targets.value[problem.target_rows], problem.plan.targets.sense[problem.target_rows]
    size, widths = problem.size(), len(WIDTHS)
    slopes = np.array(SLOPES[problem.plan.settings.misses])
    price = problem.weights() * size
    length = max(float(np.abs(problem.rate.baseline).max()), 1e-12)  # rates of about 1, whatever their unit
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
        for side, (can_miss, sign) in enumerate(((sense[row] != Sense.AT_MOST, -1), (sense[row] != Sense.AT_LEAST, 1))):
            if can_miss:
                pieces = np.zeros((2, count, widths))
                pieces[side, row] = -size[row] / length
                not_above(np.concatenate([sign * problem.targets[row], pieces.ravel()]), sign * asked[row])
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
    rate, limits = problem.rate, problem.plan.limits
    n, count = len(problem.weight), len(problem.limit_rows)
    inside = np.clip(rate.baseline, rate.floor, rate.ceiling)
    least = np.where(problem.way_down > 0, rate.floor, inside)
    most = np.where(problem.way_up > 0, rate.ceiling, inside)
    for row in range(count):
        if (problem.limits[row] > 0).sum() == 1:
            cell, at = int(np.argmax(problem.limits[row])), problem.limit_rows[row]
            # a cell that does not move by itself goes as far as its own limit asks
            most[cell] = max(most[cell], min(limits.lower[at], rate.ceiling[cell]))
            least[cell] = min(least[cell], max(limits.upper[at], rate.floor[cell]))
    upper, bound = [], []
    for row in range(count):
        slack = np.zeros(count)
        slack[row] = -1
        low, high = limits.lower[problem.limit_rows[row]], limits.upper[problem.limit_rows[row]]
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
    scope = problem.plan.limits.scope.take(problem.limit_rows)
    total = membership(problem.plan, problem.rate, scope) @ problem.weight
    return np.maximum(total, 1e-3 * max(float(problem.weight.mean()), 1e-12))


def least_effort(problem: Stated, inside: Reach, point: np.ndarray, kept: list, room_part: float = 1e-9) -> float:
    """Return the least Σ w move² / 2 way at what a plan reaches."""
    n, baseline = len(problem.weight), problem.rate.baseline
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
