"""From history to target, at any node and any period: the lines of a page that add up.

    history + growth asked of all + asked here in particular + new work = fair share
    fair share + hours + limits + taken over for others + rounding = target

Owns: those lines and the changes of peers. What stands on the page in which words, ``engine.reasons.page`` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.outcome import Outcome, ReasonKind
from engine.plan import Plan
from engine.trees import ROOT, Tree
from solver.frozen import frozen

PEERS_NEEDED = 3
"""Peers with history below which a comparison would name them."""

OTHERS = "all others"

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
    captions : what history and fair share are called; base : what changes are told against
    """

    history: float
    growth: float
    before: tuple[Line, ...]
    fair: float
    after: tuple[Line, ...]
    target: float
    captions: tuple[str, str] = (
        "history of the periods that these are like",
        "= fair share, if hours and limits were no matter",
    )
    base: str = "history"

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines between history and target."""
        return (*self.before, *self.after)


def members(plan: Plan, node: Node) -> np.ndarray:
    """bool, shape (cells,): the cells below a node."""
    inside = plan.cells.metric == node.metric
    for tree, at, leaf in (
        (plan.org, node.org, plan.cells.org),
        (plan.queues, node.queue, plan.cells.queue),
        (plan.periods, node.period, plan.cells.period),
    ):
        member = np.zeros(len(tree.leaves), dtype=bool)
        member[tree.leaf_positions(at)] = True
        inside &= member[leaf]
    return np.asarray(inside)


def bridge(outcome: Outcome, node: Node) -> Bridge:
    """Return how the target of a node comes about; its lines add up."""
    plan, inside = outcome.plan, members(outcome.plan, node)
    known = np.isfinite(plan.cells.baseline)
    history = float(plan.cells.baseline[inside & known].sum())
    growth = _growth(outcome, plan.cells.metric == node.metric)
    asked = float(outcome.fair[inside & known].sum())
    before = (
        Line(f"growth asked of all ({growth:+.1%})".replace("-", "−"), growth * history),
        Line("asked here in particular", asked - history * (1 + growth)),
        Line("work without history", float(outcome.fair[inside & ~known].sum())),
    )
    return Bridge(
        history,
        growth,
        tuple(line for line in before if line.amount != 0 or line is before[0]),
        float(outcome.fair[inside].sum()),
        tuple(_after(outcome, inside, plan.cells.metric == node.metric)),
        float(outcome.value[inside].sum()),
    )


def _growth(outcome: Outcome, mine: np.ndarray) -> float:
    baseline = outcome.plan.cells.baseline
    known = mine & np.isfinite(baseline)
    total = float(baseline[known].sum())
    return float(outcome.fair[known].sum()) / total - 1 if total > 0 else 0.0


def _after(outcome: Outcome, inside: np.ndarray, mine: np.ndarray) -> list[Line]:
    terms = _Terms(outcome, inside, mine)
    kinds = ReasonKind
    own = [
        Line("your hours", *terms.own(kinds.HOURS)),
        Line("work that is there to do (inflow)", *terms.own(kinds.INFLOW)),
        Line("your own limits and holds", *terms.own(kinds.LIMIT)),
    ]
    units = Line("rounding to whole units", *terms.own(kinds.UNITS))
    rest = [
        Line("a shortage shared out", *terms.own(kinds.SHORTAGE)),
        Line("mix guard", *terms.own(kinds.GUARD)),
        Line("cannot go below 0", *terms.own(kinds.ZERO)),
        Line("fallback and rounding of the search", *terms.own(kinds.FALLBACK)),
        units,
    ]
    return [line for line in (*own, *terms.taken_over(), *rest) if line.amount != 0]


class _Terms:
    """The reasons of the cells inside and outside a node, by kind."""

    def __init__(self, outcome: Outcome, inside: np.ndarray, mine: np.ndarray) -> None:
        reasons = outcome.reasons
        kind = np.array(reasons.kinds, dtype=np.int64)
        self.words = reasons.labels
        self.kind = kind[reasons.label] if len(reasons.label) else np.zeros(0, np.int64)
        self.label, self.amount = reasons.label, reasons.amount
        self.inside = inside[reasons.cell]
        now = np.isin(outcome.plan.cells.period, np.unique(outcome.plan.cells.period[inside]))
        self.outside = (mine & now & ~inside)[reasons.cell]
        missing = outcome.value - outcome.fair
        # terms below what is worth a label were left out one by one: together they may show
        listed = np.bincount(reasons.cell, reasons.amount, minlength=len(missing))
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
            ("taken over within: hours that your own teams lack", self.inside, (ReasonKind.HOURS, ReasonKind.INFLOW)),
            ("taken over within: your own limits and holds", self.inside, (ReasonKind.LIMIT,)),
            ("taken over for others' hours", self.outside, (ReasonKind.HOURS, ReasonKind.INFLOW)),
            ("taken over for others' locks (limits and holds)", self.outside, (ReasonKind.LIMIT,)),
        ]
        weights = np.array(
            [abs(float(self.amount[where & np.isin(self.kind, kinds)].sum())) for _, where, kinds in causes]
        )
        if weights.sum() == 0:
            return [Line("pulled by what is asked of sums", total, parts)]
        shares = weights / weights.sum()
        return [
            Line(words, total * float(share)) for (words, _, _), share in zip(causes, shares, strict=True) if share > 0
        ]


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
    inside = members(outcome.plan, node)
    before = float(np.nansum(outcome.plan.cells.baseline[inside]))
    return float(outcome.value[inside].sum()) / before - 1 if before > 0 else None
