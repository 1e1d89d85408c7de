"""What a number is spread over: the nodes of a level below a node of the plan, what stands there, what is held.

Owns: finding parts in the trees, and reading plan and holds at each.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.building.texts import key_of, shown_list
from engine.formulation.cover import cover
from engine.plan import Plan, Scopes
from engine.reasons.bridge import Node
from engine.spreading.methods import SpreadError
from engine.trees import Tree
from solver.frozen import frozen

TREES = ("org", "queue", "period")


@frozen
class Over:
    """The parts: a row of Scopes each. tree : one of ``TREES``, the one they lie in."""

    tree: str
    scopes: Scopes


def find_over(plan: Plan, node: Node, level: str) -> Over:
    """Return the nodes of a level below a node, those left out that hold no cell of its metric.

    Raises
    ------
    SpreadError
        No tree has that level, several have, or nothing of it lies below the node.
    """
    trees = _trees(plan)
    having = [name for name, tree in trees.items() if key_of(level) in map(key_of, tree.levels)]
    if len(having) != 1:
        levels = shown_list(each for tree in trees.values() for each in tree.levels)
        raise SpreadError(
            f"{level!r} is {'no level' if not having else 'a level of several trees'}; there are {levels}"
        )
    name = having[0]
    below = _below(trees[name], getattr(node, name), level)
    scopes = _scopes(node, name, below)
    filled = np.flatnonzero(np.diff(cover(plan, scopes).indptr))
    if not len(filled):
        raise SpreadError(f"nothing of level {level!r} with cells of its own lies below")
    return Over(name, scopes.take(filled))


def shaped_like(plan: Plan, node: Node, over: Over, other: int, tree: str) -> Scopes:
    """Return the parts that have the shape to follow: those of another node, part by part.

    Parameters
    ----------
    other : a node, tree : the tree it lies in

    Raises
    ------
    SpreadError
        It has another number of parts.
    """
    if tree != over.tree:
        moved = np.full(len(over.scopes), other)
        return replace(over.scopes, **{tree: moved})
    own = getattr(over.scopes, tree)
    level = _trees(plan)[tree].level[own[0]]
    below = _below(_trees(plan)[tree], other, level)
    if len(below) != len(own):
        raise SpreadError(f"it has {len(below)} of level {level!r}, but there are {len(own)} to spread over")
    return _scopes(node, tree, below)


def held_at(plan: Plan, scopes: Scopes) -> np.ndarray:
    """Return what holds of Limits ask of each scope: float64, nan where it is free."""
    holds = np.flatnonzero(plan.limits.is_hold)
    held = np.full(len(scopes), np.nan)
    if not len(holds):
        return held
    ours, theirs = cover(plan, scopes), cover(plan, plan.limits.scope.take(holds))
    shared = (ours @ theirs.T).toarray()
    size, their_size = np.diff(ours.indptr), np.diff(theirs.indptr)
    same = (shared == size[:, None]) & (shared == their_size[None, :]) & (size[:, None] > 0)
    for at, hold in zip(*np.nonzero(same), strict=True):
        held[at] = plan.limits.lower[holds[hold]]
    return held


def sums(plan: Plan, scopes: Scopes, value: np.ndarray) -> np.ndarray:
    """Return the sum over each scope. value : float64, shape (cells,), nan counts as 0."""
    return np.asarray(cover(plan, scopes) @ np.nan_to_num(value))


def _trees(plan: Plan) -> dict[str, Tree]:
    return {"org": plan.org, "queue": plan.queues, "period": plan.periods}


def _below(tree: Tree, node: int, level: str) -> np.ndarray:
    """Return the nodes of a level below a node, in tree order."""
    inside = np.zeros(len(tree), dtype=bool)
    inside[min(node, len(tree) - 1)] = node < len(tree)
    for each in range(1, len(tree)):
        inside[each] |= inside[tree.parent[each]]
    at_level = np.array([key_of(name) == key_of(level) for name in tree.level])
    return np.flatnonzero(inside & at_level & (np.arange(len(tree)) != node))


def _scopes(node: Node, tree: str, below: np.ndarray) -> Scopes:
    columns = {name: np.full(len(below), getattr(node, name)) for name in TREES}
    columns[tree] = below
    return Scopes(np.full(len(below), node.metric), columns["org"], columns["queue"], columns["period"])
