"""What limits a missed target: full capacity and limits at their end, rolled up the trees.

Owns: the words in Limited by, a few lines instead of a list of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from engine.decision.decide import Decision
from engine.formulation.problem import OF_CAPACITY, Problem
from engine.plan import Sense
from engine.reasons.words import limit_words, never_period, never_words, node_words
from engine.trees import ROOT, Tree

FULL = 1e-6
"""Part of a row's hours below which room counts as none."""

_NAMED = 3


def limiting_words(problem: Problem, decision: Decision, row: int) -> str:
    """Return what limits a missed target row (canonical position), in words."""
    cells = problem.targets.items[row].indices
    covered = np.zeros(len(decision.point), dtype=bool)
    covered[cells] = True
    if problem.targets.sense[row] == Sense.AT_MOST or _is_over(problem, decision, row):
        found = _minimums(problem, decision, covered)
    else:
        found = [*_full_capacity(problem, decision, covered), *_maximums(problem, decision, covered)]
    return "; ".join(found) or "targets of the same or a higher priority"


def _is_over(problem: Problem, decision: Decision, row: int) -> bool:
    achieved = float(problem.targets.items[row].dot(decision.point)[0])
    return achieved > float(problem.targets.asked[row])


def _full_capacity(problem: Problem, decision: Decision, covered: np.ndarray) -> list[str]:
    rows = problem.capacity
    touches = rows.matrix @ covered.astype(np.float64) > 0
    binds = touches & rows.full(decision.point, FULL)
    others = _other_rows(problem, np.flatnonzero(binds & (rows.kind != OF_CAPACITY)))
    touches &= rows.kind == OF_CAPACITY
    full = np.flatnonzero(binds & touches)
    if not len(full):
        return others
    plan = problem.plan
    scope = plan.capacity.scope
    periods_of: dict[int, list[int]] = defaultdict(list)
    for source in rows.source[full]:
        periods_of[int(scope.org[source])].append(int(scope.period[source]))
    orgs_of: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for org, periods in periods_of.items():
        orgs_of[tuple(sorted(set(periods)))].append(org)
    touched = {int(node) for node in scope.org[rows.source[np.flatnonzero(touches)]]}
    groups = sorted(orgs_of.items(), key=lambda item: (-len(item[1]) * len(item[0]), item[0], item[1]))
    lines = [
        f"all hours of {org_words(plan.org, orgs, touched)} used{period_words(plan.periods, periods)}"
        for periods, orgs in groups[:_NAMED]
    ]
    lines = [*lines, f"and {len(groups) - _NAMED} more"] if len(groups) > _NAMED else lines
    return [*lines, *others]


def _other_rows(problem: Problem, rows: np.ndarray) -> list[str]:
    """Return queues whose inflow is used up, and shares of queues that are, in words."""
    plan, capacity = problem.plan, problem.capacity
    periods_of: dict[str, list[int]] = defaultdict(list)
    for row in rows.tolist():
        periods_of[never_words(plan, capacity, row, with_period=False)].append(never_period(plan, capacity, row))
    lines = [f"{words} used up{period_words(plan.periods, periods)}" for words, periods in periods_of.items()]
    return [*lines[:_NAMED], f"and {len(lines) - _NAMED} more"] if len(lines) > _NAMED else lines


def org_words(tree: Tree, nodes: Sequence[int], of: Iterable[int]) -> str:
    """Return nodes in words, rolled up: ``all 14 of Lisbon`` where they are all there are below a node."""
    mine, everyone = set(nodes), set(of)
    if len(mine) == 1:
        return node_words(tree, nodes[0])
    for node in range(len(tree) - 1, -1, -1):
        below = {other for other in everyone if other != node and _is_under(tree, other, node)}
        if below == mine:
            return f"all {len(mine)} " + ("teams" if node == ROOT else f"of {node_words(tree, node)}")
    names = [node_words(tree, node) for node in sorted(mine)]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def period_words(tree: Tree, periods: Sequence[int]) -> str:
    """Return periods in words: a run as ``2024-01 to 2024-03``; nothing for the whole horizon."""
    leaves = sorted({int(leaf) for node in periods for leaf in tree.leaf_positions(node)})
    if len(leaves) == len(tree.leaves):
        return ""
    names = [node_words(tree, int(tree.leaves[leaf])) for leaf in leaves]
    if len(names) > 2 and leaves[-1] - leaves[0] == len(leaves) - 1:
        return f" in {names[0]} to {names[-1]}"
    return " in " + ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _is_under(tree: Tree, node: int, above: int) -> bool:
    if node >= len(tree):
        return bool(np.isin(tree.leaf_positions(node), tree.leaf_positions(above)).all())
    first, last = tree.leaf_span[above]
    own_first, own_last = tree.leaf_span[node]
    return bool(first <= own_first and own_last <= last)


def _maximums(problem: Problem, decision: Decision, covered: np.ndarray) -> list[str]:
    limits = problem.limits
    value = limits.matrix @ decision.point
    upper = limits.upper + decision.hard.breach_above
    at_end = value >= upper - 1e-6 * np.maximum(1, np.where(np.isfinite(upper), upper, 1))
    return _limit_lines(problem, at_end & (limits.matrix @ covered.astype(np.float64) > 0))


def _minimums(problem: Problem, decision: Decision, covered: np.ndarray) -> list[str]:
    limits = problem.limits
    value = limits.matrix @ decision.point
    lower = limits.lower - decision.hard.breach_below
    at_end = (lower > 0) & (value <= lower + 1e-6 * np.maximum(1, lower))
    return _limit_lines(problem, at_end & (limits.matrix @ covered.astype(np.float64) > 0))


def _limit_lines(problem: Problem, rows: np.ndarray) -> list[str]:
    found = [limit_words(problem.plan, int(source)) for source in problem.limits.source[np.flatnonzero(rows)]]
    return [*found[:_NAMED], f"and {len(found) - _NAMED} more limits"] if len(found) > _NAMED else found
