"""What second runs found, as issues with a place: contradictions line by line, what limits and spreading cost.

Owns: the sentences about advice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from engine.outcome import Outcome
from engine.reasons.rolling import limits_words
from engine.reasons.words import amount_words
from engine.whatif.advice import Advice, Conflict, Cost
from engine.whatif.compare import total_miss
from engine.whatif.conflict_lines import READABLE

_FREE = " – released alone, it would change no miss"

_SHOWN = 0.5
"""Items below which a difference is rounding."""


def advice_findings(outcome: Outcome, advice: Advice) -> tuple[Issue, ...]:
    """Return the findings of advice, in the order in which they are read."""
    return (*conflict_findings(advice.conflicts), *_costs(outcome, advice), *_spread(outcome, advice))


def marked_as_free(outcome: Outcome, advice: Advice) -> Outcome:
    """Return the outcome with a word beside limits that are named in the way of misses and cost no target anything.

    They stand at their end, and yet nothing is missed by less without them: something else holds the same cells.
    """
    plan = outcome.plan
    free = [
        words
        for cost in advice.costs
        if abs(cost.items) <= _SHOWN and not cost.words
        for words in limits_words(plan, cost.limits)
    ]
    if not free:
        return outcome
    targets = replace(outcome.targets, limited_by=tuple(_marked(each, free) for each in outcome.targets.limited_by))
    findings = tuple(
        replace(each, found=_marked(each.found, free)) if each.code == "TC701" else each for each in outcome.findings
    )
    return replace(outcome, targets=targets, findings=findings)


def _marked(words: str, free: Sequence[str]) -> str:
    """Return what limits a miss, each limit that is free marked so."""
    return "; ".join(f"{part}{_FREE}" if part in free else part for part in words.split("; "))


def conflict_findings(conflicts: Sequence[Conflict]) -> Iterator[Issue]:
    """Yield contradictions line by line, each line with its cells."""
    for number, conflict in enumerate(conflicts, start=1):
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
        place = plan.limits.place[cost.limits[0]]
        words = f"without {_the(limits_words(plan, cost.limits))}: {_cost_words(cost)}"
        yield issue("TC721", place, words, amount=cost.items, unit="items")
    if advice.limits_left:
        yield issue("TC233", NOWHERE, f"{advice.limits_left:,} more at an end", amount=advice.limits_left)


def _the(limits: Sequence[str]) -> str:
    return " and ".join(f"the {each}" for each in limits)


def _cost_words(cost: Cost) -> str:
    if abs(cost.items) > _SHOWN:
        side = "less" if cost.items > 0 else "more"
        return f"{amount_words(abs(cost.items))} {side} missed in all ({cost.words})"
    if cost.words:
        return cost.words
    moved = f"{amount_words(cost.moved)} items would be planned elsewhere" if cost.moved > _SHOWN else ""
    told = " and ".join(each for each in (moved, cost.rates) if each)
    return f"no target would be missed by less; {told}" if told else "nothing would change"


def _spread(outcome: Outcome, advice: Advice) -> Iterator[Issue]:
    if np.isfinite(advice.guardrails.missed):
        missed, other = total_miss(outcome), advice.guardrails.missed
        if abs(missed - other) > _SHOWN:
            words = f"{amount_words(missed)} missed in all; concentrated, it would be {amount_words(other)}"
            yield issue("TC722", NOWHERE, words, amount=missed - other, unit="items")
