"""Several exports of one team's world: headcount from HR joins the volumes, under the names that the volumes use.

Owns: which node of the first export a name of another means, on which periods its numbers stand, and the joined facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from engine.building.spans import Span
from engine.building.texts import key_of
from workbooks.importing.columns import Column
from workbooks.importing.export import Export
from workbooks.importing.facts import Fact, Facts, Path
from workbooks.importing.guesses import Told
from workbooks.importing.measures import Measure, Measured
from workbooks.importing.timeline import Timeline
from workbooks.importing.vocabulary import Role

_PEOPLE = frozenset({Role.FTE})
_PARTS = frozenset({Role.FTE, Role.HOURS})


@dataclass(slots=True)
class Part:
    """One export while it is understood.

    first : position of its first measure among all; facts : without totals
    is_undated : whether its people stand in all periods
    """

    export: Export
    columns: Sequence[Column]
    measured: Measured
    first: int
    found: Facts | None = None
    facts: Sequence[Fact] = ()
    is_undated: bool = False

    @property
    def is_a_list_of_persons(self) -> bool:
        """Whether every row is somebody else, told by a column without use of which no value comes twice.

        Its dates are theirs (hired, born), and no periods. A list of every month names everybody again and again.
        """
        if not self.tells_people_only or len(self.export.records) < 2:
            return False
        unused = (self.export.column(each.at) for each in self.columns if each.role is Role.IGNORE)
        return any(None not in values and len(set(values)) == len(values) for values in unused)

    @property
    def tells_people_only(self) -> bool:
        """Whether all it counts is people: such a list needs no period, it holds for all."""
        return all(measure.role in _PEOPLE for measure in self.measured.measures)


def all_measures(parts: Sequence[Part]) -> tuple[Measure, ...]:
    """Return the measures of all exports, one after the other."""
    return tuple(measure for part in parts for measure in part.measured.measures)


def moved(part: Part) -> list[Fact]:
    """Return the facts of an export with its measures counted among all."""
    return [
        replace(
            fact,
            values={at + part.first: value for at, value in fact.values.items()},
            columns={at + part.first: column for at, column in fact.columns.items()},
        )
        for fact in part.facts
    ]


def under_known_names(part: Part, main: Sequence[Fact], told: Told) -> None:
    """Put the paths of a further export under the names of the first, by the last name where that is one node's."""
    org = _names(part, [fact.org for fact in main], [fact.org for fact in part.facts], Role.ORG, told)
    queue = _names(part, [fact.queue for fact in main], [fact.queue for fact in part.facts], Role.QUEUE, told)
    part.facts = [replace(fact, org=org[fact.org], queue=queue[fact.queue]) for fact in part.facts]


def _names(part: Part, main: Sequence[Path], own: Sequence[Path], role: Role, told: Told) -> dict[Path, Path]:
    """Return what each path of a further export is called in the first; unknown ones are named. own : of its facts."""
    known: dict[str, set[Path]] = defaultdict(set)
    for path in set(main):
        for depth in range(1, len(path) + 1):
            known[key_of(path[depth - 1])].add(path[:depth])
    column = max((each.at for each in part.columns if each.role is role), default=0)
    named: dict[Path, Path] = {(): ()}
    for path, fact in zip(own, part.facts, strict=True):
        if path not in named:
            named[path] = _known_path(path, known)
            if key_of(path[-1]) not in known:
                told.add("TC531", part.export.place(fact.record, column), f"“{'/'.join(path)}”")
    return named


def _known_path(path: Path, known: dict[str, set[Path]]) -> Path:
    """Return the one path that ends like this and goes through the same nodes; the path itself where there is none."""
    through = [key_of(name) for name in path[:-1]]
    found = [each for each in known.get(key_of(path[-1]), ()) if _goes_through(through, each)]
    return found[0] if len(found) == 1 else path


def _goes_through(names: Sequence[str], path: Path) -> bool:
    left = iter(key_of(name) for name in path[:-1])
    return all(name in left for name in names)


def on_the_periods_of(part: Part, main: Sequence[Fact], timeline: Timeline, told: Told) -> None:
    """Let people stand in every period of the first export: of a month in its weeks, else as on the nearest date."""
    if not part.tells_people_only or not part.facts:
        return
    spans = sorted({span for fact in main if (span := timeline.plan_span(fact.span))})
    of_span: dict[Span, list[Fact]] = defaultdict(list)
    for fact in part.facts:
        of_span[fact.span].append(fact)
    own = {span for span in of_span if not part.is_undated and timeline.plan_span(span) in spans}
    facts = [fact for span in own for fact in of_span[span]]
    covered = {timeline.plan_span(span) for span in own}
    far = 0
    for span in (each for each in spans if each not in covered):
        middle = span.first + timedelta(days=span.days // 2)
        holding = [each for each in of_span if each.first <= middle <= each.last]
        far += not holding
        chosen = min(holding or of_span, key=lambda each: (abs(each.first - middle), each.days))
        facts += [replace(fact, span=span) for fact in of_span[chosen]]
    if part.is_undated:
        told.guess("people without a period", part.export.name, "the same in every period of the history",
                   "Its list has no column of periods, or every row is another person", is_sure=False)  # fmt: skip
    elif far:
        told.guess("people", f"no number for {far} period(s)", "as on the nearest date of the list",
                   "The history has more periods than the list", is_sure=False)  # fmt: skip
    part.facts = facts


def joined(main: Sequence[Fact], part: Part, measures: Sequence[Measure]) -> list[Fact]:
    """Return the facts of the first export with those of another beside them, in one where their keys are one.

    Rows of one team and period in a list of people are parts of its crew: they add up.
    """
    others = _added_up(part, measures)
    places: dict[tuple[Path, Path, Span], list[int]] = defaultdict(list)
    for at, fact in enumerate(main):
        places[fact.org, fact.queue, fact.span].append(at)
    found = list(main)
    for fact in others:
        same = places.get((fact.org, fact.queue, fact.span), [])
        if len(same) == 1 and not set(fact.values) & set(found[same[0]].values):
            one = found[same[0]]
            found[same[0]] = replace(one, values=one.values | fact.values, columns=one.columns | fact.columns)
        else:
            found.append(fact)
    return found


def _added_up(part: Part, measures: Sequence[Measure]) -> list[Fact]:
    found: dict[tuple[Path, Path, Span], Fact] = {}
    rest = []
    for fact in moved(part):
        key = (fact.org, fact.queue, fact.span)
        if key not in found:
            found[key] = fact
        elif all(measures[at].role in _PARTS for at in fact.values):
            values = {at: found[key].values.get(at, 0.0) + value for at, value in fact.values.items()}
            found[key] = replace(found[key], values=found[key].values | values)
        else:
            rest.append(fact)
    return [*found.values(), *rest]
