"""Targets against targets and limits below them: sums that cannot hold together.

Owns: TC401 to TC403.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.checks.nesting import families_inside, without_repeats
from engine.codes import issue
from engine.formulation.cover import cover
from engine.issues import Issue
from engine.plan import Plan, Scopes, Sense
from engine.reasons.words import amount_words, target_words
from solver.sparse import csr_matrix

_APART = 1e-6
"""Part of a target by which a sum must be off to be told."""


def check_sums(plan: Plan) -> Iterator[Issue]:
    """Yield targets that the targets or limits below them contradict."""
    plan = _plain_rows(plan)
    targets, limits = plan.targets, plan.limits
    over, under = cover(plan, targets.scope), cover(plan, limits.scope)
    at_least = np.where(targets.sense == Sense.AT_MOST, -np.inf, targets.value)
    at_most = np.where(targets.sense == Sense.AT_LEAST, np.inf, targets.value)
    parts = _Bounds("targets", targets.scope, over, at_least, at_most)
    held = _Bounds("limits", limits.scope, under, limits.lower, limits.upper)
    for row in range(len(targets)):
        cells = int(over.indptr[row + 1] - over.indptr[row])
        yield from _against_parts(plan, row, cells, parts)
        for family in families_inside(plan, targets.scope, row, limits.scope):
            yield from _compare(plan, row, cells, ("TC402", "TC403"), family, held)


def _plain_rows(plan: Plan) -> Plan:
    """Return the plan with only those targets and limits that add up: of volumes, over nodes, for all their periods."""
    targets, limits = plan.targets, plan.limits
    return replace(
        plan,
        targets=targets.take(np.flatnonzero(_is_plain(plan, targets.scope))),
        limits=limits.take(np.flatnonzero(_is_plain(plan, limits.scope))),
    )


def _is_plain(plan: Plan, scopes: Scopes) -> np.ndarray:
    plain = plan.metrics.is_kind(scopes.metric, "volume")
    plain &= ~plan.org.is_group(scopes.org) & ~plan.queues.is_group(scopes.queue)
    if scopes.until is not None:
        plain &= scopes.until >= plan.periods.leaf_span[scopes.period, 1]
    return np.asarray(plain)


class _Bounds:
    """Rows with what they demand at least and allow at most."""

    def __init__(self, what: str, scope: Scopes, covers: csr_matrix, lower: np.ndarray, upper: np.ndarray) -> None:
        self.what, self.scope, self.lower, self.upper = what, scope, lower, upper
        self.size = np.diff(covers.indptr)

    def least(self, rows: np.ndarray) -> float:
        """Return the least sum of rows over disjoint cells."""
        return float(np.maximum(without_repeats(self.scope, rows, self.lower[rows]), 0).sum())

    def most(self, rows: np.ndarray, cells: int) -> float:
        """Return the largest sum of rows over disjoint cells; infinite unless they cover that many cells."""
        first = np.unique(
            np.column_stack([self.scope.org, self.scope.queue, self.scope.period])[rows], axis=0, return_index=True
        )[1]
        if int(self.size[rows[first]].sum()) < cells:
            return np.inf
        return float(-without_repeats(self.scope, rows, -self.upper[rows]).sum())


def _against_parts(plan: Plan, row: int, cells: int, parts: _Bounds) -> Iterator[Issue]:
    own = np.column_stack([plan.targets.scope.org, plan.targets.scope.queue, plan.targets.scope.period])
    for family in families_inside(plan, plan.targets.scope, row, plan.targets.scope):
        if (own[family] == own[row]).all():
            continue  # the row itself, and others over the same cells
        yield from _compare(plan, row, cells, ("TC401", "TC401"), family, parts)


def _compare(
    plan: Plan, row: int, cells: int, codes: tuple[str, str], family: np.ndarray, bounds: _Bounds
) -> Iterator[Issue]:
    targets = plan.targets
    value, sense = float(targets.value[row]), targets.sense[row]
    room = _APART * max(abs(value), 1.0)
    least = bounds.least(family)
    if sense != Sense.AT_LEAST and least > value + room:
        yield _conflict(
            plan, row, codes[0], least - value, f"{len(family)} {bounds.what} below ask for {amount_words(least)}"
        )
    elif sense != Sense.AT_MOST:
        most = bounds.most(family, cells)
        if most < value - room:
            yield _conflict(
                plan, row, codes[1], value - most, f"{len(family)} {bounds.what} below allow {amount_words(most)}"
            )


def _conflict(plan: Plan, row: int, code: str, amount: float, words: str) -> Issue:
    targets = plan.targets
    unit = plan.metrics.unit(int(targets.scope.metric[row]))
    found = f"{target_words(plan, row)} is {amount_words(float(targets.value[row]))}; {words}"
    return issue(code, targets.place[row], found, amount=amount, unit=unit)
