"""The whole plan, solved again with some cells changed.

Owns: edits in, outcome out: the only proof of what a change does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.building import build_plan
from engine.outcome import Judged
from engine.recompute import judge
from engine.tables import Inputs
from engine.whatif.edits import Edit, edited


@dataclass
class Again:
    """Solves a plan again and again. count : how often so far; last : what came of it last.

    inputs : the tables that the plan was built from
    """

    inputs: Inputs
    count: int = 0
    last: Judged | None = None

    def solve(self, edits: Sequence[Edit]) -> Judged | None:
        """Return what the plan comes to once some cells are changed; None where that is no sound plan."""
        plan, _ = build_plan(edited(self.inputs, edits))
        self.last = None
        if plan is not None:
            self.count += 1
            self.last = judge(plan)
        return self.last
