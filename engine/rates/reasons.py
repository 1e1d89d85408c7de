"""Why rates leave where they started: the prices of the rows that cover a cell, in the rate's unit, adding up.

    r = b + Σ_r gap · (w_r-part) · price_r, cut off where a bound stops it

Owns: turning prices into named terms, and what limits a target that is missed.
"""

from __future__ import annotations

import numpy as np

from engine.outcome import Reasons
from engine.plan import Plan
from engine.rates.decide import RateDecision
from engine.rates.rows import LIGHTEST
from engine.reasons.rolling import limits_words
from engine.reasons.words import limit_words, target_words
from solver.matrices import scale_rows
from solver.sparse import csr_matrix

FLOOR, CEILING = "Floor", "Ceiling"
OWN_LIMIT = "its own limit"
STAND_IN = "a reachable point stands in"
ROUNDING = "rounding of the search"

_SMALL = 1e-9  # part of a rate below which a term is rounding of the arithmetic
_NAMED = 3
_AT_END = 1e-7


def rate_reasons(plan: Plan, decision: RateDecision) -> Reasons:
    """Return the terms of every cell's deviation from its start."""
    words: dict[str, int] = {}
    labels = _row_labels(plan, decision, words)
    deviation = decision.value - decision.start
    push = np.asarray(decision.rows.T @ decision.price)
    ease = np.where(push >= 0, decision.easiness[:, 0], decision.easiness[:, 1])
    moved = ease * push
    # a cell that a bound stopped short of where its rows push it: all terms are cut alike
    is_cut = (moved * deviation > 0) & (np.abs(deviation) < np.abs(moved))
    part = np.where(is_cut, deviation / np.where(is_cut, moved, 1.0), 1.0)
    priced = scale_rows(decision.rows, decision.price).T.tocsr()
    terms = scale_rows(csr_matrix(priced), ease * part).tocoo()
    rest = deviation - np.where(is_cut, deviation, moved)
    small = _SMALL * max(float(np.max(np.abs(decision.value), initial=0.0)), 1e-3)
    cells = np.flatnonzero(np.abs(rest) > small)
    rest_labels = [_number(words, _rest_words(decision, int(cell))) for cell in cells]
    cell = np.concatenate([terms.row, cells]).astype(np.int64)
    label = np.concatenate([labels[terms.col], np.array(rest_labels, dtype=np.int64)]).astype(np.int64)
    amount = np.concatenate([terms.data, rest[cells]])
    kept = np.abs(amount) > small
    cell, label, amount = cell[kept], label[kept], amount[kept]
    order = np.lexsort((label, -np.abs(amount), cell))
    return Reasons(tuple(words), cell[order], label[order], amount[order])


def _number(words: dict[str, int], said: str) -> int:
    return words.setdefault(said, len(words))


def _row_labels(plan: Plan, decision: RateDecision, words: dict[str, int]) -> np.ndarray:
    """Return the label of each row of the prices: targets, then limits over several cells."""
    said = [target_words(plan, int(row)) for row in decision.targets.rows.source]
    limits = decision.limits.rows.source[decision.hard.limit_of_row]
    said += [limit_words(plan, int(row)) for row in limits]
    return np.array([_number(words, each) for each in said], dtype=np.int64)


def _rest_words(decision: RateDecision, cell: int) -> str:
    value, effort, hard = decision.value[cell], decision.effort, decision.hard
    if not decision.is_projected:
        return STAND_IN
    if value <= hard.lower[cell]:
        return FLOOR if hard.lower[cell] == effort.floor[cell] else OWN_LIMIT
    if value >= hard.upper[cell]:
        return CEILING if hard.upper[cell] == effort.ceiling[cell] else OWN_LIMIT
    return ROUNDING


def limiting_words(plan: Plan, decision: RateDecision, row: int) -> str:
    """Return what limits a missed target (canonical position), in words."""
    matrix, value = decision.targets.rows.matrix, decision.value
    cells = matrix[row].indices
    is_short = float(matrix[row].dot(value)[0]) < decision.targets.asked[row]
    end = decision.hard.upper if is_short else decision.hard.lower
    own = decision.effort.ceiling if is_short else decision.effort.floor
    ease = decision.easiness[cells, 0 if is_short else 1]
    at_end = np.abs(value[cells] - end[cells]) <= _AT_END * np.maximum(np.abs(value[cells]), 1.0)
    weighs = decision.weight[cells] > LIGHTEST * decision.weight.mean()
    at_bound = at_end & weighs & (end[cells] == own[cells])
    fixed = weighs & ~at_end & (ease <= 0)
    found = []
    for which, words in (
        (at_bound, f"at its {CEILING if is_short else FLOOR}"),
        (fixed, "at or beyond Best already" if _is_good(plan, decision, is_short=is_short) else "with no way back"),
    ):
        if which.any():
            share = float(decision.weight[cells][which].sum() / decision.weight[cells].sum())
            found.append(f"{share:.0%} of the volume is {words}")
    found += _limit_lines(plan, decision, cells, is_short=is_short)
    return "; ".join(found) or "targets of the same or a higher priority"


def _is_good(plan: Plan, decision: RateDecision, *, is_short: bool) -> bool:
    return bool(plan.metrics.higher_is_better[decision.rate.metric]) == is_short


def _limit_lines(plan: Plan, decision: RateDecision, cells: np.ndarray, *, is_short: bool) -> list[str]:
    """Return the limits at their end that cover some of the cells."""
    limits, value = decision.limits, decision.value
    reached = limits.rows.matrix @ value
    bound = limits.upper if is_short else limits.lower
    near = _AT_END * np.maximum(1.0, np.abs(np.where(np.isfinite(bound), bound, 0.0)))
    at_end = reached >= bound - near if is_short else reached <= bound + near
    touches = limits.rows.matrix[:, cells] @ np.ones(len(cells)) > 0
    found = sorted(limits_words(plan, limits.rows.source[np.flatnonzero(at_end & touches)].tolist()))
    return [*found[:_NAMED], f"and {len(found) - _NAMED} more limits"] if len(found) > _NAMED else found
