"""Rows of a real plan as dense sums of cells, worked out from the tables' ids: nothing of the engine's formulation.

Targets, limits, inflow and shares become rows ``matrix @ x`` with a value, so that the referee of plain plans can
judge misses by priority on them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.plan import FTE, HOURS, TURNAROUND, Plan, Scopes, Sense, no_scopes
from tests.referee.real.books import RealBook
from tests.referee.rows import Fairness, Rows

_DAYS = (31, 28, 31, 30, 31, 30)


@dataclass(frozen=True)
class Sums:
    """value = offset + sign * matrix @ x; times : how often an item's hours count in a row."""

    matrix: np.ndarray
    times: np.ndarray
    offset: np.ndarray
    sign: np.ndarray


class Walker:
    """The cells of a plan by their ids, and sums over them."""

    def __init__(self, made: RealBook, plan: Plan) -> None:
        self.made, self.plan = made, plan
        cells = plan.cells
        self.metric = [plan.metrics.ids[at] for at in cells.metric]
        self.team, self.queue, self.month = (
            [tree.ids[tree.leaves[at]] for at in leaf]
            for tree, leaf in ((plan.org, cells.org), (plan.queues, cells.queue), (plan.periods, cells.period))
        )
        self.order = list(made.months)
        self.seconds = {row[0]: row[3] for row in made.tables["Queues"][1:] if row[3] is not None}
        self.uses = {row[0] for row in made.tables["Metrics"][1:] if row[3] == "yes"}
        times = made.tables.get("HandleTimes", [()])[1:]
        self.longer = {(metric, queue, month): seconds for metric, _, queue, month, seconds in times}
        self.hours = np.array([self._hours(at) for at in range(len(cells))])

    def _hours(self, at: int) -> float:
        if self.metric[at] not in self.uses:
            return 0.0
        key = (self.metric[at], self.queue[at], self.month[at])
        return self.longer.get(key, self.seconds[self.queue[at]]) / 3600

    def inside(self, scopes: Scopes, row: int, *, metric: str = "") -> np.ndarray:
        """bool, shape (cells,): cells below the nodes of a row, of its metric or any other."""
        plan = self.plan
        sets = (
            self._leaves(plan.org, scopes.org[row], self.made.teams),
            self._leaves(plan.queues, scopes.queue[row], self.made.queues),
            self._leaves(plan.periods, scopes.period[row], self.made.months),
        )
        until = len(self.order) if scopes.until is None else int(scopes.until[row])
        found = [
            team in sets[0] and queue in sets[1] and month in sets[2] and self.order.index(month) < until
            and (not metric or own == metric)
            for own, team, queue, month in zip(self.metric, self.team, self.queue, self.month, strict=True)
        ]  # fmt: skip
        return np.array(found, dtype=bool)

    def _leaves(self, tree, node: int, known: dict[str, tuple[str, ...]]) -> set[str]:
        if node == 0:
            return set(known)
        name = tree.id_of(int(node))
        return set(self.made.groups.get(name, ())) or {leaf for leaf, above in known.items() if name in above}

    def sums(self, scopes: Scopes, limits: np.ndarray) -> Sums:
        """Return rows of Targets or Limits. limits : hours of rows of Turnaround."""
        rows = [self._sum(scopes, row, float(limits[row])) for row in range(len(scopes))]
        empty = np.zeros((0, len(self.metric)))
        return Sums(
            np.array([row[0] for row in rows]) if rows else empty,
            np.array([row[1] for row in rows]) if rows else empty,
            np.array([row[2] for row in rows]),
            np.array([row[3] for row in rows]),
        )

    def _sum(self, scopes: Scopes, row: int, due: float) -> tuple[np.ndarray, np.ndarray, float, float]:
        metric = int(scopes.metric[row])
        if metric == HOURS:
            counted = self.inside(scopes, row)
            return counted * self.hours, counted * (self.hours > 0), 0.0, 1.0
        if metric == FTE:
            counted = self.inside(scopes, row) * self.hours
            months = self._months(scopes, row)
            per_fte = np.array([self._per_fte(team) * len(months) for team in self.team])
            return counted / per_fte, (counted > 0) * 1.0, 0.0, 1.0
        if metric == TURNAROUND:
            return self._due(scopes, row, due)
        name = self.plan.metrics.ids[metric]
        months = self._months(scopes, row)
        last = max(months, default=-1)
        if name == "Cases":
            counted = self.inside(scopes, row, metric=name) & (np.array(self.month) == self.order[last])
            return counted * 1.0, counted * 1.0, 0.0, 1.0
        if name != "Backlog":
            counted = self.inside(scopes, row, metric=name) * 1.0
            return counted, counted, 0.0, 1.0
        queues = {queue for queue, _ in self.made.inflow} & self._leaves(
            self.plan.queues, scopes.queue[row], self.made.queues
        )
        counted = self._handled(queues, last)
        there = sum(self.available(queue, last) for queue in queues) if months else 0.0
        return counted, counted, there, -1.0

    def _months(self, scopes: Scopes, row: int) -> list[int]:
        """Return the months of a row, up to where it ends."""
        below = self._leaves(self.plan.periods, scopes.period[row], self.made.months)
        until = len(self.order) if scopes.until is None else int(scopes.until[row])
        return [at for at in sorted(self.order.index(each) for each in below) if at < until]

    def _due(self, scopes: Scopes, row: int, due: float) -> tuple[np.ndarray, np.ndarray, float, float]:
        queue = self.plan.queues.ids[int(scopes.queue[row])]
        at = self.order.index(self.plan.periods.ids[int(scopes.period[row])])
        so_far = self._handled({queue}, at)
        now = so_far * (np.array(self.month) == self.order[at])
        matrix = so_far + now * due / (_DAYS[at] * 24)
        return matrix, matrix, self.available(queue, at), -1.0

    def _handled(self, queues: set[str], last: int) -> np.ndarray:
        """float64, shape (cells,): 1 for reviews of some queues up to a month."""
        return np.array([
            float(metric == "Reviews" and queue in queues and self.order.index(month) <= last)
            for metric, queue, month in zip(self.metric, self.queue, self.month, strict=True)
        ])  # fmt: skip

    def available(self, queue: str, last: int) -> float:
        """Return what has come in up to a month."""
        come = sum(self.made.inflow[queue, month] for month in self.order[: last + 1])
        return self.made.opening.get(queue, 0.0) + come

    def _per_fte(self, team: str) -> float:
        """Return the hours that one FTE of a team has in a month; where only hours are given, an FTE is an hour."""
        rows = [row for row in self.made.tables["Capacity"][1:] if row[0] == team and row[3] is not None]
        return float(rows[0][4] * (1 - rows[0][5])) if rows else 1.0

    def counted(self, metric: str) -> str:
        """Return the metric whose cells a row of a metric is about: a rate is about those that weigh it."""
        weight = {row[0]: row[7] for row in self.made.tables["Metrics"][1:] if row[1] == "rate"}
        return weight.get(metric, metric)

    def capacity(self) -> tuple[np.ndarray, np.ndarray]:
        """Return hours, inflow and shares: rows, and what each may come to."""
        rows, there = [], []
        for at in range(len(self.plan.capacity)):  # spread and shared rows: their hours were judged by the builder
            rows.append(self.inside(self.plan.capacity.scope, at) * self.hours)
            there.append(float(self.plan.capacity.hours[at]))
        for queue in {queue for queue, _ in self.made.inflow}:
            for last in range(len(self.order)):
                rows.append(self._handled({queue}, last))
                there.append(max(self.available(queue, last), 0.0))
        for at in range(len(self.plan.shares.share)):
            scope, share = self.plan.shares.scope, float(self.plan.shares.share[at])
            name = self.plan.metrics.ids[int(scope.metric[at])]
            everybody = replace(scope, org=np.zeros_like(scope.org))
            rows.append(self.inside(scope, at, metric=name) - share * self.inside(everybody, at, metric=name))
            there.append(0.0)
        return (np.array(rows) if rows else np.zeros((0, len(self.metric)))), np.array(there)


def mean_of(row: np.ndarray, times: np.ndarray, fair: Fairness) -> float:
    """Return a row's mean hours per unit, weighted by fair share, else by scale, else alike."""
    for weight in (fair.value, fair.scale, np.ones(len(row))):
        if row @ weight > 0 and times @ (weight * fair.hours) > 0:
            return float(times @ (weight * fair.hours) / (row @ weight))
    return 1.0


def real_rows(walker: Walker, fair: Fairness) -> Rows:
    """Return the rows of a plan, senses and values of backlogs turned round."""
    plan = walker.plan
    targets, limits = (
        rows.take(np.flatnonzero(~plan.metrics.is_kind(rows.scope.metric, "rate")))
        for rows in (plan.targets, plan.limits)
    )
    asked = walker.sums(targets.scope, targets.value)
    falls = asked.sign < 0
    is_due = targets.scope.metric == TURNAROUND
    value = np.where(is_due, asked.offset, np.where(falls, np.maximum(asked.offset - targets.value, 0), targets.value))
    value = np.where(is_due, np.maximum(value, 0), value)
    turn = {Sense.AT_LEAST: Sense.AT_MOST, Sense.AT_MOST: Sense.AT_LEAST}
    sense = np.array([
        int(turn.get(Sense(each), Sense.EXACTLY)) if fall else int(each)
        for each, fall in zip(targets.sense.tolist(), falls.tolist(), strict=True)
    ], dtype=np.int64)  # fmt: skip
    means = np.array([mean_of(row, times, fair) for row, times in zip(asked.matrix, asked.times, strict=True)])
    mix = asked.times * fair.hours / means[:, None] if len(means) else asked.matrix
    size = np.maximum(np.maximum(np.abs(value), asked.matrix @ fair.value), 1.0)
    kept = walker.sums(limits.scope, np.zeros(len(limits)))
    down = kept.sign < 0
    lower = np.where(down, kept.offset - limits.upper, limits.lower)
    upper = np.where(down, kept.offset - limits.lower, limits.upper)
    matrix, there = walker.capacity()
    keys = list(zip(plan.cells.metric, plan.cells.queue, plan.cells.period, strict=True))
    distinct = sorted(set(keys))
    queues = np.array([[1.0 if key == row else 0.0 for key in keys] for row in distinct])
    shown = replace(
        plan,
        targets=replace(targets, value=value, sense=sense),
        limits=replace(limits, lower=np.maximum(lower, 0), upper=upper),
        capacity=replace(plan.capacity, scope=no_scopes(), hours=there),
    )
    return Rows(
        shown, fair, asked.matrix, mix, means, size, kept.matrix, matrix, queues,
        np.array([mean_of(row, row, fair) for row in queues]), plan.may_lose[[key[1] for key in distinct]],
    )  # fmt: skip
