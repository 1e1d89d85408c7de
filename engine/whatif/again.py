"""The whole plan, solved again with some cells changed.

Owns: edits in, outcome out: the only proof of what a change does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.building import build_plan
from engine.outcome import Outcome
from engine.recompute import recompute
from engine.tables import Inputs
from engine.whatif.edits import Edit, edited


@dataclass
class Again:
    """Solves a plan again and again. count : how often so far.

    inputs : the tables that the plan was built from
    """

    inputs: Inputs
    count: int = 0

    def solve(self, edits: Sequence[Edit]) -> Outcome | None:
        """Return the outcome once some cells are changed; None where the changed tables are no sound plan."""
        plan, _ = build_plan(edited(self.inputs, edits))
        if plan is None:
            return None
        self.count += 1
        return recompute(plan)
