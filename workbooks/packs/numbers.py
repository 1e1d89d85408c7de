"""Numbers that were asked in packs, as places of the plan: where each lies, and what is meant by its answer.

Owns: what counts as accepted where the plan is reconciled, and which counter-proposals somebody takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

import numpy as np

from engine.building.lookup import UnknownNameError, find_place
from engine.cycle.reconcile import Accepted
from engine.plan import TURNAROUND, Plan, Scopes
from engine.reasons.bridge import Node
from engine.trees import ROOT
from solver.frozen import frozen
from workbooks.packs.contents import tree_of
from workbooks.packs.family import Family
from workbooks.packs.judge import Judged
from workbooks.packs.pack import BY_QUEUE, Line, Pack
from workbooks.packs.read import COUNTER, OPEN, Answer
from workbooks.packs.take_over import Counter
from workbooks.run import PlanRead

ALL = "all"
"""Takes the counter-proposals of everybody."""


@frozen
class Number:
    """A number that was asked: where in the plan it lies, what is meant bottom up, and whether that is accepted.

    is_by_parts : nothing was said about it, and something about all of its parts
    """

    node: Node
    answer: Answer
    meant: float
    is_accepted: bool
    is_by_parts: bool = False


def numbers_of(read: PlanRead, plan: Plan, latest: Mapping[str, Pack], judged: Judged) -> list[Number]:
    """Return the numbers of the packs that are to be answered; those of nodes that are gone since are left out."""
    numbers: list[Number] = []
    for site, pack in latest.items():
        given = judged.answers.get(site) or tuple(Answer(line, OPEN, None, "", "", "") for line in pack.lines)
        family = Family(given, tree_of(plan, pack.by))
        for each in given:
            node = _place(read, each.line, pack.by)
            if node is not None:
                is_by_parts = each.answer == OPEN and family.is_answered(each)
                numbers.append(Number(node, each, family.meant(each), family.is_accepted(each), is_by_parts))
    return numbers


def _place(read: PlanRead, line: Line, by: str) -> Node | None:
    org, queue = (None, line.node) if by == BY_QUEUE else (line.node, None)
    try:
        if line.is_due:
            return Node(TURNAROUND, ROOT, find_place(read.inputs, _any_metric(read), org, queue, None).queue, ROOT)
        return find_place(read.inputs, line.metric, org, queue, line.period)
    except UnknownNameError:
        return None  # the node is gone since: its answer has nobody to speak for


def _any_metric(read: PlanRead) -> str:
    return read.plan.metrics.ids[0] if read.plan is not None else ""


def own_node(node: Node, by: str) -> int:
    """Return the node of the tree that the plan was split by."""
    return node.queue if by == BY_QUEUE else node.org


def at_node(metric: int, node: int, period: int, by: str) -> Node:
    """Return the place of a node of the tree that the plan was split by."""
    return Node(metric, ROOT, node, period) if by == BY_QUEUE else Node(metric, node, ROOT, period)


def taken_counters(
    read: PlanRead, plan: Plan, numbers: Sequence[Number], names: Sequence[str], by: str
) -> list[Counter]:  # fmt: skip
    """Return the counter-proposals of some nodes and those below them.

    Raises
    ------
    UnknownNameError
        A name means nothing, or several things.
    """
    counters = [Counter(each.node, each.answer) for each in numbers if each.answer.answer == COUNTER]
    if ALL in names:
        return counters
    tree, tops = tree_of(plan, by), set()
    for name in names:
        org, queue = (None, name) if by == BY_QUEUE else (name, None)
        tops.add(own_node(find_place(read.inputs, plan.metrics.ids[0], org, queue, None), by))
    return [each for each in counters if tops & set(upwards(tree.parent, own_node(each.node, by)))]


def upwards(parent: np.ndarray, node: int) -> Iterator[int]:
    """Yield a node and all above it. parent : of each node, −1 for the root."""
    while node >= 0:
        yield node
        node = int(parent[node])


def accepted_of(plan: Plan, numbers: Sequence[Number], by: str) -> Accepted:
    """Return what was accepted of what the plan decides: how soon items are due is asked of it, and not decided."""
    asked_of = [each for each in numbers if not each.answer.line.is_due]
    taken = [each for each in asked_of if each.is_accepted]
    asked, held = ({_key(each.node, by) for each in some} for some in (asked_of, taken))
    # a rate that is held at every part of a node need not be held there, and could not be once volumes move
    taken = [
        each for each in taken if not (each.answer.line.weight and _is_held_below(plan, asked, held, (each.node, by)))
    ]
    return Accepted(
        scopes_of([each.node for each in taken]),
        np.array([each.meant for each in taken]),
        tuple(each.answer.by or each.answer.line.node for each in taken),
    )


_Key = tuple[int, int, int]


def _key(node: Node, by: str) -> _Key:
    return node.metric, own_node(node, by), node.period


def _is_held_below(plan: Plan, asked: Set[_Key], held: Set[_Key], at: tuple[Node, str]) -> bool:
    """Whether all parts of a node that were asked are held."""
    node, by = at
    children = tree_of(plan, by).children[own_node(node, by)]
    below = {(node.metric, child, node.period) for child in children} & asked
    return bool(below) and below <= held


def scopes_of(nodes: Sequence[Node]) -> Scopes:
    """Return places as rows."""
    columns = [[getattr(node, name) for node in nodes] for name in ("metric", "org", "queue", "period")]
    return Scopes(*(np.array(column, dtype=np.int64) for column in columns))
