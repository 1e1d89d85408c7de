"""TC72, TC233: what second runs find out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.decision.clock import UNTIMED
from engine.issues import Issue
from engine.plan import Sense
from engine.recompute import recompute
from engine.whatif.advise import advise
from engine.whatif.asking import Asking
from engine.whatif.findings import advice_findings
from tests.plan_inputs import book_of, tables_of
from tests.plans import PlanParts, one_team
from workbooks.run import read_plan


def _advised(parts: PlanParts, asking: Asking = Asking.ALL) -> Sequence[Issue]:
    read = read_plan(book_of(tables_of(parts)))
    assert read.plan is not None
    outcome = recompute(read.plan)
    return advice_findings(outcome, advise(read.inputs, outcome, asking, UNTIMED))


def _two_shares() -> PlanParts:
    """Too few hours; what is missed of fast work counts for two targets, of slow work for one."""
    asked = [
        (None, "Fast", None, Sense.EXACTLY, 500, 1),
        ("Team", "Fast", None, Sense.AT_LEAST, 500, 1),
        (None, "Slow", None, Sense.EXACTLY, 500, 1),
    ]
    return one_team(25.0, targets=asked)


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {
    "TC720": lambda: _advised(one_team(10.0, limits=[(None, "Slow", None, 500.0, np.inf)])),
    "TC721": lambda: _advised(one_team(1000.0, limits=[("Team", None, None, -np.inf, 400.0)])),
    "TC233": lambda: _advised(one_team(1000.0, limits=[("Team", None, None, -np.inf, 400.0)]), Asking.NONE),
    "TC722": lambda: _advised(_two_shares()),
}
