"""Handle times, skills and crews of a plan out of its history.

Owns: seconds of one item per queue and team, who worked on what, and what a crew's hours are assumed to be.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

from engine.building.spans import Span
from workbooks.importing.calendar import PlanCalendar
from workbooks.importing.facts import Path
from workbooks.importing.guesses import Told
from workbooks.importing.history import History, Key
from workbooks.importing.measures import Measure
from workbooks.importing.trees import GuessedTree
from workbooks.template.contents import Assumption, FilledTable, Formula, Value, by_rows

Part = TypeVar("Part")

_UNITS = (("ms", 0.001), ("min", 60.0), ("hour", 3600.0), ("hrs", 3600.0), ("h", 3600.0), ("sec", 1.0), ("s", 1.0))
_FEW = 4.0  # a typical number below it, without a unit, is taken for minutes
_SAME = 0.01  # handle times of teams that differ by less are one

CREW_ASSUMPTIONS = (
    Assumption("Hours_per_day_assumed", "Paid hours per FTE and working day", 8.0, "h/FTE/day",
               "A common contract. The export does not say: put your own."),
    Assumption("Shrinkage_assumed", "Shrinkage: leave, training, breaks, meetings", 0.3, "share of paid hours",
               "Planners often see 25 % to 35 %. The export does not say: put your own.", "0.0%"),
    Assumption("Occupancy_assumed", "Occupancy: share of queue time spent handling", 0.85, "share of queue time",
               "A common range is 75 % to 88 %. The export does not say: put your own.", "0.0%"),
)  # fmt: skip


def seconds_factor(measure: Measure, values: Sequence[float], told: Told) -> float:
    """Return what makes a handle time seconds: by the unit in its header, else by its size."""
    header = measure.header.casefold()
    inside = re.findall(r"[(\[]([^)\]]*)[)\]]", header)
    said = " ".join([*inside, *re.findall(r"[a-z]+", header)[-1:]])
    tokens = re.findall(r"[a-z]+", said)
    for unit, factor in _UNITS:
        if any(token == unit or (len(unit) > 2 and token.startswith(unit)) for token in tokens):
            told.guess("handle time", measure.header, f"counted in {unit}: × {factor:g} s", "The header says so")
            return factor
    typical = median(values)
    if typical < _FEW:
        told.guess("handle time", f"values around {typical:g}", "minutes", "Too few for seconds of a review",
                   is_sure=False)  # fmt: skip
        return 60.0
    told.guess("handle time", f"values around {typical:,.0f}", "seconds", "The header names no unit", is_sure=False)
    return 1.0


def handle_times(
    history: History, measure: int, factor: float, org: GuessedTree, queues: GuessedTree
) -> tuple[dict[str, float], list[tuple[Value, ...]]]:
    """Return seconds per queue, and rows per team and queue where a team differs from its queue.

    Returns
    -------
    queue id → seconds; rows of org id, queue id, seconds
    """
    weights = history.weight[measure]
    of_pair = _means(history.keys(measure), weights, lambda key: (key[0], key[1]))
    of_queue = _means(history.keys(measure), weights, lambda key: key[1])
    by_queue = {_node(queues, path): value * factor for path, value in of_queue.items()}
    rows: list[tuple[Value, ...]] = []
    for (team, queue), value in sorted(of_pair.items()):
        if team and abs(value / of_queue[queue] - 1) > _SAME:
            rows.append((org.id_of(team), _node(queues, queue), round(value * factor, 2)))
    return {node: round(value, 2) for node, value in by_queue.items()}, rows


def _node(tree: GuessedTree, path: Path) -> str:
    return tree.ids.get(path, next(iter(tree.ids.values())))


def _means(values: Mapping[Key, float], weights: Mapping[Key, float], part: Callable[[Key], Part]) -> dict[Part, float]:
    """Return weighted means over all keys that share a part."""
    total: dict[Part, float] = defaultdict(float)
    weight: dict[Part, float] = defaultdict(float)
    for key, value in values.items():
        total[part(key)] += value * weights[key]
        weight[part(key)] += weights[key]
    return {each: total[each] / weight[each] for each in total if weight[each] > 0 and total[each] > 0}


def skills_table(history: History, measure: int, org: GuessedTree, queues: GuessedTree) -> FilledTable | None:
    """Return who worked on what; None where the export tells teams or queues only."""
    pairs = {(key[0], key[1]) for key, value in history.keys(measure).items() if value > 0 and key[0] and key[1]}
    if not pairs:
        return None
    rows = [(org.id_of(team), queues.id_of(queue)) for team, queue in sorted(pairs)]
    return FilledTable(by_rows(("Org", "Queue"), rows), {"Org": "Pairs that worked together in the history."})


def crews_table(history: History, measure: int, calendar: PlanCalendar, org: GuessedTree) -> FilledTable | None:
    """Return crews as they were on average in the history that the plan takes."""
    wanted = set(calendar.like)
    people: dict[Path, list[float]] = defaultdict(list)
    for (team, _, span), value in history.keys(measure).items():
        if span in wanted and team in org.ids:
            people[team].append(value)
    if not people:
        return None
    cells = [Formula(each.name, each.value) for each in CREW_ASSUMPTIONS]
    rows: list[tuple[Value, ...]] = [
        (org.ids[team], round(sum(found) / len(wanted), 2), *cells) for team, found in sorted(people.items())
    ]
    return FilledTable(
        by_rows(("Org", "FTE", "Hours per day", "Shrinkage", "Occupancy"), rows),
        {"FTE": "The average of the history that the plan takes."},
        frozenset({"Hours per day", "Shrinkage", "Occupancy"}),
    )


def hours_table(history: History, measure: int, calendar: PlanCalendar, org: GuessedTree) -> FilledTable:
    """Return productive hours per team and period, as they were in the history each period takes."""
    hours: dict[tuple[Path, Span], float] = defaultdict(float)
    for (team, _, span), value in history.keys(measure).items():
        hours[team, span] += value
    rows = [
        (org.id_of(team), calendar.naming.name(span), round(hours[team, like], 2))
        for team in sorted({team for team, _ in hours})
        for span, like in zip(calendar.planned, calendar.like, strict=True)
        if (team, like) in hours
    ]
    return FilledTable(by_rows(("Org", "Period", "Hours"), rows), {"Hours": "As in the history that the period takes."})
