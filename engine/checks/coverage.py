"""What nothing covers: teams without a capacity row, metrics without a target, leaves without work.

Owns: TC550 to TC554.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.codes import issue
from engine.formulation.cover import cover
from engine.issues import Issue, Place
from engine.plan import Plan
from engine.trees import Tree

_NAMED = 5


def check_coverage(plan: Plan) -> Iterator[Issue]:
    """Yield what is not covered."""
    yield from _unlimited(plan)
    for metric in np.flatnonzero([kind != "formula" for kind in plan.metrics.kinds]).tolist():
        if not (plan.targets.scope.metric == metric).any():
            yield issue("TC551", Place("Metrics"), plan.metrics.ids[metric])
    for code, tree, used, table in (
        ("TC552", plan.org, plan.cells.org, "Org"),
        ("TC553", plan.queues, plan.cells.queue, "Queues"),
    ):
        idle = np.setdiff1d(np.arange(len(tree.leaves)), used)
        if len(idle):
            yield issue(code, Place(table), _listed(tree, idle), amount=float(len(idle)))


def _unlimited(plan: Plan) -> Iterator[Issue]:
    """Yield one note per team, with its periods: unlimited is a choice, not an accident."""
    takes_hours = plan.cells.hours > 0
    if not takes_hours.any():
        return
    if not len(plan.capacity):
        yield issue("TC554", Place("Capacity"), "no rows")
        return
    is_limited = np.asarray(cover(plan, plan.capacity.scope).sum(axis=0)).ravel() > 0
    free = takes_hours & ~is_limited
    for team in np.unique(plan.cells.org[free]):
        periods = np.unique(plan.cells.period[free & (plan.cells.org == team)])
        name = plan.org.paths[plan.org.leaves[team]]
        yield issue("TC550", Place("Capacity"), f"{name}: {_periods(plan, periods)}", amount=float(len(periods)))


def _periods(plan: Plan, periods: np.ndarray) -> str:
    count = len(plan.periods.leaves)
    return "all periods" if len(periods) == count else _listed(plan.periods, periods)


def _listed(tree: Tree, leaves: np.ndarray) -> str:
    names = [tree.paths[tree.leaves[leaf]] for leaf in leaves[:_NAMED]]
    more = f" and {len(leaves) - _NAMED:,} more" if len(leaves) > _NAMED else ""
    return ", ".join(names) + more
