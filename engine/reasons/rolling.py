"""Rows over nodes and periods, rolled up the trees: "all 14 of Lisbon in 2024-01 to 2024-03" instead of 42 rows.

    again and again: the node whose rows below are all so, in the periods in which they all are, that covers the most

Owns: this cover, what is left over of it, and the words for nodes and periods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush

import numpy as np

from engine.cycle.held import NOBODY_S
from engine.plan import Plan, Scopes
from engine.reasons.words import limit_words, node_words
from engine.trees import ROOT, Tree
from solver.frozen import frozen

_NAMED, _RUNS = 3, 4


@frozen
class Rolled:
    """Rows that are so together.

    rows : int64, their positions, ascending; orgs : their nodes; of : the nodes of all rows like them
    queue : a node; periods : positions of leaf periods, ascending
    """

    rows: np.ndarray
    orgs: tuple[int, ...]
    of: tuple[int, ...]
    queue: int
    periods: tuple[int, ...]


def roll_up(plan: Plan, scope: Scopes, is_so: np.ndarray) -> list[Rolled]:
    """Return rows rolled up, the most rows × periods first; each row that is so stands in one of them.

    Parameters
    ----------
    scope : all rows there are, so that "all" can be said
    is_so : bool, shape (rows,), which of them are told
    """
    deep = np.where(plan.org.is_group(scope.org), -1, plan.org.depth[np.minimum(scope.org, len(plan.org) - 1)])
    families, which = np.unique(np.column_stack([scope.queue, deep]), axis=0, return_inverse=True)
    found: list[Rolled] = []
    for family in range(len(families)):
        rows = np.flatnonzero(which.ravel() == family)
        if is_so[rows].any():
            found += _family(plan, scope, rows, is_so)
    return sorted(found, key=lambda each: (-len(each.orgs) * len(each.periods), each.periods, _names(plan, each)))


def _names(plan: Plan, rolled: Rolled) -> tuple[str, list[str]]:
    """Return what rows are called: siblings may stand in any order, and lines are to stand in one."""
    return plan.queues.path_of(rolled.queue), sorted(plan.org.path_of(org).casefold() for org in rolled.orgs)


def rolled_words(plan: Plan, rolled: Rolled) -> tuple[str, str]:
    """Return whose rows they are, and when: ``all 14 of Lisbon``, `` in 2024-01 to 2024-03``."""
    who = org_words(plan.org, rolled.orgs, rolled.of)
    if rolled.queue != ROOT:
        who += f" on {node_words(plan.queues, rolled.queue)}"
    return who, leaf_period_words(plan.periods, rolled.periods)


def limits_words(plan: Plan, rows: Sequence[int]) -> list[str]:
    """Return limits in words, those that one input row put rolled up: ``limits on all 14 of Lisbon (Aoife)``.

    What stays as it was agreed, or as it happened, nobody put into Limits: it is one line, with how many there are.
    """
    limits = plan.limits
    by_cell: dict[tuple[str, int], list[int]] = {}
    made: dict[str, int] = {}
    for row in rows:
        if told := NOBODY_S.get(limits.place[row]):
            made[told] = made.get(told, 0) + 1
        else:
            by_cell.setdefault((limits.place[row].sheet, limits.place[row].row), []).append(row)
    words = [f"what {told} ({count:,} number{'s' if count > 1 else ''})" for told, count in made.items()]
    for mine in by_cell.values():
        if len(mine) == 1:
            words.append(limit_words(plan, mine[0]))
            continue
        at = limits.place[mine[0]]
        alike = np.array([
            row for row, place in enumerate(limits.place) if (place.sheet, place.row) == (at.sheet, at.row)
        ])  # fmt: skip
        for each in roll_up(plan, limits.scope.take(alike), np.isin(alike, mine)):
            who, when = rolled_words(plan, each)
            words.append(limit_words(plan, int(alike[each.rows[0]]), f"{who}{when}" if len(each.rows) > 1 else ""))
    return words


def _family(plan: Plan, scope: Scopes, rows: np.ndarray, is_so: np.ndarray) -> Iterator[Rolled]:
    """Yield the cover of rows of one queue whose nodes stand equally deep."""
    orgs, at = np.unique(scope.org[rows], return_inverse=True)
    so = np.zeros((len(orgs), len(plan.periods.leaves)), dtype=bool)
    other = so.copy()
    for row, org in zip(rows.tolist(), at.ravel().tolist(), strict=True):
        (so if is_so[row] else other)[org, plan.periods.leaf_positions(int(scope.period[row]))] = True
    told = rows[is_so[rows]]
    owner = at.ravel()[is_so[rows]]
    taken = np.zeros(len(told), dtype=bool)
    for members, periods in _boxes(plan.org, orgs, so, so | ~other):
        inside = np.isin(owner, members) & ~taken
        inside[inside] = [
            bool(np.isin(plan.periods.leaf_positions(int(scope.period[row])), periods).any()) for row in told[inside]
        ]  # fmt: skip
        taken |= inside
        if inside.any():
            yield Rolled(
                told[inside], tuple(orgs[members].tolist()), tuple(orgs.tolist()), int(scope.queue[rows[0]]),
                tuple(periods.tolist()),
            )  # fmt: skip


def _boxes(tree: Tree, orgs: np.ndarray, so: np.ndarray, may_be: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield positions in orgs × periods until all that is so is covered.

    Parameters
    ----------
    so, may_be : bool, shape (orgs, periods): what is to be covered; what is, or has no row, and so is not in the way
    """
    left = so.copy()
    below = [(node, members) for node, members in _members(tree, orgs) if len(members) > 1]
    # of nodes that cover as much, the one of the fewest rows
    below.sort(key=lambda each: (len(each[1]), tree.path_of(each[0]).casefold()))
    spans = [np.flatnonzero(may_be[members].all(axis=0)) for _, members in below]

    def gain(which: int) -> int:
        return int(left[np.ix_(below[which][1], spans[which])].sum())

    # what a node covers can only shrink as others are taken: the largest is looked at again before it is taken
    heap = [(-gain(which), which) for which in range(len(below))]
    heapify(heap)
    while heap:
        _, which = heappop(heap)
        now = gain(which)
        if now == 0:
            continue
        if heap and heap[0] < (-now, which):
            heappush(heap, (-now, which))
            continue
        members = below[which][1]
        periods = spans[which][left[np.ix_(members, spans[which])].any(axis=0)]
        yield members, periods
        left[np.ix_(members, periods)] = False
    alike, which_of = np.unique(left, axis=0, return_inverse=True)
    for kind in range(len(alike)):
        if alike[kind].any():
            yield np.flatnonzero(which_of.ravel() == kind), np.flatnonzero(alike[kind])


def _members(tree: Tree, orgs: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the nodes above some nodes with the positions of those below, the upper ones first."""
    if orgs.max(initial=-1) >= len(tree):
        return  # groups cut across the tree: nothing stands above them
    first = tree.leaf_span[orgs, 0]
    for node in range(len(tree)):
        start, end = tree.leaf_span[node]
        yield node, np.flatnonzero((first >= start) & (first < end) & (orgs != node))


def org_words(tree: Tree, nodes: Sequence[int], of: Iterable[int]) -> str:
    """Return nodes in words, rolled up: ``all 14 of Lisbon`` where they are all there are below a node."""
    mine = set(nodes)
    if len(mine) == 1:
        return node_words(tree, nodes[0])
    everyone = np.unique(np.fromiter(of, dtype=np.int64))
    if everyone.max() < len(tree):
        for node, members in reversed(list(_members(tree, everyone))):
            if len(members) == len(mine) and mine == set(everyone[members].tolist()):
                return f"all {len(mine)} " + ("teams" if node == ROOT else f"of {node_words(tree, node)}")
    names = sorted((node_words(tree, node) for node in mine), key=str.casefold)
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def period_words(tree: Tree, periods: Sequence[int]) -> str:
    """Return periods in words: a run as ``2024-01 to 2024-03``; nothing for the whole horizon."""
    return leaf_period_words(tree, sorted({int(leaf) for node in periods for leaf in tree.leaf_positions(node)}))


def leaf_period_words(tree: Tree, leaves: Sequence[int]) -> str:
    """Return leaf periods, given by their positions in time, in words."""
    if len(leaves) == len(tree.leaves):
        return ""
    runs: list[list[int]] = []
    for leaf in leaves:
        if runs and leaf == runs[-1][-1] + 1:
            runs[-1].append(leaf)
        else:
            runs.append([leaf])

    def name(leaf: int) -> str:
        return node_words(tree, int(tree.leaves[leaf]))

    words = [f"{name(run[0])} to {name(run[-1])}" if len(run) > 2 else ", ".join(map(name, run)) for run in runs]
    more = sum(len(run) for run in runs[_RUNS:])
    return " in " + ", ".join(words[:_RUNS]) + (f" and {more} more" if more else "")
