"""From history to target, at any node and any period: the lines of a page that add up.

    history + growth asked of all + asked here in particular + new work = fair share
    fair share + hours + limits + taken over for others + rounding = target

Owns: those lines and the changes of peers. What stands on the page in which words, ``engine.reasons.page`` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.fair.crew import hours_per_fte
from engine.outcome import Outcome, ReasonKind
from engine.plan import BUILT_IN, FTE, HOURS, Plan
from engine.trees import ROOT, Tree
from solver.frozen import frozen

PEERS_NEEDED = 3
"""Peers with history below which a comparison would name them."""

OTHERS = "all others"

_SHARED_OUT = "a shortage shared out"

_NAMED = 3
_SHOWN = 0.5  # items


@frozen
class Node:
    """What is explained: node positions in the trees (groups behind them), and a position in Metrics."""

    metric: int
    org: int
    queue: int
    period: int


@frozen
class Line:
    """One line of a bridge. parts : its largest reasons by name, and what all others come to: they add up."""

    words: str
    amount: float
    parts: tuple[tuple[str, float], ...] = ()


@frozen
class Bridge:
    """How a target comes about.

    history : float64, what was done in the periods that these are like; growth : share, of the whole metric
    before : lines from history to fair share; after : lines from fair share to target
    captions : what history, fair share and the target are called; base : what changes are told against
    """

    history: float
    growth: float
    before: tuple[Line, ...]
    fair: float
    after: tuple[Line, ...]
    target: float
    captions: tuple[str, str, str] = (
        "history of the periods that these are like",
        "= fair share, if hours and limits were no matter",
        "= target",
    )
    base: str = "history"

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines between history and target."""
        return (*self.before, *self.after)


def weights(plan: Plan, metric: int, period: int) -> np.ndarray:
    """Return how much each cell counts in a metric over a period: 1 in its own, else its hours, or people per item.

    Returns
    -------
    float64, shape (cells,), in the metric's unit per item; 0 for cells of other metrics
    """
    if metric not in BUILT_IN:
        return np.asarray(plan.cells.metric == metric, dtype=np.float64)
    if metric == FTE:
        per_fte = hours_per_fte(plan)[:, plan.periods.leaf_positions(period)].sum(axis=1)
        return np.asarray(plan.cells.hours / per_fte[plan.cells.org])
    return np.asarray(plan.cells.hours)


def members(plan: Plan, node: Node) -> np.ndarray:
    """bool, shape (cells,): the cells below a node that count in its metric."""
    inside = weights(plan, node.metric, node.period) > 0
    for tree, at, leaf in (
        (plan.org, node.org, plan.cells.org),
        (plan.queues, node.queue, plan.cells.queue),
        (plan.periods, node.period, plan.cells.period),
    ):
        member = np.zeros(len(tree.leaves), dtype=bool)
        member[tree.leaf_positions(at)] = True
        inside &= member[leaf]
    return np.asarray(inside)


def total(plan: Plan, node: Node, value: np.ndarray) -> float:
    """Return what cells come to at a node, in its metric's unit. value : float64, shape (cells,), items."""
    inside = members(plan, node)
    return float((weights(plan, node.metric, node.period) * value)[inside].sum())


def bridge(outcome: Outcome, node: Node) -> Bridge:
    """Return how the target of a node comes about; its lines add up."""
    plan, inside = outcome.plan, members(outcome.plan, node)
    weight = weights(plan, node.metric, node.period)
    known = np.isfinite(plan.cells.baseline)
    history = float((weight * plan.cells.baseline)[inside & known].sum())
    fair = weight * outcome.fair
    growth = _growth(outcome, weight)
    asked = float(fair[inside & known].sum())
    before = (
        Line(f"growth asked of all ({growth:+.1%})".replace("-", "−"), growth * history),
        Line("asked here in particular", asked - history * (1 + growth)),
        Line("work without history", float(fair[inside & ~known].sum())),
    )
    found = Bridge(
        history,
        growth,
        tuple(line for line in before if line.amount != 0 or line is before[0]),
        float(fair[inside].sum()),
        tuple(_after(outcome, inside, weight)),
        float((weight * outcome.value)[inside].sum()),
    )
    if node.metric not in BUILT_IN:
        return found
    taken = "hours" if node.metric == HOURS else "people"
    return replace(found, captions=(f"{taken} that the history would take now", *found.captions[1:]))


def _growth(outcome: Outcome, weight: np.ndarray) -> float:
    baseline = outcome.plan.cells.baseline
    known = (weight > 0) & np.isfinite(baseline)
    before = float((weight * baseline)[known].sum())
    return float((weight * outcome.fair)[known].sum()) / before - 1 if before > 0 else 0.0


def _after(outcome: Outcome, inside: np.ndarray, weight: np.ndarray) -> list[Line]:
    terms = _Terms(outcome, inside, weight)
    kinds = ReasonKind
    hours, *shared = _hours_and_shortage(
        Line("your hours", *terms.own(kinds.HOURS)),
        Line(_SHARED_OUT, *terms.own(kinds.SHORTAGE)),
        Line("mix guard", *terms.own(kinds.GUARD)),
    )
    own = [
        hours,
        Line("work that is there to do (inflow)", *terms.own(kinds.INFLOW)),
        Line("your own limits and holds", *terms.own(kinds.LIMIT)),
    ]
    units = Line("rounding to whole units", *terms.own(kinds.UNITS))
    rest = [
        *shared,
        Line("cannot go below 0", *terms.own(kinds.ZERO)),
        Line("fallback and rounding of the search", *terms.own(kinds.FALLBACK)),
        units,
    ]
    return [line for line in (*own, *terms.taken_over(), *rest) if line.amount != 0]


def _hours_and_shortage(hours: Line, shortage: Line, guard: Line) -> tuple[Line, ...]:
    """Return what hours, a shortage and the mix guard come to; as one where they pull against each other.

    Apart they are then larger than all that is missing: hours are told by what they take in the end, and where these
    three bring more than they take, the node is better off by how a shortage is shared out.
    """
    amounts = [each.amount for each in (hours, shortage, guard)]
    if hours.amount == 0 or min(amounts) >= 0 or max(amounts) <= 0:
        return hours, shortage, guard
    together = sum(amounts)
    return (replace(hours, amount=together, parts=()) if together < 0 else Line(_SHARED_OUT, together),)


class _Terms:
    """The reasons of the cells inside and outside a node, by kind. weight : how each cell counts."""

    def __init__(self, outcome: Outcome, inside: np.ndarray, weight: np.ndarray) -> None:
        reasons = outcome.reasons
        kind = np.array(reasons.kinds, dtype=np.int64)
        self.words = reasons.labels
        self.kind = kind[reasons.label] if len(reasons.label) else np.zeros(0, np.int64)
        self.label, self.amount = reasons.label, reasons.amount * weight[reasons.cell]
        self.inside = inside[reasons.cell]
        now = np.isin(outcome.plan.cells.period, np.unique(outcome.plan.cells.period[inside]))
        self.outside = ((weight > 0) & now & ~inside)[reasons.cell]
        missing = weight * (outcome.value - outcome.fair)
        # terms below what is worth a label were left out one by one: together they may show
        listed = np.bincount(reasons.cell, self.amount, minlength=len(missing))
        self.unlisted = float((missing - listed)[inside].sum())

    def own(self, kind: ReasonKind) -> tuple[float, tuple[tuple[str, float], ...]]:
        """Return the sum of one kind inside, and its largest reasons with what all others come to."""
        at = self.inside & (self.kind == kind)
        total = float(self.amount[at].sum()) + (self.unlisted if kind is ReasonKind.FALLBACK else 0.0)
        by_label = np.bincount(self.label[at], self.amount[at], minlength=len(self.words))
        largest = np.argsort(-np.abs(by_label), kind="stable")[:_NAMED]
        parts = [(self.words[each], float(by_label[each])) for each in largest if by_label[each] != 0]
        rest = total - sum(amount for _, amount in parts)
        if abs(rest) > _SHOWN:
            parts.append((OTHERS, rest))
        return total, tuple(parts)

    def taken_over(self) -> list[Line]:
        """Return what a node takes over for others (or gives up to them), by what made that necessary.

        Targets and queue totals pull cells until sums are what is asked. What they pull is what hours and limits
        displaced elsewhere, so it is told by these, in proportion. Others stay without names, as peers do.
        """
        total, parts = self.own(ReasonKind.TARGET)
        within, more = self.own(ReasonKind.WITHIN_QUEUE)
        total, parts = total + within, (*parts, *more)
        if total == 0:
            return []
        causes = [
            ("within: hours that your own teams lack", self.inside, ReasonKind.HOURS),
            ("within: your own queues that have no more work (inflow)", self.inside, ReasonKind.INFLOW),
            ("within: your own limits and holds", self.inside, ReasonKind.LIMIT),
            ("for others' hours", self.outside, ReasonKind.HOURS),
            ("for others' queues that have no more work (inflow)", self.outside, ReasonKind.INFLOW),
            ("for others' locks (limits and holds)", self.outside, ReasonKind.LIMIT),
        ]
        weights = np.array([abs(float(self.amount[where & (self.kind == kind)].sum())) for _, where, kind in causes])
        if weights.sum() == 0:
            return [Line("pulled by what is asked of sums", total, parts)]
        shares = weights / weights.sum()
        told = (total * shares).tolist()
        verb = "taken over" if total > 0 else "given up"
        return [Line(f"{verb} {words}", amount) for (words, _, _), amount in zip(causes, told, strict=True) if amount]


@frozen
class Peers:
    """Changes of a node's peers against their history, without names.

    own : the node's own change; changes : float64, of the others, ascending; level : what the peers are
    """

    own: float
    changes: np.ndarray
    level: str

    @property
    def lower(self) -> int:
        """How many peers change by less."""
        return int((self.changes < self.own).sum())


def find_peers(node: Node, plan: Plan, change: Callable[[Node], float | None]) -> Peers | None:
    """Return the changes of a node's peers, None where there are too few to stay anonymous, or no history.

    Peers are the other nodes of its level: in the org tree, or in the queue tree where the org is not named.

    Parameters
    ----------
    change : node → its change on its history, None where it has none
    """
    along_org = node.org != ROOT
    tree, at = (plan.org, node.org) if along_org else (plan.queues, node.queue)
    if at == ROOT or at >= len(tree):
        return None
    own = change(node)
    others = [
        change(replace(node, org=other) if along_org else replace(node, queue=other)) for other in _same_level(tree, at)
    ]
    known = np.sort(np.array([each for each in others if each is not None], dtype=np.float64))
    if own is None or len(known) < PEERS_NEEDED:
        return None
    return Peers(own, known, tree.level[at])


def _same_level(tree: Tree, node: int) -> list[int]:
    return [
        other
        for other in range(1, len(tree))
        if other != node and tree.depth[other] == tree.depth[node] and tree.level[other] == tree.level[node]
    ]


def change(outcome: Outcome, node: Node) -> float | None:
    """Return by which part a target of a volume differs from its history, None where it has none."""
    before = total(outcome.plan, node, np.nan_to_num(outcome.plan.cells.baseline))
    return total(outcome.plan, node, outcome.value) / before - 1 if before > 0 else None
