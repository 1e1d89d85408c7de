"""What would close a miss by the mix guard: a queue that gives nothing to others, or wider bands for all.

Owns: which guards are tried, and the cells they stand in.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from engine.building.settings import setting_place
from engine.building.texts import text_of
from engine.formulation.cover import cover
from engine.issues import Place
from engine.outcome import Judged, Outcome
from engine.plan import Plan
from engine.reasons.words import node_words
from engine.tables import Inputs
from engine.trees import ROOT
from engine.whatif.advice import Mend, MendKind
from engine.whatif.again import Again
from engine.whatif.edits import Edit, value_at

_WIDTHS = (0.08, 0.1, 0.15, 0.2)
"""Mix guards that are tried: wider ones protect no queue."""


class Search(Protocol):
    """The search for what closes the miss of one target, as ``engine.whatif.mends`` makes it."""

    again: Again
    outcome: Outcome
    row: int

    def met_by(self, edits: tuple[Edit, ...]) -> Judged | None:
        """Return the second run if it meets the target."""

    def mend(self, kind: MendKind, words: str, edits: tuple[Edit, ...], run: Judged) -> tuple[Mend, Judged]:
        """Return a change that was proven, and the run."""


def change_guard(search: Search) -> tuple[Mend, Judged] | None:
    """Return a mix guard that closes a miss: none for a queue that gave to others, else a wider one for all."""
    if not search.outcome.used_guard:
        return None
    return _protect(search) or _widen(search)


def _protect(search: Search) -> tuple[Mend, Judged] | None:
    plan, results, row = search.outcome.plan, search.outcome.targets, search.row
    node = int(plan.targets.scope.queue[row])
    was_met = results.achieved[row] < plan.targets.value[row] <= results.fair_outcome[row] + 0.5
    if node == ROOT or node >= len(plan.queues) or not was_met:  # a group has no mix guard of its own
        return None
    place = _may_lose_place(search.again.inputs, plan, node)
    if place is None:
        return None
    edits = (Edit(place, value_at(search.again.inputs, place), 0.0),)
    run = search.met_by(edits)
    if run is None:
        return None
    now = float(plan.may_lose[_leaves(plan, row)].max(initial=0.0))
    words = f"May lose of {node_words(plan.queues, node)} 0 instead of {now:.3g}: no other queue takes from it"
    return search.mend(MendKind.GUARD, words, edits, run)


def _leaves(plan: Plan, row: int) -> np.ndarray:
    """Return the leaf queues that a row of Targets covers."""
    inside = cover(plan, plan.targets.scope.take(np.array([row]))).indices
    return np.unique(plan.cells.queue[inside])


def _may_lose_place(inputs: Inputs, plan: Plan, node: int) -> Place | None:
    """Return the cell of a queue's own mix guard; None where the table has no such column."""
    table = inputs.tables.get("Queues")
    if table is None or "May lose" not in table.values:
        return None
    name = plan.queues.ids[node]
    at = next((at for at, each in enumerate(table.values["Node"]) if text_of(each) == name), None)
    return None if at is None else table.place(at, "May lose")


def _widen(search: Search) -> tuple[Mend, Judged] | None:
    """Let queues leave their fair outcome by more: by the least of a few widths that does."""
    place = setting_place(search.again.inputs, "Mix guard")
    before = value_at(search.again.inputs, place)
    if before is None or not place.sheet:
        return None
    tried = [width for width in _WIDTHS if width > before]
    for width in tried[-1:] if search.again.only_misses else tried:
        edits = (Edit(place, before, width),)
        run = search.met_by(edits)
        if run is not None:
            words = f"a mix guard of {width:.0%} instead of {before:.0%}: queues may move by more"
            return search.mend(MendKind.GUARD, words, edits, run)
    return None
