"""What would lower or raise a node's target: a few changes of the input, each proven by solving again.

Owns: which changes are tried for a node.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engine.formulation.linear import linear_rows
from engine.issues import Place
from engine.outcome import Judged, Outcome
from engine.plan import BUILT_IN, TURNAROUND, Balance, Plan, Rate
from engine.rates.averages import rate_cover
from engine.reasons.backlog_bridge import balance_of, due_rows
from engine.reasons.bridge import Node, members, weights
from engine.reasons.rate_bridge import rate_members
from engine.reasons.words import limit_words, target_words
from engine.tables import Inputs
from engine.trees import ROOT, Tree
from engine.whatif.again import Again
from engine.whatif.binding import bindings_words, full_capacity, limits_at_end
from engine.whatif.edits import Edit, released, scaled
from solver.frozen import frozen

MORE = 0.10
"""Part by which hours or people are raised to see what they bring."""

LESS = 0.01
"""Part by which a target is lowered."""

_SHOWN, _SHOWN_OF_RATES, _SHOWN_OF_HOURS = 0.5, 5e-5, 0.05
"""Items, parts of a rate, and hours or people, below which a change says nothing."""

_PART_SHOWN = 1e-4
"""Part of a node's target below which a change says nothing: so much moves with what is rounded elsewhere."""

_AT_END = 1e-7

_NEAR_ASKED, _NEAR_DUE = 1e-3, 0.1
"""Part of what is asked by which a target may be kept with room to spare and hold cells all the same: whole items.

An item more or less makes hours of a turnaround."""


@frozen
class Lever:
    """A change of the input and what it does to a node's target, by a full second run.

    change : float64, in the metric's unit
    """

    words: str
    edits: tuple[Edit, ...]
    change: float


def find_levers(
    again: Again, outcome: Outcome, node: Node, measure: Callable[[Outcome | Judged], float]
) -> tuple[Lever, ...]:
    """Return what lowers or raises the target of a node, the largest first; empty where nothing tried moves it.

    Parameters
    ----------
    measure : the node's target in an answer, in the metric's unit
    """
    before = measure(outcome)
    least = max(_least(outcome.plan, node), _PART_SHOWN * abs(before))
    found = []
    for words, edits in _tries(again, outcome, node):
        now = again.solve(edits)
        if now is None:
            continue
        change = measure(now) - before
        if abs(change) >= least:
            found.append(Lever(words, edits, change))
    return tuple(sorted(found, key=lambda each: (-abs(each.change), each.words)))


def _least(plan: Plan, node: Node) -> float:
    if node.metric in BUILT_IN:
        return _SHOWN_OF_HOURS
    return _SHOWN_OF_RATES if _rate_of(plan, node) else _SHOWN


def _rate_of(plan: Plan, node: Node) -> Rate | None:
    return next((each for each in plan.rates if each.metric == node.metric), None)


def _tries(again: Again, outcome: Outcome, node: Node) -> list[tuple[str, tuple[Edit, ...]]]:
    plan, inputs = outcome.plan, again.inputs
    rate = _rate_of(plan, node)
    balance = balance_of(plan, node)
    tries: list[tuple[str, tuple[Edit, ...]]] = []
    if rate is None:
        moved = node if balance is None else replace(node, metric=balance.volume)
        mine = weights(plan, moved.metric, moved.period) > 0
        inside = members(plan, moved)
        tries += _tries_of_cells(inputs, outcome, inside, mine)
        own = [node.metric, *(_work_of(plan, node, balance) if node.metric in BUILT_IN else [])]
        tries += _tries_of_other_metrics(inputs, outcome, inside, own)
    else:
        tries += [
            (f"without the {limit_words(plan, row)}", released(inputs, plan.limits.place[row]))
            for row in _rate_limits_at_end(outcome, rate, node)[:2]
        ]
    return tries + _tries_of_targets(plan, inputs, node, balance)


def _tries_of_targets(
    plan: Plan, inputs: Inputs, node: Node, balance: Balance | None
) -> list[tuple[str, tuple[Edit, ...]]]:
    """Return changes of what is asked of a node: less of it, or, of hours, people and waiting, of the work in it."""
    asked = node if balance is None else replace(node, period=int(plan.periods.leaves[_last(plan, node)]))
    tries = _tries_of_due(plan, inputs, node) if node.metric == TURNAROUND else []
    work = _work_of(plan, node, balance) if node.metric in BUILT_IN else []
    nodes = [asked, *(replace(asked, metric=metric) for metric in work)]
    over = [row for each in nodes for row in _targets_over(plan, each)]
    for rows in [[row] for row in over[:2]] or [_targets_within(plan, asked)]:
        edits = _all_scaled(inputs, [plan.targets.place[row] for row in rows], 1 - LESS)
        if edits:
            more = f" and {len(rows) - 1} more within" if len(rows) > 1 else ""
            tries.append((f"{LESS:.0%} less asked: {target_words(plan, rows[0])}{more}", edits))
    return tries


def _tries_of_due(plan: Plan, inputs: Inputs, node: Node) -> list[tuple[str, tuple[Edit, ...]]]:
    """Return more time for the items of a node, where they are due within some."""
    return _more_time(inputs, [plan.targets.place[row] for row in due_rows(plan, node).tolist()])


def _more_time(inputs: Inputs, places: Sequence[Place]) -> list[tuple[str, tuple[Edit, ...]]]:
    """Return more time at the first of some cells of Turnaround."""
    tried = [(place, scaled(inputs, place, 1 + MORE)) for place in places[:1]]
    return [
        (f"{MORE:.0%} more time: Turnaround in row {place.row} of {place.sheet}", (edit,))
        for place, edit in tried
        if edit is not None
    ]


def _tries_of_other_metrics(
    inputs: Inputs, outcome: Outcome, inside: np.ndarray, own: Sequence[int]
) -> list[tuple[str, tuple[Edit, ...]]]:
    """Return changes of what is asked of other metrics that the same cells answer for: a backlog, a turnaround, hours.

    Parameters
    ----------
    inside : bool, shape (cells,); own : metrics whose targets are tried already
    """
    plan, results = outcome.plan, outcome.targets
    scope, asked = plan.targets.scope, plan.targets.value
    room = np.where(scope.metric == TURNAROUND, _NEAR_DUE, _NEAR_ASKED) * np.maximum(1.0, np.abs(asked))
    near = np.abs(results.achieved - asked) <= room
    others = ~np.isin(scope.metric, own) & ~plan.metrics.is_kind(scope.metric, "rate")
    rows = np.flatnonzero(others & (near | ~results.met))
    is_due = scope.metric[rows] == TURNAROUND
    linear = rows[~is_due]
    touching = np.asarray(linear_rows(plan, scope.take(linear)).matrix @ inside.astype(np.float64) > 0)
    tries = []
    for row in linear[touching][:2].tolist():
        edits = _all_scaled(inputs, [plan.targets.place[row]], 1 - LESS)
        if edits:
            tries.append((f"{LESS:.0%} lower: {target_words(plan, row)}", edits))
    due = [] if TURNAROUND in own else _due_here(plan, rows[is_due], inside)
    return tries + _more_time(inputs, [plan.targets.place[row] for row in due])


def _due_here(plan: Plan, rows: np.ndarray, inside: np.ndarray) -> list[int]:
    """Return those rows of Turnaround that watch the queues of some cells, those due in their periods first.

    What is handled in a period moves what waits in all later ones, and the other way round.

    Parameters
    ----------
    inside : bool, shape (cells,)
    """
    scope, cells = plan.targets.scope, plan.cells
    watched = rows[np.isin(scope.queue[rows], plan.queues.leaves[cells.queue[inside]])]
    is_now = np.isin(scope.period[watched], plan.periods.leaves[cells.period[inside]])
    found: list[int] = watched[np.argsort(~is_now, kind="stable")].tolist()
    return found


def _work_of(plan: Plan, node: Node, balance: Balance | None) -> list[int]:
    """Return the metrics whose items take the hours and people of a node, or wait there."""
    if balance is not None:
        return [balance.volume]
    found: list[int] = np.unique(plan.cells.metric[members(plan, node)]).tolist()
    return found


def _all_scaled(inputs: Inputs, places: Sequence[Place], factor: float) -> tuple[Edit, ...]:
    """Return the edits that multiply the numbers in some cells, each once."""
    edits = (scaled(inputs, place, factor) for place in dict.fromkeys(places))
    return tuple(edit for edit in edits if edit is not None)


def _last(plan: Plan, node: Node) -> int:
    """Return the last leaf period of a node: a backlog is what waits at its end."""
    return int(plan.periods.leaf_positions(node.period)[-1])


def _tries_of_cells(
    inputs: Inputs, outcome: Outcome, inside: np.ndarray, mine: np.ndarray
) -> list[tuple[str, tuple[Edit, ...]]]:
    """Return changes of hours and limits. inside, mine : bool, shape (cells,), the node's cells, all of its metric."""
    plan = outcome.plan
    tries: list[tuple[str, tuple[Edit, ...]]] = []
    full = full_capacity(outcome, inside)
    for binding in full[:1]:
        edit = scaled(inputs, binding.place, 1 + MORE)
        if edit is not None:
            # what is typed into a cell counts in all its periods, also in those that are not full
            tries.append((f"{MORE:.0%} more hours of {bindings_words(plan, [binding])}", (edit,)))
    tries += _tries_of_others(inputs, outcome, inside, mine & ~inside, {binding.place for binding in full})
    own = limits_at_end(outcome, inside)
    others = [each for each in limits_at_end(outcome, mine & ~inside) if each.place not in {it.place for it in own}]
    return tries + [
        (f"without the {limit_words(plan, int(binding.rows[0]))}", released(inputs, binding.place))
        for binding in (*own[:1], *others[:1])
    ]


def _tries_of_others(
    inputs: Inputs, outcome: Outcome, inside: np.ndarray, outside: np.ndarray, own: set[Place]
) -> list[tuple[str, tuple[Edit, ...]]]:
    """Return more hours for all others that are full when these cells work. own : the cells' own full hours."""
    cells = outcome.plan.cells
    now = outside & np.isin(cells.period, np.unique(cells.period[inside]))
    others = [binding for binding in full_capacity(outcome, now) if binding.place not in own]
    edits = _all_scaled(inputs, [binding.place for binding in others], 1 + MORE)
    if not edits:
        return []
    who = (
        bindings_words(outcome.plan, others)
        if len(others) == 1
        else f"the others that are full ({len(others):,} cells)"
    )
    return [(f"{MORE:.0%} more hours of {who}", edits)]


def _rate_limits_at_end(outcome: Outcome, rate: Rate, node: Node) -> list[int]:
    """Return the limits of a rate that stand at one of their ends and cover some of a node's cells."""
    plan, limits = outcome.plan, outcome.plan.limits
    rows = np.flatnonzero(limits.scope.metric == rate.metric)
    touches = rate_cover(plan, rate, limits.scope.take(rows)) @ rate_members(plan, rate, node).astype(np.float64) > 0
    value = outcome.limits.value[rows]
    ends = (limits.lower[rows], limits.upper[rows])
    at_end = np.any([np.isfinite(end) & (np.abs(value - end) <= _AT_END) for end in ends], axis=0)
    found: list[int] = rows[touches & at_end].tolist()
    return found


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


def _targets_within(plan: Plan, node: Node) -> list[int]:
    """Return the targets that ask for parts of a node, the largest first."""
    scope = plan.targets.scope
    trees = (plan.org, plan.queues, plan.periods)
    rows = [
        row
        for row in np.flatnonzero(scope.metric == node.metric).tolist()
        if all(
            _holds(tree, above, int(at[row]))
            for tree, above, at in zip(
                trees, (node.org, node.queue, node.period), (scope.org, scope.queue, scope.period), strict=True
            )
        )
    ]
    return sorted(rows, key=lambda row: (-abs(float(plan.targets.value[row])), row))


def _holds(tree: Tree, above: int, node: int) -> bool:
    if above in (ROOT, node):
        return True
    return set(tree.leaf_positions(node).tolist()) <= set(tree.leaf_positions(above).tolist())
