"""Explaining one target of a workbook: its inputs solved again, the result held against what is written.

Owns: whether the book's Cascade is what its inputs give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.building.lookup import UnknownNameError, find_place
from engine.outcome import Outcome
from engine.reasons.bridge import Bridge, Node, bridge, find_peers, members
from engine.reasons.page import page
from engine.recompute import recompute
from engine.whatif.again import Again
from engine.whatif.levers import Lever, find_levers
from workbooks.package.ownership import Own, read_own_table
from workbooks.run import PlanRead
from workbooks.tabs.cascade_records import cell_order
from workbooks.tabs.names import CASCADE

_ALIKE = 1e-6


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose target is to be explained; None = all."""

    metric: str | None
    org: str | None
    queue: str | None
    period: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One target explained.

    text : the page
    is_written : whether the book's Cascade sheet holds this target; False where inputs changed since, or no run was
    """

    text: str
    bridge: Bridge
    levers: tuple[Lever, ...]
    is_written: bool


def explain(data: bytes, read: PlanRead, asked: Asked) -> Explanation:
    """Return the explanation of a target.

    Parameters
    ----------
    data, read : the workbook, and what was read of it; its plan must be sound

    Raises
    ------
    UnknownNameError
        What is asked about is not in the plan.
    """
    if read.plan is None:
        raise ValueError("a plan that cannot be solved cannot be explained")
    node = find_place(read.inputs, asked.metric, asked.org, asked.queue, asked.period)
    if not members(read.plan, node).any():
        kind = read.plan.metrics.kinds[node.metric]
        words = "no team works there on such a queue then" if kind == "volume" else f"a {kind} has no cells of its own"
        raise UnknownNameError("Metric", f"nothing is planned for that: {words}; volumes can be explained so far")
    outcome = recompute(read.plan)
    found = bridge(outcome, node)
    levers = find_levers(Again(read.inputs), outcome, node)
    shown = [(lever.words, lever.change) for lever in levers]
    text = page(outcome, node, found, find_peers(outcome, node), shown)
    return Explanation(text, found, levers, _stands(data, read.own, outcome, node))


def _stands(data: bytes, own: Own, outcome: Outcome, node: Node) -> bool:
    table = read_own_table(data, own, CASCADE)
    if not {"Metric", "Target"} <= set(table.headers):
        return False
    metric, at = (table.headers.index(header) for header in ("Metric", "Target"))
    decided = {outcome.plan.metrics.ids[each] for each in outcome.plan.metrics.in_cells.tolist()}
    rows = [row for row in table.rows if str(row[metric]) in decided]
    if len(rows) != len(outcome.value):
        return False
    order = cell_order(outcome.plan)
    written = np.array([row[at] if isinstance(row[at], int | float) else np.nan for row in rows])
    inside = members(outcome.plan, node)[order]
    off = np.abs(written - outcome.value[order])[inside]
    return bool((off <= _ALIKE * np.maximum(1.0, outcome.value[order][inside])).all())
