"""Hours that are short of what a fair split of the targets needs, rolled up the org tree.

Owns: TC404, before the plan is solved and after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.codes import issue
from engine.formulation.cover import cover
from engine.formulation.problem import OF_CAPACITY, Problem
from engine.issues import Issue, Severity
from engine.outcome import Outcome
from engine.plan import Plan
from engine.reasons.limiting import FULL
from engine.reasons.words import node_words
from engine.trees import ROOT

_SHORT = 1e-3  # part of the hours below which a shortage is not worth a word before the run
_NAMED = 10

_TAKEN_OVER = "as many hours as a fair split needs, or others who take over: they do"
_NO_HOURS_MISSED = "Nothing here: {why}. More hours there would only bring the plan nearer to its fair split."


def check_hours(problem: Problem) -> Iterator[Issue]:
    """Yield the highest org nodes whose hours are short, the shortest first."""
    plan = problem.plan
    if not len(plan.capacity):
        return
    rows = problem.capacity
    need = rows.matrix @ problem.fair.value
    short = np.flatnonzero((need > rows.there * (1 + _SHORT)) & (rows.kind == OF_CAPACITY))
    by_node: dict[int, list[int]] = defaultdict(list)
    for row in short.tolist():
        node = int(plan.capacity.scope.org[rows.source[row]])
        by_node[ROOT if node >= len(plan.org) else node].append(row)
    found = []
    for node, listed in _rolled_up(plan, by_node).items():
        missing = float((need[listed] - rows.there[listed]).sum())
        periods = len({int(plan.capacity.scope.period[rows.source[row]]) for row in listed})
        place = plan.capacity.place[int(rows.source[listed[0]])]
        of_all = _rows_below(problem, node)
        is_part = periods < len(listed) < of_all
        only = f", counting the {len(listed):,} of {of_all:,} rows that are short" if is_part else ""
        words = (
            f"{node_words(plan.org, node)}: {float(need[listed].sum()):,.1f} hours needed, "
            f"{float(rows.there[listed].sum()):,.1f} there, in {periods} period{'s' if periods > 1 else ''}{only}"
        )
        found.append((missing, node, issue("TC404", place, words, amount=missing, unit="h")))
    found.sort(key=lambda each: (-each[0], each[1]))
    yield from (each for _, _, each in found[:_NAMED])
    if len(found) > _NAMED:
        missing = sum(each[0] for each in found[_NAMED:])
        words = f"and {len(found) - _NAMED} more: {missing:,.1f} hours short in all"
        yield issue("TC404", found[_NAMED][2].place, words, amount=missing, unit="h")


def _rows_below(problem: Problem, node: int) -> int:
    """Return how many rows of Capacity stand at or below an org node, a period each."""
    plan, rows = problem.plan, problem.capacity
    org = plan.capacity.scope.org[rows.source[rows.kind == OF_CAPACITY]]
    if node == ROOT:
        return len(org)
    first, after = plan.org.leaf_span[node]
    span = plan.org.leaf_span[org[org < len(plan.org)]]  # a group stands at the root
    return int(np.count_nonzero((first <= span[:, 0]) & (span[:, 1] <= after)))


def hours_after(issues: Sequence[Issue], outcome: Outcome) -> tuple[Issue, ...]:
    """Return findings about a plan as they read once it is solved: short hours that no target pays for are a note."""
    why = _why_no_target_pays(outcome)
    if not why:
        return tuple(issues)
    mend = _NO_HOURS_MISSED.format(why=why)
    return tuple(
        replace(each, severity=Severity.NOTE, expected=_TAKEN_OVER, mend=mend) if each.code == "TC404" else each
        for each in issues
    )


def _why_no_target_pays(outcome: Outcome) -> str:
    """Return why hours that are short of a fair split cost nothing, in words; "" where they may."""
    if outcome.limits.contradicted.any():
        return ""
    if outcome.targets.met.all():
        return "every target is met"
    plan, there = outcome.plan, outcome.plan.capacity.hours
    # what was used up before queues moved within the mix guard had a say in what is missed
    before = np.asarray(cover(plan, plan.capacity.scope) @ (outcome.before_guard * plan.cells.hours))
    most = np.maximum(outcome.capacity.used, before)
    is_full = (most >= there * (1 - FULL) - outcome.capacity.rounding).any()
    return "" if is_full else "some hours are left everywhere, so no target is missed for them"


def _rolled_up(plan: Plan, by_node: Mapping[int, list[int]]) -> dict[int, list[int]]:
    """Return short rows by the highest node that stands for them.

    A node with a short row of its own stands for those below it, and so does one whose children are all short.
    """
    tree = plan.org
    has_hours = np.zeros(len(tree), dtype=bool)
    nodes = plan.capacity.scope.org
    has_hours[nodes[~tree.is_group(nodes)]] = True
    rows = {node: list(listed) for node, listed in by_node.items()}
    for node in range(len(tree) - 1, -1, -1):  # children stand behind their parents
        below = [child for child in tree.children[node] if has_hours[child]]
        has_hours[node] |= bool(below)
        if node in rows:
            for child in below:
                rows.pop(child, None)
        elif len(below) > 1 and all(child in rows for child in below):
            rows[node] = [row for child in below for row in rows.pop(child)]
    return rows
