"""Why every cell leaves its fair share: the prices of the rows that cover it, in items, adding up.

x_i = clip(f_i + move_i · Σ_r a_ir price_r): each covering row pulls by ``move_i a_ir price_r`` items, and what is told
of it is what is left once its queue has answered.

Owns: turning prices into named terms. What clipping adds, or a stand-in program, is a term of its own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.decision.decide import Decision
from engine.decision.fairness import is_small
from engine.decision.levels import BAND, CAPACITY, LIMIT
from engine.formulation.problem import OF_INFLOW, Problem
from engine.outcome import ReasonKind, Reasons
from engine.reasons.folding import Pulls, fold
from engine.reasons.prices import told_prices
from engine.reasons.words import SHORTAGE_ON, limit_words, never_words, target_words
from solver.matrices import scale_columns, scale_rows
from solver.polyhedron import ACCEPTED
from solver.sparse import csr_matrix

WITHIN_QUEUE = "takes over within its queue"
MIX_GUARD = "mix guard"
NOT_BELOW_ZERO = "cannot go below 0"
OWN_MINIMUM = "its own minimum"
OWN_MAXIMUM = "its own maximum"
HELD = "held"
OWN_HOLD = "its own hold, as far as it can be kept"
TOGETHER = "what is asked together leaves no choice"
STAND_IN = "piecewise-linear step"
ROUNDING = "rounding of the search"
WHOLE_UNITS = "whole units"

_MISSED = 1e-6  # part of a target's size from which it counts as missed
_EXACT = 1e-7  # part of a deviation, items at least, to which its reasons add up
_ALIKE = 6  # decimals to which amounts are told apart
_SMALL = 1e-9  # part of the plan's largest cell below which a term is rounding of the arithmetic


def find_reasons(problem: Problem, decision: Decision, value: np.ndarray) -> Reasons:
    """Return the terms of every cell's deviation from its fair share.

    Parameters
    ----------
    value : float64, shape (cells,), the plan in whole units
    """
    fair, fairest = problem.fair, told_prices(problem, decision)
    decision = replace(decision, fairest=fairest)
    names = _Names(problem, decision)
    terms = _price_terms(problem, decision, names)
    deviation = decision.point - fair.value
    rest = deviation - np.asarray(terms.sum(axis=1)).ravel()
    floor = _SMALL * max(float(np.max(decision.point, initial=0)), 1.0)
    cells = np.flatnonzero(np.abs(rest) > floor)
    labels = _rest_labels(problem, decision, cells, names) if fairest.is_projected else np.full(
        len(cells), names.number(STAND_IN, ReasonKind.FALLBACK)
    )  # fmt: skip
    rest_terms = csr_matrix((rest[cells], (cells, labels)), shape=(len(deviation), len(names.words)))
    terms = csr_matrix((terms.data, terms.indices, terms.indptr), shape=rest_terms.shape) + rest_terms
    rounding = value - decision.point
    moved = np.flatnonzero(np.abs(rounding) > floor)
    label = names.number(WHOLE_UNITS, ReasonKind.UNITS)
    of_units = csr_matrix(
        (rounding[moved], (moved, np.full(len(moved), label))), shape=(len(deviation), len(names.words))
    )
    terms = csr_matrix((terms.data, terms.indices, terms.indptr), shape=of_units.shape) + of_units
    label = names.number(ROUNDING, ReasonKind.FALLBACK)
    listed = _listed(csr_matrix(terms), value - fair.value, floor, label)
    return Reasons(tuple(names.words), *listed, tuple(names.kinds))


def _listed(
    terms: csr_matrix, deviation: np.ndarray, floor: float, rounding: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return terms as cells, labels, amounts: the small ones left out, the largest of each cell first.

    Parameters
    ----------
    floor : items below which a term is no reason of its own; rounding : the label of what is left without any

    Notes
    -----
    In a plan of millions, what is left out of a cell of hundreds may show: its largest reason takes it over.
    """
    coo = terms.tocoo()
    kept = np.abs(coo.data) > floor
    cell, label, amount = coo.row[kept].astype(np.int64), coo.col[kept].astype(np.int64), coo.data[kept]
    left = deviation - np.bincount(cell, amount, len(deviation))
    bare = np.abs(left) > _EXACT * np.maximum(1.0, np.abs(deviation))
    bare[cell] = False
    without = np.flatnonzero(bare)
    cell, label = np.append(cell, without), np.append(label, np.full(len(without), rounding))
    amount = np.append(amount, left[without])
    cell, label, amount = _largest_first(cell, label, amount)
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    had = ~bare[cell[first]]
    amount[first[had]] += left[cell[first[had]]]
    return _largest_first(cell, label, amount)


def _largest_first(
    cell: np.ndarray, label: np.ndarray, amount: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return terms cell by cell, the largest first; of those that differ by noise alone, in the order of labels."""
    order = np.lexsort((label, -np.round(np.abs(amount), _ALIKE), cell))
    return cell[order], label[order], amount[order]


class _Names:
    """Labels of rows, each distinct text once."""

    def __init__(self, problem: Problem, decision: Decision) -> None:
        self.words: list[str] = []
        self.kinds: list[ReasonKind] = []
        self._at: dict[str, int] = {}
        plan, kept = problem.plan, decision.kept
        limits, targets = problem.limits.source, problem.targets.source
        self.row = np.zeros(len(kept.family), np.int64)
        for row in np.flatnonzero(decision.fairest.row_price):
            family, index = int(kept.family[row]), int(kept.index[row])
            if family == CAPACITY:
                words = never_words(plan, problem.capacity, index)
                kind = ReasonKind.INFLOW if problem.capacity.kind[index] == OF_INFLOW else ReasonKind.HOURS
            elif family == LIMIT:
                words, kind = limit_words(plan, int(limits[index])), ReasonKind.LIMIT
            elif family == BAND:
                words, kind = MIX_GUARD, ReasonKind.GUARD
            else:
                is_missed = _is_missed(problem, decision, index)
                words = (SHORTAGE_ON if is_missed else "") + target_words(plan, int(targets[index]))
                kind = ReasonKind.SHORTAGE if is_missed else ReasonKind.TARGET
            self.row[row] = self.number(words, kind)

    def number(self, words: str, kind: ReasonKind) -> int:
        """Return the position of a label, adding it if it is new."""
        if words not in self._at:
            self._at[words] = len(self.words)
            self.words.append(words)
            self.kinds.append(kind)
        return self._at[words]


def _is_missed(problem: Problem, decision: Decision, index: int) -> bool:
    """Whether a target was settled below what it asks: its price then shares out the shortage, up or down."""
    targets = problem.targets
    gap = targets.asked[index] - decision.levels.items_lower[index]
    return bool(targets.has_shortfall[index] and gap > _MISSED * targets.size[index])


def _price_terms(problem: Problem, decision: Decision, names: _Names) -> csr_matrix:
    """Return terms by cell and label: csr, shape (cells, labels)."""
    fairest, kept, queues = decision.fairest, decision.kept, problem.queues.matrix
    within = names.number(WITHIN_QUEUE, ReasonKind.WITHIN_QUEUE)
    priced = np.flatnonzero(fairest.row_price)
    rows = scale_rows(kept.matrix[priced], fairest.row_price[priced])
    label = names.row[priced]
    by_label = csr_matrix((np.ones(len(label)), (label, np.arange(len(label)))), shape=(len(names.words), len(label)))
    terms = csr_matrix(scale_columns(csr_matrix(by_label @ rows), fairest.move).T)
    queue = np.zeros(len(fairest.move), np.int64)
    queue[queues.indices] = np.repeat(np.arange(queues.shape[0]), np.diff(queues.indptr))
    answer = fairest.move * fairest.queue_price[queue] if len(fairest.queue_price) else np.zeros(len(queue))
    rest = decision.point - problem.fair.value - np.asarray(terms.sum(axis=1)).ravel() - answer
    told, taken = fold(Pulls(terms, np.array(names.kinds, dtype=np.int64), queue, fairest.move, answer, rest))
    cells = np.flatnonzero(taken)
    return csr_matrix(told + csr_matrix((taken[cells], (cells, np.full(len(cells), within))), shape=told.shape))


def _rest_labels(problem: Problem, decision: Decision, cells: np.ndarray, names: _Names) -> np.ndarray:
    """Return for each cell what clipped it: its own limits, or zero."""
    hard, point = decision.hard, decision.point
    lower, upper = hard.lower[cells], hard.upper[cells]
    near = ACCEPTED * np.maximum(1.0, np.abs(point[cells]))
    held = (lower == upper) & (problem.fair.scale[cells] > 0)
    asked_to_hold = _has_hold(problem)[cells] & ~held
    at_upper = np.isfinite(upper) & (point[cells] >= upper - near)
    at_lower = point[cells] <= lower + near
    return np.select(
        [held, asked_to_hold & (at_upper | (at_lower & (lower > 0))), at_lower & (lower > 0), at_upper, at_lower],
        [
            names.number(HELD, ReasonKind.LIMIT),
            names.number(OWN_HOLD, ReasonKind.LIMIT),
            names.number(OWN_MINIMUM, ReasonKind.LIMIT),
            names.number(OWN_MAXIMUM, ReasonKind.LIMIT),
            names.number(NOT_BELOW_ZERO, ReasonKind.ZERO),
        ],
        names.number(TOGETHER, ReasonKind.SHORTAGE)
        if is_small(problem)
        else names.number(ROUNDING, ReasonKind.FALLBACK),
    )


def _has_hold(problem: Problem) -> np.ndarray:
    """bool, shape (cells,): cells with a hold of their own, kept or not."""
    limits, held = problem.limits, np.zeros(len(problem.fair.value), dtype=bool)
    alone = limits.covers_one_cell & problem.plan.limits.is_hold[limits.source]
    held[limits.matrix[alone].indices] = True
    return held
