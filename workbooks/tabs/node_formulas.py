"""Formula metrics on a tab of nodes: computed at every node and period from the numbers beside them.

Owns: what a name stands for on a tab, and the formulas that a spreadsheet can compute itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.formulas.crew_columns import COLUMNS, crew_column
from engine.formulas.expression import Expression, Name, as_text, evaluate, names_in
from engine.plan import Metrics, Plan
from engine.trees import ROOT
from solver.frozen import frozen
from solver.sparse import csr_matrix
from workbooks.tabs.model import Formulas
from workbooks.tabs.node_rows import NodeRows
from workbooks.tabs.node_totals import NodeTotals

COMPUTED = "computed"
"""How a longer period of a formula comes about: from the numbers beside it, as any other."""


@frozen
class _Values:
    """Numbers of a metric. planned : float64, shape (rows, periods); baseline : float64, shape (rows,)."""

    planned: np.ndarray
    baseline: np.ndarray


def with_formulas(plan: Plan, totals: NodeTotals) -> NodeTotals:
    """Return the totals of a tab with the formula metrics behind the others; they have no fair share of their own."""
    metrics = formula_metrics(plan.metrics)
    if not metrics:
        return totals
    step = len(totals.nodes)
    known = {
        metric: _Values(totals.planned[at * step : (at + 1) * step], totals.baseline[at * step : (at + 1) * step])
        for at, metric in enumerate(totals.metric)
    }
    found = _computed(plan, totals.nodes, known)
    return replace(
        totals,
        metric=(*totals.metric, *metrics),
        over_time=(*totals.over_time, *(COMPUTED for _ in metrics)),
        planned=np.vstack([totals.planned, *(found[metric].planned for metric in metrics)]),
        baseline=np.concatenate([totals.baseline, *(found[metric].baseline for metric in metrics)]),
        deviation=np.append(totals.deviation, np.zeros(step * len(metrics))),
    )


def live_formulas(plan: Plan, totals: NodeTotals, letters: str, down: Formulas, top: int) -> Formulas:
    """Return a column of numbers whose formula metrics are formulas over the cells above them, where they can be.

    Parameters
    ----------
    down : the column so far; its formula metrics hold nothing that counts
    top : sheet row of the first record
    """
    texts, step = list(down.text), len(totals.nodes)
    for metric in formula_metrics(plan.metrics):
        first = totals.first_row(metric) or 0
        is_live = _is_live(plan, totals, metric)
        for node in range(step):
            at = first + node
            texts[at] = ""
            if is_live and np.isfinite(down.cached[at]):

                def cell_of(name: Name, node: int = node) -> str:
                    return f"{letters}{top + (totals.first_row(_position(plan.metrics, name)) or 0) + node}"

                texts[at] = as_text(_formula_of(plan.metrics, metric), cell_of)
    return Formulas(texts, down.cached)


def _is_live(plan: Plan, totals: NodeTotals, metric: int) -> bool:
    """Whether a spreadsheet can compute a formula itself: from metrics only, all on the same tab."""
    names = list(names_in(_formula_of(plan.metrics, metric)))
    return bool(names) and all(
        name.is_metric and totals.first_row(_position(plan.metrics, name)) is not None for name in names
    )


def _computed(plan: Plan, nodes: NodeRows, known: Mapping[int, _Values]) -> dict[int, _Values]:
    """Return the numbers of every formula metric, those that others are made of first."""
    there = dict(known)
    crews = _Crews(plan, nodes)
    nothing = np.full((len(nodes), len(plan.periods)), np.nan)
    for metric in _in_order(plan.metrics):
        expression = _formula_of(plan.metrics, metric)

        def planned(name: Name) -> np.ndarray:
            if not name.is_metric:
                return crews.column(name)
            part = there.get(_position(plan.metrics, name))
            return nothing if part is None else part.planned

        def before(name: Name) -> np.ndarray:
            part = there.get(_position(plan.metrics, name)) if name.is_metric else None
            return nothing[:, ROOT] if part is None else part.baseline

        there[metric] = _Values(
            np.broadcast_to(evaluate(expression, planned), nothing.shape).copy(),
            np.broadcast_to(evaluate(expression, before), nothing[:, ROOT].shape).copy(),
        )
    return there


def formula_metrics(metrics: Metrics) -> list[int]:
    """Return the metrics that are computed."""
    return [metric for metric, formula in enumerate(metrics.formulas) if formula is not None]


def _formula_of(metrics: Metrics, metric: int) -> Expression:
    """Return the formula of a metric that has one."""
    formula = metrics.formulas[metric]
    if formula is None:
        raise ValueError(f"{metrics.ids[metric]} has no formula")
    return formula


def _position(metrics: Metrics, name: Name) -> int:
    """Return the metric that a name in square brackets means."""
    return [each.casefold() for each in metrics.ids].index(name.words.casefold())


def _in_order(metrics: Metrics) -> list[int]:
    """Return the formula metrics so that each stands behind those it is made of."""
    left, done = formula_metrics(metrics), []
    while left:
        ready = [
            metric
            for metric in left
            if not {_position(metrics, each) for each in names_in(_formula_of(metrics, metric)) if each.is_metric}
            & set(left)
        ]
        done += ready
        left = [metric for metric in left if metric not in ready]
    return done


class _Crews:
    """Columns of Capacity at the rows of a tab; on the queue tree they are known of the whole only."""

    def __init__(self, plan: Plan, nodes: NodeRows) -> None:
        self._plan, self._nodes = plan, nodes
        self._found: dict[str, np.ndarray] = {}

    def column(self, name: Name) -> np.ndarray:
        """Return a column: float64, shape (rows, periods)."""
        column = next(each for each in COLUMNS if each.casefold() == name.words.casefold())
        if column not in self._found:
            self._found[column] = self._at_rows(column)
        return self._found[column]

    def _at_rows(self, column: str) -> np.ndarray:
        if self._nodes.tree is self._plan.org:
            return crew_column(self._plan, column, self._nodes.holds)
        found = np.full((len(self._nodes), len(self._plan.periods)), np.nan)
        everybody = csr_matrix(np.ones((1, len(self._plan.org.leaves))))
        found[ROOT] = crew_column(self._plan, column, everybody)[0]
        return found
