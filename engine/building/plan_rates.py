"""Rates of a plan: what each cell starts from, how good it could become, how far it may go.

Owns: joining Metrics, Benchmarks and Baseline into the rates of a plan, and what is said about cells without history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.building.asked import OF_AGREED, OF_BASELINE, POINTS, TOTAL
from engine.building.benchmarks import Benchmarks, cell_bounds
from engine.building.columns import TableReader
from engine.building.entries import Entries
from engine.building.journal import Journal, Problem
from engine.building.like import NO_SLOT
from engine.building.rate_columns import RateColumns
from engine.building.rate_history import RateCells, RateHistory, rate_history
from engine.building.shares import RATE, share_problem
from engine.building.specific import Leaves
from engine.building.spread import Cube
from engine.building.texts import shown_list
from engine.issues import Place
from engine.plan import Plan, Rate, Scopes
from engine.rates.best import BY_NODE, GIVEN, Peers, find_best
from engine.reasons.words import value_words
from solver.frozen import frozen


@frozen
class RateTables:
    """What is said about rates; None where there is no such table.

    columns : the rates of Metrics; slots : int64, shape (leaf periods,), the history each period takes
    """

    columns: tuple[RateColumns, ...]
    benchmarks: Benchmarks | None
    baseline: tuple[TableReader, Entries] | None
    slots: np.ndarray | None


def with_rates(plan: Plan, tables: RateTables, cube: Cube, journal: Journal) -> Plan:
    """Return the plan with its rates. A rate without any history starts from what is asked of it."""
    rates = []
    for columns in tables.columns:
        rate = _rate(plan, columns, tables, cube)
        _report_assumed(plan, rate, columns.place, journal)
        if rate.has_history.any() or _is_asked(plan, rate.metric):
            rates.append(rate)
    return replace(plan, rates=tuple(rates))


def _rate(plan: Plan, columns: RateColumns, tables: RateTables, cube: Cube) -> Rate:
    metrics = plan.metrics
    at = np.flatnonzero(plan.cells.metric == columns.weight)
    org, queue, period = plan.cells.org[at], plan.cells.queue[at], plan.cells.period[at]
    weight = np.nan_to_num(plan.cells.baseline[at])
    is_share = metrics.units[columns.metric] == "%"
    slot = np.full(len(at), NO_SLOT) if tables.slots is None else tables.slots[period]
    history = RateHistory(np.full(len(at), np.nan), np.full(len(at), np.nan))
    if tables.baseline is not None:
        most = 1.0 if is_share else np.inf
        history = rate_history(tables.baseline, cube, RateCells(org, queue, period, slot, weight), columns.metric, most)
    trees = (plan.org, plan.queues, plan.periods)
    bounds = cell_bounds(
        columns, tables.benchmarks, Leaves(np.full(len(at), columns.metric), org, queue, period), trees
    )
    start = _start(plan, columns.metric, at, history.value, weight)
    sign = 1.0 if metrics.higher_is_better[columns.metric] else -1.0
    peers = Peers(org, queue, history.value, weight, history.count, sign, is_share)
    end = (1.0 if is_share else np.inf) if sign > 0 else 0.0
    good = bounds.ceiling if sign > 0 else bounds.floor
    best = find_best(start, (bounds.best, bounds.by_node), good, end, peers)
    return Rate(
        columns.metric,
        columns.weight,
        at,
        start,
        np.isfinite(history.value),
        np.where(np.isnan(bounds.floor), 0.0, bounds.floor),
        np.where(np.isnan(bounds.ceiling), 1.0 if is_share else np.inf, bounds.ceiling),
        best.value,
        best.source,
        best.words,
        columns.is_handle_time,
        columns.is_sla,
    )


def _start(plan: Plan, metric: int, at: np.ndarray, value: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return history where there is any, else the weighted mean of the queue, else of the rate, else what is asked."""
    known = np.isfinite(value)
    if not known.any():
        return np.full(len(at), _asked(plan, metric))
    queue = plan.cells.queue[at]
    start = np.where(known, value, 0.0)
    light = 1e-9 * max(float(weight.max()), 1e-3)
    counted = np.where(known, np.maximum(weight, light), 0.0)
    of_queue, total = np.bincount(queue, counted * start), np.bincount(queue, counted)
    overall = float(counted @ start / counted.sum())
    mean = np.divide(of_queue, total, out=np.full(len(total), overall), where=total > 0)
    return np.where(known, start, mean[queue])


def _asked(plan: Plan, metric: int) -> float:
    """Return what the widest row asks of a rate: of Targets, else of Limits; 0 where nobody asks anything."""
    targets, limits = plan.targets, plan.limits
    rows = np.flatnonzero(targets.scope.metric == metric)
    if len(rows):
        return float(targets.value[_widest(plan, targets.scope, rows, targets.value)])
    rows = np.flatnonzero(limits.scope.metric == metric)
    if len(rows):
        bound = np.where(np.isfinite(limits.lower), limits.lower, limits.upper)
        return float(bound[_widest(plan, limits.scope, rows, bound)])
    return 0.0


def _widest(plan: Plan, scopes: Scopes, rows: np.ndarray, value: np.ndarray) -> int:
    """Return the row that stands highest in the trees; of equals the one of the least value."""
    depth = np.zeros(len(scopes), np.int64)
    for tree, node in ((plan.org, scopes.org), (plan.queues, scopes.queue), (plan.periods, scopes.period)):
        is_group = tree.is_group(node)
        depth += np.where(is_group, tree.depth.max(), tree.depth[np.where(is_group, 0, node)])
    return int(rows[np.lexsort((value[rows], depth[rows]))[0]])


def _is_asked(plan: Plan, metric: int) -> bool:
    return bool((plan.targets.scope.metric == metric).any() or (plan.limits.scope.metric == metric).any())


def _report_assumed(plan: Plan, rate: Rate, place: Place, journal: Journal) -> None:
    """Say what was taken where nobody gave history or a benchmark."""
    name = plan.metrics.ids[rate.metric]
    cells = len(rate.cells)
    if cells == 0:
        return
    without = cells - int(rate.has_history.sum())
    if without == cells:
        asked = _is_asked(plan, rate.metric)
        words = "everybody starts from what its widest row asks" if asked else "and nothing is asked of it: left out"
        journal.add("TC521", place, f"no history of “{name}”: {words}")
        return
    if without:
        words = f"{without:,} of {cells:,} teams, queues and periods have no history of “{name}”"
        journal.add_amount("TC520", place, words, float(without), "")
    assumed = np.flatnonzero([words not in (GIVEN, BY_NODE) for words in rate.best_words])
    if len(assumed) == 0:
        return
    parts = []
    for at in assumed.tolist():
        mine = rate.best[rate.best_is == at]
        low, high = (value_words(plan.metrics, rate.metric, float(end)) for end in (mine.min(), mine.max()))
        parts.append(f"{rate.best_words[at]}: {low}" + (f" to {high}" if high != low else ""))
    journal.add("TC522", place, f"“{name}”: {shown_list(parts, 8)}")


def report_asked(
    plan: Plan, scopes: Scopes, values: Sequence[np.ndarray], basis: Sequence[str], place: Sequence[Place],
    journal: Journal,
) -> None:  # fmt: skip
    """Name what cannot be asked of a rate: a value that is no share, a basis that counts.

    Parameters
    ----------
    values : float64, shape (rows,), what rows ask, as totals
    """
    rows = np.flatnonzero(plan.metrics.is_kind(scopes.metric, RATE)).tolist()
    counted = [
        Problem(place[row], f"{basis[row]}, of the rate “{plan.metrics.name(int(scopes.metric[row]))}”")
        for row in rows
        if basis[row] not in (TOTAL, OF_BASELINE, OF_AGREED, POINTS)
    ]
    journal.add_each("TC245", list({problem.place: problem for problem in counted}.values()))
    wrong: dict[Place, Problem] = {}
    for row in rows:
        for value in values:
            problem = share_problem(plan.metrics, int(scopes.metric[row]), float(value[row]), place[row])
            if problem is not None:
                wrong.setdefault(place[row], problem)
    journal.add_each("TC241", list(wrong.values()))
