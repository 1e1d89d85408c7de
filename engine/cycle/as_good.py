"""Whether one answer meets the targets of a plan as well as another, and breaks no limit for it.

Owns: by how much a target may be missed more before that counts.
"""

from __future__ import annotations

import numpy as np

from engine.outcome import Outcome

_ROOM = 1e-6
_HALF = 0.5
"""Of a whole unit, by which rounding may move a volume; a rate is not rounded."""


def as_good(tried: Outcome, first: Outcome) -> bool:
    """Whether no target is missed by more than in the first outcome, and no limit more is broken."""
    plan = first.plan
    is_rate = plan.metrics.is_kind(plan.targets.scope.metric, "rate")
    room = _ROOM * np.maximum(1.0, np.abs(plan.targets.value)) + np.where(is_rate, 0.0, _HALF)
    more = bool((tried.targets.shortfall > first.targets.shortfall + room).any())
    return not more and int((tried.limits.breach > 0).sum()) <= int((first.limits.breach > 0).sum())
