"""History out of facts: what was done per team, queue and period of the plan's grain.

Owns: adding up days and repeated keys, and what weighs a rate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from engine.building.spans import Span
from solver.frozen import frozen
from workbooks.importing.facts import Fact, Path
from workbooks.importing.measures import Measure
from workbooks.importing.vocabulary import Role

Key = tuple[Path, Path, Span]
"""Org path, queue path and period."""

_WEIGHED = frozenset({Role.RATE, Role.HANDLE_TIME})
_STANDING = frozenset({Role.FTE, Role.BACKLOG})  # what is there on a day does not grow with the days


@frozen
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


def add_up(
    facts: Iterable[Fact],
    measures: tuple[Measure, ...],
    weights: Mapping[int, int],
    plan_span: Callable[[Span], Span | None],
) -> History:
    """Return the history of facts.

    Parameters
    ----------
    weights : rate or handle time → the volume that weighs it
    plan_span : the plan's period that one of the export is part of
    """
    sums: dict[int, dict[Key, float]] = defaultdict(lambda: defaultdict(float))
    weighed: dict[int, dict[Key, float]] = defaultdict(lambda: defaultdict(float))
    standing: dict[int, dict[Key, list[float]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        span = plan_span(fact.span) or fact.span
        key = (fact.org, fact.queue, span)
        for at, number in fact.values.items():
            role = measures[at].role
            if role in _STANDING:
                place = (fact.org, ()) if role is Role.FTE else ((), fact.queue)
                standing[at][*place, fact.span].append(number)
            elif role in _WEIGHED:
                weight = fact.values.get(weights.get(at, -1), 1.0)
                sums[at][key] += number * weight
                weighed[at][key] += weight
            else:
                sums[at][key] += number
    value = {at: dict(found) for at, found in sums.items()}
    for at, weight_of in weighed.items():
        value[at] = {key: total / weight_of[key] for key, total in sums[at].items() if weight_of[key] > 0}
    for at, found in standing.items():
        merge = _people if measures[at].role is Role.FTE else _open_items
        value[at] = merge(found, plan_span)
    return History(value, {at: dict(found) for at, found in weighed.items()})


def _people(found: Mapping[Key, list[float]], plan_span: Callable[[Span], Span | None]) -> dict[Key, float]:
    """Return crews: the mean over the export's periods in each of the plan's.

    Beside several queues the same crew is often repeated; different numbers are parts of it.
    """
    crews: dict[Key, list[float]] = defaultdict(list)
    for (org, queue, span), numbers in found.items():
        size = numbers[0] if len(set(numbers)) == 1 else sum(numbers)
        crews[org, queue, plan_span(span) or span].append(size)
    return {key: sum(sizes) / len(sizes) for key, sizes in crews.items()}


def _open_items(found: Mapping[Key, list[float]], plan_span: Callable[[Span], Span | None]) -> dict[Key, float]:
    """Return backlogs: in each of the plan's periods the last of the export's."""
    left: dict[Key, float] = {}
    for (org, queue, span), numbers in sorted(found.items(), key=lambda each: each[0][2]):
        left[org, queue, plan_span(span) or span] = sum(numbers)
    return left
