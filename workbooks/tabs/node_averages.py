"""Rows of one metric on a tab of nodes, and how a rate's come about: averages weighted by what is planned.

Owns: the numbers of rates on Org Targets and Queue Targets.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.outcome import Outcome, RateResult
from engine.rates.averages import averages
from solver.frozen import frozen
from solver.matrices import scale_columns, scale_rows
from solver.sparse import csr_matrix
from workbooks.tabs.node_rows import NodeRows

SUM, LAST, ALONE, MEAN = "sum", "last", "alone", "mean"
"""How a longer period comes of its parts: their sum, the last of them, a number of its own, their weighted mean."""


@frozen
class NodeBlock:
    """One metric by node and group.

    planned : float64, shape (rows, periods); baseline, deviation : float64, shape (rows,); nan where there is none
    row, label, amount : reasons of the whole horizon, in the metric's unit
    """

    over_time: str
    planned: np.ndarray
    baseline: np.ndarray
    deviation: np.ndarray
    row: np.ndarray
    label: np.ndarray
    amount: np.ndarray

    def moved_down(self, rows: int) -> NodeBlock:
        """Return the block with its reasons that many rows further down."""
        return replace(self, row=self.row + rows)


def rate_block(outcome: Outcome, result: RateResult, nodes: NodeRows, leaf: np.ndarray, first_label: int) -> NodeBlock:
    """Return a rate's averages.

    Parameters
    ----------
    leaf : int64, shape (cells,), the leaf position of each cell of the plan in the tree
    first_label : position of the rate's first reason among all that are told
    """
    plan, rate, reasons = outcome.plan, result.rate, result.reasons
    period, count = plan.cells.period[rate.cells], len(rate.cells)
    in_leaf = csr_matrix((np.ones(count), (leaf[rate.cells], np.arange(count))), (len(nodes.tree.leaves), count))
    under = csr_matrix(nodes.holds @ in_leaf)
    there = [np.isin(period, plan.periods.leaf_positions(node)) for node in range(len(plan.periods))]
    planned = [averages(under, np.where(inside, result.weight, 0.0), result.value) for inside in there]
    history = np.where(rate.has_history, rate.baseline, np.nan)
    baseline = averages(under, np.nan_to_num(plan.cells.baseline[rate.cells]), history)
    # where the volume has no history, what is planned weighs the rate's
    baseline = np.where(np.isnan(baseline), averages(under, result.weight, history), baseline)
    total = under @ result.weight
    per_total = np.divide(1.0, total, out=np.zeros(len(total)), where=total > 0)
    shape = (count, max(len(reasons.labels), 1))
    amounts = csr_matrix((reasons.amount, (reasons.cell, reasons.label)), shape=shape)
    terms = (scale_rows(scale_columns(under, result.weight), per_total) @ amounts).tocoo()
    return NodeBlock(
        MEAN,
        np.column_stack(planned),
        baseline,
        np.nan_to_num(planned[0] - averages(under, result.weight, result.start)),
        terms.row.astype(np.int64),
        terms.col.astype(np.int64) + first_label,
        terms.data,
    )
