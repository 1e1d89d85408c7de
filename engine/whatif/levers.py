"""What would lower or raise a node's target: a few changes of the input, each proven by solving again.

Owns: which changes are tried for a node.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.outcome import Outcome
from engine.plan import Plan
from engine.reasons.bridge import Node, members
from engine.reasons.words import capacity_words, limit_words, target_words
from engine.trees import ROOT, Tree
from engine.whatif.again import Again
from engine.whatif.binding import full_capacity, limits_at_end
from engine.whatif.edits import Edit, released, scaled

MORE = 0.10
"""Part by which hours or people are raised to see what they bring."""

LESS = 0.01
"""Part by which a target is lowered."""

_SHOWN = 0.5  # items below which a change says nothing


@dataclass(frozen=True, slots=True)
class Lever:
    """A change of the input and what it does to a node's target, by a full second run.

    change : float64, in the metric's unit
    """

    words: str
    edits: tuple[Edit, ...]
    change: float


def find_levers(again: Again, outcome: Outcome, node: Node) -> tuple[Lever, ...]:
    """Return what lowers or raises the target of a node, the largest first; empty where nothing tried moves it."""
    before = float(outcome.value[members(outcome.plan, node)].sum())
    found = []
    for words, edits in _tries(again, outcome, node):
        now = again.solve(edits)
        if now is None:
            continue
        change = float(now.value[members(now.plan, node)].sum()) - before
        if abs(change) >= _SHOWN:
            found.append(Lever(words, edits, change))
    return tuple(sorted(found, key=lambda each: (-abs(each.change), each.words)))


def _tries(again: Again, outcome: Outcome, node: Node) -> list[tuple[str, tuple[Edit, ...]]]:
    plan, inputs = outcome.plan, again.inputs
    inside = members(plan, node)
    mine = plan.cells.metric == node.metric
    tries: list[tuple[str, tuple[Edit, ...]]] = []
    for binding in full_capacity(outcome, inside)[:1]:
        edit = scaled(inputs, binding.place, 1 + MORE)
        if edit is not None:
            tries.append((f"{MORE:.0%} more {capacity_words(plan, int(binding.rows[0]))}", (edit,)))
    own = limits_at_end(outcome, inside)
    others = [each for each in limits_at_end(outcome, mine & ~inside) if each.place not in {it.place for it in own}]
    tries += [
        (f"without the {limit_words(plan, int(binding.rows[0]))}", released(inputs, binding.place))
        for binding in (*own[:1], *others[:1])
    ]
    for row in _targets_over(plan, node)[:2]:
        edit = scaled(inputs, plan.targets.place[row], 1 - LESS)
        if edit is not None:
            tries.append((f"{LESS:.0%} less asked: {target_words(plan, row)}", (edit,)))
    return tries


def _targets_over(plan: Plan, node: Node) -> list[int]:
    """Return the targets whose scope holds the whole node, the nearest first."""
    scope = plan.targets.scope
    trees = (plan.org, plan.queues, plan.periods)
    found = []
    for row in range(len(plan.targets)):
        nodes = (int(scope.org[row]), int(scope.queue[row]), int(scope.period[row]))
        if scope.metric[row] != node.metric or not all(
            _holds(tree, above, at)
            for tree, above, at in zip(trees, nodes, (node.org, node.queue, node.period), strict=True)
        ):
            continue
        size = sum(len(tree.leaf_positions(above)) for tree, above in zip(trees, nodes, strict=True))
        found.append((size, row))
    return [row for _, row in sorted(found)]


def _holds(tree: Tree, above: int, node: int) -> bool:
    if above in (ROOT, node):
        return True
    return set(tree.leaf_positions(node).tolist()) <= set(tree.leaf_positions(above).tolist())
