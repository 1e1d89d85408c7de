"""Hold ``now``: a limit holds what stood in Cascade when its row was first seen.

Owns: what that is for each kind of metric, and by which key the next run finds it.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from engine.building.journal import Journal, Problem
from engine.building.texts import quoted
from engine.formulation.linear import counted_leaves, linear_rows
from engine.plan import Plan, Scopes
from engine.tables import Earlier
from engine.trees import ROOT


def hold_now(plan: Plan, is_now: np.ndarray, earlier: Earlier | None, journal: Journal) -> Plan:
    """Return the plan with the values of limits that hold what stands in Cascade.

    Parameters
    ----------
    is_now : bool, shape (limits,)
    earlier : what an earlier run left; None where there was none
    """
    rows = np.flatnonzero(is_now)
    if len(rows) == 0:
        return plan
    known = _Known(plan, earlier or Earlier({}, {}))
    held: dict[str, float] = {}
    wrong = []
    lower, upper = plan.limits.lower.copy(), plan.limits.upper.copy()
    for row in rows.tolist():
        scope = plan.limits.scope.take(np.array([row]))
        key = _key(plan, scope)
        value = known.value(scope, key)
        if np.isnan(value):
            wrong.append(Problem(plan.limits.place[row], f"{quoted('now')}, and {known.lacking}"))
            value = 0.0
        else:
            held[key] = value
        lower[row] = upper[row] = value
    journal.add_each("TC251", wrong)
    return dataclasses.replace(plan, limits=dataclasses.replace(plan.limits, lower=lower, upper=upper), held_now=held)


def _key(plan: Plan, scope: Scopes) -> str:
    """Return what identifies a row from run to run: names, not where it stands."""
    until = plan.periods.leaf_span[ROOT, 1] if scope.until is None else scope.until[0]
    parts = (
        plan.metrics.name(int(scope.metric[0])),
        plan.org.path_of(int(scope.org[0])),
        plan.queues.path_of(int(scope.queue[0])),
        plan.periods.path_of(int(scope.period[0])),
        str(int(until)) if until < len(plan.periods.leaves) else "",
    )
    return "|".join(parts).casefold()


class _Known:
    """What an earlier run found, over the cells of the present plan."""

    def __init__(self, plan: Plan, earlier: Earlier) -> None:
        self._plan, self._earlier = plan, earlier
        cells = plan.cells
        self._ids = [[name.casefold() for name in names] for names in (
            plan.metrics.ids, plan.org.ids, plan.queues.ids, plan.periods.ids
        )]  # fmt: skip
        nodes = (
            cells.metric, plan.org.leaves[cells.org], plan.queues.leaves[cells.queue], plan.periods.leaves[cells.period]
        )  # fmt: skip
        keys = zip(
            *([ids[at] for at in each.tolist()] for ids, each in zip(self._ids, nodes, strict=True)), strict=True
        )
        self._point = np.array([earlier.cascade.get(key, (np.nan, np.nan))[0] for key in keys])

    @property
    def lacking(self) -> str:
        """What is missing where there is no value."""
        return "nothing of that in Cascade" if self._earlier.cascade else "no earlier run in this workbook"

    def value(self, scope: Scopes, key: str) -> float:
        """Return what one row held when it was first seen: nan where nothing says."""
        if key in self._earlier.holds:
            return self._earlier.holds[key]
        metric, plan = int(scope.metric[0]), self._plan
        if metric in plan.metrics.backlog_of.values():
            return self._backlog(scope)
        if plan.metrics.is_kind(scope.metric, "rate")[0]:
            return self._average(scope)
        rows = linear_rows(plan, scope)
        known = np.isfinite(self._point)
        if not (rows.matrix @ known.astype(np.float64))[0] > 0:
            return float("nan")
        return float(rows.values(np.where(known, self._point, 0.0))[0])

    def _backlog(self, scope: Scopes) -> float:
        """Return the sum of a backlog over its queues at the end of the row's period, of what counts of it."""
        plan = self._plan
        leaves = counted_leaves(plan, scope, 0)
        if not len(leaves):
            return float("nan")
        last = int(plan.periods.leaves[leaves[-1]])
        start = (self._ids[0][int(scope.metric[0])], self._ids[1][ROOT])
        found = [
            self._earlier.cascade[key][0]
            for queue in plan.queues.leaf_positions(int(scope.queue[0])).tolist()
            if (key := (*start, self._ids[2][plan.queues.leaves[queue]], self._ids[3][last])) in self._earlier.cascade
        ]
        return float(sum(found)) if found else float("nan")

    def _average(self, scope: Scopes) -> float:
        """Return Σ w r / Σ w over the records of a rate within the row."""
        plan = self._plan
        leaves = (
            plan.org.leaf_positions(int(scope.org[0])),
            plan.queues.leaf_positions(int(scope.queue[0])),
            counted_leaves(plan, scope, 0),
        )
        inside = [
            {ids[tree.leaves[leaf]] for leaf in some.tolist()}
            for tree, some, ids in zip((plan.org, plan.queues, plan.periods), leaves, self._ids[1:], strict=True)
        ]
        metric = self._ids[0][int(scope.metric[0])]
        total = weight = 0.0
        for (of, *where), (value, counts) in self._earlier.cascade.items():
            if of == metric and counts > 0 and all(each in one for each, one in zip(where, inside, strict=True)):
                total, weight = total + value * counts, weight + counts
        return total / weight if weight > 0 else float("nan")
