"""What binds a plan: full capacity and limits at their end, each by the cell in which it was put.

Owns: which rows of Capacity and Limits leave no room, by the place of their numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.formulation.cover import cover
from engine.issues import Place
from engine.outcome import Judged, Outcome
from engine.plan import Plan, Rate, Scopes
from engine.reasons.rolling import org_words, period_words
from solver.frozen import frozen

FULL = 1e-6
"""Part of a row's hours, or of a limit, below which room counts as none."""


@frozen
class Binding:
    """One cell of Capacity or Limits that binds.

    rows : its rows in the plan that bind (an FTE row has many); of_row : all that its input row put
    """

    place: Place
    rows: np.ndarray
    of_row: np.ndarray
    amount: float  # hours used there, or the limit's value: how much hangs on it


def full_capacity(outcome: Outcome | Judged, touching: np.ndarray) -> list[Binding]:
    """Return the cells of Capacity whose hours are used up and that cover some of the cells asked about.

    Parameters
    ----------
    touching : bool, shape (cells,)

    Returns
    -------
    list of Binding
        The most hours first. Rows that nobody gave as such (shares of hours) are left out.
    """
    plan = outcome.plan
    capacity = plan.capacity
    given = is_given(plan)
    used = outcome.capacity.used
    full = given & (used >= capacity.hours * (1 - FULL) - outcome.capacity.rounding) & (capacity.hours > 0)
    touched = _touched(outcome, capacity.scope, touching & (plan.cells.hours > 0))
    return _by_place(capacity.place, np.flatnonzero(full & touched), used)


def is_given(plan: Plan) -> np.ndarray:
    """bool, shape (capacity rows,): those that people gave, and not what follows from shares of hours."""
    notes = plan.capacity.note or ("",) * len(plan.capacity)
    return np.array([not note for note in notes], dtype=bool)


def limits_at_end(outcome: Outcome | Judged, touching: np.ndarray, rate: Rate | None = None) -> list[Binding]:
    """Return the cells of Limits whose rows are at an end, or broken, and cover some of the cells asked about.

    Parameters
    ----------
    touching : bool, shape (cells,)
    rate : limits on this rate, over cells of its volume; None = limits on all but rates
    """
    plan, value = outcome.plan, outcome.limits.value
    limits, scope = plan.limits, plan.limits.scope
    room = FULL * np.maximum(1.0, np.abs(value)) + 1.0
    has_minimum = limits.lower > 0
    mine = ~plan.metrics.is_kind(scope.metric, "rate")
    if rate is not None:
        room, has_minimum, mine = FULL * np.maximum(np.abs(value), 1e-3), np.isfinite(limits.lower), (
            scope.metric == rate.metric
        )  # fmt: skip
        scope = replace(scope, metric=np.where(mine, rate.weight, scope.metric))
    at_end = mine & ((value >= limits.upper - room) | (has_minimum & (value <= limits.lower + room)))
    rows = np.flatnonzero(at_end & np.isfinite(value))
    rows = rows[_touched(outcome, scope.take(rows), touching)]
    return _by_place(limits.place, rows, value)


def _touched(outcome: Outcome | Judged, scope: Scopes, cells: np.ndarray) -> np.ndarray:
    return np.asarray(cover(outcome.plan, scope) @ cells.astype(np.float64) > 0)


def _by_place(places: tuple[Place, ...], rows: np.ndarray, amount: np.ndarray) -> list[Binding]:
    found: dict[Place, list[int]] = {}
    for row in rows.tolist():
        found.setdefault(places[row], []).append(row)
    of_row: dict[tuple[str, int], list[int]] = {(place.sheet, place.row): [] for place in found}
    for row, place in enumerate(places):
        if (place.sheet, place.row) in of_row:
            of_row[place.sheet, place.row].append(row)
    bindings = [
        Binding(
            place, np.array(at), np.array(of_row[place.sheet, place.row]), float(np.abs(amount[at]).sum())
        )
        for place, at in found.items()
    ]  # fmt: skip
    return sorted(bindings, key=lambda each: (-each.amount, each.place.sheet, each.place.row, each.place.column))


def bindings_words(plan: Plan, group: Sequence[Binding]) -> str:
    """Return whose hours some cells of Capacity are, and when they count: ``all 2 of Lisbon in 2024-01``."""
    scope = plan.capacity.scope
    rows = np.concatenate([binding.of_row for binding in group])
    orgs = sorted(set(scope.org[rows].tolist()))
    words = org_words(plan.org, orgs, set(scope.org.tolist()))
    return words + period_words(plan.periods, scope.period[rows].tolist())
