"""What second runs found, as issues with a place: contradictions line by line, what limits and spreading cost.

Owns: the sentences about advice.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from engine.outcome import Outcome
from engine.reasons.words import amount_words, limit_words
from engine.whatif.advice import Advice
from engine.whatif.compare import total_miss
from engine.whatif.conflicts import READABLE


def advice_findings(outcome: Outcome, advice: Advice) -> tuple[Issue, ...]:
    """Return the findings of advice, in the order in which they are read."""
    return (*_conflicts(advice), *_costs(outcome, advice), *_spread(outcome, advice))


def _conflicts(advice: Advice) -> Iterator[Issue]:
    for number, conflict in enumerate(advice.conflicts, start=1):
        count = len(conflict.lines)
        mark = "" if conflict.is_minimal else ", not the fewest"
        mark += ", too many to read at once" if count > READABLE else ""
        for at, line in enumerate(conflict.lines, start=1):
            kind = "a fact" if line.is_fact else "a choice"
            more = f" and {len(line.places) - 1} more cells" if len(line.places) > 1 else ""
            words = f"contradiction {number}, line {at} of {count}{mark} ({kind}): {line.words}{more}"
            yield issue("TC720", line.places[0] if line.places else NOWHERE, words)


def _costs(outcome: Outcome, advice: Advice) -> Iterator[Issue]:
    plan = outcome.plan
    for cost in advice.costs:
        side = "less" if cost.items > 0 else "more"
        words = f"without the {limit_words(plan, cost.limit)}: {amount_words(abs(cost.items))} {side} missed in all"
        yield issue(
            "TC721", plan.limits.place[cost.limit], f"{words} ({cost.words})" if cost.words else words,
            amount=cost.items, unit="items",
        )  # fmt: skip


def _spread(outcome: Outcome, advice: Advice) -> Iterator[Issue]:
    if np.isfinite(advice.concentrated):
        missed = total_miss(outcome)
        if abs(missed - advice.concentrated) > 0.5:
            other = amount_words(advice.concentrated)
            words = f"{amount_words(missed)} missed in all; concentrated, it would be {other}"
            yield issue("TC722", NOWHERE, words, amount=missed - advice.concentrated, unit="items")
