"""What is surprising about rates once they are decided, as issues with a place.

Owns: the sentences about targets without weight, searches that stopped short, and handle times.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from engine.plan import Plan
from engine.rates.decide import RateDecision
from engine.rates.handle_time import handle_time_gaps
from engine.reasons.words import amount_words, target_words, value_words

_WORTH_A_WORD = 0.05  # hours


def rate_findings(plan: Plan, decisions: tuple[RateDecision, ...], value: np.ndarray) -> Iterator[Issue]:
    """Yield what is to be said about rates.

    Parameters
    ----------
    value : float64, shape (cells,), the planned volumes
    """
    targets = plan.targets
    for decision in decisions:
        asked = np.flatnonzero(targets.scope.metric == decision.rate.metric)
        for row in np.setdiff1d(asked, decision.targets.rows.source).tolist():
            yield issue("TC710", targets.place[row], f"{target_words(plan, row)}: nothing is planned there")
        if not decision.is_projected:
            name = plan.metrics.ids[decision.rate.metric]
            yield issue("TC711", NOWHERE, f"{name}: rows held to {decision.residual:.1e} only")
    gaps = handle_time_gaps(plan, value)
    for row in np.flatnonzero(np.abs(np.nan_to_num(gaps.hours)) > _WORTH_A_WORD).tolist():
        metric = int(targets.scope.metric[row])
        asked_s, planned_s = (
            value_words(plan.metrics, metric, float(each)) for each in (targets.value[row], gaps.planned_s[row])
        )
        hours = float(gaps.hours[row])
        words = f"{amount_words(abs(hours))} hours {'more' if hours > 0 else 'less'} than planned"
        found = f"{target_words(plan, row)}: {asked_s} s asked, {planned_s} s planned; it would take {words}"
        yield issue("TC712", targets.place[row], found, amount=hours, unit="h")
