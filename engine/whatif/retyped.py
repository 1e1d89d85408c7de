"""Numbers of Capacity and Targets typed anew into a plan that stands, where that is all that building it would change.

A second run of a large plan takes moments, and reading a hundred thousand rows of Baseline for it as long again.

Owns: which edits a plan takes in as they are; all others are for ``build_plan``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.issues import Place
from engine.plan import Plan
from engine.tables import Inputs
from engine.whatif.edits import Edit


class Retyping:
    """A plan, and the rows that each number in Capacity and Targets makes."""

    def __init__(self, inputs: Inputs, plan: Plan) -> None:
        self._plan = plan
        # what is built of hours besides Capacity: shares of them, what is asked per FTE day, rates and small moves
        moves = plan.settings.smallest_move or plan.settings.smallest_rate_move
        is_plain = not plan.rates and not any(plan.targets.basis) and not moves
        limits = inputs.tables.get("Limits")
        basis = () if limits is None else limits.values.get("Basis", ())
        self._takes_hours = is_plain and not any(basis) and not any(plan.capacity.note)
        self._takes_targets = is_plain
        self._hours, self._targets = _rows(plan.capacity.place), _rows(plan.targets.place)

    def plan(self, edits: Sequence[Edit]) -> Plan | None:
        """Return the plan with some cells changed, as building it anew has it; None where only that can tell."""
        hours, fte, value = self._plan.capacity.hours.copy(), self._plan.capacity.fte.copy(), self._plan.targets.value
        value = value.copy()
        for edit in edits:
            if edit.now is None or edit.before is None or not 0 < edit.now < np.inf:
                return None
            is_taken = (
                self._takes_hours and self._hours_taken(edit, hours, fte)
                if edit.place.table == "Capacity"
                else self._takes_targets and self._target_taken(edit, value)
            )
            if not is_taken:
                return None
        plan = self._plan
        columns = {**plan.capacity.columns, "FTE": fte} if "FTE" in plan.capacity.columns else plan.capacity.columns
        return replace(
            plan,
            capacity=replace(plan.capacity, hours=hours, fte=fte, columns=columns),
            targets=replace(plan.targets, value=value),
        )

    def _hours_taken(self, edit: Edit, hours: np.ndarray, fte: np.ndarray) -> bool:
        rows, capacity = self._hours.get(edit.place), self._plan.capacity
        if rows is None:
            return False
        if edit.place.field == "Hours":
            hours[rows] = edit.now
            return bool((capacity.hours[rows] == edit.before).all() and np.isnan(capacity.hours_per_fte[rows]).all())
        fte[rows] = edit.now
        overtime = capacity.columns.get("Overtime hours", np.full(len(capacity), np.nan))[rows]
        hours[rows] = fte[rows] * capacity.hours_per_fte[rows] + overtime
        return bool((capacity.fte[rows] == edit.before).all() and np.isfinite(hours[rows]).all())

    def _target_taken(self, edit: Edit, value: np.ndarray) -> bool:
        rows = self._targets.get(edit.place)
        if rows is None or len(rows) > 1 or self._plan.targets.value[rows[0]] != edit.before:
            return False  # a share of it, a percentage, or one number for many
        value[rows] = edit.now
        return True


def _rows(places: Sequence[Place]) -> dict[Place, list[int]]:
    found: dict[Place, list[int]] = {}
    for row, place in enumerate(places):
        found.setdefault(place, []).append(row)
    return found
