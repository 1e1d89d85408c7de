"""History out of facts: what was done per team, queue and period of the plan's grain.

Owns: adding up days and repeated keys, and what weighs a rate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.building.spans import Span
from workbooks.importing.facts import Fact, Path
from workbooks.importing.measures import Measure
from workbooks.importing.vocabulary import Role

Key = tuple[Path, Path, Span]
"""Org path, queue path and period."""

_WEIGHED = frozenset({Role.RATE, Role.HANDLE_TIME})


@dataclass(frozen=True, slots=True)
class History:
    """Numbers per measure and key; rates and handle times with the weight behind them."""

    value: Mapping[int, Mapping[Key, float]]
    weight: Mapping[int, Mapping[Key, float]]

    def spans(self) -> list[Span]:
        """Return all periods, in time order."""
        return sorted({key[2] for values in self.value.values() for key in values})

    def keys(self, measure: int) -> Mapping[Key, float]:
        """Return the numbers of a measure."""
        return self.value.get(measure, {})


def add_up(facts: Iterable[Fact], measures: tuple[Measure, ...], weights: Mapping[int, int]) -> History:
    """Return the history of facts.

    Parameters
    ----------
    facts : on the plan's kind of period
    weights : rate or handle time → the volume that weighs it
    """
    sums: dict[int, dict[Key, float]] = defaultdict(lambda: defaultdict(float))
    weighed: dict[int, dict[Key, float]] = defaultdict(lambda: defaultdict(float))
    people: dict[Key, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        key = (fact.org, fact.queue, fact.span)
        for at, number in fact.values.items():
            role = measures[at].role
            if role is Role.FTE:
                people[fact.org, (), fact.span][at].append(number)
            elif role in _WEIGHED:
                weight = fact.values.get(weights.get(at, -1), 1.0)
                sums[at][key] += number * weight
                weighed[at][key] += weight
            else:
                sums[at][key] += number
    value = {at: dict(found) for at, found in sums.items()}
    for at, weight_of in weighed.items():
        value[at] = {key: total / weight_of[key] for key, total in sums[at].items() if weight_of[key] > 0}
    for key, crews in people.items():
        for at, numbers in crews.items():
            # beside several queues the same crew is often repeated; different numbers are parts of it
            value.setdefault(at, {})[key] = numbers[0] if len(set(numbers)) == 1 else sum(numbers)
    return History(value, {at: dict(found) for at, found in weighed.items()})
